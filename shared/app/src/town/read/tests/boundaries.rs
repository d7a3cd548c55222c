//! Boundaries, read well and badly.

use domain::report::boundary::{Boundaries, Located, Polygon};
use domain::report::place::Point;

use super::*;

/// A square with a corner there, as coordinates of a ring.
fn ring(longitude: f64, latitude: f64, side: f64) -> String {
    let (east, north) = (longitude + side, latitude + side);
    format!(
        "[[{longitude},{latitude}],[{east},{latitude}],[{east},{north}],[{longitude},{north}],[{longitude},{latitude}]]"
    )
}

fn feature(properties: &str, kind: &str, coordinates: &str) -> String {
    format!(
        r#"{{"type":"Feature","properties":{properties},"geometry":{{"type":"{kind}","coordinates":{coordinates}}}}}"#
    )
}

/// A file of features, one on each line from the second on.
fn file(features: &[String]) -> String {
    format!("{{\"type\":\"FeatureCollection\",\"name\":\"x\",\"features\":[\n{}\n]}}\n", features.join(",\n"))
}

fn boundaries(text: &str) -> (Boundaries, Vec<String>) {
    let reading = read(&files(&[(BOUNDARIES, text)]));
    let problem = |problem: &Problem| {
        let trouble = format!("{:?}", problem.trouble);
        format!(
            "{} {} {}",
            problem.line,
            problem.column.as_deref().unwrap_or("-"),
            trouble.split([' ', '(']).next().unwrap()
        )
    };
    (reading.data.boundaries, reading.problems.iter().map(problem).collect())
}

fn at(latitude: f64, longitude: f64) -> Point {
    Point::new(latitude, longitude).unwrap()
}

#[test]
fn districts_and_the_town_around_them_are_read() {
    let hole = format!("[{},{}]", ring(139.0, 35.0, 0.1), ring(139.04, 35.04, 0.01));
    let two = format!("[[{}],[{}]]", ring(139.2, 35.0, 0.1), ring(139.4, 35.0, 0.1));
    let (found, problems) = boundaries(&file(&[
        feature(r#"{"district":"yama","N03_004":"うめ町"}"#, "Polygon", &hole),
        feature(r#"{"district":"kawa"}"#, "MultiPolygon", &two),
        feature("null", "Polygon", &format!("[{}]", ring(138.9, 34.9, 0.8))),
        feature(r#"{"district":null}"#, "Polygon", &format!("[{}]", ring(140.0, 35.0, 0.1))),
    ]));
    assert_eq!(problems, [""; 0]);
    let inside = |id: &str| Located::Inside(Some(id.parse().unwrap()));
    for (point, expected) in [
        (at(35.05, 139.02), inside("yama")),
        (at(35.045, 139.045), Located::Inside(None)),
        (at(35.05, 139.25), inside("kawa")),
        (at(35.05, 139.45), inside("kawa")),
        (at(35.05, 139.35), Located::Inside(None)),
        (at(35.05, 140.05), Located::Inside(None)),
        (at(36.05, 140.05), Located::Outside),
    ] {
        assert_eq!(found.locate(point, 10), expected, "{}", point.text());
    }
}

#[test]
fn heights_small_islets_and_signs_of_other_systems_do_not_matter() {
    let text = "\u{feff}{\"type\":\"FeatureCollection\",\r\n\"crs\":{\"type\":\"name\"},\"features\":[{\"geometry\":\
                {\"coordinates\":[[[[139,35,1.5],[139.1,35,2],[139.1,35.1,3],[139,35,1.5]]],\
                [[[139.5,35.5],[139.5000001,35.5],[139.5,35.5000001],[139.5,35.5]]]],\"type\":\"MultiPolygon\"}}]}";
    let (found, problems) = boundaries(text);
    assert_eq!(problems, [""; 0]);
    assert_eq!(found.0[0].polygons.len(), 1, "the islet is smaller than a metre");
}

#[test]
fn every_mistake_is_named_with_its_feature_and_line() {
    const PLACE: &str = "3 features[1].geometry.coordinates";
    let good = || feature("{}", "Polygon", &format!("[{}]", ring(139.0, 35.0, 0.1)));
    let polygon = |coordinates: &str| feature("{}", "Polygon", coordinates);
    for (bad, expected) in [
        (polygon("[[[139,35],[139.1,35],[139.1,35.1],[139,35.1]]]"), format!("{PLACE} OpenRing")),
        (polygon("[[[139,35],[139.1,35],[139,35]]]"), format!("{PLACE} ShortRing")),
        (polygon(&format!("[{}]", ring(35.0, 139.0, 0.1))), format!("{PLACE} Swapped")),
        (polygon(&format!("[{}]", ring(0.0, 51.0, 0.1))), format!("{PLACE} OutsideJapan")),
        (polygon(&format!("[{}]", ring(-12345.6, 2345.6, 9.0))), format!("{PLACE} OutsideJapan")),
        (polygon("[[[139],[139.1,35],[139.1,35.1],[139]]]"), format!("{PLACE} NoPolygon")),
        (polygon("[[139,35],[139.1,35],[139.1,35.1],[139,35]]"), format!("{PLACE} NoPolygon")),
        (polygon(r#"[[["139","35"]]]"#), format!("{PLACE} NoPolygon")),
        (polygon(&format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))), format!("{PLACE} NoPolygon")),
        (polygon("[]"), format!("{PLACE} Empty")),
        (feature("{}", "MultiPolygon", &format!("[{}]", ring(139.0, 35.0, 0.1))), format!("{PLACE} NoPolygon")),
        (feature("{}", "Point", "[139,35]"), "3 features[1].geometry.type NotOneOf".to_owned()),
        (
            r#"{"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[]}}"#.to_owned(),
            "3 features[1].geometry.type NotOneOf".to_owned(),
        ),
        (r#"{"geometry":{"type":"Polygon"}}"#.to_owned(), format!("{PLACE} Empty")),
        (r#"{"type":"Feature","geometry":null,"properties":{}}"#.to_owned(), "3 features[1].geometry Empty".to_owned()),
        ("null".to_owned(), "3 features[1] NoPolygon".to_owned()),
        (
            good().replace("{}", r#"{"district":"umi"}"#),
            "3 features[1].properties.district UnknownReference".to_owned(),
        ),
        (good().replace("{}", r#"{"district":"Yama!"}"#), "3 features[1].properties.district InvalidId".to_owned()),
        (good().replace("{}", r#"{"district":3}"#), "3 features[1].properties.district NotText".to_owned()),
        (
            "{\"properties\":{},\n\"geometry\":{\"type\":\"Polygon\",\n\"coordinates\":[[[1,\n2,{}]]]}}".to_owned(),
            "6 features[1].geometry.coordinates NoPolygon".to_owned(),
        ),
    ] {
        let (found, problems) = boundaries(&file(&[good(), bad.clone(), good()]));
        let shown = bad.get(..bad.len().min(200)).unwrap_or_default();
        assert_eq!(problems, std::slice::from_ref(&expected), "{shown}");
        let kept = if expected.ends_with("UnknownReference") { 3 } else { 2 };
        assert_eq!(found.0.len(), kept, "{shown}");
    }
}

#[test]
fn what_is_no_file_of_boundaries_is_not_taken_for_none() {
    let endless = format!("[{}", "[[[139,35],".repeat(10));
    let many = "[139.1,35.1],".repeat(200_000);
    let many = feature("{}", "Polygon", &format!("[[[139,35],{many}[139,35]]]"));
    for (text, expected) in [
        ("", "1 - Json"),
        ("{\"type\":\"FeatureCollection\",\n\"features\":[", "2 - Json"),
        ("{\"type\":\"FeatureCollection\",\"features\":[{\"a\":NaN}]}", "1 - Json"),
        ("{\"type\":\"FeatureCollection\",\"features\":[{\"a\":Infinity}]}", "1 - Json"),
        (&endless, "1 - Json"),
        ("[]", "1 - NoFeatures"),
        ("7", "1 - NoFeatures"),
        ("{\"type\":\"Topology\",\"objects\":{}}", "1 - NoFeatures"),
        ("{\"type\":\"FeatureCollection\",\"features\":{}}", "1 - NoFeatures"),
        (&file(&[many]), "2 features[0] TooManyPoints"),
        (&" ".repeat(crate::town::files::FILE_BYTES_MAX + 1), "1 - FileTooLarge"),
    ] {
        let reading = read(&files(&[(BOUNDARIES, text)]));
        let shown = &text[..text.len().min(100)];
        assert_eq!(boundaries(text), (Boundaries::default(), vec![expected.to_owned()]), "{shown}");
        assert_eq!(reading.problems[0].severity(), Severity::Unreadable, "{shown}");
    }
    assert_eq!(boundaries(&file(&[])).1, ["1 features Empty"]);
    let huge = "{\"type\":\"FeatureCollection\",\"features\":[{\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[1e999,2]]]}}]}";
    assert_eq!(boundaries(huge).1.len(), 1, "a number that no number is");
}

#[test]
fn a_mistake_is_told_in_a_sentence() {
    let text = file(&[feature("{}", "Polygon", &format!("[{}]", ring(35.0, 139.0, 0.1)))]);
    let line = read(&files(&[(BOUNDARIES, &text)])).problems[0].to_string();
    assert!(
        line.starts_with(
            "boundaries.geojson:2: エラー「features[0].geometry.coordinates」: 「35, 139」は緯度と経度が逆です。"
        ),
        "{line}"
    );
}

#[test]
fn many_boundaries_come_back_from_their_records() {
    let square = |at: u32| {
        let (longitude, latitude) = (130.0 + f64::from(at % 100) * 0.1, 30.0 + f64::from(at / 100) * 0.1);
        let east: Vec<_> =
            (0..100).map(|step| format!("[{:.5},{latitude}]", longitude + f64::from(step) * 0.0005)).collect();
        let back = format!("[{:.5},{:.5}],[{longitude},{latitude}]", longitude + 0.04, latitude + 0.05);
        feature(r#"{"district":"yama"}"#, "Polygon", &format!("[[{},{back}]]", east.join(",")))
    };
    let (found, problems) = boundaries(&file(&(0..600).map(square).collect::<Vec<_>>()));
    assert_eq!(problems, [""; 0]);
    let points: usize = found.0.iter().flat_map(|boundary| &boundary.polygons).map(Polygon::points).sum();
    assert_eq!(points, 600 * 101);
    let data = TownData { boundaries: found, ..TownData::default() };
    let mut records = to_records(&data).unwrap();
    assert!((3..=9).contains(&records.len()), "{} parts", records.len());
    assert!(records.iter().all(|record| record.body.to_string().len() < 120_000), "two fit into an item of the store");
    records.reverse();
    let stored = from_records(records.clone());
    assert_eq!((stored.data.boundaries == data.boundaries, stored.odd), (true, vec![]));

    records.remove(1);
    let stored = from_records(records);
    assert!(stored.data.boundaries.0.is_empty(), "a part of them would put the rest of the town outside");
    assert_eq!(stored.odd, [("boundary".to_owned(), String::new())]);
}

#[test]
fn the_boundary_of_a_district_that_is_no_more_is_the_towns() {
    let text = file(&[feature(r#"{"district":"umi"}"#, "Polygon", &format!("[{}]", ring(139.0, 35.0, 0.1)))]);
    let town = read(&files(&[(BOUNDARIES, &text)])).data.into_town();
    assert_eq!(town.boundaries.locate(at(35.05, 139.05), 10), Located::Inside(None));
}
