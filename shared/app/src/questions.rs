//! Questions that nothing answered, each once with how often it was asked, and what staff decided about it.

use std::collections::HashMap;
use std::fmt;

use domain::audit::{Act, Action, Actor};
use domain::garbage::waste::search_key;
use domain::ids::StaffId;
use domain::text::hex;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::ports::{Asked, Handling, How, Month, Questions};

/// Of a month so many askings are read; a city of 100,000 friends stays far below.
pub const ASKINGS_MAX: usize = 20_000;
/// Of a question so many characters count; the table keeps no more.
pub const QUESTION_CHARS_MAX: usize = 200;
/// In the log: it is to stay without an answer.
const IGNORED: &str = "ignored";
/// In the log: before the id of the waste item that answers it.
const ANSWERED: &str = "waste-item/";

/// A question in all its spellings. `Debug` does not show the words.
#[derive(Clone, PartialEq, Eq)]
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

/// The questions of a month about which nothing was decided, the most frequent first. One that was answered and is asked
/// again without an answer is back.
pub async fn open(questions: &dyn Questions, month: Month) -> Result<Vec<Question>, Error> {
    let asked = questions.asked(month, ASKINGS_MAX).await?;
    let handled: HashMap<String, Handling> =
        questions.handled().await?.into_iter().map(|handling| (handling.key.clone(), handling)).collect();
    let is_open = |question: &Question| match handled.get(&question.key) {
        None => true,
        Some(Handling { how: How::Ignored, .. }) => false,
        Some(Handling { how: How::Answered(_), at, .. }) => question.last > *at,
    };
    Ok(grouped(asked).into_iter().filter(is_open).collect())
}

/// Decides about a question.
pub async fn handle(
    questions: &dyn Questions,
    question: &str,
    how: How,
    by: &StaffId,
    now: Timestamp,
) -> Result<(), Error> {
    let question: String = question.chars().take(QUESTION_CHARS_MAX).collect();
    let key = key(&question);
    let handled = questions.handled().await?;
    let before = handled.iter().find(|handling| handling.key == key).map(|handling| state(&handling.how));
    let act = act(&key, before.unwrap_or_default(), state(&how), by, now);
    questions.handle(&Handling { key, question, how, by: by.clone(), at: now }, &act).await
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

fn grouped(asked: Vec<Asked>) -> Vec<Question> {
    let mut by_key: HashMap<String, Question> = HashMap::new();
    for Asked { question, at } in asked {
        let key = key(&question);
        let known = by_key.entry(key.clone()).or_insert_with(|| Question {
            key,
            question: question.clone(),
            times: 0,
            last: at,
        });
        known.times += 1;
        if known.last <= at {
            (known.last, known.question) = (at, question);
        }
    }
    let mut questions: Vec<_> = by_key.into_values().collect();
    questions.sort_by(|a, b| (b.times, b.last, &a.key).cmp(&(a.times, a.last, &b.key)));
    questions
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
mod tests {
    use std::sync::{Mutex, PoisonError};

    use async_trait::async_trait;

    use super::*;
    use crate::town::testing::now;

    #[derive(Default)]
    struct Kept {
        asked: Vec<Asked>,
        handled: Mutex<Vec<Handling>>,
        acts: Mutex<Vec<Act>>,
    }

    #[async_trait]
    impl Questions for Kept {
        async fn asked(&self, _: Month, limit: usize) -> Result<Vec<Asked>, Error> {
            Ok(self.asked.iter().take(limit).cloned().collect())
        }

        async fn handled(&self) -> Result<Vec<Handling>, Error> {
            Ok(self.handled.lock().unwrap_or_else(PoisonError::into_inner).clone())
        }

        async fn handle(&self, handling: &Handling, act: &Act) -> Result<(), Error> {
            let mut handled = self.handled.lock().unwrap_or_else(PoisonError::into_inner);
            handled.retain(|known| known.key != handling.key);
            handled.push(handling.clone());
            self.acts.lock().unwrap_or_else(PoisonError::into_inner).push(act.clone());
            Ok(())
        }

        async fn reopen(&self, key: &str, act: &Act) -> Result<(), Error> {
            self.handled.lock().unwrap_or_else(PoisonError::into_inner).retain(|known| known.key != key);
            self.acts.lock().unwrap_or_else(PoisonError::into_inner).push(act.clone());
            Ok(())
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn kept(asked: &[(&str, i64)]) -> Kept {
        let asked = asked.iter().map(|(question, second)| Asked { question: (*question).to_owned(), at: at(*second) });
        Kept { asked: asked.collect(), ..Kept::default() }
    }

    fn names(kept: &Kept) -> Vec<(String, u64)> {
        let month = Month::of(jiff::civil::date(2026, 11, 1));
        now(open(kept, month)).unwrap().into_iter().map(|question| (question.question, question.times)).collect()
    }

    #[test]
    fn spellings_are_one_and_the_most_frequent_comes_first() {
        let kept =
            kept(&[("マグロ", 5), ("ＵＳＢ", 1), ("まぐろ", 9), ("usb", 2), ("usb", 3), ("？？", 4), ("！！", 4)]);
        let expected = [("usb", 3), ("まぐろ", 2), ("？？", 1), ("！！", 1)];
        let mut found = names(&kept);
        found[2..].sort_by(|a, b| b.cmp(a));
        assert_eq!(found, expected.map(|(question, times)| (question.to_owned(), times)));
    }

    #[test]
    fn a_decision_takes_a_question_away_and_can_be_taken_back() {
        let kept = kept(&[("マグロ", 5), ("usb", 6)]);
        let by: StaffId = "sato".parse().unwrap();
        now(handle(&kept, "まぐろ", How::Ignored, &by, at(1))).unwrap();
        assert_eq!(names(&kept), [("usb".to_owned(), 1)], "ignored for good, whenever it is asked");
        now(handle(&kept, "USB", How::Answered("usb".parse().unwrap()), &by, at(6))).unwrap();
        assert_eq!(names(&kept), []);
        now(handle(&kept, "USB", How::Answered("usb".parse().unwrap()), &by, at(5))).unwrap();
        assert_eq!(names(&kept).len(), 1, "asked again since");
        for question in ["マグロ", "USB"] {
            let handled = now(kept.handled()).unwrap();
            let handling = handled.iter().find(|handling| handling.key == key(question)).unwrap();
            now(reopen(&kept, handling, &by, at(7))).unwrap();
        }
        assert_eq!(names(&kept).len(), 2);
        let acts = kept.acts.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(acts.iter().all(|act| act.action == Action::HandleQuestion));
        let states: Vec<_> = acts.iter().map(|act| (act.before.as_str(), act.after.as_str())).collect();
        let (ignored, answered) = ("ignored", "waste-item/usb");
        assert_eq!(
            states,
            [("", ignored), ("", answered), (answered, answered), (ignored, ""), (answered, "")],
            "as it was, and as it is"
        );
    }

    #[test]
    fn the_log_does_not_hold_the_words() {
        let kept = kept(&[]);
        now(handle(&kept, "田中さんの犬", How::Ignored, &"sato".parse().unwrap(), at(1))).unwrap();
        let acts = kept.acts.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(!format!("{acts:?}").contains("田中") && acts[0].subject.starts_with("question/"), "{acts:?}");
        assert!(!format!("{:?}", kept.handled).contains("田中"));
    }
}
