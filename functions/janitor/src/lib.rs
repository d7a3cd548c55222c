//! What `janitor` does each minute: looks after all broadcasts once, and says what it mended; withdraws photos of reports that nobody
//! filed; erases what is personal in reports whose time is over; looks once an hour whether all is well; then it brings in friends from
//! before, if somebody asked for that.

pub mod wiring;

use app::broadcast::janitor::{Janitor, Tidied};
use app::checkup::{Checker, Pulse};
use app::error::{Chain, Error};
use app::followers::{Importer, STEP};
use app::report::erase::Eraser;
use app::report::withdraw::Forgetter;
use jiff::Timestamp;

/// All that is done each minute.
pub struct Chores {
    /// Looks after broadcasts.
    pub janitor: Janitor,
    /// Forgets photos of drafts.
    pub forgetter: Forgetter,
    /// Erases reports whose time is over.
    pub eraser: Eraser,
    /// Looks whether all is well.
    pub checker: Checker,
    /// Brings in friends from before.
    pub importer: Importer,
    /// Says that all this was done.
    pub pulse: Pulse,
}

/// Looks once; an error means that something could not be looked after, and the next minute tries again.
pub async fn handle(chores: &Chores) -> Result<(), Error> {
    let Chores { janitor, forgetter, eraser, checker, importer, pulse } = chores;
    let until = importer.clock.now() + STEP;
    let tidied = janitor.tick().await;
    // Before the import, which takes what is left of the minute.
    let forgotten = forget(forgetter).await;
    let erased = erase(eraser).await;
    let checked = check(checker).await;
    import(importer, until).await;
    let tidied = tidied?;
    if tidied != Tidied::default() {
        let Tidied { due, parts, runs, closed, counted, failed } = tidied;
        tracing::info!(due, parts, runs, closed, counted, failed, "broadcasts looked after");
    }
    forgotten.and(erased).and(checked)?;
    pulse.beat().await;
    Ok(())
}

/// That photos are erased was promised to those who sent them: trouble with it is an error.
async fn forget(forgetter: &Forgetter) -> Result<(), Error> {
    let photos = forgetter.tick().await?;
    if photos > 0 {
        tracing::info!(photos, "photos of drafts forgotten");
    }
    Ok(())
}

/// So was this.
async fn erase(eraser: &Eraser) -> Result<(), Error> {
    let reports = eraser.tick().await?;
    if reports > 0 {
        tracing::info!(reports, "reports erased whose time was over");
    }
    Ok(())
}

/// Whether all is well nobody else looks.
async fn check(checker: &Checker) -> Result<(), Error> {
    if let Some(checkup) = checker.tick().await? {
        tracing::info!(findings = checkup.findings.len(), "looked whether all is well");
    }
    Ok(())
}

/// Nothing waits for the import, so its trouble is no alarm: the next minute tries again, and staff see where it stands.
async fn import(importer: &Importer, until: Timestamp) {
    match importer.step(until).await {
        Ok(0) => {}
        Ok(pages) => tracing::info!(pages, "followers imported"),
        Err(error) => tracing::warn!(error = %Chain(&error), "the import of followers stumbled"),
    }
}
