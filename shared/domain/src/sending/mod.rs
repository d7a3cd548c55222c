//! Sending: how a broadcast reaches each resident of its audience exactly once. Decisions only: state and event in, commands out.
//!
//! The same decisions run in the functions and in the simulation of `tests`. In short: the ids are [frozen](frozen) before
//! anything is queued; the same ids and words always meet the same [key]; what LINE answered goes into a [ledger] in which
//! "accepted" beats every other word; no key is used 23 hours after its part was frozen; [`delivery`] is one sender's work on one
//! run of pages, [`pace`] its speed, [`janitor`] what looks after stopped work, [`account`] what became of everybody.

pub mod account;
pub mod delivery;
pub mod freeze;
pub mod frozen;
pub mod janitor;
pub mod key;
pub mod ledger;
pub mod pace;
pub mod plan;

use jiff::SignedDuration;

/// A page (配信単位) has at most this many ids: one multicast call.
pub const PAGE_IDS: usize = 500;
/// A run has at most this many pages: one message of the queue.
pub const RUN_PAGES: usize = 10;
/// The table keeps residents in this many partitions.
pub const PARTITIONS: u16 = 256;
/// No key is used longer than this after its part was frozen: LINE forgets keys after 24 hours.
pub const KEY_LIFE: SignedDuration = SignedDuration::from_hours(23);
/// A sender that was woken takes runs for so long, then no more.
pub const TAKES_RUNS_FOR: SignedDuration = SignedDuration::from_secs(15);
/// It has a run for itself for so long.
pub const LEASE: SignedDuration = SignedDuration::from_secs(30);
/// And after both its function is ended: the time-out in `template.yaml`.
pub const SENDER_LIFE: SignedDuration = SignedDuration::from_secs(45);
/// A call ends after this at the latest, answered or not.
pub const CALL_LIFE: SignedDuration = SignedDuration::from_secs(10);
/// Whatever was begun is over at LINE this long after the lease under which it was begun: two clocks may be five minutes off, each
/// its own way, and a function may stand still for nine minutes between deciding and calling.
pub const SETTLE: SignedDuration = SignedDuration::from_mins(20);
/// What a sender knows of stops and lanes is at most this old when a page begins.
pub const GATE_AGE: SignedDuration = SignedDuration::from_millis(500);
