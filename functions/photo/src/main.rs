//! `photo`: takes the photos that residents send or upload, keeps them clean, and erases those that are taken back.

use aws::clients::Clients;
use aws::dead_letters::SqsDeadLetters;
use aws::environment::PhotoEnvironment;
use aws::lambda::{Fatal, log, serve_queue};
use photo::handle;
use photo::wiring::photos;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fatal> {
    log();
    let environment = PhotoEnvironment::load()?;
    let clients = Clients::load().await;
    let dead_letters = SqsDeadLetters::new(&clients, environment.photo_dead_letters_url.clone());
    let photos = photos(environment, &clients)?;
    serve_queue(&dead_letters, |arrival| handle(&photos, arrival)).await
}
