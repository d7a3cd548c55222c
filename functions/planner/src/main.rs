//! `planner`: freezes the parts of a broadcast's audience, and asks for their runs to be sent.

use aws::clients::Clients;
use aws::dead_letters::SqsDeadLetters;
use aws::environment::PlannerEnvironment;
use aws::lambda::{Fatal, log, serve_queue};
use planner::handle;
use planner::wiring::planner;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fatal> {
    log();
    let environment = PlannerEnvironment::load()?;
    let clients = Clients::load().await;
    let dead_letters = SqsDeadLetters::new(&clients, environment.sending_dead_letters_url.clone());
    let planner = planner(environment, &clients);
    serve_queue(&dead_letters, |arrival| handle(&planner, arrival.body)).await
}
