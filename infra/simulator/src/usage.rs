//! What was sent: per day and way for the delivery counts, per month for the quota, and what is reserved of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::day_in_japan;

/// A narrowcast holds the quota of its whole reach until it is done, and has used what it sent only then.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Reservation {
    ends_ms: i64,
    held: u64,
    used: u64,
}

/// The counts; they outlive a restart.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Usage {
    /// By day, then by way.
    days: BTreeMap<String, BTreeMap<String, u64>>,
    months: BTreeMap<String, u64>,
    reservations: Vec<Reservation>,
}

impl Usage {
    /// Counts messages of a way; replies are free.
    pub(crate) fn count(&mut self, way: &str, messages: u64, now_ms: i64) {
        let day = day_in_japan(now_ms);
        if way != "reply" {
            self.use_up(messages, now_ms);
        }
        *self.days.entry(day).or_default().entry(way.to_owned()).or_default() += messages;
    }

    /// Holds quota until that moment, when `used` of it turns out to be spent, and the rest is free again.
    pub(crate) fn reserve(&mut self, held: u64, used: u64, now_ms: i64, ends_ms: i64) {
        let over = |reservation: &Reservation| reservation.ends_ms <= now_ms;
        let settled: Vec<Reservation> = self.reservations.iter().copied().filter(over).collect();
        self.reservations.retain(|reservation| !over(reservation));
        for reservation in settled {
            self.use_up(reservation.used, reservation.ends_ms);
        }
        self.reservations.push(Reservation { ends_ms, held, used });
    }

    fn use_up(&mut self, messages: u64, at_ms: i64) {
        *self.months.entry(month(at_ms)).or_default() += messages;
    }

    /// Messages of this month that were sent and count against the quota.
    pub(crate) fn this_month(&self, now_ms: i64) -> u64 {
        let this = month(now_ms);
        let over = |reservation: &&Reservation| reservation.ends_ms <= now_ms && month(reservation.ends_ms) == this;
        let settled: u64 = self.reservations.iter().filter(over).map(|reservation| reservation.used).sum();
        self.months.get(&this).copied().unwrap_or(0) + settled
    }

    /// What may still be sent this month: neither sent nor held by a narrowcast.
    pub(crate) fn left(&self, quota: u64, now_ms: i64) -> u64 {
        let running = self.reservations.iter().filter(|reservation| reservation.ends_ms > now_ms);
        let held: u64 = running.map(|reservation| reservation.held).sum();
        quota.saturating_sub(self.this_month(now_ms)).saturating_sub(held)
    }

    pub(crate) fn on_day(&self, day: &str, way: &str) -> u64 {
        self.days.get(day).and_then(|ways| ways.get(way)).copied().unwrap_or(0)
    }
}

fn month(at_ms: i64) -> String {
    let mut day = day_in_japan(at_ms);
    day.truncate(6);
    day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_are_free_of_quota() {
        let mut usage = Usage::default();
        usage.count("reply", 5, 0);
        usage.count("push", 2, 0);
        assert_eq!(usage.this_month(0), 2);
        assert_eq!(usage.on_day("19700101", "reply"), 5);
        assert_eq!(usage.this_month(40 * 24 * 3_600_000), 0);
    }

    #[test]
    fn a_reservation_holds_all_until_its_end_and_then_counts_what_was_sent() {
        let mut usage = Usage::default();
        usage.reserve(70, 10, 0, 1_000);
        assert_eq!((usage.this_month(999), usage.left(100, 999)), (0, 30));
        assert_eq!((usage.this_month(1_000), usage.left(100, 1_000)), (10, 90));
        usage.reserve(5, 5, 2_000, 3_000);
        assert_eq!((usage.this_month(2_000), usage.left(100, 2_000)), (10, 85), "settled once, not twice");
        assert_eq!(usage.left(100, 3_000), 85);
        assert_eq!(usage.left(3, 3_000), 0);
    }
}
