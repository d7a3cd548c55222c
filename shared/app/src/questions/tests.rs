//! The questions of a month, counted whole: by a pass over all askings that forgets the rare ones.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::*;
use crate::ports::Versioned;
use crate::ports::staff::Written;
use crate::town::testing::now;

#[derive(Default)]
struct Kept {
    asked: Vec<(String, Asked)>,
    handled: Mutex<Vec<Handling>>,
    counts: Mutex<BTreeMap<Month, Versioned<Counts>>>,
    acts: Mutex<Vec<Act>>,
    readings: Mutex<usize>,
    readings_of_handled: Mutex<usize>,
    /// What somebody decides just before the next decision is written.
    faster: Mutex<Option<Handling>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Kept {
    fn replace(&self, key: &str, seen: Option<Timestamp>, by: Option<&Handling>, act: &Act) -> Written {
        let mut handled = lock(&self.handled);
        if let Some(faster) = lock(&self.faster).take() {
            handled.push(faster);
        }
        if handled.iter().find(|known| known.key == key).map(|known| known.at) != seen {
            return Written::Raced;
        }
        handled.retain(|known| known.key != key);
        handled.extend(by.cloned());
        lock(&self.acts).push(act.clone());
        Written::Done
    }
}

/// So many askings are read at once.
const AT_ONCE: usize = 3;

#[async_trait]
impl Questions for Kept {
    async fn asked(&self, _: Month, after: Option<&str>) -> Result<SomeAsked, Error> {
        *lock(&self.readings) += 1;
        let later = self.asked.iter().filter(|(place, _)| after.is_none_or(|after| after < place.as_str()));
        let page: Vec<_> = later.take(AT_ONCE).collect();
        let next = page.last().filter(|_| page.len() == AT_ONCE).map(|(place, _)| place.clone());
        Ok(SomeAsked { asked: page.into_iter().map(|(_, asked)| asked.clone()).collect(), next })
    }

    async fn was_asked(&self, month: Month, wanted: &str) -> Result<bool, Error> {
        Ok(month == this_month() && self.asked.iter().any(|(_, asked)| key(&asked.question) == wanted))
    }

    async fn counts(&self, month: Month) -> Result<Option<Versioned<Counts>>, Error> {
        Ok(lock(&self.counts).get(&month).cloned())
    }

    async fn keep_counts(&self, month: Month, counts: &Counts, read: Option<u64>) -> Result<Written, Error> {
        let kept = Versioned { value: counts.clone(), version: read.unwrap_or_default() + 1 };
        lock(&self.counts).insert(month, kept);
        Ok(Written::Done)
    }

    async fn handled(&self) -> Result<Vec<Handling>, Error> {
        *lock(&self.readings_of_handled) += 1;
        Ok(lock(&self.handled).clone())
    }

    async fn handle(&self, handling: &Handling, seen: Option<Timestamp>, act: &Act) -> Result<Written, Error> {
        Ok(self.replace(&handling.key, seen, Some(handling), act))
    }

    async fn reopen(&self, key: &str, seen: Timestamp, act: &Act) -> Result<Written, Error> {
        Ok(self.replace(key, Some(seen), None, act))
    }
}

/// A clock that goes on by so much with every look at it.
struct Ticking(Mutex<Timestamp>, SignedDuration);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        let mut time = lock(&self.0);
        *time += self.1;
        *time
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn clock(tick: SignedDuration) -> Ticking {
    Ticking(Mutex::new(at(1_000_000)), tick)
}

fn this_month() -> Month {
    Month::of(date_in_japan(at(0)))
}

fn kept(asked: &[(&str, i64)]) -> Kept {
    let place = |(index, (question, second)): (usize, &(&str, i64))| {
        let asked = Asked { question: (*question).to_owned(), at: at(*second) };
        (format!("{}#{index:08}", hash(&key(question))), asked)
    };
    let mut asked: Vec<_> = asked.iter().enumerate().map(place).collect();
    asked.sort_by(|(one, _), (other, _)| one.cmp(other));
    Kept { asked, ..Kept::default() }
}

fn look(kept: &Kept, clock: &Ticking, age: SignedDuration) -> Open {
    now(open(kept, clock, this_month(), age)).unwrap()
}

fn names(kept: &Kept) -> Vec<(String, u64)> {
    let open = look(kept, &clock(SignedDuration::ZERO), SignedDuration::ZERO);
    assert_eq!((open.kinds, open.counting), (u64::try_from(open.top.len()).unwrap(), None));
    open.top.into_iter().map(|question| (question.question, question.times)).collect()
}

#[test]
fn spellings_are_one_and_the_most_frequent_comes_first() {
    let kept = kept(&[("マグロ", 5), ("ＵＳＢ", 1), ("まぐろ", 9), ("usb", 2), ("usb", 3), ("？？", 4), ("！！", 4)]);
    let expected = [("usb", 3), ("まぐろ", 2), ("？？", 1), ("！！", 1)];
    let mut found = names(&kept);
    found[2..].sort_by(|a, b| b.cmp(a));
    assert_eq!(found, expected.map(|(question, times)| (question.to_owned(), times)));
}

/// More questions than are listed, more askings than one look reads: all are counted, none twice.
#[test]
fn a_long_count_goes_on_look_by_look_and_names_the_most_frequent() {
    let often = TOP_MAX * 3;
    let questions: Vec<String> = (0..often).map(|number| format!("しつもん{number}")).collect();
    // The question of number n is asked once, or three times if 7 divides n.
    let asked: Vec<(&str, i64)> = questions
        .iter()
        .enumerate()
        .flat_map(|(number, question)| vec![(question.as_str(), 9); if number % 7 == 0 { 3 } else { 1 }])
        .collect();
    let frequent = often.div_ceil(7);
    for tick in [SignedDuration::ZERO, SignedDuration::from_millis(400)] {
        let (kept, clock) = (kept(&asked), clock(tick));
        let (mut looks, mut parts) = (1, 0);
        let open = loop {
            let open = look(&kept, &clock, SignedDuration::ZERO);
            let Some(counting) = open.counting else { break open };
            assert!(parts <= counting && counting < PARTS && open.top.is_empty(), "nothing is claimed before the end");
            (looks, parts) = (looks + 1, counting);
            assert!(looks < 1_000, "no end");
        };
        assert!(1 < looks, "in several looks");
        assert_eq!((open.kinds, open.top.len()), (u64::try_from(often).unwrap(), TOP_MAX));
        let times: Vec<u64> = open.top.iter().map(|question| question.times).collect();
        assert_eq!(times, [vec![3; frequent], vec![1; TOP_MAX - frequent]].concat());
        assert!(lock(&kept.counts)[&this_month()].value.last.as_ref().unwrap().top.len() <= TOP_MAX);
    }
}

/// The home page looks at several months: it takes no longer than a look at one, and claims nothing of what it did not come to.
#[test]
fn several_months_are_one_look() {
    let questions: Vec<String> = (0..=READINGS_MAX * AT_ONCE).map(|number| format!("しつもん{number}")).collect();
    let asked: Vec<(&str, i64)> = questions.iter().map(|question| (question.as_str(), 9)).collect();
    let months = [this_month(), this_month().before()];
    let look = |kept: &Kept, clock: &Ticking| now(open_in(kept, clock, &months, SignedDuration::from_mins(5))).unwrap();
    let (still, unhurried) = (clock(SignedDuration::ZERO), kept(&asked));
    let all = u64::try_from(questions.len()).unwrap();
    for (is_done, readings) in [([false, false], 50), ([true, false], 100), ([true, true], 102), ([true, true], 102)] {
        let open = look(&unhurried, &still);
        for (open, is_done) in open.iter().zip(is_done) {
            assert_eq!((open.counting.is_none(), open.kinds), (is_done, if is_done { all } else { 0 }));
        }
        assert_eq!(*lock(&unhurried.readings), readings);
    }
    assert_eq!(*lock(&unhurried.readings_of_handled), 4, "once in each look");
    let (slow, hurried) = (clock(SignedDuration::from_millis(400)), kept(&asked));
    look(&hurried, &slow);
    assert_eq!(*lock(&hurried.readings), 4, "a second and a half in all");
}

#[test]
fn a_month_of_which_nothing_is_kept_any_more_is_not_counted() {
    let (kept, clock) = (kept(&[("usb", 1)]), clock(SignedDuration::ZERO));
    for (month, found) in [("1968-10", 0), ("0001-01", 0), ("1970-02", 0), ("1968-11", 1)] {
        let open = now(open(&kept, &clock, month.parse().unwrap(), SignedDuration::ZERO)).unwrap();
        assert_eq!((open.kinds, open.counting), (found, None), "{month}");
        assert_eq!(lock(&kept.counts).len() as u64, found, "{month}");
    }
}

#[test]
fn what_was_counted_lately_is_not_counted_again() {
    let kept = kept(&[("usb", 1), ("まぐろ", 1)]);
    let clock = clock(SignedDuration::from_secs(1));
    let minutes = SignedDuration::from_mins(5);
    assert_eq!(look(&kept, &clock, minutes).kinds, 2);
    let readings = *lock(&kept.readings);
    let by: StaffId = "sato".parse().unwrap();
    now(handle(&kept, "usb", How::Ignored, None, &by, at(2))).unwrap();
    let open = look(&kept, &clock, minutes);
    assert_eq!((open.kinds, open.top.len()), (1, 1), "but what was decided since is gone");
    assert_eq!(*lock(&kept.readings), readings);
    *lock(&clock.0) += minutes;
    look(&kept, &clock, minutes);
    assert!(readings < *lock(&kept.readings));
}

#[test]
fn a_decision_takes_a_question_away_and_can_be_taken_back() {
    let kept = kept(&[("マグロ", 5), ("usb", 6)]);
    let by: StaffId = "sato".parse().unwrap();
    now(handle(&kept, "まぐろ", How::Ignored, None, &by, at(1))).unwrap();
    assert_eq!(names(&kept), [("usb".to_owned(), 1)], "ignored for good, whenever it is asked");
    now(handle(&kept, "USB", How::Answered("usb".parse().unwrap()), None, &by, at(6))).unwrap();
    assert_eq!(names(&kept), []);
    now(handle(&kept, "USB", How::Answered("usb".parse().unwrap()), Some(at(6)), &by, at(5))).unwrap();
    assert_eq!(names(&kept).len(), 1, "asked again since");
    let open = look(&kept, &clock(SignedDuration::ZERO), SignedDuration::ZERO);
    assert_eq!(open.decided, [(key("USB"), at(5))].into(), "what must be seen to decide anew");
    for question in ["マグロ", "USB"] {
        let handled = now(kept.handled()).unwrap();
        let handling = handled.iter().find(|handling| handling.key == key(question)).unwrap();
        assert_eq!(now(reopen(&kept, handling, &by, at(7))).unwrap(), Decided::Done);
    }
    assert_eq!(names(&kept).len(), 2);
    let acts = lock(&kept.acts);
    assert!(acts.iter().all(|act| act.action == Action::HandleQuestion));
    let states: Vec<_> = acts.iter().map(|act| (act.before.as_str(), act.after.as_str())).collect();
    let (ignored, answered) = ("ignored", "waste-item/usb");
    let expected = [("", ignored), ("", answered), (answered, answered), (ignored, ""), (answered, "")];
    assert_eq!(states, expected, "as it was, and as it is");
}

#[test]
fn a_decision_that_was_not_seen_is_told_and_stays() {
    let (sato, mori): (StaffId, StaffId) = ("sato".parse().unwrap(), "mori".parse().unwrap());
    let answered = || How::Answered("usb".parse().unwrap());
    let kept = kept(&[("usb", 1)]);
    let decide = |how, seen, by, second| now(handle(&kept, "USB", how, seen, by, at(second))).unwrap();
    let told = |standing: &Handling| Decided::Meanwhile(Meanwhile(Some(standing.clone())));
    assert_eq!(decide(answered(), None, &sato, 2), Decided::Done);
    let first = lock(&kept.handled)[0].clone();
    assert_eq!(decide(How::Ignored, None, &mori, 3), told(&first));
    assert_eq!(decide(How::Ignored, Some(at(1)), &mori, 3), told(&first));
    assert_eq!(decide(answered(), None, &mori, 3), Decided::Done, "the same once more");
    assert_eq!(now(decided_since(&kept, "usb", None)).unwrap(), Some(Meanwhile(Some(first.clone()))));
    assert_eq!(now(decided_since(&kept, "usb", Some(at(2)))).unwrap(), None);
    let older = Handling { at: at(1), ..first.clone() };
    assert_eq!(now(reopen(&kept, &older, &mori, at(3))).unwrap(), told(&first));
    assert_eq!(
        (lock(&kept.handled).as_slice(), lock(&kept.acts).len()),
        (&[first.clone()][..], 1),
        "nothing was written"
    );
    assert_eq!(decide(How::Ignored, Some(at(2)), &mori, 3), Decided::Done, "who has seen it, may");
    let second = lock(&kept.handled)[0].clone();
    assert_eq!(now(reopen(&kept, &first, &sato, at(4))).unwrap(), told(&second));
    lock(&kept.handled).clear();
    assert_eq!(
        now(reopen(&kept, &second, &mori, at(4))).unwrap(),
        Decided::Meanwhile(Meanwhile(None)),
        "somebody took it back"
    );
    *lock(&kept.faster) = Some(first.clone());
    assert_eq!(decide(How::Ignored, None, &mori, 5), told(&first), "decided between the look and the writing");
    assert_eq!(lock(&kept.handled).as_slice(), [first]);
}

#[test]
fn nothing_is_decided_about_what_nobody_asked() {
    let kept = kept(&[("マグロ", 5)]);
    let decide = |question| now(handle(&kept, question, How::Ignored, None, &"sato".parse().unwrap(), at(9))).unwrap();
    assert_eq!(decide("だれも聞いていない"), Decided::NeverAsked);
    assert!(lock(&kept.handled).is_empty() && lock(&kept.acts).is_empty());
    assert_eq!(decide("まぐろ"), Decided::Done, "in another spelling");
    let much_later = at(500 * 24 * 3_600);
    let late = now(handle(&kept, "まぐろ", How::Ignored, None, &"sato".parse().unwrap(), much_later)).unwrap();
    assert_eq!(late, Decided::NeverAsked, "no longer");
}

#[test]
fn the_log_does_not_hold_the_words() {
    let kept = kept(&[("田中さんの犬", 1)]);
    now(handle(&kept, "田中さんの犬", How::Ignored, None, &"sato".parse().unwrap(), at(1))).unwrap();
    let acts = lock(&kept.acts);
    assert!(!format!("{acts:?}").contains("田中") && acts[0].subject.starts_with("question/"), "{acts:?}");
    assert!(!format!("{:?}", kept.handled).contains("田中"));
    look(&kept, &clock(SignedDuration::ZERO), SignedDuration::ZERO);
    assert!(!format!("{:?}", lock(&kept.counts)).contains("田中"));
}
