//! The words of the pages of damage reports, in each language. The browser puts them where they belong; where one stands in braces, it
//! fills something in.

mod easy;
mod en;
mod ja;

use domain::language::Language;
use serde::Serialize;

macro_rules! words {
    ($($name:ident),* $(,)?) => {
        /// The words of one language.
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        pub(crate) struct Words {
            $(pub(crate) $name: &'static str,)*
        }

        #[cfg(test)]
        impl Words {
            fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name)),*]
            }
        }
    };
}

words! {
    report, noscript, starting, offline, offline_unkept, not_known, no_line, broken, again, sign_in, sign_out,
    signed_out, close, new_title, lead, found_draft, found_drop, found_drop_yes, elsewhere, go_on_here,
    kind_title, kind_missing, kind_gone, kind_closed, urgent_title, call, unknown, answer_hint, answers_missing,
    photos, photos_title, photos_hint, photos_full, photos_refused, photos_gone, photo_alt, photo_count,
    photo_waiting, photo_sending, photo_stuck, photo_arrived, photo_kept, photo_withdrawn, photo_never_came,
    photo_drop, photo_drop_one, fault_too_large, fault_too_many_pixels, fault_heic, fault_other_format,
    fault_broken, fault_gone, fault_lost, fault_too_many, fault_filed, fault_too_often, fault_other,
    place_title, place_hint, place_none, place_is, place_is_about, place_vague, place_missing, outside, device,
    device_finding, device_denied, device_late, device_unable, photo_place, coordinates, coordinates_hint,
    coordinates_wrong, map, map_name, map_loading, map_hint, map_failed, map_tiles, closer, farther, landmark,
    comment_title, comment_hint, too_long, near_title, near_hint, near_same, near_same_sure, near_same_yes,
    near_other, near_first, metres, followed, followers_full, follow_failed, summary_title, nothing, send,
    sending, send_photos, send_line, send_offline, send_offline_unkept, send_stop, send_failed, draft_old,
    too_many_today, filed_title, filed_next, filed_before, number, another, give_up, give_up_sure, give_up_yes,
    give_up_no, mine_title, mine_none, mine_latest, following, filed_at, not_there, why, duplicate_of,
    history_title, was_filed, now_stands, answered, you_wrote, add_comment, add_comment_hint, commented, reopen,
    reopen_hint, reopened, unfollow, unfollowed, send_text, text_empty, history_full, wrong_state, received,
    checking, working, done, declined, duplicate,
}

/// The words of a language.
pub(crate) fn words(language: Language) -> &'static Words {
    match language {
        Language::Japanese => &ja::WORDS,
        Language::EasyJapanese => &easy::WORDS,
        Language::English => &en::WORDS,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What is filled in, as `{town}`.
    fn blanks(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn every_language_says_everything_with_the_same_blanks() {
        let japanese = words(Language::Japanese).all();
        for language in Language::ALL {
            for ((name, text), (_, ja)) in words(language).all().into_iter().zip(&japanese) {
                assert!(!text.is_empty(), "{name} in {language}");
                // The town has no name in English, nor has every easy sentence another word for it.
                let without_town = |text| blanks(text).into_iter().filter(|blank| *blank != "town").collect::<Vec<_>>();
                assert_eq!(without_town(text), without_town(ja), "{name} in {language}");
            }
        }
    }

    #[test]
    fn the_script_knows_the_same_words() {
        let script = include_str!("../../web/src/words.ts");
        let known: BTreeSet<&str> = script.split('"').skip(1).step_by(2).collect();
        let json = serde_json::to_value(words(Language::English)).unwrap();
        let written: BTreeSet<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(written, known);
    }
}
