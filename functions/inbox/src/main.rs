//! `inbox`: one resident's events, in order, out of the inbox queue; each is answered, or set aside.

use aws::clients::Clients;
use aws::dead_letters::SqsDeadLetters;
use aws::environment::InboxEnvironment;
use aws::lambda::{Fatal, log, serve_queue};
use inbox::handle;
use inbox::wiring::wired;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fatal> {
    log();
    let environment = InboxEnvironment::load()?;
    let clients = Clients::load().await;
    let dead_letters = SqsDeadLetters::new(&clients, environment.inbox_dead_letters_url.clone());
    let inbox = wired(environment, &clients)?;
    serve_queue(&dead_letters, |arrival| handle(&inbox, arrival.body)).await
}
