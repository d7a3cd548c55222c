//! What a reporter hears without asking: that their report stands elsewhere now, or what staff answered.

use super::ask::device_choice;
use super::{Command, ReportCommand};
use crate::conversation::words::{Words, fill, words};
use crate::conversation::{Background, choice};
use crate::language::Language;
use crate::reply::{Choice, Reply};
use crate::report::news::News;
use crate::report::{Report, ReportNumber, State};

/// What is said of an entry of a report to whoever hears of it, and the way to see more. `None` for an entry that is not for them.
///
/// It names the report by number and kind: neither the place, nor what was reported, nor who did.
#[must_use]
pub fn report_notice<'a>(
    language: Language,
    background: impl Into<Background<'a>>,
    report: &Report,
    entry: usize,
) -> Option<(Vec<Reply>, Vec<Choice>)> {
    let Background { town, links, .. } = background.into();
    let words = words(language);
    let number = report.number().to_string();
    let kind = town.report_kinds.iter().find(|kind| kind.id == report.kind);
    let called = words.list([number.as_str()].into_iter().chain(kind.map(|kind| kind.name.in_language(language))));
    let told = match report.history.get(entry)?.news()? {
        News::State { to, said } => of_state(words, &called, to, said),
        News::Answered(text) => paragraphs(fill(words.report.told_answer, &[("report", &called)]), text),
    };
    let open = links.map(|links| device_choice(words.report.button_more, links.open(&report.id, language)));
    let mine = choice(words.report.button_mine, &Command::Report(ReportCommand::Mine));
    Some((vec![Reply::Text(told)], open.into_iter().chain([mine]).collect()))
}

/// That the report called so stands elsewhere now, and what staff wrote beside.
fn of_state(words: &Words, called: &str, to: &State, answer: &str) -> String {
    let words = &words.report;
    let beside = if answer.is_empty() { String::new() } else { fill(words.told_beside, &[("answer", answer)]) };
    match to {
        State::Received | State::Working | State::Done => {
            let state = words.standing(to.standing());
            paragraphs(fill(words.told_state, &[("report", called), ("state", state)]), &beside)
        }
        State::Checking => paragraphs(fill(words.told_reopened, &[("report", called)]), &beside),
        State::Declined { why } => paragraphs(fill(words.told_declined, &[("report", called)]), why),
        State::Duplicate { of } => {
            let other = ReportNumber::of(of).to_string();
            paragraphs(fill(words.told_duplicate, &[("report", called), ("other", &other)]), &beside)
        }
    }
}

fn paragraphs(news: String, more: &str) -> String {
    if more.is_empty() { news } else { format!("{news}\n\n{more}") }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::ids::ReportId;
    use crate::reply::Action;
    use crate::report::kind::ReportKind;
    use crate::report::place::{Place, PlaceSource, Point};
    use crate::report::{By, Deed, Filing, Priority, Reporter};
    use crate::town::{Name, Town};

    const COMMENT: &str = "たろうの家の前";
    const NOW: &str = "2026-11-22T03:00:00Z";

    fn light() -> ReportKind {
        ReportKind {
            id: "light".parse().unwrap(),
            name: Name { ja: "街路灯".to_owned(), easy: "道の 電気".to_owned(), en: "Street light".to_owned() },
            description: Name::default(),
            department: "roads".parse().unwrap(),
            urgent: Name::default(),
            urgent_phone: String::new(),
            duplicate_radius_m: 50,
            due_days: None,
            closed: Name::default(),
            questions: Vec::new(),
        }
    }

    fn now() -> Timestamp {
        NOW.parse().unwrap()
    }

    fn report(id: ReportId) -> Report {
        let filing = Filing {
            id,
            place: Place {
                point: Point::new(35.123_45, 139.123_45).unwrap(),
                accuracy_m: None,
                text: "本町1-2-3".to_owned(),
                source: PlaceSource::Chat,
                district: None,
            },
            answers: Vec::new(),
            comment: COMMENT.to_owned(),
            reporter: Reporter::Resident("U0123456789abcdef0123456789abcdef".parse().unwrap()),
            photos: Vec::new(),
            priority: Priority::Normal,
            by: By::Reporter,
        };
        Report::file(filing, &light(), now()).unwrap()
    }

    fn town() -> Town {
        Town { report_kinds: vec![light()], ..Town::default() }
    }

    fn told(language: Language, town: &Town, report: &Report) -> String {
        let (replies, choices) = report_notice(language, town, report, report.history.len() - 1).unwrap();
        let [Reply::Text(text)] = replies.as_slice() else { panic!("{replies:?}") };
        let [more] = choices.as_slice() else { panic!("{choices:?}") };
        assert!(matches!(&more.action, Action::Send { data, .. } if data == "my-reports"), "{more:?}");
        for personal in [COMMENT, "本町", "35.123", "U0123"] {
            assert!(!text.contains(personal), "{text}");
        }
        text.clone()
    }

    fn after(deeds: impl IntoIterator<Item = Deed>) -> Report {
        let mut report = report(ReportId::first_at(now()));
        for deed in deeds {
            report.act(deed, &"hanako".parse().unwrap(), now()).unwrap();
        }
        report
    }

    #[test]
    fn a_new_state_is_told_with_number_and_kind_and_what_staff_wrote() {
        let working = after([Deed::Work { answer: "来週なおします。".to_owned() }]);
        let number = working.number();
        assert_eq!(
            told(Language::Japanese, &town(), &working),
            format!("ご報告(受付番号 {number}、街路灯)は「対応中」になりました。\n\n担当から:\n来週なおします。")
        );
        assert_eq!(
            told(Language::EasyJapanese, &town(), &after([Deed::Done { answer: String::new() }])),
            format!("あなたの 報告(受付番号 {number}、道の 電気)は、いま「おわりました」です。")
        );
        assert_eq!(
            told(Language::English, &town(), &after([Deed::Done { answer: "Thank you.".to_owned() }])),
            format!(
                "Your report ({number}, Street light) now has the state \"Done\".\n\nFrom the department in charge:\nThank you."
            )
        );
    }

    #[test]
    fn why_nothing_is_done_and_that_it_is_looked_at_again_is_told() {
        let why = || Deed::Decline { why: "県の道路です。".to_owned() };
        let number = after([]).number();
        assert_eq!(
            told(Language::Japanese, &town(), &after([why()])),
            format!("ご報告(受付番号 {number}、街路灯)は、次の理由で対応しないことになりました。\n\n県の道路です。")
        );
        let reopened = after([why(), Deed::Reopen { answer: "すみません。".to_owned() }]);
        assert_eq!(
            told(Language::Japanese, &town(), &reopened),
            format!("ご報告(受付番号 {number}、街路灯)を、もう一度確かめています。\n\n担当から:\nすみません。")
        );
        let (replies, _) = report_notice(Language::Japanese, &town(), &reopened, 1).unwrap();
        assert!(format!("{replies:?}").contains("県の道路です。"), "each entry is told as it was: {replies:?}");
    }

    #[test]
    fn who_reported_a_duplicate_hears_the_number_of_the_one_that_remains() {
        let mut other = report("01930000-0000-7000-8000-00000000abcd".parse().unwrap());
        let mut duplicate = after([]);
        duplicate.merge_into(&mut other, &"hanako".parse().unwrap(), now()).unwrap();
        let text = told(Language::Japanese, &town(), &duplicate);
        assert_eq!(text.matches(&other.number().to_string()).count(), 2, "{text}");
        assert!(text.contains(&duplicate.number().to_string()), "{text}");
        assert_eq!(report_notice(Language::Japanese, &town(), &other, 1), None, "that it was joined is for staff");
    }

    #[test]
    fn an_answer_is_told_and_nothing_that_staff_do_for_themselves() {
        let answered = after([Deed::Answer("{report}を見てきました。".to_owned())]);
        let told = told(Language::Japanese, &town(), &answered);
        assert!(told.ends_with("担当からの返信です。\n\n{report}を見てきました。"), "{told}");
        let priority = Deed::Priority(Priority::High);
        let silent =
            after([Deed::Note("見積もり待ち".to_owned()), priority, Deed::Assign(Some("jiro".parse().unwrap()))]);
        for entry in 0..=silent.history.len() {
            assert_eq!(report_notice(Language::Japanese, &town(), &silent, entry), None, "{entry}");
        }
    }

    #[test]
    fn a_kind_that_the_town_gave_up_is_left_out() {
        let done = after([Deed::Done { answer: String::new() }]);
        let number = done.number();
        assert_eq!(
            told(Language::Japanese, &Town::default(), &done),
            format!("ご報告(受付番号 {number})は「完了」になりました。")
        );
    }
}
