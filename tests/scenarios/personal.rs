//! One resident's data: all of it is taken out, and all of it is erased, whatever dies half-way, and nobody else's is touched.

use app::personal::{Export, Named, OneResident, Search, Whose};
use app::ports::reports::Reports;
use app::ports::staff::{AuditLog, Written};
use app::ports::{Clock, KnownResidents};
use domain::audit::{Action, Actor};
use domain::conversation;
use domain::ids::PhotoId;
use domain::report::photo::{Photo, PhotoState};
use domain::report::{Deed, Report, Reporter, Standing};
use domain::staff::{Role, Roles, Staff, Standing as StaffStanding};
use jiff::SignedDuration;

use crate::report_desk::{Office, light, resident, work};

/// More calls than erasing this resident makes.
const CALLS_MAX: usize = 80;

fn photo_id(number: u32) -> PhotoId {
    format!("0199dddd-0000-8000-8000-{number:012}").parse().unwrap()
}

/// What resident 1 left in the town: an open report with a photo, a closed one, one of resident 2 that they follow, a draft with a
/// photo, the settings, and a phone that is known to be a colleague's.
struct Traces {
    office: Office,
    one: OneResident,
    open: Report,
    closed: Report,
    followed: Report,
}

impl Traces {
    async fn left() -> Self {
        let office = Office::open();
        let city = &office.city;
        let one = OneResident {
            personal: city.table.clone(),
            reports: city.reports.clone(),
            jobs: city.jobs.clone(),
            unfollows: city.table.clone(),
            staff: city.staff.clone(),
            log: city.staff.clone(),
            clock: city.clock.clone(),
        };
        city.staff.settle([colleague()]);
        let mut filing = office.filing(Reporter::Resident(resident(1)));
        filing.photos = vec![photo_id(1)];
        photo(&office, 1, &filing.id).await;
        let open = Report::file(filing, &light(), city.clock.now()).unwrap();
        assert_eq!(city.reports.put(&open, None, None).await.unwrap(), Written::Done);
        let closed = office.reported_by(1).await;
        office.act(&closed, Deed::Done { answer: "直しました。".to_owned() }).await;
        let followed = office.reported_by(2).await;
        let mut after = followed.clone();
        after.follow(&resident(1)).unwrap();
        after.follow(&resident(3)).unwrap();
        after.comment("わたしも見ました。", &resident(1), city.clock.now()).unwrap();
        let read = city.reports.find(&followed.id).await.unwrap().unwrap();
        assert_eq!(city.reports.put(&after, Some(&read), None).await.unwrap(), Written::Done);
        tell(&office, 1, conversation::Deed::Followed).await;
        tell(&office, 2, conversation::Deed::Unfollowed).await;
        tell(&office, 3, conversation::Deed::Followed).await;
        tell(&office, 4, conversation::Deed::Tapped("report".to_owned())).await;
        tell(&office, 5, conversation::Deed::Tapped("report-kind:light".to_owned())).await;
        let sent = conversation::Deed::SentPhoto { message: "m".to_owned(), index: None, total: None, set: None };
        tell(&office, 6, sent).await;
        drop((city.jobs.take_photos(), city.jobs.take_notices()));
        Self { office, one, open, closed, followed }
    }

    fn me() -> Whose {
        Whose::Resident(resident(1))
    }

    fn draft_photo(export: &Export) -> PhotoId {
        let drafting = export.conversation.as_ref().unwrap().report.as_ref().unwrap();
        drafting.draft.photos[0].id.clone()
    }

    /// Nothing is left of the resident, and of the others everything.
    async fn assert_erased(&self, draft_photo: &PhotoId) {
        let left = self.one.read(&Self::me()).await.unwrap();
        assert!(left.is_empty(), "{left:?}");
        assert_eq!(self.office.city.table.known(&resident(1)).await.unwrap(), None);
        for photo in [&photo_id(1), draft_photo] {
            let photo = self.office.city.reports.photo(photo).unwrap();
            assert_eq!((photo.state, photo.by), (PhotoState::Withdrawn, None));
        }
        let all = self.office.city.reports.all();
        assert_eq!(all.len(), 3, "no report is lost");
        let stored = serde_json::to_string(&all).unwrap();
        assert!(!stored.contains(resident(1).as_str()) && !stored.contains("わたしも"));
        let followed = self.office.now(&self.followed);
        assert_eq!(followed.reporter, Reporter::Resident(resident(2)));
        assert_eq!(followed.followers.iter().collect::<Vec<_>>(), [&resident(3)]);
        assert_eq!(followed.comment, self.followed.comment);
        let open = self.office.now(&self.open);
        assert_eq!((open.state.standing(), open.place.point), (Standing::Received, self.open.place.point));
        assert_eq!(self.office.city.staff.person(&colleague().id).unwrap().phone, None);
    }
}

fn colleague() -> Staff {
    Staff {
        id: "jiro".parse().unwrap(),
        name: "鈴木 次郎".parse().unwrap(),
        email: "jiro@city.example".parse().unwrap(),
        standing: StaffStanding::Active,
        roles: Roles([Role::Administrator].into()),
        identity: None,
        phone: Some(resident(1)),
    }
}

async fn photo(office: &Office, number: u32, report: &domain::ids::ReportId) {
    let (at, by) = (office.city.clock.now(), Some(resident(1)));
    let photo = Photo { id: photo_id(number), report: report.clone(), by, at, state: PhotoState::Waiting };
    assert_eq!(office.city.reports.put_photo(&photo, None).await.unwrap(), Written::Done);
}

async fn tell(office: &Office, number: u32, deed: conversation::Deed) {
    office.city.clock.advance(SignedDuration::from_secs(1));
    let letter = office.city.letter(&resident(1), number, deed);
    office.city.inbox.handle(&letter).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn all_that_is_kept_is_taken_out_and_that_is_recorded() {
    let traces = Traces::left().await;
    let export = traces.one.export(&Traces::me()).await.unwrap();
    assert_eq!(export.user, Some(resident(1)));
    assert!(export.resident.is_some() && export.blocked_at.len() == 1);
    assert_eq!(export.staff, Some(colleague().id));
    let numbers: Vec<_> = export.reports.iter().map(|filed| filed.number.clone()).collect();
    assert_eq!(numbers, [&traces.closed, &traces.open].map(|report| report.number().to_string()));
    assert_eq!(export.reports[1].photos[0].id, photo_id(1));
    assert_eq!(export.follows.iter().map(|followed| &followed.report).collect::<Vec<_>>(), [&traces.followed.id]);
    assert_eq!(export.conversation.as_ref().unwrap().report.as_ref().unwrap().draft.photos.len(), 1);
    let drafted: Vec<_> = export.draft_photos.iter().map(|photo| (&photo.id, photo.by.clone())).collect();
    assert_eq!(drafted, [(&Traces::draft_photo(&export), Some(resident(1)))]);
    let written = serde_json::to_string(&export).unwrap();
    assert!(written.contains("たろうの家の前") && written.contains("直しました。"));
    for other in [2, 3] {
        assert!(!written.contains(resident(other).as_str()), "nobody else stands in it");
    }
    let acts = traces.office.city.staff.acts();
    let act = acts.iter().rfind(|act| act.action == Action::Export).unwrap();
    assert_eq!((&act.actor, act.subject.as_str()), (&Actor::CommandLine, "resident"));
    assert!(!format!("{acts:?}").contains(resident(1).as_str()), "the log is never erased");
    assert!(!format!("{export:?}").contains("たろう"));
}

#[tokio::test(start_paused = true)]
async fn all_of_it_is_erased_and_nobody_elses() {
    let traces = Traces::left().await;
    let before = traces.one.read(&Traces::me()).await.unwrap();
    let draft_photo = Traces::draft_photo(&before);
    traces.office.city.reports.find_wrongly(&resident(1), &traces.followed.id);
    traces.one.erase(&Traces::me()).await.unwrap();
    traces.assert_erased(&draft_photo).await;
    assert_eq!(traces.office.city.reports.of_resident(&resident(1), 9).await.unwrap(), []);
    let jobs = traces.office.city.jobs.take_photos();
    for photo in [&photo_id(1), &draft_photo] {
        assert!(jobs.iter().any(|job| job.photo() == photo), "its files are erased");
    }
    let acts = traces.office.city.staff.acts();
    assert_eq!(acts.iter().filter(|act| act.action == Action::EraseResident).count(), 1);
    assert_eq!(acts.last().unwrap().action, Action::DisconnectPhone);
    let named = Named::Number(traces.open.number());
    assert_eq!(traces.one.find(&named).await.unwrap(), Search::Erased);
}

#[tokio::test(start_paused = true)]
async fn an_open_report_goes_on_for_staff_and_for_those_who_follow_it() {
    let traces = Traces::left().await;
    let two = Whose::Resident(resident(2));
    traces.one.erase(&two).await.unwrap();
    let followed = traces.office.now(&traces.followed);
    assert_eq!((&followed.reporter, followed.followers.len()), (&Reporter::Erased, 2));
    traces.office.act(&traces.followed, work()).await;
    assert_eq!(traces.office.tell().await, [app::report::notice::Outcome::Told]);
    assert_eq!((traces.office.heard(2), traces.office.heard(3)), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn whatever_dies_half_way_is_erased_when_it_is_done_again() {
    for calls in 0..CALLS_MAX {
        let traces = Traces::left().await;
        let before = traces.one.read(&Traces::me()).await.unwrap();
        let draft_photo = Traces::draft_photo(&before);
        traces.office.city.reports.life.ends_after(calls);
        let died = traces.one.erase(&Traces::me()).await.is_err();
        traces.office.city.reports.life.ends_after(usize::MAX);
        if !died {
            assert!(calls > 10);
            return;
        }
        traces.one.erase(&Traces::me()).await.unwrap();
        traces.assert_erased(&draft_photo).await;
    }
    panic!("it made more than {CALLS_MAX} calls");
}

#[tokio::test(start_paused = true)]
async fn who_told_by_telephone_is_found_by_their_report_alone() {
    let traces = Traces::left().await;
    let told = traces.office.filed(Reporter::Told { contact: "田中 090-0000-0000".to_owned() }).await;
    let Search::Found(whose) = traces.one.find(&Named::Number(told.number())).await.unwrap() else { panic!("found") };
    assert_eq!(whose, Whose::Caller(told.id.clone()));
    let export = traces.one.export(&whose).await.unwrap();
    assert_eq!((export.user.clone(), export.reports.len()), (None, 1));
    assert!(serde_json::to_string(&export).unwrap().contains("田中 090-0000-0000"));
    traces.one.erase(&whose).await.unwrap();
    assert!(!serde_json::to_string(&traces.office.now(&told)).unwrap().contains("田中"));
    let subjects: Vec<_> = traces.office.city.staff.acts().into_iter().rev().take(2).map(|act| act.subject).collect();
    assert_eq!(subjects, [format!("report/{}", told.id), format!("report/{}", told.id)]);
    assert_eq!(traces.office.now(&traces.open), traces.open, "nothing else is touched");
}

#[tokio::test(start_paused = true)]
async fn somebody_is_named_by_an_id_or_by_a_report_that_is_there() {
    let traces = Traces::left().await;
    let me = || Search::Found(Traces::me());
    let find = async |named| traces.one.find(&named).await.unwrap();
    assert_eq!(find(Named::Resident(resident(1))).await, me());
    assert_eq!(find(Named::Number(traces.closed.number())).await, me());
    assert_eq!(find(Named::Report(traces.closed.id.clone())).await, me());
    assert_eq!(find(Named::Number("261121-000000".parse().unwrap())).await, Search::NoReport);
    assert_eq!(find(Named::Report("0199cccc-0000-7000-8000-000000000009".parse().unwrap())).await, Search::NoReport);
    // Another report of the day whose last bits are the same.
    let (head, tail) = traces.open.id.as_str().split_at(18);
    let twin = format!("{head}-9{}", &tail[2..]);
    let twin = Report { id: twin.parse().unwrap(), ..traces.open.clone() };
    assert_eq!(twin.number(), traces.open.number());
    traces.office.city.reports.put(&twin, None, None).await.unwrap();
    let Search::Several(mut ids) = find(Named::Number(twin.number())).await else { panic!("several") };
    ids.sort();
    let mut both = [twin.id, traces.open.id.clone()];
    both.sort();
    assert_eq!(ids, both);
}

#[tokio::test(start_paused = true)]
async fn of_somebody_of_whom_nothing_is_kept_nothing_is_taken_out() {
    let traces = Traces::left().await;
    let stranger = Whose::Resident(resident(9));
    let export = traces.one.read(&stranger).await.unwrap();
    assert!(export.is_empty());
    let before = traces.office.city.reports.all();
    traces.one.erase(&stranger).await.unwrap();
    assert_eq!(traces.office.city.reports.all(), before);
    let days = traces.office.city.staff.days(None, 9).await.unwrap();
    assert!(!days.is_empty(), "that somebody tried is recorded");
}
