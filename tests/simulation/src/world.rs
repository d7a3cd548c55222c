//! A world of a seed: how large its broadcasts are, when somebody does something, how the machines stand.

use domain::broadcast::Lane;
use domain::sending::plan::Plan;
use jiff::{SignedDuration, Timestamp};

use crate::fault::{Fault, Mix};
use crate::random::Random;

/// A true moment, or a span, in microseconds from the beginning of the world.
pub type Micros = i64;

/// One second.
pub const SECOND: Micros = 1_000_000;
/// One minute.
pub const MINUTE: Micros = 60 * SECOND;
/// One hour.
pub const HOUR: Micros = 60 * MINUTE;

/// One day.
pub const DAY: Micros = 24 * HOUR;

/// The share of the emergency lane: calls a second, senders at a time.
pub const EMERGENCY: (u32, u32) = (170, 5);
/// The share of the routine lane.
pub const ROUTINE: (u32, u32) = (20, 2);
/// LINE's limit for multicast.
pub const CALLS_PER_SECOND: usize = 200;

/// A span as the domain has it.
#[must_use]
pub fn micros(span: SignedDuration) -> Micros {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

/// One broadcast of the world.
#[derive(Debug, Clone)]
pub struct Cast {
    /// Its lane.
    pub lane: Lane,
    /// How many residents each part has, by the section that they get.
    pub parts: Vec<Vec<u32>>,
    /// When it is approved.
    pub approved_at: Micros,
    /// When somebody takes it back.
    pub taken_back_at: Option<Micros>,
    /// When somebody stops it.
    pub stopped_at: Option<Micros>,
    /// So often one resident leaves each part and another comes.
    pub churn: Micros,
}

/// The world of a seed.
#[derive(Debug, Clone)]
pub struct World {
    /// What the true time is at the beginning.
    pub began: Timestamp,
    /// Its broadcasts.
    pub casts: Vec<Cast>,
    /// From then on nothing goes wrong any more.
    pub calm_at: Micros,
    /// How far the clock of each machine is off.
    pub skews: Vec<Micros>,
    /// How long a message that was received stays hidden.
    pub hidden_for: Micros,
    /// How often a message is received before it is put aside.
    pub receives_max: u32,
    /// When the new version is deployed: before, functions are of the older one.
    pub deployed_at: Micros,
    /// How long LINE takes at least and, mostly, at most.
    pub latency: (Micros, Micros),
    /// When LINE is away.
    pub outage: (Micros, Micros),
    /// When something before LINE refuses calls.
    pub gateway: (Micros, Micros),
    /// When LINE does not take our token.
    pub revoked_at: Micros,
    /// How many residents LINE takes before the month's messages are used up.
    pub quota: Option<u64>,
    /// How long staff take to notice that a broadcast rests, and mend what it rests for.
    pub staff_takes: Micros,
}

impl World {
    /// The world of a seed under a mix of faults.
    #[must_use]
    pub fn new(random: &mut Random, mix: &Mix) -> Self {
        let began = if mix.has(Fault::CalendarEdge) {
            // Just before midnight in Japan, of the year's last day and of the 28th of February with and without a 29th.
            [1_830_265_195, 1_835_362_795, 1_803_826_795, 1_798_729_195][random.index(4)]
        } else {
            1_795_000_000 + random.between(0, 86_400)
        };
        let casts: Vec<Cast> = (0..=random.index(3)).map(|_| cast(random, mix)).collect();
        let calm_at = if random.is_one_in(12) {
            random.between(2 * HOUR, 30 * HOUR)
        } else {
            random.between(MINUTE, 80 * MINUTE)
        };
        let skew = |_| if mix.has(Fault::Skew) { random.between(-5 * MINUTE, 5 * MINUTE) } else { 0 };
        let skews = (0..8).map(skew).collect();
        let outage_at = random.between(0, 10 * MINUTE);
        let outage = (outage_at, outage_at + random.between(SECOND, 30 * MINUTE));
        let gateway_at = random.between(0, 5 * MINUTE);
        let slowest = [200_000, 700_000, 1_500_000][random.index(3)];
        let residents: u64 = casts.iter().flat_map(|cast| cast.parts.iter().flatten()).map(|n| u64::from(*n)).sum();
        Self {
            began: Timestamp::from_second(began).unwrap_or_default(),
            casts,
            calm_at,
            skews,
            hidden_for: random.between(60, 270) * SECOND,
            receives_max: u32::try_from(random.between(3, 30)).unwrap_or(5),
            deployed_at: random.between(0, 3 * MINUTE),
            latency: (random.between(30_000, 150_000), slowest),
            outage,
            gateway: (gateway_at, gateway_at + random.between(SECOND, HOUR)),
            revoked_at: random.between(SECOND, 2 * MINUTE),
            quota: mix.has(Fault::QuotaMidway).then(|| random.below(residents.max(1))),
            staff_takes: if mix.has(Fault::LateStaff) {
                random.between(20 * HOUR, 30 * HOUR)
            } else {
                random.between(MINUTE, 40 * MINUTE)
            },
        }
    }

    /// The true moment as the machine's clock says it.
    #[must_use]
    pub fn clock(&self, now: Micros, skew: Micros) -> Timestamp {
        self.began + SignedDuration::from_micros(now + skew)
    }

    /// The true moment at which a clock says this.
    #[must_use]
    pub fn moment(&self, at: Timestamp, skew: Micros) -> Micros {
        micros(at.duration_since(self.began)) - skew
    }
}

fn cast(random: &mut Random, mix: &Mix) -> Cast {
    let residents = match random.index(10) {
        0..3 => random.between(1, 3_000),
        3..6 => random.between(1_000, 60_000),
        6..9 => random.between(20_000, 300_000),
        _ => random.between_rather_small(100_000, 1_700_000),
    };
    let residents = u64::try_from(residents).unwrap_or_default();
    let parts = if random.is_one_in(3) { 1 + random.below(6) } else { u64::from(Plan::parts_for(residents)) };
    let sections = 1 + random.index(2);
    let part = |_| {
        let share = residents / parts;
        let share = share - random.below(share / 4 + 1);
        let second = if sections == 2 { random.below(share / 3 + 1) } else { 0 };
        let first = u32::try_from(share - second).unwrap_or_default();
        let counts = [first, u32::try_from(second).unwrap_or_default()];
        counts[..sections].to_vec()
    };
    let parts: Vec<Vec<u32>> = (0..parts).map(part).collect();
    let lane = if random.is_one_in(2) { Lane::Emergency } else { Lane::Routine };
    let approved_at = random.between(0, 40 * SECOND);
    let goes_at = approved_at + if lane == Lane::Emergency { 10 * SECOND } else { 0 };
    let taken_back = mix.has(Fault::Undo) && lane == Lane::Emergency && random.is_one_in(3);
    let stopped_at = if mix.has(Fault::StopInFreezing) && random.is_one_in(2) {
        Some(goes_at + random.between(0, 4 * SECOND))
    } else if mix.has(Fault::Stop) && random.is_one_in(2) {
        Some(goes_at + random.between_rather_small(SECOND, 40 * MINUTE))
    } else {
        None
    };
    Cast {
        lane,
        parts,
        approved_at,
        taken_back_at: taken_back.then(|| approved_at + random.between(0, 12 * SECOND)),
        stopped_at,
        churn: random.between_rather_small(2 * SECOND, HOUR),
    }
}
