//! Points in, on, near and outside of boundaries.

use proptest::prelude::*;

use super::*;

/// So many hundred-thousandths of a degree to the north and east of a point in Japan.
fn at(north: i32, east: i32) -> Point {
    Point::of_units(3_500_000 + north, 13_900_000 + east).unwrap()
}

fn ring(corners: &[(i32, i32)]) -> Vec<Point> {
    corners.iter().map(|(north, east)| at(*north, *east)).collect()
}

/// A square with its south-western corner there.
fn square(north: i32, east: i32, size: i32) -> Vec<Point> {
    ring(&[(north, east), (north, east + size), (north + size, east + size), (north + size, east)])
}

fn of(district: &str, outer: &[Point], holes: &[Vec<Point>]) -> Boundary {
    let district = (!district.is_empty()).then(|| district.parse().unwrap());
    Boundary { district, polygons: vec![Polygon::new(outer, holes).unwrap()] }
}

fn inside(district: &str) -> Located {
    Located::Inside(Some(district.parse().unwrap()))
}

fn near(district: &str) -> Located {
    Located::Near(Some(district.parse().unwrap()))
}

#[test]
fn without_boundaries_everything_is_in_the_town() {
    assert_eq!(Boundaries::default().locate(at(0, 0), 0), Located::Inside(None));
}

#[test]
fn a_point_is_in_a_square_or_on_its_edge_or_outside() {
    let town = Boundaries(vec![of("a", &square(0, 0, 1_000), &[])]);
    for (north, east) in [(500, 500), (1, 1), (0, 0), (0, 500), (1_000, 1_000), (500, 1_000), (1_000, 0), (999, 1)] {
        assert_eq!(town.locate(at(north, east), 0), inside("a"), "{north} {east}");
    }
    for (north, east) in [(-1, 500), (500, -1), (1_001, 500), (500, 1_001), (-1, -1), (0, 1_001), (1_000, -1)] {
        assert_eq!(town.locate(at(north, east), 0), Located::Outside, "{north} {east}");
    }
}

#[test]
fn corners_at_the_height_of_the_point_count_once() {
    // A diamond, a notch downwards, a step: each has corners and edges on the line eastwards.
    let shapes = [
        ring(&[(0, 500), (500, 1_000), (1_000, 500), (500, 0)]),
        ring(&[(0, 0), (0, 1_000), (1_000, 1_000), (500, 500), (1_000, 0)]),
        ring(&[(0, 0), (0, 1_000), (500, 1_000), (500, 700), (1_000, 700), (1_000, 0)]),
    ];
    for shape in shapes {
        let town = Boundaries(vec![of("a", &shape, &[])]);
        assert_eq!(town.locate(at(500, 200), 0), inside("a"), "{shape:?}");
        assert_eq!(town.locate(at(500, -200), 0), Located::Outside, "{shape:?}");
        assert_eq!(town.locate(at(500, 1_200), 0), Located::Outside, "{shape:?}");
    }
}

#[test]
fn whichever_way_round_and_whether_closed_a_ring_is_the_same() {
    let mut back = square(0, 0, 1_000);
    back.reverse();
    let mut closed = square(0, 0, 1_000);
    closed.push(closed[0]);
    let mut doubled = square(0, 0, 1_000);
    doubled.insert(1, doubled[1]);
    for ring in [back, closed.clone(), doubled.clone()] {
        let town = Boundaries(vec![of("a", &ring, &[])]);
        assert_eq!(town.locate(at(500, 500), 0), inside("a"));
        assert_eq!(town.locate(at(500, 1_500), 0), Located::Outside);
    }
    for same in [closed.clone(), doubled] {
        assert_eq!(Polygon::new(&same, &[]), Polygon::new(&square(0, 0, 1_000), &[]));
    }
    assert_eq!(Polygon::new(&closed, &[square(200, 200, 100)]).unwrap().points(), 8);
}

#[test]
fn what_is_no_ring_is_refused() {
    for no in [
        vec![],
        ring(&[(0, 0)]),
        ring(&[(0, 0), (0, 1)]),
        ring(&[(0, 0), (0, 1), (0, 0)]),
        ring(&[(0, 0), (5, 5), (9, 9)]),
        ring(&[(1, 1), (1, 1), (1, 1), (1, 1)]),
    ] {
        assert_eq!(Polygon::new(&no, &[]), Err(NoRing));
        assert_eq!(Polygon::new(&square(0, 0, 9), &[no]), Err(NoRing));
    }
}

#[test]
fn a_hole_is_not_inside_but_its_edge_is() {
    let hole = square(400, 400, 200);
    let island = of("b", &square(450, 450, 100), &[]);
    let town = Boundaries(vec![of("a", &square(0, 0, 1_000), std::slice::from_ref(&hole)), island]);
    assert_eq!(town.locate(at(300, 500), 0), inside("a"));
    assert_eq!(town.locate(at(400, 500), 0), inside("a"));
    assert_eq!(town.locate(at(420, 500), 0), Located::Outside);
    assert_eq!(town.locate(at(500, 500), 0), inside("b"));
    // 18 m from the edge of the hole, 43 m from the island.
    assert_eq!(town.locate(at(420, 420), 50), near("a"));
    assert_eq!(town.locate(at(440, 440), 50), near("b"));
}

#[test]
fn of_several_the_smallest_counts_and_the_town_itself_is_no_district() {
    // Which way round it goes does not make it smaller.
    let mut large = square(0, 0, 2_000);
    large.reverse();
    let town = Boundaries(vec![
        of("", &square(-1_000, -1_000, 5_000), &[]),
        of("large", &large, &[]),
        of("small", &square(1_000, 1_000, 500), &[]),
        of("block", &square(1_500, 1_500, 600), &[]),
        // Larger than the block without its hole.
        of("rim", &square(1_600, 1_600, 800), &[square(1_650, 1_650, 740)]),
    ]);
    assert_eq!(town.locate(at(1_200, 1_200), 0), inside("small"));
    assert_eq!(town.locate(at(500, 500), 0), inside("large"));
    assert_eq!(town.locate(at(1_500, 1_500), 0), inside("small"), "the corner belongs to both");
    assert_eq!(town.locate(at(1_620, 1_800), 0), inside("rim"));
    assert_eq!(town.locate(at(-500, 3_000), 0), Located::Inside(None));
}

#[test]
fn a_district_of_several_pieces_is_one() {
    let mut town = of("a", &square(0, 0, 100), &[]);
    town.polygons.push(Polygon::new(&square(0, 5_000, 100), &[]).unwrap());
    let town = Boundaries(vec![town]);
    for east in [50, 5_050] {
        assert_eq!(town.locate(at(50, east), 0), inside("a"));
    }
    assert_eq!(town.locate(at(50, 2_500), 0), Located::Outside);
    assert_eq!(town.locate(at(50, 4_950), 100), near("a"));
}

#[test]
fn what_is_outside_by_less_than_the_tolerance_is_near() {
    let town = Boundaries(vec![of("a", &square(0, 0, 1_000), &[])]);
    // 100 units northwards are 111.2 m everywhere, eastwards 91.1 m at 35 degrees.
    for (north, east, metres) in
        [(1_100, 500, 111), (-100, 500, 111), (500, 1_100, 91), (500, -100, 91), (1_100, 1_100, 143)]
    {
        let there = at(north, east);
        assert_eq!(town.locate(there, metres - 1), Located::Outside, "{north} {east}");
        assert_eq!(town.locate(there, metres + 1), near("a"), "{north} {east}");
    }
    assert_eq!(town.locate(at(50_000, 0), 1_000), Located::Outside);
}

#[test]
fn the_nearest_district_counts_before_the_outline_of_the_town() {
    let town = Boundaries(vec![
        of("", &square(0, 0, 2_000), &[]),
        of("west", &square(0, 0, 1_000), &[]),
        of("east", &square(0, 1_000, 1_000), &[]),
    ]);
    assert_eq!(town.locate(at(-50, 900), 200), near("west"));
    assert_eq!(town.locate(at(-50, 1_100), 200), near("east"));
    assert_eq!(town.locate(at(2_050, 500), 100), Located::Near(None), "no district is within the tolerance");
}

#[test]
fn a_boundary_is_stored_in_small_numbers() {
    let town =
        Boundaries(vec![of("a", &square(0, 0, 900), &[square(100, 100, 50)]), of("", &square(0, 0, 9_000), &[])]);
    let stored = serde_json::to_string(&town).unwrap();
    assert_eq!(
        stored,
        concat!(
            r#"[{"district":"a","polygons":[{"outer":[3500000,13900000,0,900,900,0,0,-900],"#,
            r#""holes":[[3500100,13900100,0,50,50,0,0,-50]]}]},"#,
            r#"{"polygons":[{"outer":[3500000,13900000,0,9000,9000,0,0,-9000]}]}]"#
        )
    );
    assert_eq!(serde_json::from_str::<Boundaries>(&stored).unwrap(), town);
    assert!(!format!("{town:?}").contains("3500"), "a log is spared all those numbers");
}

#[test]
fn a_stored_ring_is_looked_at_too() {
    for odd in [
        "[]",
        "[0,0,0,9,9]",
        "[0,0,0,9]",
        "[9000001,0,0,9,9,0]",
        "[2147483647,0,2147483647,0,0,9]",
        "[0,18000000,0,9,9,0]",
        "[0,0,0,9,0,9]",
    ] {
        let stored = format!(r#"[{{"polygons":[{{"outer":{odd}}}]}}]"#);
        assert!(serde_json::from_str::<Boundaries>(&stored).is_err(), "{odd}");
    }
}

proptest! {
    #[test]
    fn a_triangle_holds_what_its_corners_mix_to(
        corners in proptest::collection::vec((-5_000..5_000_i32, -5_000..5_000_i32), 3), mix in (1..100_i32, 1..100_i32, 1..100_i32)
    ) {
        let outer = ring(&corners);
        let polygon = Polygon::new(&outer, &[]);
        prop_assume!(polygon.is_ok());
        let town = Boundaries(vec![Boundary { district: None, polygons: vec![polygon.unwrap()] }]);
        let sum = mix.0 + mix.1 + mix.2;
        let middle = |of: fn(&(i32, i32)) -> i32| {
            (of(&corners[0]) * mix.0 + of(&corners[1]) * mix.1 + of(&corners[2]) * mix.2).div_euclid(sum)
        };
        // Rounded to whole units it may be outside by one of them, 1.1 m.
        prop_assert_ne!(town.locate(at(middle(|it| it.0), middle(|it| it.1)), 2), Located::Outside);
        for corner in outer {
            prop_assert_eq!(town.locate(corner, 0), Located::Inside(None));
        }
    }

    #[test]
    fn tiles_leave_no_gap_and_do_not_overlap_but_at_their_edges(north in 0..3_000_i32, east in 0..3_000_i32) {
        let tiles: Vec<Boundary> = (0..9).map(|tile| of(&format!("d{tile}"), &square(tile / 3 * 1_000, tile % 3 * 1_000, 1_000), &[])).collect();
        let holding = tiles.iter().filter(|tile| tile.holds(at(north, east))).count();
        let edges = [north, east].into_iter().filter(|it| it % 1_000 == 0 && *it > 0).count();
        prop_assert_eq!(holding, 1 << edges);
        let Located::Inside(Some(district)) = Boundaries(tiles).locate(at(north, east), 0) else { panic!("it is in a tile") };
        let expected = format!("d{}", (north / 1_000) * 3 + east / 1_000);
        prop_assert!(edges > 0 || district.as_str() == expected);
    }

    #[test]
    fn what_is_within_the_tolerance_is_as_near_as_a_corner_says(north in -3_000..4_000_i32, east in -3_000..4_000_i32) {
        let outer = square(0, 0, 1_000);
        let town = Boundaries(vec![of("a", &outer, &[])]);
        let there = at(north, east);
        let corner = outer.iter().map(|corner| corner.distance_m(there)).min().unwrap();
        prop_assert_ne!(town.locate(there, corner + 2), Located::Outside, "no farther than the nearest corner");
        let located = town.locate(there, 0);
        let is_in = (0..=1_000).contains(&north) && (0..=1_000).contains(&east);
        prop_assert_eq!(located, if is_in { inside("a") } else { Located::Outside });
    }

    #[test]
    fn a_ring_goes_through_the_store_unchanged(corners in proptest::collection::vec((-5_000..5_000_i32, -5_000..5_000_i32), 3..40)) {
        let polygon = Polygon::new(&ring(&corners), &[]);
        prop_assume!(polygon.is_ok());
        let polygon = polygon.unwrap();
        let stored = serde_json::to_vec(&polygon).unwrap();
        prop_assert_eq!(serde_json::from_slice::<Polygon>(&stored).unwrap(), polygon);
    }
}
