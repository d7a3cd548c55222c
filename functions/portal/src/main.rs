//! `portal`: the residents' web pages.

use aws::environment::PortalEnvironment;
use aws::lambda::{Fatal, log, serve_http};
use portal::wiring::portal;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fatal> {
    log();
    let portal = portal(&PortalEnvironment::load()?).await?;
    serve_http(|request| portal.answer(request)).await
}
