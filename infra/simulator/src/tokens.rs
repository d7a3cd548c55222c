//! Channel access tokens that expire, reply tokens that work once, and retry keys that are remembered for a day.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ids, limits::Limits, people::Index};

const SECOND_MS: i64 = 1_000;
const HOUR_MS: i64 = 3_600 * SECOND_MS;
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
    /// Issues a token; it comes with its life in milliseconds.
    pub(crate) fn issue(&mut self, kind: Kind, limits: &Limits, now_ms: i64) -> (String, i64) {
        let token = ids::opaque_token();
        let life_ms = if kind == Kind::Stateless { limits.stateless_token_ms } else { limits.short_lived_token_ms };
        if kind == Kind::ShortLived {
            self.make_room_for_short_lived(limits.max_short_lived_tokens);
        }
        self.insert(token.clone(), Token { kind, issued_ms: now_ms, ends_ms: now_ms + life_ms });
        (token, life_ms)
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

    fn make_room_for_short_lived(&mut self, max: usize) {
        let is_short = |name: &&String| self.tokens.get(*name).is_some_and(|token| token.kind == Kind::ShortLived);
        let short: Vec<String> = self.order.iter().filter(is_short).cloned().collect();
        for oldest in short.iter().take((short.len() + 1).saturating_sub(max)) {
            self.tokens.remove(oldest);
        }
    }
}

/// Reply tokens are forgotten so long after their event, which is later than any limit allows their use.
const REPLY_TOKENS_KEPT_MS: i64 = 24 * HOUR_MS;

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
        while self.order.front().is_some_and(|(at, _)| *at < event_ms.saturating_sub(REPLY_TOKENS_KEPT_MS)) {
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
    pub(crate) fn usable(&self, token: &str, limits: &Limits, now_ms: i64) -> Option<Index> {
        let token = self.tokens.get(&number(token)?)?;
        let fresh = token.delivered_ms.is_some_and(|delivered| now_ms <= delivered + limits.reply_token_ms);
        (fresh && now_ms <= token.event_ms + limits.redelivered_reply_token_ms).then_some(token.resident)
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

/// A request that was accepted with a retry key.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Accepted {
    pub(crate) request_id: String,
    /// What `push` answered, repeated in the 409.
    pub(crate) sent_messages: Option<Value>,
    /// A fingerprint of endpoint and body: the same key with another body is a mistake of the caller.
    pub(crate) fingerprint: u64,
    pub(crate) at_ms: i64,
}

/// The retry keys that LINE still remembers.
#[derive(Debug, Default)]
pub(crate) struct RetryKeys {
    keys: HashMap<u128, Accepted>,
    order: VecDeque<(i64, u128)>,
}

impl RetryKeys {
    pub(crate) fn find(&self, key: u128, life_ms: i64, now_ms: i64) -> Option<&Accepted> {
        self.keys.get(&key).filter(|accepted| now_ms < accepted.at_ms + life_ms)
    }

    /// Remembers a key, and forgets those whose life is over.
    pub(crate) fn remember(&mut self, key: u128, accepted: Accepted, life_ms: i64) {
        let now_ms = accepted.at_ms;
        while self.order.front().is_some_and(|(at, _)| now_ms >= at + life_ms) {
            if let Some((at, old)) = self.order.pop_front()
                && self.keys.get(&old).is_some_and(|accepted| accepted.at_ms == at)
            {
                self.keys.remove(&old);
            }
        }
        self.keys.insert(key, accepted);
        self.order.push_back((now_ms, key));
    }

    /// All that are remembered, the oldest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = (u128, &Accepted)> {
        let newest = |at: i64, key: &u128| self.keys.get(key).filter(|accepted| accepted.at_ms == at);
        self.order.iter().filter_map(move |(at, key)| Some((*key, newest(*at, key)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_token_lives_a_minute_from_its_delivery_and_twenty_from_its_event() {
        let (mut tokens, limits) = (ReplyTokens::default(), Limits::default());
        let minute_ms = limits.reply_token_ms;
        let token = tokens.issue(3, 0);
        assert_eq!(tokens.usable(&token, &limits, 0), None, "not delivered yet");
        tokens.delivered(&token, 1_000);
        assert_eq!(tokens.usable(&token, &limits, 61_000), Some(3));
        assert_eq!(tokens.usable(&token, &limits, 61_001), None);
        tokens.delivered(&token, 19 * minute_ms + 30_000);
        assert_eq!(tokens.usable(&token, &limits, 20 * minute_ms), Some(3));
        assert_eq!(tokens.usable(&token, &limits, 20 * minute_ms + 1), None);
        tokens.delivered(&token, 0);
        tokens.use_up(&token);
        assert_eq!(tokens.usable(&token, &limits, 0), None);
    }

    #[test]
    fn the_thirty_first_short_lived_token_ends_the_first() {
        let (mut tokens, limits) = (ChannelTokens::default(), Limits::default());
        let (first, _) = tokens.issue(Kind::ShortLived, &limits, 0);
        let (second, _) = tokens.issue(Kind::ShortLived, &limits, 1);
        for number in 0..29 {
            tokens.issue(Kind::ShortLived, &limits, 2 + number);
        }
        assert_eq!(tokens.seconds_left(&first, 100), None);
        assert!(tokens.seconds_left(&second, 100).is_some());
    }

    #[test]
    fn stateless_tokens_end_by_the_clock_and_cannot_be_revoked() {
        let mut tokens = ChannelTokens::default();
        let (token, _) = tokens.issue(Kind::Stateless, &Limits::default(), 0);
        tokens.revoke(&token);
        assert_eq!(tokens.seconds_left(&token, 899_999), Some(0));
        assert_eq!(tokens.seconds_left(&token, 900_000), None);
    }
}
