//! Lengths of texts as phones' platforms count them
//! (<https://developers.line.biz/en/docs/messaging-api/text-character-count/>, as of 2026-08-07).

use unicode_segmentation::UnicodeSegmentation as _;

/// What is counted in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// UTF-16 code units: the rule; 🍎 is two.
    Utf16,
    /// Grapheme clusters, what a reader calls a character: labels, display texts, template texts and titles, names of rich menus.
    Graphemes,
}

/// The length of a text.
#[must_use]
pub fn length(text: &str, unit: Unit) -> usize {
    match unit {
        Unit::Utf16 => text.encode_utf16().count(),
        Unit::Graphemes => text.graphemes(true).count(),
    }
}

/// The longest beginning of a text that is no longer than `max`; it never ends within a grapheme.
#[must_use]
pub fn head(text: &str, unit: Unit, max: usize) -> &str {
    // A byte is never less than a unit, so that a short text needs no counting.
    if text.len() <= max {
        return text;
    }
    let mut counted = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        counted += match unit {
            Unit::Utf16 => grapheme.encode_utf16().count(),
            Unit::Graphemes => 1,
        };
        if counted > max {
            return &text[..at];
        }
    }
    text
}

/// The text itself, or its beginning and "…", together no longer than `max`.
#[must_use]
pub fn shortened(text: &str, unit: Unit, max: usize) -> String {
    let whole = head(text, unit, max);
    if whole.len() == text.len() {
        return text.to_owned();
    }
    format!("{}…", head(text, unit, max.saturating_sub(1)).trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_differ_where_characters_are_rare() {
        for (text, utf16, graphemes) in
            [("", 0, 0), ("乾電池", 3, 3), ("🍎", 2, 1), ("👨‍👩‍👧", 8, 1), ("か\u{3099}", 2, 1), ("\r\n", 2, 1)]
        {
            assert_eq!((length(text, Unit::Utf16), length(text, Unit::Graphemes)), (utf16, graphemes), "{text:?}");
        }
    }

    #[test]
    fn a_text_is_cut_between_graphemes_only() {
        assert_eq!(head("👨‍👩‍👧乾", Unit::Utf16, 7), "");
        assert_eq!(head("👨‍👩‍👧乾", Unit::Utf16, 8), "👨‍👩‍👧");
        assert_eq!(head("乾電池🍎", Unit::Utf16, 4), "乾電池");
        assert_eq!(shortened("乾電池です", Unit::Graphemes, 4), "乾電池…");
        assert_eq!(shortened("乾電池", Unit::Graphemes, 3), "乾電池");
        assert_eq!(shortened("🍎🍎🍎", Unit::Utf16, 4), "🍎…");
        assert_eq!(shortened("乾電池", Unit::Graphemes, 0), "…");
    }

    proptest::proptest! {
        #[test]
        fn a_shortened_text_fits(text in "\\PC{0,40}", max in 1_usize..30) {
            for unit in [Unit::Utf16, Unit::Graphemes] {
                let short = shortened(&text, unit, max);
                proptest::prop_assert!(length(&short, unit) <= max);
                proptest::prop_assert_eq!(short == text, length(&text, unit) <= max);
            }
        }
    }
}
