//! `webhook`: LINE delivers events here; they go into the inbox queue, and LINE gets its answer.

use std::sync::Arc;

use aws::clients::Clients;
use aws::clock::SystemClock;
use aws::environment::WebhookEnvironment;
use aws::lambda::{Fatal, log, serve_http};
use aws::queue::SqsInboxQueue;
use aws::secrets::StoredChannelSecrets;
use webhook::Webhook;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fatal> {
    log();
    let environment = WebhookEnvironment::load()?;
    let clients = Clients::load().await;
    let clock = Arc::new(SystemClock);
    let webhook = Webhook {
        secrets: Arc::new(StoredChannelSecrets::new(&clients, environment.line_secret_id, clock.clone())),
        queue: Arc::new(SqsInboxQueue::new(&clients, environment.inbox_queue_url)),
        clock,
    };
    serve_http(|request| webhook.answer(request)).await
}
