//! `sender`: sends the pages of broadcasts, at its share of its lane's speed.

use aws::clients::Clients;
use aws::dead_letters::SqsDeadLetters;
use aws::environment::SenderEnvironment;
use aws::lambda::{Fatal, log, serve_queue};
use sender::handle;
use sender::wiring::sender;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fatal> {
    log();
    let environment = SenderEnvironment::load()?;
    let clients = Clients::load().await;
    let dead_letters = SqsDeadLetters::new(&clients, environment.sending_dead_letters_url.clone());
    let sender = sender(environment, &clients)?;
    serve_queue(&dead_letters, |arrival| handle(&sender, arrival.body)).await
}
