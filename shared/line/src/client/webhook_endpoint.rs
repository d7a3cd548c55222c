//! Where LINE delivers what residents do: which address is set, another one, and LINE's own test of one.

use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};

use super::LineClient;
use super::error::LineError;
use super::http::Call;
use crate::config::Host;

const PATH: [&str; 5] = ["v2", "bot", "channel", "webhook", "endpoint"];

/// Where LINE delivers. Whether it delivers again what was not taken, no call tells
/// (<https://developers.line.biz/en/reference/messaging-api/#get-webhook-endpoint-information> has these two fields).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct WebhookEndpoint {
    /// The address.
    pub endpoint: String,
    /// Whether LINE delivers at all (*Use webhook* in the LINE Developers console).
    pub active: bool,
}

/// How LINE's own test of an address went
/// (<https://developers.line.biz/en/reference/messaging-api/#test-webhook-endpoint>).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookTest {
    /// Whether the address took what LINE sent.
    #[serde(default)]
    pub success: bool,
    /// The HTTP status of its answer; zero or less if there was none.
    pub status_code: i32,
    /// In a word of LINE's, such as `OK`, `COULD_NOT_CONNECT`, `REQUEST_TIMEOUT`, `ERROR_STATUS_CODE`.
    pub reason: String,
    /// In LINE's words.
    pub detail: String,
}

#[derive(Serialize)]
struct EndpointBody<'a> {
    endpoint: &'a str,
}

impl LineClient {
    /// Where LINE delivers; `None` if nothing is set.
    pub async fn webhook_endpoint(&self) -> Result<Option<WebhookEndpoint>, LineError> {
        let answer = self.call(&Call::get("read the webhook endpoint", &PATH)).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        answer.json().await.map(Some)
    }

    /// Lets LINE deliver to another address, an HTTPS URL of at most 500 characters. LINE may take a minute to do so.
    pub async fn set_webhook_endpoint(&self, endpoint: &str) -> Result<(), LineError> {
        let call = Call::new("set the webhook endpoint", Method::PUT, Host::Api, &PATH);
        self.call(&call.json(&EndpointBody { endpoint })?).await?.done().await
    }

    /// Lets LINE call an address with an empty webhook. It waits for the answer: give the call more time than a webhook has.
    /// LINE allows 60 an hour.
    pub async fn test_webhook_endpoint(&self, endpoint: &str) -> Result<WebhookTest, LineError> {
        let path = ["v2", "bot", "channel", "webhook", "test"];
        let call = Call::post("test the webhook endpoint", &path).json(&EndpointBody { endpoint })?;
        self.call(&call).await?.json().await
    }
}
