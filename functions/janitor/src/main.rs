//! `janitor`: every minute, lets go the broadcasts that are due, and mends whatever stopped half-way.

use std::sync::Arc;

use app::broadcast::janitor::Janitor;
use aws::Table;
use aws::broadcasts::TableBroadcasts;
use aws::clients::Clients;
use aws::clock::SystemClock;
use aws::environment::JanitorEnvironment;
use aws::lambda::{Fatal, log, serve_schedule};
use aws::ledgers::TableLedgers;
use aws::sending_queues::SqsSendingQueues;
use janitor::handle;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fatal> {
    log();
    let environment = JanitorEnvironment::load()?;
    let clients = Clients::load().await;
    let table = Table::new(&clients, environment.table_name);
    let janitor = Janitor {
        broadcasts: Arc::new(TableBroadcasts::new(table.clone())),
        ledgers: Arc::new(TableLedgers::new(table)),
        queues: Arc::new(SqsSendingQueues::new(&clients, Some(environment.parts), Some(environment.runs))),
        clock: Arc::new(SystemClock),
    };
    serve_schedule(|| handle(&janitor)).await
}
