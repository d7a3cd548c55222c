//! What `janitor` does each minute: looks after all broadcasts once, and says what it mended.

use app::broadcast::janitor::{Janitor, Tidied};
use app::error::Error;

/// Looks once; an error means that something could not be looked after, and the next minute tries again.
pub async fn handle(janitor: &Janitor) -> Result<(), Error> {
    let tidied = janitor.tick().await?;
    if tidied != Tidied::default() {
        let Tidied { released, parts, runs, closed, failed } = tidied;
        tracing::info!(released, parts, runs, closed, failed, "broadcasts looked after");
    }
    Ok(())
}
