//! A few worlds, and that the simulation itself can be trusted. Very many worlds, and every mistake: `tests/run simulation`.

use domain::sending::delivery::Answer;
use simulation::fault::Fault;
use simulation::line::{Body, KeyFact, Line, Taken};
use simulation::mutant::Mutant;
use simulation::run::{Job, Seeds, run};
use simulation::world::{HOUR, SECOND};

fn job(faults: Option<Vec<Fault>>, mutant: Option<Mutant>) -> Job {
    Job { faults, mutant }
}

#[test]
fn a_seed_is_the_same_world_every_time() {
    let trace = |seed| job(None, None).model(seed).traced().run().trace;
    let first = trace(22);
    assert!(100 < first.len(), "something happens in it: {} lines", first.len());
    assert_eq!(first, trace(22));
    assert_ne!(first, trace(23));
}

#[test]
fn the_protocol_holds_in_worlds_where_everything_goes_wrong() {
    let report = run(&job(None, None), Seeds { from: 100_000, recipients: 10_000_000 });
    assert!(report.failed.is_empty(), "{report}");
    assert!(10_000_000 <= report.totals.residents && 0 < report.totals.conflicts && 0 < report.totals.crashes);
}

#[test]
fn the_protocol_holds_where_nothing_goes_wrong_and_everybody_is_reached_by_one_call() {
    let outcome = job(Some(Vec::new()), None).model(7).run();
    assert!(outcome.violations.is_empty(), "{:?}", outcome.violations);
    assert_eq!((outcome.totals.calls, outcome.totals.unclear), (outcome.totals.pages, 0));
}

#[test]
fn the_protocol_holds_under_each_fault_alone() {
    for fault in Fault::ALL {
        for seed in 200_000..200_003 {
            let outcome = job(Some(vec![*fault]), None).model(seed).run();
            assert!(outcome.violations.is_empty(), "{fault:?}, seed {seed}: {:?}", outcome.violations);
        }
    }
}

#[test]
fn mistakes_are_noticed() {
    let noticed_soon =
        [Mutant::RandomKey, Mutant::NotFrozen, Mutant::NoClaim, Mutant::UsedBeforeWritten, Mutant::UndoIgnored];
    for mutant in noticed_soon {
        let job = job(mutant.brought_out_by().map(<[Fault]>::to_vec), Some(mutant));
        let noticed = (1..=60).any(|seed| !job.model(seed).run().violations.is_empty());
        assert!(noticed, "{mutant:?}");
    }
}

#[test]
fn faults_and_mistakes_are_found_by_their_names() {
    assert!(Fault::ALL.iter().all(|fault| Fault::named(&format!("{fault:?}")) == Some(*fault)));
    assert!(Mutant::ALL.iter().all(|mutant| Mutant::named(&format!("{mutant:?}")) == Some(*mutant)));
    assert_eq!((Fault::named("Nothing"), Mutant::named("Nothing")), (None, None));
}

fn page(first: u64, dropped: &[u16]) -> Body {
    Body { cast: 0, part: 0, first, count: 500, dropped: dropped.to_vec(), words: 0 }
}

/// Sends a page to LINE as a call does.
fn send(line: &mut Line, key: u8, body: &Body, bad: &[u16], now: i64) -> Taken {
    line.keys.entry([key; 16]).or_insert_with(|| KeyFact::new(now, body.clone()));
    line.take([key; 16], body, bad, now)
}

#[test]
fn line_remembers_a_key_for_a_day_and_then_sends_again() {
    let mut line = Line::new(None);
    assert_eq!(send(&mut line, 1, &page(0, &[]), &[], 0), Taken::Now { twice: 0 });
    assert_eq!(send(&mut line, 1, &page(0, &[]), &[], 24 * HOUR - 1), Taken::Before);
    assert_eq!(send(&mut line, 1, &page(0, &[]), &[], 24 * HOUR), Taken::Now { twice: 500 });
}

#[test]
fn line_counts_everybody_who_has_it_twice() {
    let mut line = Line::new(None);
    send(&mut line, 1, &page(1_000, &[3]), &[], 0);
    assert_eq!(send(&mut line, 2, &page(1_500, &[]), &[], 0), Taken::Now { twice: 0 });
    assert_eq!(send(&mut line, 3, &page(1_498, &[0]), &[], 0), Taken::Now { twice: 499 });
    assert_eq!(line.reached(0, 0, 1_000, 4), 3);
}

#[test]
fn line_takes_nobody_of_a_page_with_a_bad_id_and_names_its_place_among_those_that_were_sent() {
    let mut line = Line::new(None);
    let refused = Taken::Not(Answer::BadIds(vec![6]));
    assert_eq!(send(&mut line, 1, &page(0, &[2]), &[2, 7], 0), refused);
    assert_eq!(line.reached_in_all(0), 0);
    assert_eq!(send(&mut line, 2, &page(0, &[2, 7]), &[2, 7], 0), Taken::Now { twice: 0 });
    assert_eq!(line.reached_in_all(0), 498);
}

#[test]
fn line_takes_200_calls_in_a_second_and_no_more_than_the_month_allows() {
    let mut line = Line::new(None);
    let taken = (0..250_u8)
        .filter(|n| matches!(send(&mut line, *n, &page(u64::from(*n) * 500, &[]), &[], 0), Taken::Now { .. }));
    assert_eq!(taken.count(), 200);
    assert_eq!(send(&mut line, 255, &page(900_000, &[]), &[], SECOND / 200), Taken::Now { twice: 0 });
    let mut line = Line::new(Some(700));
    assert_eq!(send(&mut line, 1, &page(0, &[]), &[], 0), Taken::Now { twice: 0 });
    assert_eq!(send(&mut line, 2, &page(500, &[]), &[], 0), Taken::Not(Answer::QuotaSpent));
}
