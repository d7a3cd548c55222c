//! What can go wrong, each with a switch of its own.

use crate::random::Random;

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// Something that can go wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Fault { $($(#[$doc])* $name,)+ }

        impl Fault {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)+];
        }
    };
}

faults! {
    /// A sender ends when it is about to send a page.
    CrashBeforeSend,
    /// A sender ends after it sent a page, before the answer.
    CrashAfterSend,
    /// A sender ends after LINE's answer, before the ledger knows.
    CrashAfterAnswer,
    /// A sender ends after the ledger was written, before the message is deleted.
    CrashAfterRecord,
    /// A sender ends between the steps in which a run is given back.
    CrashInGivingBack,
    /// The planner ends after the object of a part was written, before the table knows.
    CrashInFreezing,
    /// The planner ends after some runs were put into the queue.
    CrashInEnqueuing,
    /// The janitor ends after some of its work.
    CrashInMending,
    /// The console ends after a broadcast was written, before its messages are in the queue.
    CrashInConsole,
    /// A function's time is over at any moment.
    TimeOut,
    /// A function stands still for minutes while the world thinks that it has ended, and then goes on.
    Frozen,
    /// A deploy: messages of a newer version are read by older functions.
    TwoVersions,
    /// A message comes twice at once.
    DuplicateNow,
    /// A message that was deleted comes again, up to hours later.
    DuplicateLater,
    /// A message is late.
    Delayed,
    /// A message that nobody can read.
    Poison,
    /// Only some messages of a batch get into the queue, and nobody notices.
    LostInBatch,
    /// A copy of a message lies in the dead-letter queue and comes back after 1 hour.
    RedriveAfter1h,
    /// ... after 23 hours 59 minutes.
    RedriveAfter23h59,
    /// ... after 24 hours 1 minute.
    RedriveAfter24h01,
    /// ... after three days.
    RedriveAfter3d,
    /// LINE says that we are too fast, for no visible reason.
    TooFast,
    /// The month's messages are used up half-way.
    QuotaMidway,
    /// LINE fails (500) before it has taken a call.
    FailsBefore,
    /// LINE fails (500) after it has taken a call.
    FailsAfter,
    /// A call is lost on its way to LINE, and nobody answers.
    LostBefore,
    /// LINE's answer is lost.
    LostAfter,
    /// The connection breaks in the middle of a body.
    Reset,
    /// LINE answers with something that is no JSON after it has taken a call.
    NotJson,
    /// LINE takes 2 to 30 seconds.
    Slow,
    /// LINE is away for up to half an hour.
    Outage,
    /// LINE does not take some ids.
    BadIds,
    /// LINE does not take some ids, and changes its mind about them every few minutes.
    BadIdsFlap,
    /// LINE does not take some pages at all.
    RefusedPages,
    /// Something before LINE refuses calls, for some minutes.
    Gateway,
    /// LINE does not take our token until somebody mends it.
    Revoked,
    /// LINE says "taken before" without saying under which id.
    ConflictWithoutId,
    /// The table does not do it.
    Throttled,
    /// The table did it, and the answer is lost.
    ReplyLost,
    /// The table did it, the answer is lost, and the client's own repetition is told that the condition does not hold.
    WrittenTwice,
    /// A transaction is cancelled because of another.
    TransactionCanceled,
    /// The janitor sees a queue that is not empty as empty, or the other way round.
    StaleQueue,
    /// An object is not there for a moment.
    ObjectFails,
    /// Only a part of a range of bytes comes.
    Truncated,
    /// Clocks differ by up to five minutes.
    Skew,
    /// A clock steps back by up to five minutes.
    StepBack,
    /// The year ends, or February does, on the way.
    CalendarEdge,
    /// Somebody presses the button twice, or in two tabs.
    DoubleClick,
    /// Somebody takes an emergency back in the ten seconds.
    Undo,
    /// Somebody stops a broadcast.
    Stop,
    /// Somebody stops a broadcast while it is being frozen.
    StopInFreezing,
    /// Whoever lets a resting broadcast go on comes only the next day.
    LateStaff,
}

impl Fault {
    /// Its bit in a set.
    fn bit(self) -> u64 {
        1 << self as u32
    }

    /// The fault of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fault| format!("{fault:?}") == name)
    }
}

/// Which faults happen, and how often each does.
#[derive(Debug, Clone, Default)]
pub struct Mix {
    set: u64,
    per_million: Vec<u64>,
}

impl Mix {
    /// A random mix: none in some seeds, one or a few in most, very many in some.
    #[must_use]
    pub fn random(random: &mut Random) -> Self {
        let one_in = [0, 1, 2, 3, 5, 8, 16, 30][random.index(8)];
        let chosen = Fault::ALL.iter().copied().filter(|_| one_in != 0 && random.is_one_in(one_in));
        let chosen: Vec<Fault> = chosen.collect();
        Self::of(&chosen, random)
    }

    /// Just these.
    #[must_use]
    pub fn of(faults: &[Fault], random: &mut Random) -> Self {
        let often = |_: &Fault| [300, 3_000, 10_000, 30_000, 100_000][random.index(5)];
        let per_million = Fault::ALL.iter().map(often).collect();
        Self { set: faults.iter().fold(0, |set, fault| set | fault.bit()), per_million }
    }

    /// Whether a fault is in it.
    #[must_use]
    pub fn has(&self, fault: Fault) -> bool {
        self.set & fault.bit() != 0
    }

    /// In how many of a million cases a fault happens.
    #[must_use]
    pub fn per_million(&self, fault: Fault) -> u64 {
        if self.has(fault) { self.per_million.get(fault as usize).copied().unwrap_or_default() } else { 0 }
    }

    /// Whether any of its faults befalls calls to LINE.
    #[must_use]
    pub fn faults_of_calls(&self) -> bool {
        const OF_CALLS: [Fault; 9] = [
            Fault::Outage,
            Fault::Gateway,
            Fault::LostBefore,
            Fault::Reset,
            Fault::FailsBefore,
            Fault::FailsAfter,
            Fault::NotJson,
            Fault::LostAfter,
            Fault::TooFast,
        ];
        OF_CALLS.into_iter().any(|fault| self.has(fault))
    }

    /// Those in it.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        Fault::ALL.iter().copied().filter(|fault| self.has(*fault)).collect()
    }
}
