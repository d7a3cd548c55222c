//! What `reminder` does each minute: lets the rules that are due write their broadcasts, and says what came of it, and that it ran.

pub mod wiring;

use app::checkup::Pulse;
use app::error::Error;
use app::reminder::tick::{Ticked, Ticker};
use jiff::Timestamp;

/// Works off what is due at a minute; an error means that something could not be looked after, and the next minute tries again.
pub async fn handle(ticker: &Ticker, pulse: &Pulse, minute: Timestamp) -> Result<(), Error> {
    let brought = ticker.tick(minute).await?;
    if brought != Ticked::default() {
        let Ticked { due, went, missed, stuck, left, failed } = brought;
        tracing::info!(minute = %minute, due, went, missed, stuck, left, failed, "rules worked off");
    }
    pulse.beat().await;
    Ok(())
}
