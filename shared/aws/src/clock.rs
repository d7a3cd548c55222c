//! The clock of the machine.

use app::ports::Clock;
use jiff::Timestamp;

/// The clock of the machine: the only place that asks it.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "everybody else takes the time as a parameter or from this port")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}
