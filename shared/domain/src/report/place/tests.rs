//! Points, cells, codes, and coordinates as they are typed.

use proptest::prelude::*;

use super::*;

fn point(lat: f64, lon: f64) -> Point {
    Point::new(lat, lon).unwrap()
}

#[test]
fn a_point_has_five_decimals_and_lies_on_the_earth() {
    assert_eq!(point(35.123_454_9, 139.000_005_1).text(), "35.12345,139.00001");
    assert_eq!(point(-0.000_004, 0.0), point(0.0, 0.0));
    assert_eq!(point(-0.000_004, 0.0).text(), "0.00000,0.00000");
    assert_eq!(point(-90.0, 180.0).text(), "-90.00000,180.00000");
    for (lat, lon) in [
        (90.000_001, 0.0),
        (-90.1, 0.0),
        (0.0, 180.000_001),
        (0.0, -181.0),
        (f64::NAN, 0.0),
        (0.0, f64::NAN),
        (f64::INFINITY, 0.0),
        (0.0, f64::NEG_INFINITY),
    ] {
        assert_eq!(Point::new(lat, lon), Err(InvalidPoint), "{lat} {lon}");
    }
}

#[test]
fn a_stored_point_is_looked_at_too() {
    let stored = |text: &str| serde_json::from_str::<Point>(text);
    assert_eq!(stored(r#"{"lat":3512345,"lon":13900001}"#).unwrap(), point(35.12345, 139.00001));
    assert!(stored(r#"{"lat":9000001,"lon":0}"#).is_err());
    assert!(stored(r#"{"lat":0,"lon":-18000001}"#).is_err());
    assert!(stored(r#"{"lat":99999999999,"lon":0}"#).is_err());
}

#[test]
fn distances_are_those_of_the_earth() {
    // A hundredth of a degree of latitude on the ball: 6,371,008.8 m * pi / 18,000.
    assert_eq!(point(35.0, 139.0).distance_m(point(35.01, 139.0)), 1_112);
    // On the parallel of 60 degrees a degree is half of one on the equator.
    let equator = f64::from(point(0.0, 0.0).distance_m(point(0.0, 0.1)));
    let sixty = f64::from(point(60.0, 0.0).distance_m(point(60.0, 0.1)));
    assert!((equator / sixty - 2.0).abs() < 0.001, "{equator} {sixty}");
    // Half round, over the pole and over the date line: R * pi.
    assert_eq!(point(90.0, 0.0).distance_m(point(-90.0, 77.0)), 20_015_114);
    assert_eq!(point(0.0, 179.9995).distance_m(point(0.0, -179.9995)), 111);
    // Tokyo Station and Osaka Station: some 403.5 km by Vincenty's formulae.
    let far = point(34.702_49, 135.495_96).distance_m(point(35.681_24, 139.767_12));
    assert!((400_000..407_000).contains(&far), "{far}");
    assert_eq!(point(35.0, 139.0).distance_m(point(35.0, 139.0)), 0);
}

#[test]
fn a_coarse_place_has_lost_what_leads_to_a_door() {
    assert_eq!(point(35.12499, 139.67501).coarse(), point(35.12, 139.68));
    assert_eq!(point(-35.12499, -139.67501).coarse(), point(-35.12, -139.68));
    assert_eq!(point(90.0, 179.999).coarse(), point(90.0, 180.0));
    assert_eq!(point(35.12, 139.68).coarse(), point(35.12, 139.68), "and again it loses nothing");
}

#[test]
fn a_cell_is_named_by_its_row_and_column() {
    assert_eq!(point(35.0, 139.5).cell().to_string(), "7000,18600");
    assert_eq!(point(35.00499, 139.50749).cell(), point(35.0, 139.5).cell());
    assert_eq!(point(35.005, 139.5075).cell().to_string(), "7001,18601");
    assert_eq!(point(-0.00001, -0.00001).cell().to_string(), "-1,-1");
    assert_eq!(point(0.0, 180.0).cell(), point(0.0, -180.0).cell(), "the same meridian");
}

#[test]
fn nothing_round_a_point_is_its_own_cell() {
    let here = point(35.0025, 139.5037);
    assert_eq!(Cell::around(here, 0), [here.cell()]);
    assert_eq!(Cell::around(here, 100), [here.cell()]);
    assert_eq!(Cell::around(here, 500).len(), 9);
    assert_eq!(Cell::around(here, u32::MAX), Cell::around(here, RADIUS_M_MAX));
    let over = Cell::around(point(0.0, 179.9999), 500);
    assert!(over.contains(&point(0.0, -179.9999).cell()), "{over:?}");
}

#[test]
fn plus_codes_are_those_of_the_specification() {
    // From the south pole and the far side of Greenwich 137.00006 and 188.00006 degrees: 6 and 9 twenties, 17 and 8 ones, then nothing.
    assert_eq!(point(47.00006, 8.00006).plus_code(), "8FVC2222+22");
    // The first square of all, and the last.
    assert_eq!(point(-90.0, -180.0).plus_code(), "22222222+22");
    assert_eq!(point(90.0, 179.99999).plus_code(), "CVXXXXXX+XX");
    assert_eq!(point(0.0, 180.0).plus_code(), point(0.0, -180.0).plus_code());
    // Examples that the specification's own test data has, cut to five decimals.
    assert_eq!(point(20.37006, 2.78219).plus_code(), "7FG49QCJ+2V");
    assert_eq!(point(-41.27306, 174.78594).plus_code(), "4VCPPQGP+Q9");
}

/// The south-western corner of a code's square, and how far the square reaches, in hundred-millionths of a degree.
fn square(code: &str) -> ((i64, i64), i64) {
    let digits = "23456789CFGHJMPQRVWX";
    let sizes = [2_000_000_000_i64, 100_000_000, 5_000_000, 250_000, 12_500];
    let places: Vec<i64> = code
        .chars()
        .filter(|sign| *sign != '+')
        .map(|sign| i64::try_from(digits.find(sign).unwrap()).unwrap())
        .collect();
    let sum =
        |first: usize| places.iter().skip(first).step_by(2).zip(sizes).map(|(place, size)| place * size).sum::<i64>();
    ((sum(0) - 9_000_000_000, sum(1) - 18_000_000_000), sizes[4])
}

#[test]
fn maps_are_linked_by_the_point() {
    let here = point(35.12345, -139.5);
    assert_eq!(here.google_maps_url(), "https://www.google.com/maps/search/?api=1&query=35.12345%2C-139.50000");
    assert_eq!(here.gsi_map_url(), "https://maps.gsi.go.jp/#18/35.12345/-139.50000/");
}

#[test]
fn coordinates_are_read_however_they_are_typed() {
    for typed in [
        "35.12345, 139.12345",
        "35.12345,139.12345",
        "35.12345 139.12345",
        "  35.12345\n139.12345 ",
        "35.12345, 139.12345。 ",
        "35.12345　139.12345",
        "35.12345、139.12345",
        "35.12345/139.12345",
        "３５．１２３４５，１３９．１２３４５",
        "(35.12345, 139.12345)",
        "N35.12345 E139.12345",
        "n35.12345,e139.12345",
        "35.12345N 139.12345E",
        "35.12345°N, 139.12345°E",
        "E139.12345 N35.12345",
        "139.12345, 35.12345",
        "東経139.12345 北緯35.12345",
        "北緯35.12345度 東経139.12345度",
        "緯度：35.12345 経度：139.12345",
        "緯度35.12345、経度139.12345",
        "lat=35.12345 lng=139.12345",
        "Latitude: 35.12345, Longitude: 139.12345",
        "+35.12345 +139.12345",
        "35.12345度, 139.12345度",
        "35°7'24.42\" 139°7'24.42\"",
        "35°7′24.42″N 139°7′24.42″E",
        "35º7’24.42” 139º7’24.42”",
        "北緯35度7分24.42秒 東経139度7分24.42秒",
        "北緯３５度７分２４．４２秒、東経１３９度７分２４．４２秒",
    ] {
        assert_eq!(Point::parse(typed).map(Point::text), Ok("35.12345,139.12345".to_owned()), "{typed}");
    }
    for (typed, read) in [
        ("N35 E139", "35.00000,139.00000"),
        ("35° 139°", "35.00000,139.00000"),
        ("35度30分 139度15分", "35.50000,139.25000"),
        ("-0°30' -0°15'", "-0.50000,-0.25000"),
        ("南緯35.5 西経139.5", "-35.50000,-139.50000"),
        ("緯度-35.5 経度-139.5", "-35.50000,-139.50000"),
        ("S35.5 W139.5", "-35.50000,-139.50000"),
        ("−35.5 −139.5", "-35.50000,-139.50000"),
        ("35.5 E139.5", "35.50000,139.50000"),
        ("35.5, E139.5", "35.50000,139.50000"),
        ("-139.5, 35.5", "35.50000,-139.50000"),
    ] {
        assert_eq!(Point::parse(typed).map(Point::text), Ok(read.to_owned()), "{typed}");
    }
}

#[test]
fn other_texts_are_no_coordinates() {
    for odd in [
        "",
        "本町1-2-3",
        "35.12345",
        "3 4",
        "35, 139",
        "2026.11 22",
        "12.5 km 3.5",
        "35.1 139.1 5.5",
        "35.1,,139.1",
        "95.1 95.2",
        "35.1 200.5",
        "139.1 139.2",
        "N35.1 N36.1",
        "E139.1 E140.1",
        "S-35.1 E139.1",
        "35°61' 139°0'",
        "35°30'60\" 139°0'0\"",
        "35.5°30' 139°",
        "35°-7' 139°7'",
        "35.1.1 139.1",
        ".5 .5",
        "- 35.1 139.1",
        "35.1 139.",
        "NaN NaN",
        "inf inf",
        "1e1 1e2",
        "35.11111111111111111111111 139.1",
        "N N",
        "° ' \"",
        &"3.5 ".repeat(1_000),
    ] {
        assert_eq!(Point::parse(odd).map(Point::text), Err(InvalidPoint), "{odd}");
    }
}

proptest! {
    #[test]
    fn what_is_near_lies_in_the_cells_around(
        lat in 20.0..46.0_f64, lon in 122.0..154.0_f64, north in -1.0..1.0_f64, east in -1.0..1.0_f64, radius in 0..RADIUS_M_MAX
    ) {
        let here = point(lat, lon);
        let degrees = f64::from(radius) / 100_000.0;
        let there = point(lat + north * degrees, lon + east * degrees);
        let cells = Cell::around(here, radius);
        prop_assert!(cells.contains(&here.cell()));
        prop_assert!(here.distance_m(there) > radius || cells.contains(&there.cell()));
        prop_assert!(radius > 500 || cells.len() <= 9, "{} cells", cells.len());
        prop_assert!(cells.len() <= 72, "{} cells", cells.len());
        let once: std::collections::BTreeSet<_> = cells.iter().collect();
        prop_assert_eq!(once.len(), cells.len());
    }

    #[test]
    fn a_plus_code_is_the_square_that_the_point_lies_in(lat in -9_000_000..9_000_000_i32, lon in -18_000_000..18_000_000_i32) {
        let code = Point::of_units(lat, lon).unwrap().plus_code();
        prop_assert_eq!(code.len(), 11);
        prop_assert_eq!(code.find('+'), Some(8));
        let ((south, west), size) = square(&code);
        let (lat, lon) = (i64::from(lat) * 1_000, i64::from(lon) * 1_000);
        prop_assert!((south..south + size).contains(&lat) && (west..west + size).contains(&lon), "{code}");
    }

    #[test]
    fn a_point_goes_through_text_and_store_unchanged(lat in -90.0..=90.0_f64, lon in -180.0..=180.0_f64) {
        let here = point(lat, lon);
        prop_assert_eq!(Point::parse(&here.text()), Ok(here));
        let stored = serde_json::to_string(&here).unwrap();
        prop_assert_eq!(serde_json::from_str::<Point>(&stored).unwrap(), here);
        prop_assert_eq!(Point::new(here.lat(), here.lon()), Ok(here));
        prop_assert_eq!(here.coarse().coarse(), here.coarse());
    }

    #[test]
    fn distances_are_the_same_both_ways(a in (-90.0..=90.0_f64, -180.0..=180.0_f64), b in (-90.0..=90.0_f64, -180.0..=180.0_f64)) {
        let (here, there) = (point(a.0, a.1), point(b.0, b.1));
        prop_assert_eq!(here.distance_m(there), there.distance_m(here));
    }

    #[test]
    fn no_text_makes_the_reading_fail(text in "[NSEW0-9.°'\", +−度分秒緯経-]{0,24}|\\PC{0,24}") {
        Point::parse(&text).ok();
    }
}
