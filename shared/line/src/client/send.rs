//! Sending: reply, push, multicast, narrowcast, and the checks of messages before sending.

use app::ports::{Messages, ReplyToken};
use bytes::Bytes;
use domain::ids::ResidentId;
use domain::sending::frozen::PackedId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::LineClient;
use super::error::{LineError, RequestId};
use super::http::{Answer, Call};
use crate::limits::RECIPIENTS_MAX;
use crate::message::MessageArray;

/// Under this key LINE accepts a request once within 24 hours. Only the calls that take one have it as a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryKey(pub Uuid);

/// LINE has taken a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The id of this very request.
    pub request_id: Option<RequestId>,
    /// Whether this request was taken, or an earlier one with the same key.
    pub acceptance: Acceptance,
    /// The messages, for reply and push; empty where LINE does not say.
    pub sent: Vec<SentMessage>,
}

/// Which request was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acceptance {
    /// This one (200 or 202).
    Now,
    /// An earlier one with the same retry key (409): nothing was sent again.
    Before {
        /// The id of the earlier request.
        accepted_request_id: Option<RequestId>,
    },
}

impl Accepted {
    /// The id under which LINE knows the delivery: the one of the request that was taken.
    #[must_use]
    pub fn delivery_id(&self) -> Option<&RequestId> {
        match &self.acceptance {
            Acceptance::Now => self.request_id.as_ref(),
            Acceptance::Before { accepted_request_id } => accepted_request_id.as_ref(),
        }
    }
}

/// A message that LINE took.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SentMessage {
    /// Its id.
    pub id: String,
}

/// The body of a multicast: the ids written straight into it, and the messages as they are.
pub struct Multicast(Bytes);

/// Every byte in two hex digits.
const HEX: [[u8; 2]; 256] = {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut table = [[0; 2]; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = [DIGITS[byte >> 4], DIGITS[byte & 15]];
        byte += 1;
    }
    table
};

impl Multicast {
    /// To one to [`RECIPIENTS_MAX`] residents. `messages` is a JSON array, which is not read again: it was composed once, and
    /// goes out thousands of times.
    pub fn new(to: &[PackedId], messages: &Messages) -> Result<Self, LineError> {
        if !(1..=RECIPIENTS_MAX).contains(&to.len()) {
            return Err(LineError::Unfit("a multicast has 1 to 500 recipients"));
        }
        // "U", 32 digits, two quotes and a comma for each.
        let mut body = Vec::with_capacity(to.len() * 36 + messages.0.len() + 32);
        for (index, id) in to.iter().enumerate() {
            body.extend_from_slice(if index == 0 { br#"{"to":["U"# } else { br#"","U"# });
            body.extend(id.0.iter().flat_map(|byte| HEX[usize::from(*byte)]));
        }
        body.extend_from_slice(br#""],"messages":"#);
        body.extend_from_slice(messages.0.as_bytes());
        body.push(b'}');
        Ok(Self(body.into()))
    }

    /// The JSON.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// To whom a narrowcast goes, as raw JSON; all friends if nothing is said.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Narrowcast {
    /// A `Recipient` object: audiences.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<Box<RawValue>>,
    /// A `Filter` object: attributes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<Box<RawValue>>,
    /// A `Limit` object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<Box<RawValue>>,
}

/// How far a narrowcast is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NarrowcastProgress {
    /// The phase.
    pub phase: Phase,
    /// How many got it.
    #[serde(default)]
    pub success_count: Option<u64>,
    /// How many did not.
    #[serde(default)]
    pub failure_count: Option<u64>,
    /// How many were to get it.
    #[serde(default)]
    pub target_count: Option<u64>,
    /// Why it failed, in LINE's words.
    #[serde(default)]
    pub failed_description: Option<String>,
    /// Why it failed: 1 internal, 2 too few recipients, 3 conflict on retry, 4 audience too small, 5 partial delivery forbidden.
    #[serde(default)]
    pub error_code: Option<u64>,
    /// When LINE took it.
    #[serde(default)]
    pub accepted_time: Option<Timestamp>,
    /// When it ended.
    #[serde(default)]
    pub completed_time: Option<Timestamp>,
}

/// The phase of a narrowcast.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Phase {
    /// Recipients are being found.
    Waiting,
    /// Messages are going out.
    Sending,
    /// All went out.
    Succeeded,
    /// It failed.
    Failed,
    /// A phase newer than this code.
    #[serde(untagged)]
    Other(String),
}

/// For which call messages are to be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValidateFor {
    /// [`LineClient::reply`]
    Reply,
    /// [`LineClient::push`]
    Push,
    /// [`LineClient::multicast`]
    Multicast,
    /// [`LineClient::narrowcast`]
    Narrowcast,
    /// LINE's own broadcast to all friends, which we do not use.
    Broadcast,
}

impl ValidateFor {
    fn segment(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Push => "push",
            Self::Multicast => "multicast",
            Self::Narrowcast => "narrowcast",
            Self::Broadcast => "broadcast",
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReplyBody<'a> {
    reply_token: &'a str,
    messages: &'a MessageArray,
}

#[derive(Serialize)]
struct SendBody<'a, To> {
    to: To,
    messages: &'a MessageArray,
}

#[derive(Serialize)]
struct NarrowcastBody<'a> {
    messages: &'a MessageArray,
    #[serde(flatten)]
    narrowcast: &'a Narrowcast,
}

#[derive(Serialize)]
struct ValidateBody<'a> {
    messages: &'a MessageArray,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct SendAnswer {
    #[serde(default)]
    sent_messages: Vec<SentMessage>,
}

impl LineClient {
    /// Answers an event. LINE takes no retry key here; after [`LineError::Unclear`] the token tells whether it went out.
    pub async fn reply(&self, token: &ReplyToken, messages: &MessageArray) -> Result<Accepted, LineError> {
        let body = ReplyBody { reply_token: &token.0, messages };
        let call = Call::post("reply", &["v2", "bot", "message", "reply"]).json(&body)?;
        accepted(self.call(&call).await?).await
    }

    /// Sends to one resident.
    pub async fn push(&self, to: &ResidentId, messages: &MessageArray, key: RetryKey) -> Result<Accepted, LineError> {
        let body = SendBody { to: to.as_str(), messages };
        let call = Call::post("push", &["v2", "bot", "message", "push"]).json(&body)?.retry_key(key.0);
        accepted(self.call(&call).await?).await
    }

    /// Sends to up to 500 residents: to all of them, or to none. LINE skips those whom it cannot reach without a word.
    pub async fn multicast(&self, multicast: &Multicast, key: RetryKey) -> Result<Accepted, LineError> {
        let path = ["v2", "bot", "message", "multicast"];
        let call = Call::post("multicast", &path).bytes("application/json", multicast.0.clone()).retry_key(key.0);
        accepted(self.call(&call).await?).await
    }

    /// Lets LINE send to audiences, or to all friends. It only begins with the answer; see [`Self::narrowcast_progress`].
    pub async fn narrowcast(
        &self,
        to: &Narrowcast,
        messages: &MessageArray,
        key: RetryKey,
    ) -> Result<Accepted, LineError> {
        let body = NarrowcastBody { messages, narrowcast: to };
        let call = Call::post("narrowcast", &["v2", "bot", "message", "narrowcast"]).json(&body)?.retry_key(key.0);
        accepted(self.call(&call).await?).await
    }

    /// How far a narrowcast is; `id` is its [`Accepted::delivery_id`]. LINE remembers it for 14 days.
    pub async fn narrowcast_progress(&self, id: &RequestId) -> Result<NarrowcastProgress, LineError> {
        let path = ["v2", "bot", "message", "progress", "narrowcast"];
        let call = Call::get("look after a narrowcast", &path).query("requestId", &id.0);
        self.call(&call).await?.json().await
    }

    /// Lets LINE check messages without sending them; a refusal says what is wrong.
    pub async fn validate(&self, messages: &MessageArray, purpose: ValidateFor) -> Result<(), LineError> {
        let path = ["v2", "bot", "message", "validate", purpose.segment()];
        let call = Call::post("check messages", &path).json(&ValidateBody { messages })?;
        self.call(&call).await?.done().await
    }
}

/// 2xx and 409 both mean that LINE has taken the messages, whatever the body looks like.
async fn accepted(answer: Answer) -> Result<Accepted, LineError> {
    let acceptance = match answer.status.as_u16() {
        200..=299 => Acceptance::Now,
        409 => Acceptance::Before { accepted_request_id: answer.accepted_request_id.clone() },
        _ => return Err(answer.refusal().await),
    };
    let request_id = answer.request_id.clone();
    let sent = answer.lenient::<SendAnswer>().await.sent_messages;
    Ok(Accepted { request_id, acceptance, sent })
}
