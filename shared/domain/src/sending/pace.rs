//! The speed of one sender: its share of its lane's share of LINE's 200 calls a second, kept by spacing calls evenly.
//!
//! So many senders as the queue wakes at most, each at its share: the sum never passes the lane's, whatever the queue does, and
//! nobody has to ask anybody. A new sender waits one interval before its first call, for the one before it in the
//! same slot may have called just now.

use jiff::{SignedDuration, Timestamp};

/// After LINE found the rate too high, a sender goes at half its speed for so long.
pub const SLOW_FOR: SignedDuration = SignedDuration::from_secs(5);

/// Gives each call of one sender its moment.
#[derive(Debug, Clone)]
pub struct Pacer {
    interval: SignedDuration,
    next: Timestamp,
    slow_until: Timestamp,
}

impl Pacer {
    /// A sender that begins now; `interval` is what lies between two of its calls at least.
    #[must_use]
    pub fn new(interval: SignedDuration, now: Timestamp) -> Self {
        Self { interval, next: now + interval, slow_until: Timestamp::UNIX_EPOCH }
    }

    /// The interval of one of `senders` that share `calls_per_second`.
    #[must_use]
    pub fn interval(calls_per_second: u32, senders: u32) -> SignedDuration {
        let micros = 1_000_000 * i64::from(senders.max(1)) / i64::from(calls_per_second.max(1));
        // Rounded up, so that the sum stays below.
        SignedDuration::from_micros(micros + 1)
    }

    /// When the next call may begin; not before this.
    #[must_use]
    pub fn next(&self) -> Timestamp {
        self.next
    }

    /// Takes a moment for a call: now if it has come, `Err` with the moment if not.
    pub fn take(&mut self, now: Timestamp) -> Result<(), Timestamp> {
        if now < self.next {
            return Err(self.next);
        }
        let step = if now < self.slow_until { self.interval * 2 } else { self.interval };
        // A timer that fires late does not slow the pace; but what is lost by more than half a step is not made up for.
        self.next = (self.next + step).max(now + step / 2);
        Ok(())
    }

    /// LINE found the rate too high.
    pub fn slow_down(&mut self, now: Timestamp) {
        self.slow_until = now + SLOW_FOR;
        self.next = self.next.max(now + self.interval * 2);
    }
}

#[cfg(test)]
mod tests;
