//! What residents send as files, as a stream that never takes more than it was allowed to.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use reqwest::Response;

use super::LineClient;
use super::error::LineError;
use super::http::Call;
use super::id::MessageId;
use crate::config::Host;
use app::error::Kind;

const DOING: &str = "fetch a content";

/// What LINE has for a message's content.
#[derive(Debug)]
pub enum Content {
    /// Here it is.
    Ready(ContentStream),
    /// LINE still prepares it (202): ask again later.
    NotReady,
    /// LINE does not have it.
    Gone(Gone),
}

/// Why a content is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// The resident took the message back (410): whatever we keep of it is to be erased.
    Unsent,
    /// LINE deleted it, or never had it (404). In a disturbance of LINE's it may still come back.
    Missing,
}

/// A content on its way.
pub struct ContentStream {
    response: Response,
    max_bytes: u64,
    read_bytes: u64,
}

impl ContentStream {
    /// The type that LINE names. It is a claim: look at the bytes.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.response.headers().get(CONTENT_TYPE)?.to_str().ok()
    }

    /// The next bytes; `None` at the end. An error ends the stream; one is that there are more bytes than allowed.
    pub async fn next(&mut self) -> Result<Option<Bytes>, LineError> {
        let Some(chunk) = self.response.chunk().await? else { return Ok(None) };
        self.read_bytes += chunk.len() as u64;
        if self.read_bytes > self.max_bytes { Err(LineError::TooLarge(DOING)) } else { Ok(Some(chunk)) }
    }
}

impl std::fmt::Debug for ContentStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ContentStream").field("read_bytes", &self.read_bytes).finish_non_exhaustive()
    }
}

impl LineClient {
    /// Fetches a message's content, at most `max_bytes` of it. LINE deletes contents after some time: fetch at once.
    ///
    /// A 400 is worth another try for hours: on 2026-02-03 LINE answered so to good requests for 91 minutes.
    pub async fn content(&self, message: &MessageId, max_bytes: u64) -> Result<Content, LineError> {
        let path = ["v2", "bot", "message", message.as_str(), "content"];
        let call = Call::new(DOING, Method::GET, Host::Data, &path);
        let answer = self.call(&call).await?;
        match answer.status {
            StatusCode::ACCEPTED => Ok(Content::NotReady),
            StatusCode::GONE => Ok(Content::Gone(Gone::Unsent)),
            StatusCode::NOT_FOUND => Ok(Content::Gone(Gone::Missing)),
            StatusCode::BAD_REQUEST => Err(transient(answer.refusal().await)),
            _ => {
                let response = answer.success().await?.response;
                // Refused before the first byte where LINE names the length.
                if response.content_length().is_some_and(|length| length > max_bytes) {
                    return Err(LineError::TooLarge(DOING));
                }
                Ok(Content::Ready(ContentStream { response, max_bytes, read_bytes: 0 }))
            }
        }
    }
}

fn transient(mut error: LineError) -> LineError {
    if let LineError::Refused(refusal) = &mut error {
        refusal.kind = Kind::Transient;
    }
    error
}
