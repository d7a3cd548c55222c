//! The simulator's own time, which tests may move: LINE's minutes and days pass by this clock.

use std::time::{SystemTime, UNIX_EPOCH};

/// Real time plus an offset, or a moment that stands still.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset_ms: i64,
    frozen_at_ms: Option<i64>,
}

impl Clock {
    /// Milliseconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        self.frozen_at_ms.unwrap_or_else(|| real_now_ms().saturating_add(self.offset_ms))
    }

    /// From now on it is `now_ms`, and time goes on from there.
    pub(crate) fn set(&mut self, now_ms: i64) {
        *self = Self { offset_ms: now_ms.saturating_sub(real_now_ms()), frozen_at_ms: None };
    }

    /// It is `now_ms` until the clock is set again.
    pub(crate) fn freeze(&mut self, now_ms: i64) {
        self.frozen_at_ms = Some(now_ms);
    }

    pub(crate) fn advance(&mut self, by_ms: i64) {
        match &mut self.frozen_at_ms {
            Some(now_ms) => *now_ms = now_ms.saturating_add(by_ms),
            None => self.offset_ms = self.offset_ms.saturating_add(by_ms),
        }
    }

    pub(crate) fn is_frozen(&self) -> bool {
        self.frozen_at_ms.is_some()
    }
}

/// The machine's clock, in milliseconds since 1970.
pub(crate) fn real_now_ms() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "the one place where the simulator reads the machine's clock")]
    let now = SystemTime::now();
    now.duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// The moment as LINE writes it in answers, such as `2026-11-21T05:38:20.031Z`.
pub(crate) fn rfc3339(at_ms: i64) -> String {
    jiff::Timestamp::from_millisecond(at_ms).map(|at| format!("{at:.3}")).unwrap_or_default()
}

/// The day in Japan, `yyyyMMdd`: LINE counts deliveries by it, and months of the quota by its first six digits.
pub(crate) fn day_in_japan(at_ms: i64) -> String {
    jiff::Timestamp::from_millisecond(at_ms)
        .map(|at| at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(9))).strftime("%Y%m%d").to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_at_midnight_in_japan() {
        // 2026-10-31T14:59:59.999Z is one millisecond before November in Japan.
        assert_eq!(day_in_japan(1_793_458_799_999), "20261031");
        assert_eq!(day_in_japan(1_793_458_800_000), "20261101");
        assert_eq!(rfc3339(1_793_458_799_999), "2026-10-31T14:59:59.999Z");
    }

    #[test]
    fn a_frozen_clock_moves_only_when_told() {
        let mut clock = Clock::default();
        clock.freeze(1_000);
        clock.advance(500);
        assert_eq!(clock.now(), 1_500);
        clock.set(10_000);
        assert!((10_000..20_000).contains(&clock.now()));
    }
}
