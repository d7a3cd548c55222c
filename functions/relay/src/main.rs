//! `relay`: tells other systems what changed of damage reports.

use aws::clients::Clients;
use aws::dead_letters::SqsDeadLetters;
use aws::environment::RelayEnvironment;
use aws::lambda::{Fatal, log, serve_queue};
use relay::handle;
use relay::wiring::relay;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fatal> {
    log();
    let environment = RelayEnvironment::load()?;
    let clients = Clients::load().await;
    let dead_letters = SqsDeadLetters::new(&clients, environment.relay_dead_letters_url.clone());
    let relay = relay(environment, &clients)?;
    serve_queue(&dead_letters, |arrival| handle(&relay, arrival)).await
}
