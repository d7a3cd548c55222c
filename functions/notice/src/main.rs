//! `notice`: tells residents what became of their damage reports.

use aws::clients::Clients;
use aws::dead_letters::SqsDeadLetters;
use aws::environment::NoticeEnvironment;
use aws::lambda::{Fatal, log, serve_queue};
use notice::handle;
use notice::wiring::notices;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fatal> {
    log();
    let environment = NoticeEnvironment::load()?;
    let clients = Clients::load().await;
    let dead_letters = SqsDeadLetters::new(&clients, environment.notice_dead_letters_url.clone());
    let notices = notices(environment, &clients)?;
    serve_queue(&dead_letters, |arrival| handle(&notices, arrival)).await
}
