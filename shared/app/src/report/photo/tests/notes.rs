//! Places as cameras note them, and as they do not.

use domain::report::place::Point;

type Angle = [(u32, u32); 3];

/// What a camera notes: a place.
pub(super) fn gps([lat_side, lon_side]: [&[u8]; 2], angles: [Angle; 2]) -> Vec<u8> {
    let entry =
        |tag: u8, kind: u8, count: u8, value: [u8; 4]| [&[0, tag, 0, kind, 0, 0, 0, count], &value[..]].concat();
    let side = |side: &[u8]| [side.first().copied().unwrap_or_default(), 0, 0, 0];
    let mut notes = b"MM\0\x2a\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0\0\x04".to_vec();
    notes.extend(entry(1, 2, 2, side(lat_side)));
    notes.extend(entry(2, 5, 3, [0, 0, 0, 80]));
    notes.extend(entry(3, 2, 2, side(lon_side)));
    notes.extend(entry(4, 5, 3, [0, 0, 0, 104]));
    notes.extend([0; 4]);
    let numbers = angles.into_iter().flatten().flat_map(|(above, below)| [above, below]);
    notes.extend(numbers.flat_map(u32::to_be_bytes));
    notes
}

const TOWN: [Angle; 2] = [[(35, 1), (30, 1), (0, 1)], [(139, 1), (45, 1), (0, 1)]];

/// A place in the town.
fn town() -> Vec<u8> {
    gps([b"N", b"E"], TOWN)
}

fn place(notes: Vec<u8>) -> Option<String> {
    super::gps::point(notes).map(Point::text)
}

#[test]
fn a_place_is_read_on_each_side_of_the_earth() {
    for (lat_side, lon_side, expected) in [
        (b"N", b"E", "35.50000,139.75000"),
        (b"S", b"E", "-35.50000,139.75000"),
        (b"N", b"W", "35.50000,-139.75000"),
        (b"S", b"W", "-35.50000,-139.75000"),
    ] {
        assert_eq!(place(gps([lat_side, lon_side], TOWN)).as_deref(), Some(expected));
    }
    // Some write minutes with decimals, and no seconds; some stand on one of the two lines of zero.
    let minutes = [[(35, 1), (3_075, 100), (0, 1)], [(139, 1), (45, 1), (59_999, 1_000)]];
    assert_eq!(place(gps([b"N", b"E"], minutes)).unwrap(), "35.51250,139.76667");
    let greenwich = [[(51, 1), (28, 1), (40, 1)], [(0, 1), (0, 1), (0, 1)]];
    assert_eq!(place(gps([b"N", b"E"], greenwich)).unwrap(), "51.47778,0.00000");
}

#[test]
fn what_makes_no_sense_is_no_place() {
    let [lat, lon] = TOWN;
    for (why, angles) in [
        ("the point off Africa", [[(0, 1); 3]; 2]),
        ("nothing over nothing", [[(0, 0); 3]; 2]),
        ("seconds over zero", [[(35, 1), (30, 1), (0, 0)], lon]),
        ("sixty minutes", [[(35, 1), (60, 1), (0, 1)], lon]),
        ("sixty seconds", [lat, [(139, 1), (45, 1), (60, 1)]]),
        ("beyond the pole", [[(90, 1), (0, 1), (1, 1)], lon]),
        ("around the earth", [lat, [(180, 1), (0, 1), (1, 1)]]),
        ("as many as there are", [[(u32::MAX, 1); 3]; 2]),
    ] {
        assert_eq!(place(gps([b"N", b"E"], angles)), None, "{why}");
    }
    for sides in [[&b"X"[..], b"E"], [b"N", b"N"], [b"", b"E"], [b"n", b"e"], [b"\0", b"\0"]] {
        assert_eq!(place(gps(sides, TOWN)), None, "{sides:?}");
    }
}

#[test]
fn garbage_is_no_place() {
    let notes = town();
    for end in 0..notes.len() {
        assert_eq!(place(notes[..end].to_vec()), None, "{end}");
    }
    for at in 0..notes.len() {
        for byte in [0, 0xff, 0x80] {
            let mut odd = notes.clone();
            odd[at] = byte;
            // Whatever it is, it is a place on the earth or none.
            place(odd);
        }
    }
    // The list of the place is the first list itself.
    let mut within = notes.clone();
    within[18..22].copy_from_slice(&8_u32.to_be_bytes());
    assert_eq!(place(within), None);
    assert_eq!(place([notes, vec![0; 1_000_000]].concat()), None, "no camera notes a megabyte");
    assert_eq!(place(Vec::new()), None);
}

#[test]
fn an_odd_entry_says_nothing_against_the_place() {
    // Another list after the first one: not there, or the first one again, round in a circle.
    for next in [9_999_u32, 8] {
        let mut notes = town();
        notes[22..26].copy_from_slice(&next.to_be_bytes());
        assert_eq!(place(notes).as_deref(), Some("35.50000,139.75000"), "{next}");
    }
}
