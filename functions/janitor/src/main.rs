//! `janitor`: every minute, lets go the broadcasts that are due, mends whatever stopped half-way, brings in friends from before,
//! forgets photos that belong to no report, erases what is personal in reports whose time is over, and looks once an hour whether all is well.

use aws::clients::Clients;
use aws::environment::JanitorEnvironment;
use aws::lambda::{Fatal, log, serve_schedule};
use janitor::handle;
use janitor::wiring::wired;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fatal> {
    log();
    let environment = JanitorEnvironment::load()?;
    let chores = wired(environment, &Clients::load().await)?;
    serve_schedule(|| handle(&chores)).await
}
