//! Channel access tokens that expire, reply tokens that work once, and retry keys that are remembered for a day.

use std::collections::{HashMap, VecDeque};

use serde_json::Value;

use crate::{ids, people::Index};

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Stateless tokens live a quarter of an hour.
pub(crate) const STATELESS_SECONDS: i64 = 15 * 60;
/// Short-lived tokens live thirty days, and the thirty-first takes the oldest's place.
pub(crate) const SHORT_LIVED_SECONDS: i64 = 30 * 24 * 3600;
const MAX_SHORT_LIVED: usize = 30;
const MAX_TOKENS: usize = 100_000;

/// What kind of channel access token it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Stateless,
    ShortLived,
    LongLived,
}

#[derive(Clone, Copy, Debug)]
struct Token {
    kind: Kind,
    issued_ms: i64,
    ends_ms: i64,
}

/// The channel access tokens that were issued.
#[derive(Debug, Default)]
pub(crate) struct ChannelTokens {
    tokens: HashMap<String, Token>,
    order: VecDeque<String>,
}

impl ChannelTokens {
    /// Issues a token; its life in seconds is the constant of its kind.
    pub(crate) fn issue(&mut self, kind: Kind, now_ms: i64) -> String {
        let token = ids::opaque_token();
        let seconds = if kind == Kind::Stateless { STATELESS_SECONDS } else { SHORT_LIVED_SECONDS };
        if kind == Kind::ShortLived {
            self.drop_oldest_short_lived();
        }
        self.insert(token.clone(), Token { kind, issued_ms: now_ms, ends_ms: now_ms + seconds * SECOND_MS });
        token
    }

    /// A long-lived token, as the LINE Developers Console gives it.
    pub(crate) fn add_long_lived(&mut self, token: String, now_ms: i64) {
        self.insert(token, Token { kind: Kind::LongLived, issued_ms: now_ms, ends_ms: i64::MAX });
    }

    /// Seconds the token still lives, or `None` when it is unknown or over.
    pub(crate) fn seconds_left(&self, token: &str, now_ms: i64) -> Option<i64> {
        let token = self.tokens.get(token).filter(|token| now_ms < token.ends_ms)?;
        Some((token.ends_ms - now_ms) / SECOND_MS)
    }

    /// Revokes a token; stateless ones cannot be revoked.
    pub(crate) fn revoke(&mut self, token: &str) {
        if self.tokens.get(token).is_some_and(|token| token.kind != Kind::Stateless) {
            self.tokens.remove(token);
        }
    }

    /// Ends every token that was issued until now.
    pub(crate) fn expire_all(&mut self, now_ms: i64) {
        for token in self.tokens.values_mut().filter(|token| token.issued_ms <= now_ms) {
            token.ends_ms = token.ends_ms.min(now_ms);
        }
    }

    fn insert(&mut self, name: String, token: Token) {
        self.order.push_back(name.clone());
        self.tokens.insert(name, token);
        while self.order.len() > MAX_TOKENS {
            if let Some(oldest) = self.order.pop_front() {
                self.tokens.remove(&oldest);
            }
        }
    }

    fn drop_oldest_short_lived(&mut self) {
        let is_short = |token: &Token| token.kind == Kind::ShortLived;
        if self.tokens.values().filter(|token| is_short(token)).count() >= MAX_SHORT_LIVED {
            let oldest = self.order.iter().find(|name| self.tokens.get(*name).is_some_and(is_short)).cloned();
            if let Some(oldest) = oldest {
                self.tokens.remove(&oldest);
            }
        }
    }
}

/// A reply token works once, within a minute of the webhook that brought it.
const REPLY_MS: i64 = MINUTE_MS;
/// A redelivered one ends when this much has passed since its event.
const REDELIVERED_REPLY_MS: i64 = 20 * MINUTE_MS;

#[derive(Clone, Copy, Debug)]
struct ReplyToken {
    resident: Index,
    event_ms: i64,
    delivered_ms: Option<i64>,
}

/// The reply tokens that may still be used.
#[derive(Debug, Default)]
pub(crate) struct ReplyTokens {
    tokens: HashMap<u128, ReplyToken>,
    order: VecDeque<(i64, u128)>,
}

impl ReplyTokens {
    /// A token for an event of that moment.
    pub(crate) fn issue(&mut self, resident: Index, event_ms: i64) -> String {
        while self.order.front().is_some_and(|(at, _)| *at < event_ms.saturating_sub(REDELIVERED_REPLY_MS + HOUR_MS)) {
            if let Some((_, token)) = self.order.pop_front() {
                self.tokens.remove(&token);
            }
        }
        let token = rand::random::<u128>();
        self.tokens.insert(token, ReplyToken { resident, event_ms, delivered_ms: None });
        self.order.push_back((event_ms, token));
        format!("{token:032x}")
    }

    /// The webhook with this token goes out now (again, perhaps): its minute starts.
    pub(crate) fn delivered(&mut self, token: &str, now_ms: i64) {
        if let Some(token) = number(token).and_then(|token| self.tokens.get_mut(&token)) {
            token.delivered_ms = Some(now_ms);
        }
    }

    /// Whose token it is, if it may be used now.
    pub(crate) fn usable(&self, token: &str, now_ms: i64) -> Option<Index> {
        let token = self.tokens.get(&number(token)?)?;
        let fresh = token.delivered_ms.is_some_and(|delivered| now_ms <= delivered + REPLY_MS);
        (fresh && now_ms <= token.event_ms + REDELIVERED_REPLY_MS).then_some(token.resident)
    }

    pub(crate) fn use_up(&mut self, token: &str) {
        if let Some(token) = number(token) {
            self.tokens.remove(&token);
        }
    }
}

fn number(token: &str) -> Option<u128> {
    (token.len() == 32).then(|| u128::from_str_radix(token, 16).ok()).flatten()
}

/// How long LINE remembers an accepted retry key.
const RETRY_KEY_MS: i64 = 24 * HOUR_MS;

/// A request that was accepted with a retry key.
#[derive(Clone, Debug)]
pub(crate) struct Accepted {
    pub(crate) request_id: String,
    /// What `push` answered, repeated in the 409.
    pub(crate) sent_messages: Option<Value>,
    /// A fingerprint of endpoint and body: the same key with another body is a mistake of the caller.
    pub(crate) fingerprint: u64,
    at_ms: i64,
}

/// The retry keys of the last day.
#[derive(Debug, Default)]
pub(crate) struct RetryKeys {
    keys: HashMap<u128, Accepted>,
    order: VecDeque<(i64, u128)>,
}

impl RetryKeys {
    pub(crate) fn find(&self, key: u128, now_ms: i64) -> Option<&Accepted> {
        self.keys.get(&key).filter(|accepted| now_ms < accepted.at_ms + RETRY_KEY_MS)
    }

    pub(crate) fn remember(
        &mut self,
        key: u128,
        request_id: String,
        sent_messages: Option<Value>,
        fingerprint: u64,
        now_ms: i64,
    ) {
        while self.order.front().is_some_and(|(at, _)| now_ms >= at + RETRY_KEY_MS) {
            if let Some((at, old)) = self.order.pop_front()
                && self.keys.get(&old).is_some_and(|accepted| accepted.at_ms == at)
            {
                self.keys.remove(&old);
            }
        }
        self.keys.insert(key, Accepted { request_id, sent_messages, fingerprint, at_ms: now_ms });
        self.order.push_back((now_ms, key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_token_lives_a_minute_from_its_delivery_and_twenty_from_its_event() {
        let mut tokens = ReplyTokens::default();
        let token = tokens.issue(3, 0);
        assert_eq!(tokens.usable(&token, 0), None, "not delivered yet");
        tokens.delivered(&token, 1_000);
        assert_eq!(tokens.usable(&token, 61_000), Some(3));
        assert_eq!(tokens.usable(&token, 61_001), None);
        tokens.delivered(&token, 19 * MINUTE_MS + 30_000);
        assert_eq!(tokens.usable(&token, 20 * MINUTE_MS), Some(3));
        assert_eq!(tokens.usable(&token, 20 * MINUTE_MS + 1), None);
        tokens.delivered(&token, 0);
        tokens.use_up(&token);
        assert_eq!(tokens.usable(&token, 0), None);
    }

    #[test]
    fn the_thirty_first_short_lived_token_ends_the_first() {
        let mut tokens = ChannelTokens::default();
        let first = tokens.issue(Kind::ShortLived, 0);
        let second = tokens.issue(Kind::ShortLived, 1);
        for number in 0..29 {
            tokens.issue(Kind::ShortLived, 2 + number);
        }
        assert_eq!(tokens.seconds_left(&first, 100), None);
        assert!(tokens.seconds_left(&second, 100).is_some());
    }

    #[test]
    fn stateless_tokens_end_by_the_clock_and_cannot_be_revoked() {
        let mut tokens = ChannelTokens::default();
        let token = tokens.issue(Kind::Stateless, 0);
        tokens.revoke(&token);
        assert_eq!(tokens.seconds_left(&token, 899_999), Some(0));
        assert_eq!(tokens.seconds_left(&token, 900_000), None);
    }
}
