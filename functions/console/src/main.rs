//! `console`: the staff's web pages.

use std::sync::Arc;

use aws::environment::ConsoleEnvironment;
use aws::lambda::{Fatal, log, serve_http};
use console::answer;
use console::wiring::console;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fatal> {
    log();
    let router = Arc::new(console(ConsoleEnvironment::load()?).await?).router();
    serve_http(|request| answer(&router, request)).await
}
