//! How many messages the account may send in a month, and how many it has sent.

use serde::Deserialize;

use super::LineClient;
use super::error::LineError;
use super::http::Call;

/// How many messages the account may send in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quota {
    /// As many as it likes.
    Unlimited,
    /// At most this many.
    Limited(u64),
}

#[derive(Deserialize)]
struct QuotaAnswer {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    value: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConsumptionAnswer {
    total_usage: u64,
}

impl LineClient {
    /// How many messages the account may send this month.
    pub async fn quota(&self) -> Result<Quota, LineError> {
        const DOING: &str = "read the quota";
        let answer: QuotaAnswer =
            self.call(&Call::get(DOING, &["v2", "bot", "message", "quota"])).await?.json().await?;
        match (answer.kind.as_str(), answer.value) {
            ("none", _) => Ok(Quota::Unlimited),
            (_, Some(value)) => Ok(Quota::Limited(value)),
            (_, None) => Err(LineError::Unreadable { doing: DOING, why: "it names no limit" }),
        }
    }

    /// How many messages the account has sent this month, about and with a delay: LINE calls it approximate. Those sent by hand in
    /// LINE's own manager count too.
    pub async fn quota_consumption(&self) -> Result<u64, LineError> {
        let path = ["v2", "bot", "message", "quota", "consumption"];
        let answer: ConsumptionAnswer = self.call(&Call::get("read the quota's use", &path)).await?.json().await?;
        Ok(answer.total_usage)
    }
}
