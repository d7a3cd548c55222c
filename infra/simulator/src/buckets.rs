//! The token buckets that keep the rates of LINE's endpoints.

use std::collections::HashMap;

use crate::{endpoints::Endpoint, limits::Limits};

/// A token bucket in whole numbers: a call costs `period` units, and every millisecond brings `calls` units.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    level: i64,
    at_ms: i64,
}

/// The buckets of all endpoints; all are full at first.
#[derive(Debug, Default)]
pub(crate) struct Buckets(HashMap<Endpoint, Bucket>);

impl Buckets {
    /// Takes one call out of the endpoint's bucket; false when it is empty.
    pub(crate) fn take(&mut self, endpoint: Endpoint, limits: &Limits, now_ms: i64) -> bool {
        let (calls, period_ms) = limits.rate(endpoint);
        let calls = i64::from(calls);
        // However small, a bucket holds one call.
        let full = (calls * period_ms * i64::from(limits.bucket_percent) / 100).max(period_ms);
        let bucket = self.0.entry(endpoint).or_insert(Bucket { level: full, at_ms: now_ms });
        let passed = now_ms.saturating_sub(bucket.at_ms).max(0);
        bucket.level = bucket.level.saturating_add(passed.saturating_mul(calls)).min(full);
        bucket.at_ms = now_ms;
        let taken = bucket.level >= period_ms;
        bucket.level -= if taken { period_ms } else { 0 };
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_holds_one_period_and_refills_evenly() {
        let limits = Limits { multicast_per_second: 200, ..Limits::default() };
        let mut buckets = Buckets::default();
        let mut taken = |now_ms: i64| (0..1_000).filter(|_| buckets.take(Endpoint::Multicast, &limits, now_ms)).count();
        assert_eq!(taken(0), 200);
        assert_eq!(taken(4), 0, "5 ms bring one call");
        assert_eq!(taken(5), 1);
        assert_eq!(taken(505), 100);
        assert_eq!(taken(100_000), 200);
        assert_eq!(taken(50_000), 0, "a clock set back brings nothing");
    }

    #[test]
    fn a_smaller_bucket_bursts_less_and_refills_as_fast() {
        for (bucket_percent, burst) in [(10, 20), (1, 2), (300, 600)] {
            let limits = Limits { bucket_percent, ..Limits::default() };
            let mut buckets = Buckets::default();
            let mut taken =
                |now_ms: i64| (0..1_000).filter(|_| buckets.take(Endpoint::Multicast, &limits, now_ms)).count();
            assert_eq!((taken(0), taken(5)), (burst, 1));
        }
    }
}
