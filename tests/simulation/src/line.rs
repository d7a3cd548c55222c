//! LINE: keys that it remembers, its rate, its moods; and an exact record of who got what.

use std::collections::{BTreeMap, HashMap};

use domain::sending::delivery::Answer;

use crate::world::{HOUR, Micros, SECOND};

/// What a call says: which residents of which part, and which words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Which broadcast.
    pub cast: usize,
    /// Which part.
    pub part: u16,
    /// The first resident of the page, as the part's residents are numbered.
    pub first: u64,
    /// How many the page has.
    pub count: u16,
    /// Who is left out, as indices into the page, ascending.
    pub dropped: Vec<u16>,
    /// Which words.
    pub words: usize,
}

impl Body {
    /// How many it goes to.
    #[must_use]
    pub fn recipients(&self) -> u64 {
        u64::from(self.count).saturating_sub(u64::try_from(self.dropped.len()).unwrap_or_default())
    }

    fn has(&self, resident: u64) -> bool {
        let index = resident.checked_sub(self.first).and_then(|index| u16::try_from(index).ok());
        index.is_some_and(|index| index < self.count && self.dropped.binary_search(&index).is_err())
    }
}

/// What is known of a key.
#[derive(Debug, Clone)]
pub struct KeyFact {
    /// When it was first used, taken or not.
    pub first_used: Micros,
    /// With what.
    pub body: Body,
    /// When a call under it was taken, if one was in the last 24 hours.
    taken_at: Option<Micros>,
}

impl KeyFact {
    /// A key that is used for the first time.
    #[must_use]
    pub fn new(first_used: Micros, body: Body) -> Self {
        Self { first_used, body, taken_at: None }
    }
}

/// LINE.
#[derive(Debug, Default)]
pub struct Line {
    /// Keys that it has seen.
    pub keys: HashMap<[u8; 16], KeyFact>,
    /// What it has taken, by broadcast, part and first resident.
    taken: BTreeMap<(usize, u16, u64), Vec<Body>>,
    tokens: i64,
    refilled_at: Micros,
    /// How many more residents it takes this month.
    pub quota: Option<u64>,
    /// Whether it does not take our token.
    pub revoked: bool,
}

/// How LINE takes a call that reached it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It did, and these residents have it for the second time.
    Now {
        /// How many.
        twice: u64,
    },
    /// It had, before.
    Before,
    /// It does not.
    Not(Answer),
}

impl Line {
    /// One that takes so many residents this month.
    #[must_use]
    pub fn new(quota: Option<u64>) -> Self {
        Self { quota, tokens: 200 * SECOND, ..Self::default() }
    }

    /// One call of the 200 a second, in millionths; whether there is one.
    fn is_slow_enough(&mut self, now: Micros) -> bool {
        let full = 200 * SECOND;
        self.tokens = (self.tokens + (now - self.refilled_at).min(SECOND) * 200).min(full);
        self.refilled_at = now;
        if self.tokens < SECOND {
            return false;
        }
        self.tokens -= SECOND;
        true
    }

    /// A call has reached LINE, whose limits and keys decide now. `bad` are the indices into the whole page that it does not take.
    pub fn take(&mut self, key: [u8; 16], body: &Body, bad: &[u16], now: Micros) -> Taken {
        if !self.is_slow_enough(now) {
            return Taken::Not(Answer::TooFast);
        }
        if self.revoked {
            return Taken::Not(Answer::Unauthorized);
        }
        if self.keys.get(&key).and_then(|fact| fact.taken_at).is_some_and(|at| now < at + 24 * HOUR) {
            return Taken::Before;
        }
        let indices = (0..body.count).filter(|index| body.dropped.binary_search(index).is_err());
        let named = |(sent, index): (usize, u16)| bad.contains(&index).then(|| u16::try_from(sent).unwrap_or_default());
        if !bad.is_empty()
            && let Some(named) = indices.enumerate().find_map(named)
        {
            return Taken::Not(Answer::BadIds(vec![named]));
        }
        if let Some(quota) = &mut self.quota {
            match quota.checked_sub(body.recipients()) {
                None => return Taken::Not(Answer::QuotaSpent),
                Some(rest) => *quota = rest,
            }
        }
        if let Some(fact) = self.keys.get_mut(&key) {
            fact.taken_at = Some(now);
        }
        let twice = self.overlap(body);
        self.taken.entry((body.cast, body.part, body.first)).or_default().push(body.clone());
        Taken::Now { twice }
    }

    /// What was taken and may share residents with these.
    fn near(&self, cast: usize, part: u16, first: u64, count: u16) -> impl Iterator<Item = &Body> {
        let begin = (cast, part, first.saturating_sub(u64::from(u16::MAX)));
        let bodies = self.taken.range(begin..(cast, part, first + u64::from(count))).rev().take(4);
        bodies.flat_map(|(_, bodies)| bodies).filter(move |body| first < body.first + u64::from(body.count))
    }

    /// How many residents of a body have it already.
    fn overlap(&self, body: &Body) -> u64 {
        let twice = |other: &Body| {
            let last = (other.first + u64::from(other.count)).min(body.first + u64::from(body.count));
            let begin = other.first.max(body.first);
            if other.dropped.is_empty() && body.dropped.is_empty() {
                return last.saturating_sub(begin);
            }
            let both = (begin..last).filter(|resident| body.has(*resident) && other.has(*resident));
            u64::try_from(both.count()).unwrap_or_default()
        };
        self.near(body.cast, body.part, body.first, body.count).map(twice).sum()
    }

    /// How many residents of a page have been sent it.
    #[must_use]
    pub fn reached(&self, cast: usize, part: u16, first: u64, count: u16) -> u64 {
        let page = Body { cast, part, first, count, dropped: Vec::new(), words: 0 };
        self.overlap(&page)
    }

    /// How many residents of a broadcast have been sent it.
    #[must_use]
    pub fn reached_in_all(&self, cast: usize) -> u64 {
        let of_cast = self.taken.range((cast, 0, 0)..(cast + 1, 0, 0));
        of_cast.flat_map(|(_, bodies)| bodies).map(Body::recipients).sum()
    }
}
