//! Puts the sender together: the table, the bucket, the queues and LINE, as the environment says.

use std::sync::Arc;

use app::broadcast::sender::Sender;
use aws::Table;
use aws::broadcasts::TableBroadcasts;
use aws::clients::Clients;
use aws::clock::SystemClock;
use aws::environment::SenderEnvironment;
use aws::frozen::S3FrozenParts;
use aws::lambda::Fatal;
use aws::ledgers::TableLedgers;
use aws::secrets::StoredChannelSecrets;
use aws::sending_queues::SqsSendingQueues;
use line::client::LineClient;
use line::config::{Endpoints, Timeouts};
use line::multicaster::LineMulticaster;

/// The sender of this environment.
pub fn sender(environment: SenderEnvironment, clients: &Clients) -> Result<Sender, Fatal> {
    let clock = Arc::new(SystemClock);
    let table = Table::new(clients, environment.table_name);
    let secrets = Arc::new(StoredChannelSecrets::new(clients, environment.line_secret_id, clock.clone()));
    let endpoints = Endpoints::new(&environment.line_api_base, &environment.line_data_base)?;
    let line = LineClient::new(endpoints, Timeouts::patient(), secrets, clock.clone())?;
    Ok(Sender {
        broadcasts: Arc::new(TableBroadcasts::new(table.clone())),
        frozen: Arc::new(S3FrozenParts::new(clients, environment.media_bucket)),
        ledgers: Arc::new(TableLedgers::new(table)),
        queues: Arc::new(SqsSendingQueues::new(clients, None, Some(environment.runs))),
        multicast: Arc::new(LineMulticaster::new(line)),
        clock: clock.clone(),
        timer: clock,
        paces: environment.paces,
    })
}
