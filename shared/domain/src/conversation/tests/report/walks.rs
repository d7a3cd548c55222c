//! Residents who do anything at any time: nobody is left without an answer that fits, and no draft is lost in silence.

use proptest::prelude::*;

use super::*;

fn any_command() -> impl Strategy<Value = ReportCommand> {
    let kind = prop_oneof![Just("road"), Just("light"), Just("river"), Just("other"), Just("gone")];
    let question = || prop_oneof![Just("what"), Just("pole"), Just("gone")].prop_map(|id| id.parse().unwrap());
    prop_oneof![
        3 => Just(ReportCommand::Start),
        3 => kind.prop_map(|id| ReportCommand::Kind(id.parse().unwrap())),
        2 => Just(ReportCommand::GoOn),
        2 => Just(ReportCommand::PhotosDone),
        2 => Just(ReportCommand::NoComment),
        2 => (question(), 0_u8..4).prop_map(|(id, choice)| ReportCommand::Answer(id, choice)),
        1 => question().prop_map(ReportCommand::Unknown),
        1 => prop::sample::select(Part::ALL.to_vec()).prop_map(ReportCommand::Change),
        1 => Just(ReportCommand::PhotosClear),
        1 => Just(ReportCommand::Back),
        1 => Just(ReportCommand::Resume),
        1 => Just(ReportCommand::Mine),
    ]
}

fn any_deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        8 => any_command().prop_map(tap),
        1 => Just(tap(ReportCommand::Cancel)),
        2 => (0_u8..12).prop_map(|n| photo(&format!("p{n}"))),
        2 => (0_u8..3, 1_u8..8).prop_map(|(set, index)| photo_of(&format!("s{set}"), index, 7)),
        2 => (34.9_f64..35.2, 138.9_f64..139.2).prop_map(|(lat, lon)| place(lat, lon)),
        2 => prop_oneof![Just("35.05, 139.02"), Just("送信"), Just("なし"), Just("次へ"), Just("やめる"), Just("もどる"), Just("設定")]
            .prop_map(said),
        1 => "\\PC{0,80}".prop_map(Deed::Said),
        1 => (0_u8..40).prop_map(|n| Deed::Unsent { message: format!("m{n}") }),
        1 => (0_u8..12).prop_map(|n| Deed::Unsent { message: format!("p{n}") }),
        1 => Just(Deed::AskedReports(Vec::new())),
        1 => Just(Deed::Sent(Thing::Sticker)),
        1 => Just(tapped(&Command::Districts)),
        1 => Just(tapped(&Command::SetLanguage(Language::English))),
    ]
}

/// What ends a draft, in the languages that the walks speak.
const ENDS: [&str; 6] = [
    "報告をやめました",
    "The report is cancelled",
    "24時間たったため",
    "was forgotten",
    "報告を受け付けました",
    "we have your report",
];

proptest! {
    #[test]
    fn no_draft_is_lost_in_silence_and_every_answer_fits(
        deeds in prop::collection::vec((any_deed(), -3_i64..4), 1..40),
        send in any::<bool>(),
    ) {
        let mut walk = Walk::new();
        let mut second = 100;
        let mut filed_ids = Vec::new();
        for (deed, step) in deeds {
            second += 2;
            let before = walk.draft().cloned();
            let quiet = matches!(deed, Deed::Unsent { .. } | Deed::SentPhoto { .. });
            let turn = walk.hear_later(second + step, second, deed.clone());
            let said = spoken(&turn);
            if let Some(before) = before.filter(|before| walk.draft().is_none_or(|draft| draft.id != before.id)) {
                prop_assert!(ENDS.iter().any(|end| said.contains(end)), "{:?} lost {:?}: {said}", deed, before.step);
            }
            prop_assert!(quiet || !turn.replies.is_empty(), "{:?} has no answer", deed);
            prop_assert!(turn.replies.len() <= REPLIES_MAX && turn.choices.len() <= CHOICES_MAX);
            for choice in &turn.choices {
                prop_assert!(choice.label.graphemes(true).count() <= LABEL_GRAPHEMES_MAX, "{}", choice.label);
            }
            if let Some(draft) = walk.draft() {
                prop_assert!(draft.photos.len() <= crate::report::photo::PHOTOS_MAX);
            }
            filed_ids.extend(filed(&turn).map(|report| report.id.clone()));
        }
        if let (true, Some(draft)) = (send, walk.draft().cloned()) {
            let now = second + 10;
            filed_ids.extend(filed(&walk.hear_at(now, tap(ReportCommand::Send(draft.id.clone())))).map(|report| report.id.clone()));
            filed_ids.extend(filed(&walk.hear_at(now + 1, tap(ReportCommand::Send(draft.id)))).map(|report| report.id.clone()));
        }
        let mut once = filed_ids.clone();
        once.sort();
        once.dedup();
        prop_assert_eq!(once.len(), filed_ids.len(), "filed once each");
    }

    /// Whatever else happens on the way, who answers what is asked arrives.
    #[test]
    fn every_way_leads_to_the_end(deeds in prop::collection::vec(any_deed(), 0..25)) {
        let mut walk = Walk::new();
        for deed in deeds {
            walk.hear(deed);
        }
        // Whatever another question is open, this is about the report.
        walk.hear(tap(ReportCommand::Start));
        for _ in 0..12 {
            let Some(draft) = walk.draft().cloned() else { break };
            let deed = match draft.step {
                Step::Kind if draft.kind.is_some() => tap(ReportCommand::GoOn),
                Step::Kind => choose("other"),
                Step::Question(id) => tap(ReportCommand::Unknown(id)),
                Step::Photos => tap(ReportCommand::PhotosDone),
                Step::Place => place(35.05, 139.02),
                Step::Comment => tap(ReportCommand::NoComment),
                Step::Summary => tap(ReportCommand::Send(draft.id)),
            };
            if filed(&walk.hear(deed)).is_some() {
                return Ok(());
            }
        }
        prop_assert!(false, "stuck at {:?}", walk.draft().map(|draft| draft.step.clone()));
    }
}
