//! The protocol with one rule left out or done wrongly, to see that the checks notice.

use crate::fault::Fault;

macro_rules! mutants {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// A mistake in the protocol.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Mutant { $($(#[$doc])* $name,)+ }

        impl Mutant {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)+];
        }
    };
}

mutants! {
    /// Each attempt has a key of chance.
    RandomKey,
    /// Keys are used as long as something is open.
    NoKeyFence,
    /// The ids of a page are looked up again for each call.
    NotFrozen,
    /// A part that is asked for again is frozen again.
    FrozenAgain,
    /// A message is deleted although pages are open, and no janitor looks after them.
    NoPartialFailure,
    /// A message is deleted although pages are open. The janitor finds them: this one must not be noticed.
    JanitorAlone,
    /// There is no janitor, and a crash in enqueuing leaves runs that nobody sends.
    NoJanitor,
    /// A refusal is believed at once.
    RefusalBelieved,
    /// A refusal is believed of a page that an earlier call may have sent.
    RefusedThoughTried,
    /// A page that an earlier call may have sent counts as not sent once its key is too old.
    NotSentThoughTried,
    /// Nobody waits until what earlier senders began is over.
    NoSettling,
    /// The last word about a page counts, whatever it is.
    NoLattice,
    /// The first final word about a page counts.
    FirstWordCounts,
    /// What a sender says that has lost its run counts as well.
    NoFence,
    /// Nobody claims a run.
    NoClaim,
    /// A sender goes on after its lease.
    NoLastCall,
    /// Whoever takes over a run takes its open pages for untouched.
    TakenForUntouched,
    /// What went out is added up along the way, not counted from the ledgers.
    AddedUp,
    /// Routine senders do not look for emergencies.
    LaneIgnored,
    /// What a gate said is believed for ten seconds.
    StopSeenLate,
    /// A stop is not looked for at all.
    StopIgnored,
    /// Each sender goes at the speed of its whole lane.
    PaceNotShared,
    /// A new sender calls at once, not after one interval.
    NoFirstInterval,
    /// A page goes out without some ids before that is written.
    UsedBeforeWritten,
    /// Ids are taken out of a page although a call for it got no answer.
    DroppedWhileUnclear,
    /// "Taken before" is taken for a refusal, and believed.
    ConflictRefused,
    /// No answer is taken for "not taken".
    SilenceMeansNo,
    /// Runs are put into the queue before the table knows of their part.
    EnqueuedBeforeNoted,
    /// A broadcast that was stopped is closed while a part of it may still be noted.
    ClosedInFreezing,
    /// A broadcast is closed as soon as nothing is open, although late answers may come.
    ClosedUnsettled,
    /// A broadcast is let go although it was taken back.
    UndoIgnored,
}

impl Mutant {
    /// Whether it does no harm, because another rule stands behind it.
    ///
    /// [`Self::JanitorAlone`]: whatever a sender leaves open the janitor asks for again, only later. [`Self::NoFirstInterval`]: what a
    /// sender reads before its first call takes longer than the interval; the rule costs nothing, and holds if that gets faster.
    #[must_use]
    pub fn is_harmless(self) -> bool {
        matches!(self, Self::JanitorAlone | Self::NoFirstInterval)
    }

    /// Faults that bring it out soon; `None` where random mixes do.
    #[must_use]
    pub fn brought_out_by(self) -> Option<&'static [Fault]> {
        match self {
            Self::NoFence => Some(&[
                Fault::Frozen,
                Fault::Skew,
                Fault::BadIdsFlap,
                Fault::CrashAfterAnswer,
                Fault::LostAfter,
                Fault::Slow,
            ]),
            Self::NoSettling | Self::DroppedWhileUnclear | Self::NoLattice => {
                Some(&[Fault::Frozen, Fault::LostAfter, Fault::BadIdsFlap, Fault::Slow, Fault::DuplicateNow])
            }
            Self::UsedBeforeWritten => Some(&[Fault::BadIdsFlap, Fault::CrashAfterSend, Fault::CrashAfterAnswer]),
            Self::FirstWordCounts | Self::ClosedUnsettled => {
                Some(&[Fault::Frozen, Fault::Stop, Fault::StopInFreezing, Fault::Slow, Fault::Skew])
            }
            Self::NoLastCall => {
                Some(&[Fault::Outage, Fault::LostBefore, Fault::DuplicateNow, Fault::Delayed, Fault::StaleQueue])
            }
            Self::NotSentThoughTried => {
                Some(&[Fault::LateStaff, Fault::Revoked, Fault::QuotaMidway, Fault::LostAfter, Fault::FailsAfter])
            }
            Self::RefusedThoughTried => Some(&[Fault::Gateway, Fault::LostAfter, Fault::FailsAfter]),
            Self::EnqueuedBeforeNoted | Self::ClosedInFreezing => {
                Some(&[Fault::StopInFreezing, Fault::Frozen, Fault::TimeOut, Fault::Skew])
            }
            _ => None,
        }
    }

    /// The mutant of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|mutant| format!("{mutant:?}") == name)
    }
}
