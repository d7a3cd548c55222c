//! What was seen of the storm, second by second.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use app::ports::Clock;
use aws::clock::SystemClock;
use serde_json::{Value, json};

use crate::functions::Answered;
use crate::lock;
use crate::queue::Depth;
use crate::times::percentile;

/// A request as LINE would see it, and as we do.
#[derive(Debug, Clone, Copy)]
struct Asked {
    /// The second of the moment at which it was to go out.
    second: u64,
    /// From that moment to the answer.
    total: Duration,
    /// The time until it was handed over, which is this program's and the simulator's.
    late: Duration,
    /// The time in the row for a process.
    waited: Duration,
    /// The time of the function, with what answers it.
    function: Duration,
    /// The time that the stand-in of AWS worked in it.
    aws: Duration,
}

impl Asked {
    /// Our own time.
    fn own(&self) -> Duration {
        self.function.saturating_sub(self.aws)
    }
}

#[derive(Default)]
struct Inside {
    asked: Vec<Asked>,
    answers: BTreeMap<(u64, &'static str), u64>,
    kills: Vec<(f64, &'static str)>,
    depths: Vec<(f64, Depth)>,
    pages: Vec<Duration>,
    wrong: Vec<String>,
}

/// The log.
pub(crate) struct Log {
    began: Instant,
    began_ms: i64,
    inside: Mutex<Inside>,
}

impl Log {
    /// One that begins at this moment of the machine's.
    pub(crate) fn new(began: Instant) -> Self {
        let now = SystemClock.now().as_millisecond();
        let until = i64::try_from(began.saturating_duration_since(Instant::now()).as_millis()).unwrap_or_default();
        Self { began, began_ms: now + until, inside: Mutex::default() }
    }

    /// When it began.
    pub(crate) fn began(&self) -> Instant {
        self.began
    }

    /// The seconds from its beginning to a moment in milliseconds since 1970.
    pub(crate) fn second_of(&self, at_ms: i64) -> f64 {
        seconds(at_ms - self.began_ms)
    }

    /// A request that was to go out at a moment, and was handed over at another.
    pub(crate) fn asked(&self, intended: Instant, handed: Instant, answered: &Answered) {
        let asked = Asked {
            second: intended.saturating_duration_since(self.began).as_secs(),
            total: intended.elapsed(),
            late: handed.saturating_duration_since(intended),
            waited: answered.waited,
            function: answered.function,
            aws: answered.aws,
        };
        lock(&self.inside).asked.push(asked);
    }

    /// How a request ended that was to go out at a moment.
    pub(crate) fn ended(&self, intended: Instant, how: &'static str) {
        let second = intended.saturating_duration_since(self.began).as_secs();
        *lock(&self.inside).answers.entry((second, how)).or_default() += 1;
    }

    /// A function was killed.
    pub(crate) fn killed(&self, what: &'static str) {
        let at = self.began.elapsed().as_secs_f64();
        lock(&self.inside).kills.push((at, what));
    }

    /// So much lies in the queue.
    pub(crate) fn depth(&self, depth: Depth) {
        let at = self.began.elapsed().as_secs_f64();
        lock(&self.inside).depths.push((at, depth));
    }

    /// A page of the console took so long.
    pub(crate) fn page(&self, took: Duration) {
        lock(&self.inside).pages.push(took);
    }

    /// Something is not as it must be. No more than a hundred are told.
    pub(crate) fn wrong(&self, what: String) {
        let mut inside = lock(&self.inside);
        if inside.wrong.len() < 100 {
            inside.wrong.push(what);
        }
    }

    /// What is not as it must be.
    pub(crate) fn wrongs(&self) -> Vec<String> {
        lock(&self.inside).wrong.clone()
    }

    /// All figures; times in milliseconds, moments in seconds from the beginning.
    pub(crate) fn figures(&self) -> Value {
        let inside = lock(&self.inside);
        let all: Vec<&Asked> = inside.asked.iter().collect();
        let mut seconds: BTreeMap<u64, Vec<&Asked>> = BTreeMap::new();
        for asked in &all {
            seconds.entry(asked.second).or_default().push(asked);
        }
        let by_second: Vec<Value> = seconds
            .iter()
            .map(|(second, those)| {
                let own = spread(those, Asked::own);
                json!({ "second": second, "answered": those.len(), "own": own, "total": spread(those, |asked| asked.total) })
            })
            .collect();
        let answers: Vec<Value> = inside.answers.iter().map(|((at, how), count)| json!([at, how, count])).collect();
        let depths: Vec<Value> =
            inside.depths.iter().map(|(at, depth)| json!([at, depth.waiting, depth.out])).collect();
        let last = inside.depths.last().map(|(_, depth)| *depth);
        json!({
            "requests": {
                "answered": all.len(),
                "own": spread(&all, Asked::own), "total": spread(&all, |asked| asked.total),
                "late": spread(&all, |asked| asked.late), "waited": spread(&all, |asked| asked.waited),
                "aws": spread(&all, |asked| asked.aws), "bySecond": by_second, "ended": answers,
            },
            "queue": { "depths": depths, "doubles": last.map(|depth| depth.doubles), "returned": last.map(|depth| depth.returned) },
            "kills": inside.kills,
            "pages": { "count": inside.pages.len(), "times": times(&mut inside.pages.clone()) },
        })
    }
}

/// The milliseconds of these times that half and 99 % of them did not exceed.
pub(crate) fn times(times: &mut [Duration]) -> Option<Value> {
    if times.is_empty() {
        return None;
    }
    Some(json!({ "p50": percentile(times, 50), "p99": percentile(times, 99) }))
}

fn spread(asked: &[&Asked], of: impl Fn(&Asked) -> Duration) -> Option<Value> {
    times(&mut asked.iter().copied().map(of).collect::<Vec<_>>())
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of this century")]
fn seconds(ms: i64) -> f64 {
    ms as f64 / 1_000.0
}
