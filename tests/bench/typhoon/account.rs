//! The account of the storm: what became of each event, by LINE's own record of what it took.

use std::collections::{BTreeMap, HashMap, HashSet};

use app::inbox::Outcome;
use serde_json::{Value, json};

use crate::Failure;
use crate::inboxes::Desk;
use crate::log::Log;
use crate::platform::{Call, Line, TAKEN};
use crate::queue::Fate;
use crate::watch::Answer;

/// The paths of what is counted.
const REPLY: &str = "/v2/bot/message/reply";
const PUSH: &str = "/v2/bot/message/push";
const MULTICAST: &str = "/v2/bot/message/multicast";
/// The only fault after which the answer still comes, and is the right one.
const SLOW: &str = "slow";

/// What LINE took and refused.
#[derive(Default)]
pub(crate) struct Journal {
    looked: u64,
    /// How often it took something by a reply token or a retry key.
    taken: HashMap<String, u32>,
    /// By which of them a call failed.
    struck: HashSet<String>,
    /// Calls by second and kind.
    seconds: BTreeMap<(i64, &'static str), u64>,
}

impl Journal {
    /// Takes over what came since the last look. LINE's record is short: look often.
    pub(crate) async fn look(&mut self, line: &Line, log: &Log) -> Result<(), Failure> {
        for call in line.calls(&mut self.looked).await? {
            self.note(&call, log);
        }
        Ok(())
    }

    /// Forgets what came until now.
    pub(crate) fn forget(&mut self) {
        *self = Self { looked: self.looked, ..Self::default() };
    }

    fn note(&mut self, call: &Call, log: &Log) {
        let (kind, by) = match call.path.as_str() {
            REPLY => ("reply", call.reply_token().map(str::to_owned)),
            PUSH => ("push", call.retry_key.clone()),
            MULTICAST => ("multicast", None),
            _ => return,
        };
        let is_struck = call.fault.as_deref().is_some_and(|fault| fault != SLOW);
        let kind = if call.status == TAKEN { kind } else { "refused" };
        #[expect(clippy::cast_possible_truncation, reason = "seconds of a storm")]
        let second = log.second_of(call.at).floor() as i64;
        *self.seconds.entry((second, kind)).or_default() += 1;
        let Some(by) = by else { return };
        if is_struck || call.status != TAKEN {
            self.struck.insert(by.clone());
        }
        if call.status == TAKEN {
            *self.taken.entry(by).or_default() += 1;
        }
    }

    /// The calls of each second from the beginning of the log.
    pub(crate) fn figures(&self) -> Value {
        self.seconds.iter().map(|((second, kind), count)| json!([second, kind, count])).collect()
    }
}

/// What LINE did for an event.
#[derive(Debug, Clone, Copy, Default)]
struct Done {
    taken: u32,
    struck: bool,
}

/// What became of each of these events, in numbers; what is lost or doubled is told to the log.
pub(crate) fn account(sent: &HashMap<String, Acknowledged>, journal: &Journal, desk: &Desk, log: &Log) -> Value {
    let mut done: HashMap<String, Done> = HashMap::new();
    for (by, times) in &journal.taken {
        match desk.watch.owner(by) {
            Some(event) => done.entry(event).or_default().taken += times,
            None => log.wrong("LINE took an answer that nobody decided on".to_owned()),
        }
    }
    for event in journal.struck.iter().filter_map(|by| desk.watch.owner(by)) {
        done.entry(event).or_default().struck = true;
    }
    let dead: HashMap<String, String> = desk.dead.letters().into_iter().map(|letter| (letter.id, letter.why)).collect();
    let mut ends: BTreeMap<String, u64> = BTreeMap::new();
    for (event, acknowledged) in sent {
        let end = match dead.get(event) {
            Some(why) => Ok(format!("in the dead-letter queue: {why}")),
            None => end_of(event, *acknowledged, done.get(event).copied().unwrap_or_default(), desk),
        };
        let end = end.unwrap_or_else(|wrong| {
            log.wrong(format!("event {event}: {wrong}"));
            wrong.to_owned()
        });
        *ends.entry(end).or_default() += 1;
    }
    json!({ "events": sent.len(), "ends": ends })
}

/// Whether a webhook was answered as it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Acknowledged {
    /// It was, at last.
    Yes,
    /// It was not.
    No,
}

/// What became of one event; or what is wrong with it.
fn end_of(event: &str, acknowledged: Acknowledged, done: Done, desk: &Desk) -> Result<String, &'static str> {
    match (desk.queue.fate(event), acknowledged) {
        (Fate::Settled, Acknowledged::Yes | Acknowledged::No) => {}
        (Fate::GivenUp, Acknowledged::Yes | Acknowledged::No) => {
            return Ok("in the dead-letter queue: handed out too often".to_owned());
        }
        (Fate::Waits, Acknowledged::Yes | Acknowledged::No) => return Err("lost: it still waits in the queue"),
        (Fate::NeverCame, Acknowledged::Yes) => return Err("lost: acknowledged, and never in the queue"),
        (Fate::NeverCame, Acknowledged::No) => return Err("lost: LINE gave up delivering it"),
    }
    let end = match (desk.watch.answer(event), done.taken) {
        (None, 0) => "set aside: no event of one resident's",
        (Some(Answer::None), 0) => "nothing to be said",
        (Some(Answer::Reply), 1) => "answered by its reply token",
        (Some(Answer::Push), 1) => "answered by a push",
        (Some(Answer::Reply | Answer::Push), 0) => return unsaid(event, done, desk),
        (None | Some(Answer::None), _) => return Err("doubled: answered although nothing was to be said"),
        (Some(Answer::Reply | Answer::Push), _) => return Err("doubled: answered more than once"),
    };
    Ok(end.to_owned())
}

/// An answer that LINE never took is accounted for if the log of the function says so, and if something had struck it.
fn unsaid(event: &str, done: Done, desk: &Desk) -> Result<String, &'static str> {
    let why = match desk.watch.outcome(event) {
        Some(Outcome::TokenSpent) => "its reply token died",
        Some(Outcome::Refused) => "LINE refused it",
        Some(Outcome::TooLate) => "it was too late to be safe",
        Some(Outcome::Answered | Outcome::Silent | Outcome::AlreadyAnswered) | None => {
            return Err("lost: said, by the function's word, and not by LINE's");
        }
    };
    if done.struck || desk.watch.was_cut(event) {
        Ok(format!("left unsaid after a kill or a failure of LINE, and logged: {why}"))
    } else {
        Err("lost: left unsaid, and nothing had struck it")
    }
}
