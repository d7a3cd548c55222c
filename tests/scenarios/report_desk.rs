//! What staff do with a report: each deed once and by one person, and the reporter hears of it once, whatever is clicked twice or dies.

use std::cell::Cell;

use app::ports::Clock;
use app::ports::reports::Reports;
use app::ports::staff::Written;
use app::report::desk::{Outcome, ReportDesk};
use app::report::notice::Notices;
use domain::audit::Action;
use domain::ids::{ReportId, ResidentId, StaffId};
use domain::language::Language;
use domain::report::kind::ReportKind;
use domain::report::place::{Place, PlaceSource, Point};
use domain::report::{
    By, Deed, Filing, Priority, Refusal, Report, Reporter, Standing, State, TEXT_CHARS_MAX, Told, What,
};
use domain::resident::{Resident, Stamp};
use domain::town::{Name, Town};
use jiff::SignedDuration;
use tests::city::City;

/// More calls than any deed makes.
const CALLS_MAX: usize = 20;

pub(crate) fn light() -> ReportKind {
    ReportKind {
        id: "light".parse().unwrap(),
        name: Name { ja: "街路灯".to_owned(), en: "Street light".to_owned(), ..Name::default() },
        description: Name::default(),
        department: "roads".parse().unwrap(),
        urgent: Name::default(),
        urgent_phone: String::new(),
        duplicate_radius_m: 50,
        due_days: Some(14),
        closed: Name::default(),
        questions: Vec::new(),
    }
}

pub(crate) fn resident(number: u32) -> ResidentId {
    format!("U{number:032x}").parse().unwrap()
}

fn hanako() -> StaffId {
    "hanako".parse().unwrap()
}

/// An office of the town that looks after reports.
pub(crate) struct Office {
    pub(crate) city: City,
    pub(crate) desk: ReportDesk,
    pub(crate) notices: Notices,
    minted: Cell<u32>,
}

impl Office {
    pub(crate) fn open() -> Self {
        let city = City::of(Town { report_kinds: vec![light()], ..Town::default() });
        let desk = ReportDesk { reports: city.reports.clone(), jobs: city.jobs.clone(), clock: city.clock.clone() };
        let notices = Notices {
            reports: city.reports.clone(),
            residents: city.table.clone(),
            towns: city.inbox.towns.clone(),
            messenger: city.platform.clone(),
            links: None,
            clock: city.clock.clone(),
        };
        Self { city, desk, notices, minted: Cell::new(0) }
    }

    /// An id of now; no two have the same number.
    fn mint(&self) -> ReportId {
        self.minted.set(self.minted.get() + 1);
        let first = ReportId::first_at(self.city.clock.now());
        format!("{}-{:012x}", first.as_str().rsplit_once('-').unwrap().0, self.minted.get()).parse().unwrap()
    }

    /// What is filed now; no two are alike.
    pub(crate) fn filing(&self, reporter: Reporter) -> Filing {
        self.city.clock.advance(SignedDuration::from_secs(1));
        let by = match &reporter {
            Reporter::Resident(_) | Reporter::Erased => By::Reporter,
            Reporter::Told { .. } => By::Staff(hanako()),
        };
        Filing {
            id: self.mint(),
            place: Place {
                point: Point::new(35.123_45, 139.123_45).unwrap(),
                accuracy_m: None,
                text: "本町1-2-3".to_owned(),
                source: PlaceSource::Chat,
                district: None,
            },
            answers: Vec::new(),
            comment: "たろうの家の前".to_owned(),
            reporter,
            photos: Vec::new(),
            priority: Priority::Normal,
            by,
        }
    }

    /// A report that was filed now.
    pub(crate) async fn filed(&self, reporter: Reporter) -> Report {
        let report = Report::file(self.filing(reporter), &light(), self.city.clock.now()).unwrap();
        assert_eq!(self.city.reports.put(&report, None, None).await.unwrap(), Written::Done);
        report
    }

    /// A report of a resident that was filed now.
    pub(crate) async fn reported_by(&self, number: u32) -> Report {
        self.filed(Reporter::Resident(resident(number))).await
    }

    pub(crate) fn now(&self, report: &Report) -> Report {
        self.city.reports.report(&report.id).unwrap()
    }

    /// Does something to a report as it is now.
    pub(crate) async fn act(&self, report: &Report, deed: Deed) -> Outcome {
        let seen = self.now(report).history.len();
        self.desk.act(&report.id, seen, deed, &hanako()).await.unwrap()
    }

    pub(crate) async fn merge(&self, report: &Report, into: &Report) -> Outcome {
        let seen = self.now(report).history.len();
        self.desk.merge(&report.id, seen, &into.id, &hanako()).await.unwrap()
    }

    /// Lets `notice` work off what waits.
    pub(crate) async fn tell(&self) -> Vec<app::report::notice::Outcome> {
        let mut outcomes = Vec::new();
        for job in self.city.jobs.take_notices() {
            outcomes.push(self.notices.tell(&job, None).await.unwrap());
        }
        outcomes
    }

    pub(crate) fn heard(&self, number: u32) -> usize {
        self.city.platform.received_by(&resident(number))
    }

    fn acts(&self) -> Vec<Action> {
        self.city.staff.acts().into_iter().map(|act| act.action).collect()
    }

    fn live(&self) {
        self.city.reports.life.ends_after(usize::MAX);
    }
}

pub(crate) fn work() -> Deed {
    Deed::Work { answer: "来週なおします。".to_owned() }
}

fn note(text: &str) -> Deed {
    Deed::Note(text.to_owned())
}

fn is_done(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Done(_))
}

#[tokio::test(start_paused = true)]
async fn the_reporter_hears_an_answer_once_and_staff_go_on_undisturbed() {
    let office = Office::open();
    let report = office.reported_by(1).await;
    let Outcome::Done(done) = office.act(&report, work()).await else { panic!("done") };
    assert_eq!(done.value, office.now(&report));
    assert_eq!(done.value.state, State::Working);
    let seen = done.value.history.len();
    assert_eq!(office.tell().await, [app::report::notice::Outcome::Told]);
    let heard = office.city.platform.received();
    assert_eq!(heard.len(), 1);
    assert!(heard[0].contains(&report.number().to_string()) && heard[0].contains("来週なおします。"), "{heard:?}");
    assert!(!heard[0].contains("本町") && !heard[0].contains("たろう"), "{heard:?}");
    assert!(matches!(office.now(&report).history[1].told, Told::At(_)));
    let next = office.desk.act(&report.id, seen, note("電気店に頼んだ"), &hanako()).await.unwrap();
    assert!(is_done(&next), "that the reporter was told is nobody's change: {next:?}");
    assert!(office.city.jobs.take_notices().is_empty(), "a note is for staff");
    assert_eq!(office.acts(), [Action::WorkOnReport; 2]);
    let act = office.city.staff.acts().remove(0);
    assert_eq!(
        (act.subject, act.before.as_str(), act.after.as_str()),
        (format!("report/{}", report.id), "received", "working state")
    );
    assert_eq!(act.department, Some("roads".parse().unwrap()));
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_second_is_shown_what_the_report_is_now() {
    let office = Office::open();
    let report = office.reported_by(1).await;
    let (hanako, jiro) = (hanako(), "jiro".parse().unwrap());
    let (one, other) = tokio::join!(
        office.desk.act(&report.id, 1, work(), &hanako),
        office.desk.act(&report.id, 1, Deed::Decline { why: "県の道路です。".to_owned() }, &jiro),
    );
    let outcomes = [one.unwrap(), other.unwrap()];
    let now = office.now(&report);
    assert_eq!(outcomes.iter().filter(|outcome| is_done(outcome)).count(), 1, "{outcomes:?}");
    let changed = outcomes.iter().find_map(|outcome| match outcome {
        Outcome::Changed(there) => Some(&there.value),
        Outcome::Done(_) | Outcome::Nowhere | Outcome::Refused(_) => None,
    });
    assert_eq!((changed, now.history.len()), (Some(&now), 2));
    assert_eq!(office.acts().len(), 1);
    office.tell().await;
    assert_eq!(office.heard(1), 1, "of the deed that was done, although both asked for it to be told");
}

#[tokio::test(start_paused = true)]
async fn what_is_written_in_between_counts_only_if_it_is_an_entry() {
    let office = Office::open();
    let report = office.reported_by(1).await;
    office.act(&report, work()).await;
    let mut told = office.now(&report);
    told.told(1, Told::Unreachable).unwrap();
    office.city.reports.interlope([told]);
    assert!(is_done(&office.act(&report, note("見た")).await));
    assert_eq!(office.now(&report).history[1].told, Told::Unreachable, "and is kept");
    let mut other = office.now(&report);
    other.act(note("わたしも見た"), &"jiro".parse().unwrap(), report.filed_at).unwrap();
    office.city.reports.interlope([other.clone()]);
    assert!(matches!(office.act(&report, note("もう一度見た")).await, Outcome::Changed(there) if there.value == other));
}

#[tokio::test(start_paused = true)]
async fn a_deed_that_dies_anywhere_is_done_by_the_next_click_and_heard_once() {
    for calls in 0..CALLS_MAX {
        let office = Office::open();
        let report = office.reported_by(1).await;
        office.city.reports.life.ends_after(calls);
        let first = office.desk.act(&report.id, 1, work(), &hanako()).await;
        office.live();
        if first.is_ok() {
            assert!(0 < calls);
            return;
        }
        let second = office.desk.act(&report.id, 1, work(), &hanako()).await.unwrap();
        assert!(is_done(&second), "{calls}: {second:?}");
        office.tell().await;
        assert_eq!((office.heard(1), office.now(&report).history.len(), office.acts().len()), (1, 2, 1), "{calls}");
    }
    panic!("a deed makes fewer calls");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_done_is_refused_and_nobody_hears_of_it() {
    let office = Office::open();
    let report = office.reported_by(1).await;
    for (deed, why) in [
        (Deed::Reopen { answer: String::new() }, Refusal::WrongState),
        (Deed::Decline { why: " ".to_owned() }, Refusal::Empty),
        (Deed::Answer("あ".repeat(TEXT_CHARS_MAX + 1)), Refusal::TooLong),
        (Deed::Priority(Priority::Normal), Refusal::Unchanged),
    ] {
        assert_eq!(office.act(&report, deed).await, Outcome::Refused(why));
    }
    let nobody = ReportId::first_at(report.filed_at + SignedDuration::from_hours(1));
    assert_eq!(office.desk.act(&nobody, 1, work(), &hanako()).await.unwrap(), Outcome::Nowhere);
    assert_eq!(office.desk.merge(&nobody, 1, &report.id, &hanako()).await.unwrap(), Outcome::Nowhere);
    assert_eq!(office.desk.merge(&report.id, 1, &nobody, &hanako()).await.unwrap(), Outcome::Nowhere);
    assert_eq!(office.merge(&report, &report).await, Outcome::Refused(Refusal::Itself));
    assert_eq!(office.now(&report), report);
    assert!(office.city.jobs.take_notices().is_empty() && office.acts().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_came_by_telephone_is_entered_once_and_nobody_is_told() {
    let office = Office::open();
    let filing = office.filing(Reporter::Told { contact: "佐藤 0000-00-0000".to_owned() });
    let first = office.desk.enter(filing.clone(), &light(), &hanako()).await.unwrap();
    let Outcome::Done(entered) = first else { panic!("{first:?}") };
    office.act(&entered.value, work()).await;
    let again = office.desk.enter(filing.clone(), &light(), &hanako()).await.unwrap();
    assert!(matches!(again, Outcome::Done(there) if there.value == office.now(&entered.value)), "a double click");
    let other = Filing { comment: "別の件".to_owned(), ..filing.clone() };
    let other = office.desk.enter(other, &light(), &hanako()).await.unwrap();
    assert!(matches!(other, Outcome::Changed(there) if there.value.comment == filing.comment));
    let endless = Filing { comment: "あ".repeat(TEXT_CHARS_MAX + 1), ..filing };
    let endless = office.desk.enter(endless, &light(), &hanako()).await.unwrap();
    assert_eq!(endless, Outcome::Refused(Refusal::TooLong));
    assert_eq!(office.now(&entered.value).history[1].told, Told::Unreachable);
    assert!(office.city.jobs.take_notices().is_empty());
    assert_eq!(office.acts(), [Action::EnterReport, Action::WorkOnReport]);
}

/// What must be true of two reports of which one was put under the other.
fn assert_merged(office: &Office, duplicate: &Report, kept: &Report, context: &str) {
    let (duplicate, kept) = (office.now(duplicate), office.now(kept));
    assert_eq!(duplicate.state, State::Duplicate { of: kept.id.clone() }, "{context}");
    assert!(kept.merged.contains(&duplicate.id), "{context}");
    let joined = kept.history.iter().filter(|entry| matches!(entry.what, What::Merged(_))).count();
    assert_eq!((joined, duplicate.history.len()), (1, 2), "{context}");
}

#[tokio::test(start_paused = true)]
async fn who_reported_a_duplicate_hears_of_the_one_that_remains() {
    let office = Office::open();
    let (kept, duplicate) = (office.reported_by(1).await, office.reported_by(2).await);
    let outcome = office.merge(&duplicate, &kept).await;
    assert!(matches!(&outcome, Outcome::Done(now) if now.value == office.now(&duplicate)), "{outcome:?}");
    assert_merged(&office, &duplicate, &kept, "");
    assert_eq!(office.acts(), [Action::MergeReports; 2]);
    office.tell().await;
    assert_eq!((office.heard(1), office.heard(2)), (0, 1));
    assert!(office.city.platform.received()[0].contains(&kept.number().to_string()));
    office.act(&kept, work()).await;
    office.tell().await;
    assert_eq!((office.heard(1), office.heard(2)), (1, 2));
    let third = office.reported_by(3).await;
    assert_eq!(office.merge(&third, &duplicate).await, Outcome::Refused(Refusal::WrongState), "no chains");
    assert_eq!(office.merge(&duplicate, &third).await, Outcome::Refused(Refusal::Unchanged), "nor twice");
}

#[tokio::test(start_paused = true)]
async fn a_merging_that_dies_anywhere_is_finished_by_the_same_click() {
    for calls in 0..CALLS_MAX {
        let office = Office::open();
        let (kept, duplicate) = (office.reported_by(1).await, office.reported_by(2).await);
        office.city.reports.life.ends_after(calls);
        let first = office.desk.merge(&duplicate.id, 1, &kept.id, &hanako()).await;
        office.live();
        if first.is_ok() {
            assert!(0 < calls);
            return;
        }
        let half = office.now(&duplicate);
        assert_eq!(half.state, State::Received, "{calls}: the duplicate is closed last");
        let second = office.desk.merge(&duplicate.id, 1, &kept.id, &hanako()).await.unwrap();
        assert!(is_done(&second), "{calls}: {second:?}");
        assert_merged(&office, &duplicate, &kept, &format!("{calls}"));
        office.tell().await;
        assert_eq!((office.heard(1), office.heard(2), office.acts().len()), (0, 1, 2), "{calls}");
    }
    panic!("a merging makes fewer calls");
}

#[tokio::test(start_paused = true)]
async fn a_merging_bears_what_others_write_meanwhile() {
    let office = Office::open();
    let (kept, duplicate) = (office.reported_by(1).await, office.reported_by(2).await);
    let mut noted = kept.clone();
    noted.act(note("見に行く"), &"jiro".parse().unwrap(), kept.filed_at).unwrap();
    office.city.reports.interlope([noted]);
    assert!(is_done(&office.merge(&duplicate, &kept).await), "it is about the duplicate as it was seen");
    assert_merged(&office, &duplicate, &kept, "");
    assert!(office.now(&kept).history.iter().any(|entry| matches!(entry.what, What::Noted(_))));
    let third = office.reported_by(3).await;
    let mut done = third.clone();
    done.act(Deed::Done { answer: String::new() }, &"jiro".parse().unwrap(), third.filed_at).unwrap();
    office.city.reports.interlope([office.now(&kept), done.clone()]);
    let outcome = office.merge(&third, &kept).await;
    assert!(matches!(&outcome, Outcome::Changed(there) if there.value == done), "{outcome:?}");
}

#[tokio::test(start_paused = true)]
async fn two_that_are_put_under_each_other_at_once_make_no_circle() {
    let office = Office::open();
    let (one, other) = (office.reported_by(1).await, office.reported_by(2).await);
    let hanako = hanako();
    let (first, second) = tokio::join!(
        office.desk.merge(&one.id, 1, &other.id, &hanako),
        office.desk.merge(&other.id, 1, &one.id, &hanako),
    );
    assert!(first.is_ok() && second.is_ok());
    let closed = |report: &Report| office.now(report).state.standing() == Standing::Duplicate;
    assert!(!(closed(&one) && closed(&other)));
    // Each may have been changed by the other; then a next click, of somebody who has seen that, does it.
    let (put_under, kept) = if closed(&other) { (&other, &one) } else { (&one, &other) };
    assert!(closed(put_under) || is_done(&office.merge(put_under, kept).await));
    assert!(closed(put_under) && !closed(kept));
    assert_eq!(office.now(kept).hears().count(), 2);
}

#[tokio::test(start_paused = true)]
async fn each_hears_in_their_language() {
    let office = Office::open();
    let mut report = office.reported_by(1).await;
    let stamp = Stamp { at: report.filed_at, event: "event-1".parse().unwrap() };
    let mut english = Resident::new(resident(2), stamp.clone());
    english.settings.set_language(Language::English, &stamp);
    office.city.table.keep_if_unknown(&english);
    let read = office.desk.look(&report.id).await.unwrap().unwrap();
    report.follow(&resident(2)).unwrap();
    office.city.reports.put(&report, Some(&read), None).await.unwrap();
    office.act(&report, work()).await;
    office.tell().await;
    let heard = office.city.platform.received();
    assert_eq!(heard.len(), 2);
    assert_eq!(heard.iter().filter(|message| message.contains("Being worked on")).count(), 1, "{heard:?}");
    assert_eq!(heard.iter().filter(|message| message.contains("対応中")).count(), 1, "{heard:?}");
}
