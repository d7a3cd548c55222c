//! Content lines as RFC 5545 has them: CR LF, folded to 75 octets, texts escaped.

/// A line has at most so many octets without its end.
const OCTETS_MAX: usize = 75;

/// Lines, one under the other.
#[derive(Default)]
pub(super) struct ContentLines(String);

impl ContentLines {
    /// A line whose value has nothing to escape in it.
    pub(super) fn put(&mut self, name: &str, value: &str) {
        let mut octets = 0;
        for char in name.chars().chain([':']).chain(value.chars()) {
            if OCTETS_MAX < octets + char.len_utf8() {
                // The line that goes on begins with the blank, which counts.
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(char);
            octets += char.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// A line whose value is a text (3.3.11).
    pub(super) fn text(&mut self, name: &str, text: &str) {
        let mut escaped = String::with_capacity(text.len() + 16);
        for char in text.chars() {
            match char {
                '\\' | ';' | ',' => escaped.extend(['\\', char]),
                '\n' => escaped.push_str("\\n"),
                '\t' => escaped.push(char),
                // CONTROL, which no text can have in any form.
                char if char.is_ascii_control() => {}
                char => escaped.push(char),
            }
        }
        self.put(name, &escaped);
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(text: &str) -> String {
        let mut lines = ContentLines::default();
        lines.text("SUMMARY", text);
        lines.into_string()
    }

    #[test]
    fn signs_of_the_format_are_escaped_and_controls_left_out() {
        assert_eq!(text("a;b,c\\d\r\ne\tf\u{0}\u{7f}:\""), "SUMMARY:a\\;b\\,c\\\\d\\ne\tf:\"\r\n");
    }

    #[test]
    fn a_line_is_folded_where_it_is_full_and_never_within_a_sign() {
        let rest = |octets: usize| OCTETS_MAX - "SUMMARY:".len() - octets;
        assert_eq!(text(&"a".repeat(rest(0))), format!("SUMMARY:{}\r\n", "a".repeat(rest(0))));
        assert_eq!(text(&"a".repeat(rest(0) + 1)), format!("SUMMARY:{}\r\n a\r\n", "a".repeat(rest(0))));
        // Three octets of which two would still fit.
        let folded = text(&format!("{}ごみ", "a".repeat(rest(2))));
        assert_eq!(folded, format!("SUMMARY:{}\r\n ごみ\r\n", "a".repeat(rest(2))));
        let folded = text(&"a".repeat(rest(0) + 74 + 1));
        assert_eq!(folded.lines().map(str::len).collect::<Vec<_>>(), [75, 75, 2], "the blank counts");
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_again(said in "(?s).{0,300}") {
            let folded = text(&said);
            prop_assert!(folded.ends_with("\r\n"));
            prop_assert!(folded.split("\r\n").all(|line| line.len() <= OCTETS_MAX && !line.contains(['\r', '\n'])));
            let line = folded.replace("\r\n ", "");
            let value = line.strip_prefix("SUMMARY:").unwrap().strip_suffix("\r\n").unwrap();
            let mut read = String::new();
            let mut chars = value.chars();
            while let Some(char) = chars.next() {
                read.push(match char {
                    '\\' => match chars.next().unwrap() { 'n' => '\n', other => other },
                    other => other,
                });
            }
            let kept: String = said.chars().filter(|char| !char.is_ascii_control() || ['\n', '\t'].contains(char)).collect();
            prop_assert_eq!(read, kept);
        }
    }
}
