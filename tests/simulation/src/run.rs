//! Many worlds, one after the other on every core; the same worlds, however many cores there are.

use std::fmt;
use std::ops::Range;
use std::sync::Mutex;
use std::thread;

use crate::check::Violation;
use crate::fault::Fault;
use crate::model::{Model, Outcome, Totals};
use crate::mutant::Mutant;

/// What every world has in common.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its faults; `None` for a random mix of each world's own.
    pub faults: Option<Vec<Fault>>,
    /// A mistake in the protocol.
    pub mutant: Option<Mutant>,
}

/// Which worlds.
#[derive(Debug, Clone, Copy)]
pub struct Seeds {
    /// The first seed.
    pub from: u64,
    /// Until so many residents have been in one.
    pub recipients: u64,
}

/// What became of many worlds.
#[derive(Debug, Clone)]
pub struct Report {
    /// What was done.
    pub totals: Totals,
    /// Worlds in which something happened that should not.
    pub failed: Vec<(u64, Violation)>,
    job: Job,
}

/// Worlds that are run between two looks at the sum.
const BLOCK: u64 = 256;
/// And between two looks whether a mistake was noticed.
const SMALL_BLOCK: u64 = 20;
/// After so many failed worlds no more are run.
const FAILED_MAX: usize = 10;

impl Job {
    /// The world of a seed.
    #[must_use]
    pub fn model(&self, seed: u64) -> Model {
        Model::new(seed, self.faults.as_deref(), self.mutant)
    }
}

/// Runs worlds until enough residents were in one.
#[must_use]
pub fn run(job: &Job, seeds: Seeds) -> Report {
    let mut report = Report { totals: Totals::default(), failed: Vec::new(), job: job.clone() };
    let mut from = seeds.from;
    while report.totals.residents < seeds.recipients && report.failed.len() < FAILED_MAX {
        for (seed, outcome) in block(job, from..from + BLOCK) {
            report.totals.add(outcome.totals);
            report.failed.extend(outcome.violations.into_iter().next().map(|violation| (seed, violation)));
        }
        from += BLOCK;
    }
    report
}

/// The worlds of a block of seeds, in their order.
fn block(job: &Job, seeds: Range<u64>) -> Vec<(u64, Outcome)> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let next = Mutex::new(seeds.start);
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some(seed) = take(&next, seeds.end) {
                    let outcome = job.model(seed).run();
                    if let Ok(mut done) = done.lock() {
                        done.push((seed, outcome));
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(seed, _)| *seed);
    done
}

fn take(next: &Mutex<u64>, end: u64) -> Option<u64> {
    let mut next = next.lock().ok()?;
    let seed = *next;
    *next += 1;
    (seed < end).then_some(seed)
}

impl Totals {
    /// Adds what was done elsewhere.
    pub fn add(&mut self, other: Self) {
        self.seeds += other.seeds;
        self.residents += other.residents;
        self.pages += other.pages;
        self.calls += other.calls;
        self.conflicts += other.conflicts;
        self.crashes += other.crashes;
        self.unclear += other.unclear;
        self.redriven += other.redriven;
        self.events += other.events;
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Totals { seeds, residents, pages, calls, conflicts, crashes, unclear, redriven, events } = self.totals;
        writeln!(
            f,
            "{seeds} worlds: {residents} residents in {pages} pages; {calls} calls, of which LINE had taken {conflicts} before; {crashes} \
             crashes, {redriven} messages that came again later, {events} events; of {unclear} residents nobody knows"
        )?;
        for (seed, violation) in &self.failed {
            let faults = self.job.faults.as_ref().map_or(String::new(), |faults| {
                let names: Vec<String> = faults.iter().map(|fault| format!("{fault:?}")).collect();
                format!(" --faults {}", names.join(","))
            });
            let mutant = self.job.mutant.map_or(String::new(), |mutant| format!(" --mutant {mutant:?}"));
            writeln!(f, "FAILED {:?}: {}", violation.kind, violation.words)?;
            writeln!(f, "  replay: cargo run --release -p simulation -- --seed {seed}{faults}{mutant} --trace")?;
        }
        write!(f, "{} failed", self.failed.len())
    }
}

/// Whether a mistake was noticed.
#[derive(Debug, Clone)]
pub struct Found {
    /// Which mistake.
    pub mutant: Mutant,
    /// How many worlds it took.
    pub worlds: u64,
    /// In which world, and by which rule.
    pub by: Option<(u64, Violation)>,
}

/// A mistake is noticed within so many worlds, or it is not noticed.
pub const WORLDS_MAX: u64 = 2_000;

/// Looks for a world in which a mistake is noticed.
#[must_use]
pub fn look_for(mutant: Mutant, from: u64) -> Found {
    let job = Job { faults: mutant.brought_out_by().map(<[Fault]>::to_vec), mutant: Some(mutant) };
    let worlds_max = if mutant.is_harmless() { WORLDS_MAX / 4 } else { WORLDS_MAX };
    let mut seed = from;
    while seed < from + worlds_max {
        for (seed, outcome) in block(&job, seed..seed + SMALL_BLOCK) {
            if let Some(violation) = outcome.violations.into_iter().next() {
                return Found { mutant, worlds: seed - from + 1, by: Some((seed, violation)) };
            }
        }
        seed += SMALL_BLOCK;
    }
    Found { mutant, worlds: worlds_max, by: None }
}

impl Found {
    /// Whether it was noticed, or does no harm and was not.
    #[must_use]
    pub fn is_as_it_should(&self) -> bool {
        self.by.is_some() != self.mutant.is_harmless()
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { mutant, worlds, by } = self;
        match by {
            Some((seed, Violation { kind, words, .. })) => {
                write!(f, "{mutant:?}: noticed in world {worlds} (seed {seed}) by {kind:?}: {words}")
            }
            None => write!(f, "{mutant:?}: not noticed in {worlds} worlds"),
        }
    }
}
