//! Questions that nothing answered, each once with how often it was asked, and what staff decided about it.
//!
//! Every asking is an item of its own, so that no two residents ever wait for each other. They are counted when somebody
//! looks: in one pass, in which the askings of a question stand together, so that only the most frequent ones and the one
//! at hand are held. A pass that takes long goes on with the next look; its result is kept for those who need no fresher.

use std::collections::HashMap;
use std::fmt;

use domain::audit::{Act, Action, Actor};
use domain::garbage::waste::search_key;
use domain::ids::StaffId;
use domain::text::hex;
use domain::time::date_in_japan;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::ports::{Asked, Clock, Handling, How, Month, Questions, SomeAsked};

/// Of a month so many questions are listed: the most frequent ones about which nothing was decided.
pub const TOP_MAX: usize = 100;
/// A look counts for about as long.
pub const STEP: SignedDuration = SignedDuration::from_millis(1_500);
/// A look reads at most this often, whatever the clock says.
pub const READINGS_MAX: usize = 50;
/// A pass that was begun this long ago and never finished is begun anew.
pub const PASS_LIFE: SignedDuration = SignedDuration::from_hours(1);
/// A pass goes through this many parts.
pub const PARTS: u16 = 256;
/// Questions are kept for so many months.
const MONTHS: usize = 15;
/// Of a question so many characters count; the table keeps no more.
pub const QUESTION_CHARS_MAX: usize = 200;
/// In the log: it is to stay without an answer.
const IGNORED: &str = "ignored";
/// In the log: before the id of the waste item that answers it.
const ANSWERED: &str = "waste-item/";

/// A question in all its spellings. `Debug` does not show the words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// By which its spellings are one.
    pub key: String,
    /// How it was spelled last.
    pub question: String,
    /// How often it was asked in the month.
    pub times: u64,
    /// When it was asked last.
    pub last: Timestamp,
}

impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Question({} times, last {})", self.times, self.last)
    }
}

/// By which all spellings of a question are one: as the lookup compares them, or as it stands where that leaves nothing.
#[must_use]
pub fn key(question: &str) -> String {
    let question: String = question.chars().take(QUESTION_CHARS_MAX).collect();
    let key = search_key(&question);
    if key.is_empty() { question.trim().to_owned() } else { key }
}

/// How the questions of a month were counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// The pass that is under way.
    pub under_way: Option<Pass>,
    /// The last one that was finished.
    pub last: Option<Pass>,
}

/// A pass through the askings of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pass {
    began: Timestamp,
    finished: Option<Timestamp>,
    /// So many questions were open.
    kinds: u64,
    /// The most frequent of them.
    top: Vec<Question>,
    /// The one whose askings are being read.
    at_hand: Option<Question>,
    after: Option<String>,
}

impl Pass {
    fn begin(now: Timestamp) -> Self {
        Self { began: now, finished: None, kinds: 0, top: Vec::new(), at_hand: None, after: None }
    }

    fn count(&mut self, Asked { question, at }: Asked, decisions: &Decisions) {
        let key = key(&question);
        if self.at_hand.as_ref().is_none_or(|known| known.key != key) {
            self.close(decisions);
        }
        let known =
            self.at_hand.get_or_insert_with(|| Question { key, question: question.clone(), times: 0, last: at });
        known.times += 1;
        if known.last <= at {
            (known.last, known.question) = (at, question);
        }
    }

    /// The askings of the question at hand are all counted.
    fn close(&mut self, decisions: &Decisions) {
        let Some(question) = self.at_hand.take().filter(|question| decisions.leave_open(question)) else { return };
        self.kinds += 1;
        self.top.push(question);
        if 2 * TOP_MAX <= self.top.len() {
            self.cut();
        }
    }

    /// Keeps only the most frequent questions, in that order.
    fn cut(&mut self) {
        self.top.sort_by(|a, b| (b.times, b.last, &a.key).cmp(&(a.times, a.last, &b.key)));
        self.top.truncate(TOP_MAX);
    }

    /// Whether it need not be made again. What took long is good for as long again, lest it never ends.
    fn is_fresh(&self, now: Timestamp, age: SignedDuration) -> bool {
        let fresh = |finished: Timestamp| now.duration_since(finished) < age.max(finished.duration_since(self.began));
        self.finished.is_some_and(fresh)
    }

    /// How far it has come, in [`PARTS`]: the places are hashes, and so spread evenly.
    fn done(&self) -> u16 {
        let head = self.after.as_deref().and_then(|after| after.get(..2));
        head.and_then(|head| u16::from_str_radix(head, 16).ok()).unwrap_or_default()
    }
}

/// What was decided, by the keys of the questions.
struct Decisions(HashMap<String, Handling>);

impl Decisions {
    /// Whether nothing was decided about a question, or it was answered and is asked again without an answer.
    fn leave_open(&self, question: &Question) -> bool {
        match self.0.get(&question.key) {
            None => true,
            Some(Handling { how: How::Ignored, .. }) => false,
            Some(Handling { how: How::Answered(_), at, .. }) => question.last > *at,
        }
    }
}

/// The questions of a month about which nothing was decided, as they were last counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Open {
    /// The most frequent ones, at most [`TOP_MAX`], the most frequent first.
    pub top: Vec<Question>,
    /// How many there are in all.
    pub kinds: u64,
    /// How far the counting has come that is under way, in [`PARTS`].
    pub counting: Option<u16>,
}

/// The open questions of a month. What was counted more than `age` ago is counted anew, or as much of it as one look takes.
pub async fn open(
    questions: &dyn Questions,
    clock: &dyn Clock,
    month: Month,
    age: SignedDuration,
) -> Result<Open, Error> {
    let handled = questions.handled().await?.into_iter().map(|handling| (handling.key.clone(), handling));
    let decisions = Decisions(handled.collect());
    let stored = questions.counts(month).await?;
    let read = stored.as_ref().map(|stored| stored.version);
    let mut counts = stored.map(|stored| stored.value).unwrap_or_default();
    let now = clock.now();
    if !counts.last.as_ref().is_some_and(|last| last.is_fresh(now, age)) {
        counts = count_on(questions, clock, month, counts, &decisions).await?;
        // Where somebody else has counted meanwhile, what they kept is as good.
        questions.keep_counts(month, &counts, read).await?;
    }
    let counting = counts.under_way.as_ref().map(Pass::done);
    let Some(Pass { kinds, mut top, .. }) = counts.last else { return Ok(Open { counting, ..Open::default() }) };
    let counted = top.len();
    top.retain(|question| decisions.leave_open(question));
    let decided = u64::try_from(counted - top.len()).unwrap_or_default();
    Ok(Open { kinds: kinds.saturating_sub(decided), top, counting })
}

/// Counts for about [`STEP`].
async fn count_on(
    questions: &dyn Questions,
    clock: &dyn Clock,
    month: Month,
    counts: Counts,
    decisions: &Decisions,
) -> Result<Counts, Error> {
    let began = clock.now();
    let going = counts.under_way.filter(|pass| began.duration_since(pass.began) < PASS_LIFE);
    let mut pass = going.unwrap_or_else(|| Pass::begin(began));
    for _ in 0..READINGS_MAX {
        let now = clock.now();
        if pass.finished.is_some() || STEP <= now.duration_since(began) {
            break;
        }
        let SomeAsked { asked, next } = questions.asked(month, pass.after.as_deref()).await?;
        for asked in asked {
            pass.count(asked, decisions);
        }
        if next.is_none() {
            pass.close(decisions);
            pass.finished = Some(now);
        }
        pass.after = next;
    }
    pass.cut();
    Ok(match pass.finished {
        Some(_) => Counts { under_way: None, last: Some(pass) },
        None => Counts { under_way: Some(pass), last: counts.last },
    })
}

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// It is kept.
    Done,
    /// Nobody has asked this: nothing is kept.
    NeverAsked,
}

/// Decides about a question that somebody asked.
pub async fn handle(
    questions: &dyn Questions,
    question: &str,
    how: How,
    by: &StaffId,
    now: Timestamp,
) -> Result<Decided, Error> {
    let question: String = question.chars().take(QUESTION_CHARS_MAX).collect();
    let key = key(&question);
    if !was_asked(questions, &key, now).await? {
        return Ok(Decided::NeverAsked);
    }
    let handled = questions.handled().await?;
    let before = handled.iter().find(|handling| handling.key == key).map(|handling| state(&handling.how));
    let act = act(&key, before.unwrap_or_default(), state(&how), by, now);
    questions.handle(&Handling { key, question, how, by: by.clone(), at: now }, &act).await?;
    Ok(Decided::Done)
}

/// Whether anybody asked this, as long as questions are kept; the present month is looked at first.
async fn was_asked(questions: &dyn Questions, key: &str, now: Timestamp) -> Result<bool, Error> {
    let months = std::iter::successors(Some(Month::of(date_in_japan(now))), |month| Some(month.before()));
    for month in months.take(MONTHS) {
        if questions.was_asked(month, key).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Takes a decision back.
pub async fn reopen(questions: &dyn Questions, handling: &Handling, by: &StaffId, now: Timestamp) -> Result<(), Error> {
    let act = act(&handling.key, state(&handling.how), String::new(), by, now);
    questions.reopen(&handling.key, &act).await
}

/// A decision as the log has it.
fn state(how: &How) -> String {
    match how {
        How::Ignored => IGNORED.to_owned(),
        How::Answered(item) => format!("{ANSWERED}{item}"),
    }
}

/// The decision of which the log says this, if it is one.
#[must_use]
pub fn read_state(state: &str) -> Option<How> {
    match state.strip_prefix(ANSWERED) {
        Some(item) => item.parse().ok().map(How::Answered),
        None => (state == IGNORED).then_some(How::Ignored),
    }
}

/// The audit log is kept for good, and residents' words are not: it names a question by a hash.
fn act(key: &str, before: String, after: String, by: &StaffId, now: Timestamp) -> Act {
    let subject = format!("question/{}", hash(key));
    let (actor, action) = (Actor::Staff(by.clone()), Action::HandleQuestion);
    Act { at: now, actor, action, subject, department: None, before, after }
}

/// The first 8 bytes of the SHA-256, in hex: names a question where its words must not stand.
#[must_use]
pub fn hash(key: &str) -> String {
    hex(&Sha256::digest(key)[..8])
}

#[cfg(test)]
mod tests;
