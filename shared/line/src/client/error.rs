//! What can go wrong with a call to LINE, and whether to try it again.

use std::fmt;
use std::sync::Arc;

use app::error::{Chain, Error, Kind};
use serde::Deserialize;

/// The id that LINE gave to a request: what its support asks for, and the name of a narrowcast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A call that brought nothing.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LineError {
    /// No connection came about: LINE got nothing.
    #[error("LINE cannot be reached")]
    Unreachable(#[source] Arc<reqwest::Error>),
    /// The connection broke, or no answer came in time: LINE may or may not have done it.
    #[error("LINE did not answer in time, or not to the end")]
    Unclear(#[source] Arc<reqwest::Error>),
    /// LINE answered that it did not do it.
    #[error(transparent)]
    Refused(Box<Refusal>),
    /// LINE did it, but the answer cannot be read.
    #[error("LINE's answer to {doing} cannot be read ({why})")]
    Unreadable {
        /// What was asked for.
        doing: &'static str,
        /// What is wrong with the answer.
        why: &'static str,
    },
    /// LINE did it, but the answer has more bytes than were asked for.
    #[error("LINE's answer to {0} is larger than allowed")]
    TooLarge(&'static str),
    /// The channel's credentials cannot be had.
    #[error("the channel's credentials cannot be had")]
    Credentials(#[source] Arc<Error>),
    /// No channel token can be had: the call itself was not made.
    #[error("no channel token can be had")]
    NoToken(#[source] Box<LineError>),
    /// We would not send that: it can only fail.
    #[error("{0}")]
    Unfit(&'static str),
}

/// LINE's answer that it did not do what was asked.
#[derive(Clone)]
pub struct Refusal {
    /// What was asked for.
    pub doing: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// Whether to try again.
    pub kind: Kind,
    /// LINE's own words, if its body was JSON. They may change without notice: a hint, not more.
    pub message: Option<String>,
    /// What LINE says of single properties.
    pub details: Vec<Detail>,
    /// The body where it was not LINE's JSON, at most [`crate::limits::ERROR_BYTES_MAX`] bytes.
    pub body: Option<String>,
    /// The id of the request.
    pub request_id: Option<RequestId>,
}

/// What LINE says of one property of the request.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Detail {
    /// What is wrong with it.
    #[serde(default)]
    pub message: String,
    /// Its path, such as `messages[0].text`.
    #[serde(default)]
    pub property: String,
}

/// What a 429 means. LINE tells it in words only, which may change: confirm [`Throttle::Quota`] with the quota calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Throttle {
    /// Too many calls a second, minute or hour.
    Rate,
    /// The month's messages are used up, or reserved by a delivery under way.
    Quota,
    /// Another operation on the same thing is still running.
    Concurrent,
    /// Too many messages to the same resident.
    SameUser,
    /// Something else.
    Unknown,
}

#[derive(Deserialize)]
struct ErrorBody {
    message: String,
    #[serde(default)]
    details: Vec<Detail>,
}

impl Refusal {
    pub(crate) fn new(doing: &'static str, status: u16, request_id: Option<RequestId>, body: &[u8]) -> Self {
        let kind = match status {
            429 => Kind::Throttled,
            408 | 500..=599 => Kind::Transient,
            _ => Kind::Permanent,
        };
        let (message, details, body) = match serde_json::from_slice::<ErrorBody>(body) {
            Ok(error) => (Some(error.message), error.details, None),
            Err(_) => (None, Vec::new(), Some(String::from_utf8_lossy(body).into_owned())),
        };
        Self { doing, status, kind, message, details, body, request_id }
    }

    /// What a 429 means; `None` for every other status.
    #[must_use]
    pub fn throttle(&self) -> Option<Throttle> {
        if self.status != 429 {
            return None;
        }
        let words = self.message.as_deref().unwrap_or_default().to_lowercase();
        let says = |hint: &str| words.contains(hint);
        Some(if says("monthly limit") {
            Throttle::Quota
        } else if says("same user") {
            Throttle::SameUser
        } else if says("concurrent") {
            Throttle::Concurrent
        } else if says("rate limit") {
            Throttle::Rate
        } else {
            Throttle::Unknown
        })
    }

    /// Which recipients of a multicast LINE does not take, as indices into `to`, ascending. Nobody got the message.
    #[must_use]
    pub fn bad_recipients(&self) -> Vec<usize> {
        let details = self.details.iter().flat_map(|detail| [detail.property.as_str(), detail.message.as_str()]);
        let mut indices: Vec<usize> =
            self.message.as_deref().into_iter().chain(details).flat_map(indices_of_to).collect();
        indices.sort_unstable();
        indices.dedup();
        indices
    }

    /// Whether LINE means that the reply token was used or is too old (by its words: it has no code for it).
    #[must_use]
    pub fn is_token_spent(&self) -> bool {
        self.status == 400
            && self.message.as_deref().is_some_and(|words| words.to_lowercase().contains("invalid reply token"))
    }
}

/// The N of every `to[N]` in a text.
fn indices_of_to(words: &str) -> impl Iterator<Item = usize> {
    words.match_indices("to[").filter_map(|(at, name)| {
        let is_whole_word = !words[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_');
        let (digits, _) = words[at + name.len()..].split_once(']')?;
        if is_whole_word { digits.parse().ok() } else { None }
    })
}

impl std::error::Error for Refusal {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LINE refused to {}: {}", self.doing, self.status)?;
        match (&self.message, &self.body) {
            (Some(message), _) => write!(f, " {}", message.chars().take(200).collect::<String>())?,
            (None, Some(body)) => write!(f, " with a body of {} bytes that is not LINE's JSON", body.len())?,
            (None, None) => {}
        }
        for detail in self.details.iter().take(5) {
            write!(f, "; {}", detail.property)?;
        }
        match &self.request_id {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl LineError {
    /// Whether to try again.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Unreachable(_) | Self::Unclear(_) => Kind::Transient,
            Self::Refused(refusal) => refusal.kind,
            Self::Unreadable { .. } | Self::TooLarge(_) | Self::Unfit(_) => Kind::Permanent,
            Self::Credentials(error) => error.kind,
            Self::NoToken(error) => error.kind(),
        }
    }

    /// Whether LINE certainly has not done what was asked: nothing reached it, or it refused with a status that says so.
    /// A 408 or 5xx can come from a place that does not know what became of the request behind it.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Credentials(_) | Self::NoToken(_) | Self::Unfit(_) => true,
            Self::Refused(refusal) => refusal.status != 408 && (400..500).contains(&refusal.status),
            Self::Unclear(_) | Self::Unreadable { .. } | Self::TooLarge(_) => false,
        }
    }

    /// Whether what is wrong are our credentials: nothing was asked with them, or LINE refused whatever we would have asked.
    #[must_use]
    pub fn lets_nobody_in(&self) -> bool {
        match self {
            Self::Credentials(_) | Self::NoToken(_) => self.kind() == Kind::Permanent,
            Self::Refused(refusal) => matches!(refusal.status, 401 | 403),
            Self::Unreachable(_) | Self::Unclear(_) | Self::Unreadable { .. } | Self::TooLarge(_) | Self::Unfit(_) => {
                false
            }
        }
    }

    /// LINE's refusal, if it was one.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::NoToken(error) => error.refusal(),
            _ => None,
        }
    }

    /// The same as an error of a use case.
    #[must_use]
    pub fn while_doing(self, doing: &'static str) -> Error {
        Error::new(self.kind(), doing, self)
    }

    /// The whole chain of causes in one line, for a log; addresses, which may hold ids, are left out of it.
    #[must_use]
    pub fn chain(&self) -> String {
        Chain(self).to_string()
    }
}

impl From<reqwest::Error> for LineError {
    fn from(error: reqwest::Error) -> Self {
        // The address may hold a resident's id.
        let error = error.without_url();
        if error.is_connect() { Self::Unreachable(Arc::new(error)) } else { Self::Unclear(Arc::new(error)) }
    }
}

impl From<Refusal> for LineError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, body: &str) -> Refusal {
        Refusal::new("try", status, Some(RequestId("r-1".to_owned())), body.as_bytes())
    }

    #[test]
    fn the_meanings_of_429_are_told_apart() {
        for (words, meaning) in [
            ("The API rate limit has been exceeded. Try again later.", Throttle::Rate),
            ("You have reached your monthly limit.", Throttle::Quota),
            ("A large number of messages were sent to the same user.", Throttle::SameUser),
            ("The maximum number of concurrent operations has been reached.", Throttle::Concurrent),
            ("Something new.", Throttle::Unknown),
        ] {
            let refusal = refusal(429, &format!(r#"{{"message":"{words}"}}"#));
            assert_eq!(refusal.throttle(), Some(meaning));
            assert_eq!(refusal.kind, Kind::Throttled);
        }
        assert_eq!(refusal(429, "<html>").throttle(), Some(Throttle::Unknown));
        assert_eq!(refusal(400, r#"{"message":"rate limit"}"#).throttle(), None);
    }

    #[test]
    fn the_recipients_that_are_not_taken_are_found_wherever_line_names_them() {
        let named = r#"{"message":"The property, to[1], in the request body is invalid (line: -, column: -)"}"#;
        assert_eq!(refusal(400, named).bad_recipients(), [1]);
        let details = r#"{"message":"The request body has 2 error(s)","details":[{"message":"May not be empty","property":"to[499]"},{"property":"to[3]"},{"property":"to[3]"}]}"#;
        assert_eq!(refusal(400, details).bad_recipients(), [3, 499]);
        for other in [r#"{"message":"auto[1] to[x] to[ to[]"}"#, "to[1]", "{}"] {
            assert!(refusal(400, other).bad_recipients().is_empty(), "{other}");
        }
    }

    #[test]
    fn a_body_that_is_not_json_survives_but_is_not_shown() {
        let refusal = refusal(502, "<html>Bad Gateway</html>");
        assert_eq!(refusal.body.as_deref(), Some("<html>Bad Gateway</html>"));
        assert_eq!(
            refusal.to_string(),
            "LINE refused to try: 502 with a body of 24 bytes that is not LINE's JSON (request r-1)"
        );
        assert_eq!(refusal.kind, Kind::Transient);
    }
}
