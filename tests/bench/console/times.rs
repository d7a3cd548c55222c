//! Times of many rounds, and what is said of them.

use std::time::Duration;

/// The time, in milliseconds, that this share (in percent) of the rounds did not exceed.
pub(crate) fn percentile(times: &mut [Duration], percent: usize) -> f64 {
    times.sort_unstable();
    let place = (times.len() * percent).div_ceil(100).clamp(1, times.len());
    times[place - 1].as_secs_f64() * 1_000.0
}
