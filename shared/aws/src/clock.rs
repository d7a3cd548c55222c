//! The clock of the machine.

use std::time::Duration;

use app::ports::Clock;
use app::ports::broadcasts::Timer;
use async_trait::async_trait;
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

#[async_trait]
impl Timer for SystemClock {
    async fn until(&self, at: Timestamp) {
        // What is past has a negative duration, which no `Duration` is.
        if let Ok(left) = Duration::try_from(at.duration_since(self.now())) {
            tokio::time::sleep(left).await;
        }
    }
}
