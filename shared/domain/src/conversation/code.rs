//! 「職員 12345678」: a member of staff connects their own phone with the one-time code that the console showed them.
//!
//! Whoever looks the code up asks [`phone_code`] whether a text is one and [`Conversation::may_try_code`] whether to look.
//! What came of it goes into [`super::respond`] as [`Deed::ShowedCode`].

use jiff::{SignedDuration, Timestamp};
use unicode_normalization::UnicodeNormalization;

use super::{Conversation, Deed, Talk};

/// So many wrong codes are looked up for one resident within [`CODE_WINDOW`].
pub const CODE_TRIES_MAX: usize = 5;
/// Wrong codes are remembered this long.
pub(super) const CODE_WINDOW: SignedDuration = SignedDuration::from_hours(1);
/// The word before a code.
const WORD: &str = "職員";
const DIGITS: usize = 8;
/// What people type between digits, beside white space. The long vowel sign is what a Japanese keyboard gives for a hyphen.
const HYPHENS: &str = "-ー‐‑‒–—―−";

/// What came of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeShown {
    /// The phone is connected.
    Right,
    /// There is no such code.
    Wrong,
    /// It was not looked up: there were too many wrong ones before.
    NotLookedUp,
}

/// The digits of the code that a text is; `None` for every other text.
#[must_use]
pub fn phone_code(text: &str) -> Option<String> {
    let plain = text.nfkc().filter(|char| !char.is_whitespace() && !HYPHENS.contains(*char));
    // One more than a code has, so that longer texts are seen to be longer, and no more of them is read.
    let plain: String = plain.take(WORD.chars().count() + DIGITS + 1).collect();
    let digits = plain.strip_prefix(WORD)?;
    (digits.len() == DIGITS && digits.bytes().all(|digit| digit.is_ascii_digit())).then(|| digits.to_owned())
}

impl Conversation {
    /// Whether a code may be looked up now.
    #[must_use]
    pub fn may_try_code(&self, now: Timestamp) -> bool {
        recent(self, now).count() < CODE_TRIES_MAX
    }
}

/// The wrong codes to be remembered after an event; `None`: as before.
pub(super) fn noted(state: &Conversation, deed: &Deed, now: Timestamp) -> Option<Vec<Timestamp>> {
    (*deed == Deed::ShowedCode(CodeShown::Wrong)).then(|| recent(state, now).chain([now]).collect())
}

fn recent(state: &Conversation, now: Timestamp) -> impl Iterator<Item = Timestamp> {
    state.wrong_codes.iter().copied().filter(move |at| now.duration_since(*at) < CODE_WINDOW)
}

impl Talk<'_> {
    pub(super) fn answer_code(&mut self, code: CodeShown) {
        let word = match code {
            CodeShown::Right => self.words.code_right,
            CodeShown::Wrong | CodeShown::NotLookedUp => self.words.code_wrong,
        };
        self.say_with_menu(word.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::{Expecting, Incoming, Turn, respond};
    use crate::reply::Reply;
    use crate::town::Town;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + 60 * minute).unwrap()
    }

    fn show(state: Option<&Conversation>, code: CodeShown, minute: i64) -> Turn {
        let incoming = Incoming {
            event: format!("e{minute}").parse().unwrap(),
            resident: "U0123456789abcdef0123456789abcdef".parse().unwrap(),
            at: at(minute),
            message: None,
            deed: Deed::ShowedCode(code),
        };
        respond(&Town::default(), None, state, &incoming, at(minute))
    }

    #[test]
    fn a_code_is_seen_however_it_is_typed() {
        for text in [
            "職員 12345678",
            "職員12345678",
            "職員　１２３４５６７８",
            " 職員 1234 5678 ",
            "職員1234-5678",
            "職員 １２３４ー５６７８\n",
            "職員 12−34–56‐78",
        ] {
            assert_eq!(phone_code(text).as_deref(), Some("12345678"), "{text}");
        }
    }

    #[test]
    fn ordinary_words_are_no_codes() {
        for text in [
            "",
            "職員",
            "職員 1234567",
            "職員 123456789",
            "12345678",
            "職員さん 12345678",
            "市の職員 12345678",
            "職員 1234567a",
            "職員 一二三四五六七八",
            "職員 12345678 です",
            "職員 12345678 職員",
            "乾電池",
        ] {
            assert_eq!(phone_code(text), None, "{text}");
        }
        assert_eq!(phone_code(&format!("職員 12345678{}", " ".repeat(5_000))).as_deref(), Some("12345678"));
    }

    #[test]
    fn five_wrong_codes_an_hour_are_looked_up() {
        let mut state: Option<Conversation> = None;
        for minute in 0..5 {
            assert!(state.as_ref().is_none_or(|state| state.may_try_code(at(minute))), "{minute}");
            state = show(state.as_ref(), CodeShown::Wrong, minute).conversation;
        }
        let state = state.unwrap();
        assert!(!state.may_try_code(at(59)));
        assert!(state.may_try_code(at(60)), "the first is an hour old");
        assert_eq!(show(Some(&state), CodeShown::NotLookedUp, 6).conversation, None, "it does not prolong the wait");
        let later = show(Some(&state), CodeShown::Wrong, 70).conversation.unwrap();
        assert_eq!(later.wrong_codes, [at(70)], "what is older than an hour is forgotten");
    }

    #[test]
    fn nobody_learns_whether_a_code_was_looked_up() {
        let (wrong, not_looked_up) = (show(None, CodeShown::Wrong, 1), show(None, CodeShown::NotLookedUp, 1));
        assert_eq!(wrong.replies, not_looked_up.replies);
        assert_ne!(wrong.replies, show(None, CodeShown::Right, 1).replies);
        assert!(matches!(&wrong.replies[..], [Reply::Text(_)]));
    }

    #[test]
    fn a_code_leaves_a_question_open_and_a_move_keeps_the_wrong_codes() {
        let asked = Conversation { expecting: Expecting::District, ..Conversation::default() };
        let wrong = show(Some(&asked), CodeShown::Wrong, 1).conversation.unwrap();
        assert_eq!(
            (wrong.expecting.clone(), wrong.moved.is_none(), wrong.wrong_codes.len()),
            (Expecting::District, true, 1)
        );
        let incoming = Incoming {
            event: "e2".parse().unwrap(),
            resident: "U0123456789abcdef0123456789abcdef".parse().unwrap(),
            at: at(2),
            message: None,
            deed: Deed::Tapped("cancel".to_owned()),
        };
        let moved = respond(&Town::default(), None, Some(&wrong), &incoming, at(2)).conversation.unwrap();
        assert_eq!((moved.expecting, moved.wrong_codes.len()), (Expecting::Anything, 1));
    }
}
