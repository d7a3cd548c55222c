//! What reporters hear of their reports: each of them each entry once, whatever LINE, the table or the queue do.

use app::error::Kind;
use app::inbox::RETRY_KEY_LIFE;
use app::ports::Clock;
use app::ports::reports::{NoticeJob, Reports};
use app::report::WRITTEN_WITHIN;
use app::report::notice::Outcome;
use domain::report::{Deed, Report, Reporter, Told};
use domain::resident::{Resident, Stamp, Standing};
use jiff::SignedDuration;
use proptest::prelude::*;
use tests::city::{PlatformFault, TableFault};

use crate::report_desk::{Office, resident, work};

/// More calls than the telling of an entry makes.
const CALLS_MAX: usize = 20;

/// An office, a report that somebody works on by now, and that its reporter is to hear of it.
async fn answered() -> (Office, Report, NoticeJob) {
    let office = Office::open();
    let report = office.reported_by(1).await;
    office.act(&report, work()).await;
    let job = office.city.jobs.take_notices().remove(0);
    assert_eq!(job, NoticeJob { report: report.id.clone(), entry: 1 });
    (office, report, job)
}

/// Lets residents follow a report.
async fn followed_by(office: &Office, report: &Report, numbers: std::ops::RangeInclusive<u32>) {
    let read = office.desk.look(&report.id).await.unwrap().unwrap();
    let mut followed = read.value.clone();
    numbers.for_each(|number| followed.follow(&resident(number)).unwrap());
    office.city.reports.put(&followed, Some(&read), None).await.unwrap();
}

fn told(office: &Office, report: &Report) -> Told {
    office.now(report).history[1].told
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_is_not_written_is_awaited_for_a_while() {
    let office = Office::open();
    let report = office.reported_by(1).await;
    let put_at = office.city.clock.now();
    let unknown = domain::ids::ReportId::first_at(put_at + SignedDuration::from_hours(1));
    let jobs = [NoticeJob { report: report.id.clone(), entry: 1 }, NoticeJob { report: unknown, entry: 0 }];
    for job in &jobs {
        let error = office.notices.tell(job, Some(put_at)).await.unwrap_err();
        assert_eq!(error.kind, Kind::Transient);
    }
    office.act(&report, work()).await;
    assert_eq!(office.notices.tell(&jobs[0], Some(put_at)).await.unwrap(), Outcome::Told);
    office.city.clock.advance(WRITTEN_WITHIN);
    assert_eq!(office.notices.tell(&jobs[1], Some(put_at)).await.unwrap(), Outcome::Dropped);
    assert!(office.notices.tell(&jobs[1], None).await.is_err(), "nobody gives up for not knowing how old it is");
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_is_for_nobody_is_told_to_nobody() {
    let office = Office::open();
    let report = office.reported_by(1).await;
    office.act(&report, Deed::Note("見積もり待ち".to_owned())).await;
    for entry in 0..2 {
        let job = NoticeJob { report: report.id.clone(), entry };
        assert_eq!(office.notices.tell(&job, None).await.unwrap(), Outcome::Settled);
    }
    assert_eq!(office.city.platform.calls(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_same_job_twice_is_heard_once_one_after_the_other_and_at_once() {
    let (office, _, job) = answered().await;
    let (one, other) = tokio::join!(office.notices.tell(&job, None), office.notices.tell(&job, None));
    assert_eq!([one.unwrap(), other.unwrap()], [Outcome::Told; 2]);
    assert_eq!(office.notices.tell(&job, None).await.unwrap(), Outcome::Settled);
    assert_eq!(office.heard(1), 1);
}

#[tokio::test(start_paused = true)]
async fn whoever_has_blocked_the_account_is_not_written_to() {
    let (office, report, job) = answered().await;
    let stamp = Stamp { at: report.filed_at, event: "event-1".parse().unwrap() };
    let mut gone = Resident::new(resident(1), stamp.clone());
    gone.stand(Standing::Blocked, &stamp);
    office.city.table.keep_if_unknown(&gone);
    assert_eq!(office.notices.tell(&job, None).await.unwrap(), Outcome::Unreachable);
    assert_eq!((office.city.platform.calls(), told(&office, &report)), (0, Told::Unreachable));
    followed_by(&office, &report, 2..=2).await;
    office.act(&report, Deed::Done { answer: String::new() }).await;
    assert_eq!(office.tell().await, [Outcome::Told], "somebody else still hears");
    assert_eq!((office.heard(1), office.heard(2)), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn what_the_platform_refuses_for_good_is_not_tried_again() {
    let (office, report, job) = answered().await;
    office.city.platform.refuse_pushes();
    assert_eq!(office.notices.tell(&job, None).await.unwrap(), Outcome::Unreachable);
    assert_eq!(told(&office, &report), Told::Unreachable);
    assert_eq!(office.notices.tell(&job, None).await.unwrap(), Outcome::Settled);
    assert_eq!(office.city.platform.calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn trouble_at_the_platform_is_waited_out() {
    // Too many calls: so it answers too when the month's messages are used up, until there are more.
    for fault in [
        PlatformFault::Throttled,
        PlatformFault::NotLetIn,
        PlatformFault::Failed,
        PlatformFault::Unreachable,
        PlatformFault::TimedOutBefore,
        PlatformFault::TimedOutAfterAcceptance,
    ] {
        let (office, report, job) = answered().await;
        office.city.platform.fail_for(SignedDuration::from_hours(10), fault);
        for _ in 0..2 {
            assert_ne!(office.notices.tell(&job, None).await.unwrap_err().kind, Kind::Permanent);
            assert_eq!(told(&office, &report), Told::Due);
            office.city.clock.advance(SignedDuration::from_hours(5));
        }
        assert_eq!(office.notices.tell(&job, None).await.unwrap(), Outcome::Told);
        assert_eq!((office.heard(1), told(&office, &report)), (1, Told::At(office.city.clock.now())), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_who_cannot_be_told_now_keeps_nobody_from_hearing_it_and_nobody_hears_it_twice() {
    let (office, report, job) = answered().await;
    followed_by(&office, &report, 2..=40).await;
    let troubles = [PlatformFault::Failed, PlatformFault::TimedOutAfterAcceptance, PlatformFault::Throttled];
    office.city.platform.fail(troubles);
    assert!(office.notices.tell(&job, None).await.is_err());
    assert_eq!(office.city.platform.received().len(), 38, "two of 40 were not taken");
    assert_eq!(told(&office, &report), Told::Due);
    assert_eq!(office.notices.tell(&job, None).await.unwrap(), Outcome::Told);
    assert!((1..=40).all(|number| office.heard(number) == 1));
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_told_for_a_day_is_told_no_more() {
    let (office, report, job) = answered().await;
    office.city.clock.advance(RETRY_KEY_LIFE);
    office.city.platform.fail([PlatformFault::TimedOutAfterAcceptance]);
    assert!(office.notices.tell(&job, None).await.is_err(), "still tried");
    office.city.clock.advance(SignedDuration::from_secs(1));
    // Whoever hands a message back makes it a new one: the entry says how old it is.
    let handed_back = office.city.clock.now();
    assert_eq!(office.notices.tell(&job, Some(handed_back)).await.unwrap(), Outcome::TooLate);
    assert_eq!((office.heard(1), told(&office, &report)), (1, Told::Unreachable));
    assert_eq!(office.notices.tell(&job, Some(handed_back)).await.unwrap(), Outcome::Settled);
}

#[tokio::test(start_paused = true)]
async fn a_telling_that_dies_anywhere_is_done_again_and_heard_once() {
    for calls in 0..CALLS_MAX {
        let (office, report, job) = answered().await;
        office.city.reports.life.ends_after(calls);
        let first = office.notices.tell(&job, None).await;
        office.city.reports.life.ends_after(usize::MAX);
        assert!(office.notices.tell(&job, None).await.is_ok(), "{calls}");
        assert!(office.heard(1) == 1 && matches!(told(&office, &report), Told::At(_)), "{calls}");
        if first.is_ok() {
            assert!(0 < calls);
            return;
        }
    }
    panic!("a telling makes fewer calls");
}

#[tokio::test(start_paused = true)]
async fn what_staff_write_meanwhile_is_kept() {
    let (office, report, job) = answered().await;
    let mut other = office.now(&report);
    other.act(Deed::Note("見た".to_owned()), &"jiro".parse().unwrap(), report.filed_at).unwrap();
    office.city.reports.interlope([other]);
    assert_eq!(office.notices.tell(&job, None).await.unwrap(), Outcome::Told);
    assert_eq!(office.now(&report).history.len(), 3);
    assert!(matches!(told(&office, &report), Told::At(_)));
    // Or the reporter was erased: then there is nothing to mark.
    office.act(&report, Deed::Done { answer: String::new() }).await;
    let mut erased = office.now(&report);
    erased.erase_personal(report.filed_at);
    office.city.reports.interlope([erased]);
    assert_eq!(office.tell().await, [Outcome::Told]);
    assert_eq!(office.now(&report).reporter, Reporter::Erased);
}

/// A kind of trouble that meets one delivery.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    None,
    Platform(PlatformFault),
    Residents,
    Dying(usize),
    Doubled,
}

fn troubles() -> impl Strategy<Value = Vec<Trouble>> {
    let platform = prop_oneof![
        Just(PlatformFault::Throttled),
        Just(PlatformFault::Failed),
        Just(PlatformFault::Unreachable),
        Just(PlatformFault::TimedOutBefore),
        Just(PlatformFault::TimedOutAfterAcceptance),
    ];
    let trouble = prop_oneof![
        2 => Just(Trouble::None),
        3 => platform.prop_map(Trouble::Platform),
        1 => Just(Trouble::Residents),
        2 => (0_usize..4).prop_map(Trouble::Dying),
        2 => Just(Trouble::Doubled),
    ];
    prop::collection::vec(trouble, 0..30)
}

/// Delivers a job until it is settled.
async fn deliver(office: &Office, job: &NoticeJob, troubles: &mut impl Iterator<Item = Trouble>) {
    loop {
        let trouble = troubles.next().unwrap_or(Trouble::None);
        office.city.reports.life.ends_after(usize::MAX);
        match trouble {
            Trouble::None => {}
            Trouble::Platform(fault) => office.city.platform.fail([fault]),
            Trouble::Residents => office.city.table.fail_loads([TableFault::Throttled]),
            Trouble::Dying(calls) => office.city.reports.life.ends_after(calls),
            Trouble::Doubled => {
                let (one, other) = tokio::join!(office.notices.tell(job, None), office.notices.tell(job, None));
                if one.is_ok() || other.is_ok() {
                    return;
                }
            }
        }
        if office.notices.tell(job, None).await.is_ok() {
            return;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn whatever_goes_wrong_each_hears_each_entry_once(troubles in troubles()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let office = Office::open();
            let report = office.reported_by(1).await;
            followed_by(&office, &report, 2..=3).await;
            let mut troubles = troubles.into_iter();
            for deed in [work(), Deed::Answer("あしたです。".to_owned()), Deed::Done { answer: String::new() }] {
                office.act(&report, deed).await;
                for job in office.city.jobs.take_notices() {
                    deliver(&office, &job, &mut troubles).await;
                    office.city.reports.life.ends_after(usize::MAX);
                }
            }
            for number in 1..=3 {
                assert_eq!(office.heard(number), 3, "{number}");
            }
            let untold = office.now(&report).history.into_iter().filter(|entry| entry.told == Told::Due).count();
            assert_eq!(untold, 0);
        });
    }
}
