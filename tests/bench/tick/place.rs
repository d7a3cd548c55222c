//! The running local city: its addresses, its table, and by what way its functions reach its AWS.

use std::fs;
use std::path::Path;
use std::time::Duration;

use aws::Table;
use aws::clients::{Clients, SdkConfig};
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Failure;

/// The services whose calls can be led elsewhere, as the SDK names them.
const SERVICES: [&str; 3] = ["DYNAMODB", "S3", "SQS"];
/// MiniStack needs a moment for a new configuration.
const SETTLES: Duration = Duration::from_secs(2);

/// What `target/city.json` says of it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Place {
    pub(crate) aws: String,
    pub(crate) simulator: String,
    /// The process that has started all others.
    pub(crate) pid: u32,
    pub(crate) planner_function: String,
    pub(crate) reminder_function: String,
    pub(crate) routine_runs: String,
    pub(crate) table: String,
    region: String,
    access_key_id: String,
    secret_access_key: String,
}

impl Place {
    /// As the file says.
    pub(crate) fn read(file: &Path) -> Result<Self, Failure> {
        Ok(serde_json::from_slice(&fs::read(file)?)?)
    }

    /// Its table, with the owner's rights.
    pub(crate) fn table(&self) -> Table {
        let credentials = Credentials::new(&self.access_key_id, &self.secret_access_key, None, None, "benchmark");
        let config = SdkConfig::builder().behavior_version(BehaviorVersion::v2026_01_12());
        let config = config.region(Region::new(self.region.clone()));
        let config = config.credentials_provider(SharedCredentialsProvider::new(credentials));
        Table::new(&Clients::new(config.endpoint_url(&self.aws).build()), self.table.clone())
    }

    /// The header that says that the owner asks. MiniStack looks at the key, and not at the signature.
    pub(crate) fn owner(&self, service: &str) -> (&'static str, String) {
        let scope = format!("{}/20000101/{}/{service}/aws4_request", self.access_key_id, self.region);
        ("authorization", format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=none"))
    }

    /// Lets a function's calls of table, bucket and queues go to this address; `None`: where they went before.
    pub(crate) async fn lead(
        &self,
        client: &reqwest::Client,
        function: &str,
        through: Option<&str>,
    ) -> Result<(), Failure> {
        let url = format!("{}/2015-03-31/functions/{function}/configuration", self.aws);
        let (name, value) = self.owner("lambda");
        let found: Value = client.get(&url).header(name, &value).send().await?.error_for_status()?.json().await?;
        let mut variables = found["Environment"]["Variables"].as_object().cloned().ok_or("a function knows nothing")?;
        for service in SERVICES {
            let name = format!("AWS_ENDPOINT_URL_{service}");
            match through {
                Some(address) => variables.insert(name, json!(format!("http://{address}"))),
                None => variables.remove(&name),
            };
        }
        let body = json!({ "Environment": { "Variables": variables } });
        client.put(&url).header(name, &value).json(&body).send().await?.error_for_status()?;
        tokio::time::sleep(SETTLES).await;
        Ok(())
    }
}
