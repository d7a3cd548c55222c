//! `reminder`: every minute, lets the rules that are due write their broadcasts.

use aws::clients::Clients;
use aws::environment::ReminderEnvironment;
use aws::lambda::{Fatal, log, serve_ticks};
use reminder::handle;
use reminder::wiring::wired;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fatal> {
    log();
    let environment = ReminderEnvironment::load()?;
    let (ticker, pulse) = wired(environment, &Clients::load().await);
    serve_ticks(|minute| handle(&ticker, &pulse, minute)).await
}
