//! The running local city: its addresses, its table, its simulator.

use std::path::Path;
use std::time::Duration;

use aws::Table;
use aws::clients::Clients;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// How long something that the city does by itself may take before a test gives up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The addresses in `target/city.json`, or in the file of the city that `KAIRAN_CITY` names.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Place {
    pub(crate) webhook: String,
    pub(crate) simulator: String,
    pub(crate) console: String,
    pub(crate) aws: String,
    pub(crate) region: String,
    pub(crate) queue: String,
    pub(crate) dead_letter_queue: String,
    pub(crate) table: String,
    pub(crate) bucket: String,
    pub(crate) photo_queue: String,
    pub(crate) photo_dead_letter_queue: String,
    /// The name of `photo`.
    pub(crate) photo_function: String,
    /// The process of the city.
    pub(crate) pid: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Keys {
    access_key_id: String,
    secret_access_key: String,
    channel_secret: String,
}

impl Keys {
    fn of_the_city() -> Self {
        read(&format!("{}/keys.json", name()))
    }
}

/// The city's name, as `infra/local` understands it.
#[expect(clippy::disallowed_methods, reason = "which city is tested is the caller's choice")]
fn name() -> String {
    std::env::var("KAIRAN_CITY").ok().filter(|name| !name.is_empty()).unwrap_or_else(|| "city".to_owned())
}

fn read<T: serde::de::DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("no city runs here ({}: {error}); start it: infra/local/city start", path.display())
    });
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

impl Place {
    /// The city that runs on this machine.
    pub(crate) fn running() -> Self {
        read(&format!("{}.json", name()))
    }

    /// The secret that the simulator signs with.
    pub(crate) fn channel_secret() -> String {
        Keys::of_the_city().channel_secret
    }

    pub(crate) async fn config(&self) -> aws_config::SdkConfig {
        let keys = Keys::of_the_city();
        aws_config::defaults(BehaviorVersion::v2026_01_12())
            .region(Region::new(self.region.clone()))
            .endpoint_url(&self.aws)
            .credentials_provider(Credentials::from_keys(keys.access_key_id, keys.secret_access_key, None))
            .load()
            .await
    }

    /// A table of the template's shape that no other test uses.
    pub(crate) async fn scratch_table(&self, name: &str) -> Table {
        let config = self.config().await;
        let client = aws_sdk_dynamodb::Client::new(&config);
        let name = format!("scratch-{name}-{}", std::process::id());
        let attribute = |name: &str| {
            AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build().unwrap()
        };
        let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap();
        let all = Projection::builder().projection_type(ProjectionType::All).build();
        let index = GlobalSecondaryIndex::builder().index_name("GSI1").projection(all);
        let index = index.key_schema(key("GSI1PK", KeyType::Hash)).key_schema(key("GSI1SK", KeyType::Range));
        client
            .create_table()
            .table_name(&name)
            .attribute_definitions(attribute("PK"))
            .attribute_definitions(attribute("SK"))
            .attribute_definitions(attribute("GSI1PK"))
            .attribute_definitions(attribute("GSI1SK"))
            .global_secondary_indexes(index.build().unwrap())
            .key_schema(key("PK", KeyType::Hash))
            .key_schema(key("SK", KeyType::Range))
            .billing_mode(BillingMode::PayPerRequest)
            .send()
            .await
            .unwrap();
        Table::new(&Clients::new(config), name)
    }
}

/// A resident of this test and this run, who does not follow yet.
pub(crate) fn somebody(test: &str) -> String {
    let id = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, format!("{test}{}", std::process::id()).as_bytes());
    format!("U{}", id.simple())
}

/// The simulator's own API.
pub(crate) struct Simulator {
    base: String,
    http: reqwest::Client,
}

impl Simulator {
    pub(crate) fn of(place: &Place) -> Self {
        let http = reqwest::Client::builder().timeout(Duration::from_mins(1)).build().unwrap();
        Self { base: place.simulator.trim_end_matches('/').to_owned(), http }
    }

    pub(crate) async fn play(&self, resident: &str, event: Value) -> Value {
        let url = format!("{}/simulator/residents/{resident}/events", self.base);
        let answer = self.http.post(url).json(&event).send().await.unwrap();
        assert!(answer.status().is_success(), "{event}: {}", answer.text().await.unwrap());
        answer.json().await.unwrap()
    }

    /// Everything in a resident's chat.
    pub(crate) async fn chat(&self, resident: &str) -> Vec<Value> {
        let url = format!("{}/simulator/residents/{resident}/chat", self.base);
        let mut answer: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        match answer["messages"].take() {
            Value::Array(messages) => messages,
            other => panic!("not a chat: {other}"),
        }
    }

    /// What the account said to a resident, as JSON texts.
    pub(crate) async fn heard(&self, resident: &str) -> Vec<String> {
        let chat = self.chat(resident).await;
        chat.iter().filter(|entry| entry["from"] == "account").map(|entry| entry["message"].to_string()).collect()
    }

    /// Waits until the account has said something with all of these words in one message, and returns it.
    pub(crate) async fn hears(&self, resident: &str, words: &[&str]) -> String {
        self.hears_within(PATIENCE, resident, words).await
    }

    /// As `hears`, with another patience.
    pub(crate) async fn hears_within(&self, patience: Duration, resident: &str, words: &[&str]) -> String {
        let deadline = tokio::time::Instant::now() + patience;
        loop {
            let heard = self.heard(resident).await;
            if let Some(found) = heard.iter().find(|message| words.iter().all(|word| message.contains(word))) {
                return found.clone();
            }
            assert!(tokio::time::Instant::now() < deadline, "never heard {words:?}, only {heard:#?}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Waits until the webhook has taken an event of a resident's that holds this text.
    pub(crate) async fn delivered(&self, resident: &str, text: &str) {
        let url = format!("{}/simulator/webhooks?limit=1000", self.base);
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let sent: Value = self.http.get(&url).send().await.unwrap().json().await.unwrap();
            let found = sent["webhooks"].as_array().unwrap().iter().any(|webhook| {
                let body = webhook["body"].to_string();
                webhook["status"] == 200 && body.contains(resident) && body.contains(text)
            });
            if found {
                return;
            }
            assert!(tokio::time::Instant::now() < deadline, "{text} was never delivered");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    async fn put(&self, what: &str, body: Value) {
        let answer = self.http.put(format!("{}/simulator/{what}", self.base)).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{what}: {}", answer.text().await.unwrap());
    }

    /// From now on this goes wrong, and nothing else.
    pub(crate) async fn suffer(&self, fault: &Value) {
        self.put("faults", json!({ "rules": [fault] })).await;
    }

    /// Ends all faults; says how often they have struck.
    pub(crate) async fn heal(&self) -> u64 {
        let struck = self.struck().await;
        self.put("faults", json!({ "rules": [] })).await;
        struck
    }

    /// How often the faults have struck so far.
    pub(crate) async fn struck(&self) -> u64 {
        let url = format!("{}/simulator/faults", self.base);
        let faults: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        faults["done"].as_array().unwrap().iter().filter_map(Value::as_u64).sum()
    }
}
