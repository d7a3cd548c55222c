//! Questions that nothing answered, each once with how often it was asked, and what staff decided about it.
//!
//! Every asking is an item of its own, so that no two residents ever wait for each other. They are counted when somebody
//! looks: in one pass, in which the askings of a question stand together, so that only the most frequent ones and the one
//! at hand are held. A pass that takes long goes on with the next look; its result is kept for those who need no fresher.
//! A look takes no longer for several months than for one.

use std::collections::{BTreeMap, HashMap};
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
use crate::ports::staff::Written;
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
    async fn read(questions: &dyn Questions) -> Result<Self, Error> {
        let handled = questions.handled().await?.into_iter().map(|handling| (handling.key.clone(), handling));
        Ok(Self(handled.collect()))
    }

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
    /// When something was decided about those of them that were asked again since, by their keys.
    pub decided: BTreeMap<String, Timestamp>,
    /// How far the counting has come that is under way, in [`PARTS`]; a month that was never counted is at 0.
    pub counting: Option<u16>,
}

/// The open questions of a month. What was counted more than `age` ago is counted anew, or as much of it as one look takes.
pub async fn open(
    questions: &dyn Questions,
    clock: &dyn Clock,
    month: Month,
    age: SignedDuration,
) -> Result<Open, Error> {
    Ok(open_in(questions, clock, &[month], age).await?.pop().unwrap_or_default())
}

/// The open questions of each of some months, in one look: what it does not come to is as it was last counted.
pub async fn open_in(
    questions: &dyn Questions,
    clock: &dyn Clock,
    months: &[Month],
    age: SignedDuration,
) -> Result<Vec<Open>, Error> {
    let decisions = Decisions::read(questions).await?;
    let mut look = Look { questions, clock, decisions, counts_since: None, readings: READINGS_MAX };
    let mut open = Vec::new();
    for month in months {
        open.push(look.open(*month, age).await?);
    }
    Ok(open)
}

/// The months of which questions are kept, the present one first.
fn kept_months(now: Timestamp) -> impl Iterator<Item = Month> {
    std::iter::successors(Some(Month::of(date_in_japan(now))), |month| Some(month.before())).take(MONTHS)
}

/// A look at the questions, which counts for about [`STEP`] in all.
struct Look<'a> {
    questions: &'a dyn Questions,
    clock: &'a dyn Clock,
    decisions: Decisions,
    /// Since when it counts; it may not have to.
    counts_since: Option<Timestamp>,
    /// It may read so many times more.
    readings: usize,
}

impl Look<'_> {
    async fn open(&mut self, month: Month, age: SignedDuration) -> Result<Open, Error> {
        let now = self.clock.now();
        if !kept_months(now).any(|kept| kept == month) {
            return Ok(Open::default());
        }
        let stored = self.questions.counts(month).await?;
        let read = stored.as_ref().map(|stored| stored.version);
        let mut counts = stored.map(|stored| stored.value).unwrap_or_default();
        if !counts.last.as_ref().is_some_and(|last| last.is_fresh(now, age)) && !self.is_over(now) {
            counts = self.count_on(month, counts).await?;
            // Where somebody else has counted meanwhile, what they kept is as good.
            self.questions.keep_counts(month, &counts, read).await?;
        }
        let counting = counts.under_way.as_ref().map(Pass::done);
        let Some(Pass { kinds, mut top, .. }) = counts.last else {
            return Ok(Open { counting: Some(counting.unwrap_or_default()), ..Open::default() });
        };
        let counted = top.len();
        top.retain(|question| self.decisions.leave_open(question));
        let closed = u64::try_from(counted - top.len()).unwrap_or_default();
        let kinds = kinds.saturating_sub(closed);
        let decided_at = |question: &Question| Some((question.key.clone(), self.decisions.0.get(&question.key)?.at));
        Ok(Open { kinds, decided: top.iter().filter_map(decided_at).collect(), top, counting })
    }

    fn is_over(&self, now: Timestamp) -> bool {
        self.readings == 0 || self.counts_since.is_some_and(|since| STEP <= now.duration_since(since))
    }

    /// Counts as long as the look may.
    async fn count_on(&mut self, month: Month, counts: Counts) -> Result<Counts, Error> {
        let began = self.clock.now();
        self.counts_since.get_or_insert(began);
        let going = counts.under_way.filter(|pass| began.duration_since(pass.began) < PASS_LIFE);
        let mut pass = going.unwrap_or_else(|| Pass::begin(began));
        let mut now = began;
        while pass.finished.is_none() && !self.is_over(now) {
            self.readings -= 1;
            let SomeAsked { asked, next } = self.questions.asked(month, pass.after.as_deref()).await?;
            for asked in asked {
                pass.count(asked, &self.decisions);
            }
            if next.is_none() {
                pass.close(&self.decisions);
                pass.finished = Some(now);
            }
            pass.after = next;
            now = self.clock.now();
        }
        pass.cut();
        Ok(match pass.finished {
            Some(_) => Counts { under_way: None, last: Some(pass) },
            None => Counts { under_way: Some(pass), last: counts.last },
        })
    }
}

/// What became of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// It is kept, or was already.
    Done,
    /// Nobody has asked this: nothing is kept.
    NeverAsked,
    /// Nothing was changed.
    Meanwhile(Meanwhile),
}

/// Somebody else has decided since a question was seen: how it stands now, `None` where a decision was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meanwhile(pub Option<Handling>);

/// Decides about a question that somebody asked; `seen` is when the decision was made that stood there before, if there was one.
pub async fn handle(
    questions: &dyn Questions,
    question: &str,
    how: How,
    seen: Option<Timestamp>,
    by: &StaffId,
    now: Timestamp,
) -> Result<Decided, Error> {
    let question: String = question.chars().take(QUESTION_CHARS_MAX).collect();
    let key = key(&question);
    if !was_asked(questions, &key, now).await? {
        return Ok(Decided::NeverAsked);
    }
    let before = decision(questions, &key).await?;
    if at_of(before.as_ref()) != seen {
        let is_same = before.as_ref().is_some_and(|before| before.how == how);
        return Ok(if is_same { Decided::Done } else { Decided::Meanwhile(Meanwhile(before)) });
    }
    let state_before = before.map(|before| state(&before.how)).unwrap_or_default();
    let act = act(&key, state_before, state(&how), by, now);
    let handling = Handling { key, question, how, by: by.clone(), at: now };
    match questions.handle(&handling, seen, &act).await? {
        Written::Done => Ok(Decided::Done),
        Written::Raced => Ok(Decided::Meanwhile(Meanwhile(decision(questions, &handling.key).await?))),
    }
}

/// What somebody has decided about a question since it was seen; `None` where it stands as it did.
pub async fn decided_since(
    questions: &dyn Questions,
    question: &str,
    seen: Option<Timestamp>,
) -> Result<Option<Meanwhile>, Error> {
    let now = decision(questions, &key(question)).await?;
    Ok((at_of(now.as_ref()) != seen).then_some(Meanwhile(now)))
}

async fn decision(questions: &dyn Questions, key: &str) -> Result<Option<Handling>, Error> {
    Ok(questions.handled().await?.into_iter().find(|handling| handling.key == key))
}

fn at_of(decision: Option<&Handling>) -> Option<Timestamp> {
    decision.map(|decision| decision.at)
}

/// Whether anybody asked this, as long as questions are kept; the present month is looked at first.
async fn was_asked(questions: &dyn Questions, key: &str, now: Timestamp) -> Result<bool, Error> {
    for month in kept_months(now) {
        if questions.was_asked(month, key).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Takes a decision back, if it is the one that was seen.
pub async fn reopen(
    questions: &dyn Questions,
    seen: &Handling,
    by: &StaffId,
    now: Timestamp,
) -> Result<Decided, Error> {
    let act = act(&seen.key, state(&seen.how), String::new(), by, now);
    match questions.reopen(&seen.key, seen.at, &act).await? {
        Written::Done => Ok(Decided::Done),
        Written::Raced => Ok(Decided::Meanwhile(Meanwhile(decision(questions, &seen.key).await?))),
    }
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
