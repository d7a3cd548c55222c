//! The marked parts of a photo as text: a line each, with four numbers of a hundred: from the left, from the top, width, height.

use domain::ids::PhotoId;
use domain::report::release::{AREAS_MAX, Area};

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    /// A line is no part of a photo.
    NoArea,
    /// There are more than [`AREAS_MAX`].
    TooMany,
}

/// The name of the field for a photo.
pub(super) fn field(photo: &PhotoId) -> String {
    format!("release-areas-{photo}")
}

/// The parts as text.
pub(super) fn text(areas: &[Area]) -> String {
    let line = |area: &Area| <[u16; 4]>::from(*area).map(|part| (f64::from(part) / 10.0).to_string()).join(" ");
    areas.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The parts that a text names.
pub(super) fn read(text: &str) -> Result<Vec<Area>, Wrong> {
    let lines = text.lines().map(plain).filter(|line| !line.trim().is_empty());
    let areas: Vec<Area> = lines.map(|line| area(&line).ok_or(Wrong::NoArea)).collect::<Result<_, _>>()?;
    if AREAS_MAX < areas.len() { Err(Wrong::TooMany) } else { Ok(areas) }
}

fn area(line: &str) -> Option<Area> {
    let parts: Vec<u16> = line.split_whitespace().map(thousandths).collect::<Option<_>>()?;
    let [left, top, width, height] = parts.try_into().ok()?;
    Area::new(left, top, width, height).ok()
}

/// `12.5` of a hundred, in thousandths. What is finer is rounded.
fn thousandths(number: &str) -> Option<u16> {
    let number: f64 = number.parse().ok()?;
    let whole = (number * 10.0).round();
    (0.0..=1_000.0).contains(&whole).then(|| format!("{whole:.0}").parse().ok()).flatten()
}

/// Digits and signs as a Japanese keyboard types them, made plain; what parts numbers or follows them becomes a blank.
fn plain(line: &str) -> String {
    let plain = |char: char| match char {
        '０'..='９' => char::from_u32(u32::from(char) - u32::from('０') + u32::from('0')).unwrap_or(char),
        '．' => '.',
        ',' | '，' | '、' | '%' | '％' => ' ',
        other => other,
    };
    line.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn areas(of: &[[u16; 4]]) -> Vec<Area> {
        of.iter().map(|area| Area::try_from(*area).unwrap()).collect()
    }

    #[test]
    fn parts_are_read_as_they_are_typed() {
        for (typed, meant) in [
            ("", vec![]),
            (" \n\u{3000}\n", vec![]),
            ("10 20 30 15", areas(&[[100, 200, 300, 150]])),
            ("10% 20% 30% 15%\r\n0,0,100,100\n", areas(&[[100, 200, 300, 150], [0, 0, 1_000, 1_000]])),
            ("１２．５　２０　３０　１５", areas(&[[125, 200, 300, 150]])),
            ("１０％、２０％、３０％、１５％", areas(&[[100, 200, 300, 150]])),
            ("0.04 0 0.06 99.96", areas(&[[0, 0, 1, 1_000]])),
        ] {
            assert_eq!(read(typed), Ok(meant), "{typed}");
        }
    }

    #[test]
    fn what_is_no_part_is_refused() {
        for typed in [
            "10 20 30",
            "10 20 30 15 5",
            "a b c d",
            "-1 0 10 10",
            "0 0 0 10",
            "50 0 51 10",
            "NaN 0 1 1",
            "inf 0 1 1",
            "1e9 0 1 1",
            "0 0 0.04 10",
            "10 20 30 15\nx",
        ] {
            assert_eq!(read(typed), Err(Wrong::NoArea), "{typed}");
        }
        assert_eq!(read(&"1 1 1 1\n".repeat(AREAS_MAX)).map(|areas| areas.len()), Ok(AREAS_MAX));
        assert_eq!(read(&"1 1 1 1\n".repeat(AREAS_MAX + 1)), Err(Wrong::TooMany));
    }

    #[test]
    fn parts_are_written_as_they_are_read() {
        let some = areas(&[[125, 0, 1, 1_000], [0, 3, 1_000, 10]]);
        assert_eq!(text(&some), "12.5 0 0.1 100\n0 0.3 100 1");
        assert_eq!(read(&text(&some)), Ok(some));
    }
}
