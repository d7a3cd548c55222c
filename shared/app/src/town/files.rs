//! A town's files as names and bytes, and the text in them, whatever program wrote it.

use std::collections::BTreeMap;

use super::problem::{Report, Trouble};

/// A text file has at most this many bytes.
pub const FILE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// A picture has at most this many bytes (the platform's limit for a rich menu).
pub const PICTURE_BYTES_MAX: usize = 1024 * 1024;

/// The files of a town's folder: bytes by name, with `/` between folder and file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(pub BTreeMap<String, Vec<u8>>);

impl Files {
    /// The bytes of a file.
    #[must_use]
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// The text of a file, if it is there and is text; what is wrong with it is reported.
    pub(super) fn text(&self, name: &str, need: Need, report: &mut Report) -> Option<String> {
        let Some(bytes) = self.bytes(name) else {
            match need {
                Need::Required => report.add(name, 1, None, Trouble::MissingFile),
                Need::Optional => {}
            }
            return None;
        };
        if bytes.len() > FILE_BYTES_MAX {
            report.add(name, 1, None, Trouble::FileTooLarge { bytes_max: FILE_BYTES_MAX });
            return None;
        }
        match decode(bytes) {
            Ok(text) => Some(text),
            Err(line) => {
                report.add(name, line, None, Trouble::Encoding);
                None
            }
        }
    }
}

/// Whether a town can do without a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// It cannot.
    Required,
    /// It can.
    Optional,
}

/// UTF-8 with or without a mark, UTF-16 with one, or CP932; the line of the first byte that fits none of them.
fn decode(bytes: &[u8]) -> Result<String, u32> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
        return text.map(std::borrow::Cow::into_owned).ok_or(1);
    }
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text.to_owned()),
        Err(error) => error,
    };
    let text = encoding_rs::SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes);
    text.map(std::borrow::Cow::into_owned).ok_or_else(|| line_after(&bytes[..error.valid_up_to()]))
}

/// The line, from 1, that follows these bytes.
fn line_after(before: &[u8]) -> u32 {
    let lines = before.split(|byte| *byte == b'\n').count();
    u32::try_from(lines).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> (Option<String>, Vec<(u32, Trouble)>) {
        let files = Files([("a.csv".to_owned(), bytes.to_vec())].into());
        let mut report = Report::default();
        let text = files.text("a.csv", Need::Required, &mut report);
        (text, report.finish().into_iter().map(|problem| (problem.line, problem.trouble)).collect())
    }

    #[test]
    fn the_encodings_of_town_halls_are_told_apart() {
        let cp932 = [0x90, 0x85, b'2', b'\n', 0x87, 0x40];
        let utf16 = [0xff, 0xfe, 0x34, 0x6c, 0x32, 0x00];
        for (bytes, expected) in [
            ("水2".as_bytes(), "水2"),
            ("\u{feff}水2".as_bytes(), "水2"),
            (&cp932[..], "水2\n①"),
            (&utf16[..], "水2"),
            (b"", ""),
        ] {
            assert_eq!(text(bytes), (Some(expected.to_owned()), Vec::new()));
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_reported_where_they_stand() {
        assert_eq!(text(b"a\nb\n\xff\xff\n"), (None, vec![(3, Trouble::Encoding)]));
        let huge = vec![b'a'; FILE_BYTES_MAX + 1];
        assert_eq!(text(&huge), (None, vec![(1, Trouble::FileTooLarge { bytes_max: FILE_BYTES_MAX })]));
    }
}
