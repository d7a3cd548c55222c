//! Whatever residents do, in whatever order it arrives.

use proptest::prelude::*;

use super::*;
use crate::resident::RemindAt;

/// Of the times, some that are offered and one that is not.
fn any_time() -> impl Strategy<Value = RemindAt> {
    let hour = prop_oneof![Just(3), Just(6), Just(7), Just(19), Just(21)];
    prop_oneof![Just(RemindAt::Never), hour.prop_map(|hour| RemindAt::At(jiff::civil::time(hour, 0, 0, 0)))]
}

fn with_dates(mut town: Town) -> Town {
    town.dates = vec![date_kind("dog", "犬", Direction::Any), date_kind("licence", "免許", Direction::Past)];
    town
}

fn any_kind() -> impl Strategy<Value = DateKindId> {
    prop_oneof![Just("child"), Just("dog"), Just("licence"), Just("gone")].prop_map(|id| id.parse().unwrap())
}

fn asking() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("今日"),
        Just("明日のごみ"),
        Just("次のごみ"),
        Just("次の燃や"),
        Just("ごみの日のお知らせ"),
        Just("設定")
    ]
}

fn any_deed() -> impl Strategy<Value = Deed> {
    let month = (2020_i16..2027, 1_i8..=12).prop_map(|(year, month)| YearMonth::new(year, month).unwrap());
    let switch = prop_oneof![Just(Switch::On), Just(Switch::Off)];
    prop_oneof![
        Just(Deed::Followed),
        Just(Deed::Unfollowed),
        "\\PC{0,80}".prop_map(Deed::Said),
        "[a-z-]{0,12}:?\\PC{0,12}".prop_map(Deed::Tapped),
        prop_oneof![Just("honcho"), Just("minami"), Just("gone")]
            .prop_map(|id| tapped(&Command::SetDistrict(id.parse().unwrap()))),
        Just(tapped(&Command::ForgetDistrict)),
        Just(tapped(&Command::Districts)),
        Just(tapped(&Command::ClearNow)),
        Just(tapped(&Command::MuteNow)),
        Just(tapped(&Command::Unmute)),
        (prop_oneof![Just("burnable"), Just("non-burnable")], switch.clone())
            .prop_map(|(id, switch)| tapped(&Command::Remind(id.parse().unwrap(), switch))),
        any_time().prop_map(|at| tapped(&Command::RemindEvening(at))),
        any_time().prop_map(|at| tapped(&Command::RemindMorning(at))),
        Just(tapped(&Command::RemindersOff)),
        asking().prop_map(said),
        (any_kind(), month.clone()).prop_map(|(kind, month)| tapped(&Command::AddDateOf(kind, month))),
        (any_kind(), month.clone()).prop_map(|(kind, month)| tapped(&Command::RemoveDateOf(kind, month))),
        any_kind().prop_map(|kind| tapped(&Command::AddDate(kind))),
        (prop_oneof![Just("crime"), Just("disaster")], switch)
            .prop_map(|(id, switch)| tapped(&Command::SwitchTopic(id.parse().unwrap(), switch))),
        prop_oneof![Just(Language::English), Just(Language::EasyJapanese)]
            .prop_map(|language| tapped(&Command::SetLanguage(language))),
    ]
}

proptest! {
    /// Whatever comes in whatever state, the answer fits into one call of the platform.
    #[test]
    fn every_answer_fits(deeds in prop::collection::vec(any_deed(), 1..12)) {
        let town = with_dates(with_garbage(big_town()));
        let mut chat = Chat::default();
        for (second, deed) in (1..).zip(deeds) {
            let turn = chat.hear(&town, second, deed);
            prop_assert!(turn.replies.len() <= REPLIES_MAX);
            prop_assert!(turn.choices.len() <= CHOICES_MAX);
            for choice in &turn.choices {
                prop_assert!(choice.label.graphemes(true).count() <= LABEL_GRAPHEMES_MAX);
            }
            for reply in &turn.replies {
                match reply {
                    Reply::Text(text) => {
                        prop_assert!(!text.is_empty() && text.encode_utf16().count() <= TEXT_UNITS_MAX);
                    }
                    Reply::Cards { cards, .. } => prop_assert!((1..=CARDS_MAX).contains(&cards.len())),
                }
            }
        }
    }

    /// Settings after a set of events do not depend on the order in which the events arrive, nor on repeats.
    #[test]
    fn settings_do_not_depend_on_the_order_of_events(
        deeds in prop::collection::vec(any_deed(), 1..10),
        order in prop::collection::vec(any::<prop::sample::Index>(), 20),
    ) {
        // Ten months of a kind at most are kept, so that a full list cannot make the order matter.
        let town = with_dates(garbage_town());
        let events: Vec<(i64, Deed)> = (1..).zip(deeds.into_iter().filter(|deed| !matches!(deed, Deed::Said(_)))).collect();
        prop_assume!(!events.is_empty());
        let mut in_order = Chat::default();
        for (second, deed) in &events {
            in_order.hear(&town, *second, deed.clone());
        }
        let mut shuffled = Chat::default();
        let mut places: Vec<usize> = order.iter().map(|index| index.index(events.len())).collect();
        // Each comes at least once, the last of all in the order that is furthest from the true one.
        places.extend((0..events.len()).rev());
        for place in places {
            let (second, deed) = &events[place];
            shuffled.hear(&town, *second, deed.clone());
        }
        let (one, other) = (in_order.resident.unwrap(), shuffled.resident.unwrap());
        prop_assert_eq!(one.settings, other.settings);
    }
}
