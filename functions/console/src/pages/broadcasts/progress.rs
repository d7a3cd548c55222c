//! How a broadcast goes on, while it waits for its moment, is sent, or is being stopped: on its page, and asked for by its script.
//!
//! How fast it goes is the difference between two looks. The server keeps none: whoever looks brings along what they saw before.

use app::broadcast::look::{Standing, Way};
use domain::broadcast::{Broadcast, State};
use domain::town::Town;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use serde_json::json;

use super::path;
use super::show::standing_of;
use crate::kit::{self, Progress};
use crate::web::{Answer, Call, Failure};
use crate::words::broadcasts::SENDING;
use crate::words::progress as words;

/// Where the broadcast stands on the page that asks.
const AT: &str = "at";
/// What was seen before.
const SINCE: &str = "since";
/// So long before it goes its page begins to ask.
const SOON: SignedDuration = SignedDuration::from_mins(15);
/// The speed is that of the last so many seconds.
const WINDOW: SignedDuration = SignedDuration::from_secs(10);
/// Without a call that was taken for so long something is wrong.
const STALLS_AFTER: SignedDuration = SignedDuration::from_secs(20);
/// What a page saw longer ago says nothing about now.
const SEEN_LATELY: SignedDuration = SignedDuration::from_mins(2);

/// `GET /broadcasts/{id}/progress.json`
pub async fn progress(call: Call) -> Result<Answer, Failure> {
    let standing = standing_of(&call).await?;
    let (at, stage) = (call.query.text(AT), stage(&standing.broadcast.value.state));
    let going = Going::of(&standing, &call.town, Look::read(call.query.text(SINCE)), call.now);
    Ok(Answer::Json(json!({
        "done": going.done,
        "total": going.total,
        "text": going.text,
        "finished": !moves_by_itself(&standing.broadcast.value, &call.town, call.now),
        "moved": !at.is_empty() && at != stage,
        "since": going.look.written(),
    })))
}

/// The bar of what moves by itself, and what is to be said of it; of what moves later, the words alone.
pub(super) fn part(call: &Call, standing: &Standing) -> Markup {
    let broadcast = &standing.broadcast.value;
    let lately = |look: &Look| call.now.duration_since(look.at) < SEEN_LATELY;
    let going = Going::of(standing, &call.town, Look::read(call.query.text(SINCE)).filter(lately), call.now);
    if !moves_by_itself(broadcast, &call.town, call.now) {
        return html! { p { (going.text) } };
    }
    let (path, since) = (path(&broadcast.id), going.look.written());
    let page = format!("{path}?{SINCE}={since}");
    let poll = format!("{path}/progress.json?{AT}={}&{SINCE}={since}", stage(&broadcast.state));
    let label = match &broadcast.state {
        State::Approved { .. } => words::BEFORE,
        State::Stopped { .. } => words::AFTER_STOP,
        State::Draft
        | State::AwaitingApproval { .. }
        | State::Held { .. }
        | State::Sending { .. }
        | State::Finished { .. } => SENDING,
    };
    let (done, total) = (going.done, going.total);
    kit::progress_saying(&Progress { label, done, total, page: &page, poll: Some(&poll) }, &going.text)
}

/// Whether it is not over, and something will happen to it soon though nobody does anything.
fn moves_by_itself(broadcast: &Broadcast, town: &Town, now: Timestamp) -> bool {
    match &broadcast.state {
        State::Approved { release_at, .. } => {
            release_at.duration_since(now) <= SOON && wakes_at(broadcast, town, now) <= now
        }
        State::Sending { .. } | State::Stopped { account: None, .. } => true,
        State::Draft
        | State::AwaitingApproval { .. }
        | State::Stopped { .. }
        | State::Finished { .. }
        | State::Held { .. } => false,
    }
}

/// The first moment, from now on, at which the town lets it go.
fn wakes_at(broadcast: &Broadcast, town: &Town, now: Timestamp) -> Timestamp {
    broadcast.earliest(town.profile.sending.quiet_hours, now)
}

/// What a page shows: when it is another one, the page shows what is not so any more.
fn stage(state: &State) -> &'static str {
    match state {
        State::Draft => "draft",
        State::AwaitingApproval { .. } => "awaiting",
        State::Approved { .. } => "approved",
        State::Sending { pause: None, .. } => "sending",
        State::Sending { pause: Some(_), .. } => "resting",
        State::Stopped { account: None, .. } => "stopping",
        State::Stopped { account: Some(_), .. } | State::Finished { .. } => "closed",
        State::Held { .. } => "held",
    }
}

/// What somebody saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    /// So many calls the platform had taken.
    calls: u64,
    at: Timestamp,
}

impl Look {
    fn read(text: &str) -> Option<Self> {
        let (calls, at) = text.split_once('-')?;
        Some(Self { calls: calls.parse().ok()?, at: Timestamp::from_millisecond(at.parse().ok()?).ok()? })
    }

    fn written(self) -> String {
        format!("{}-{}", self.calls, self.at.as_millisecond())
    }

    /// What the next one is to look back to: this look, as long as nothing has come since, or it is young.
    fn or(self, now: Self) -> Self {
        let is_past = self.at <= now.at && self.calls <= now.calls;
        let is_kept = self.calls == now.calls || now.at.duration_since(self.at) < WINDOW;
        if is_past && is_kept { self } else { now }
    }
}

/// How it goes on.
struct Going {
    done: u64,
    total: u64,
    text: String,
    look: Look,
}

impl Going {
    fn of(standing: &Standing, town: &Town, before: Option<Look>, now: Timestamp) -> Self {
        let broadcast = &standing.broadcast.value;
        let here = Look { calls: standing.pages.calls, at: now };
        let account = standing.account.unwrap_or_default();
        let (done, total) = bar(standing);
        let (look, text) = match &broadcast.state {
            State::Approved { release_at, .. } => {
                let wakes = wakes_at(broadcast, town, now);
                let text = if now < *release_at {
                    words::WAITING.to_owned()
                } else if now < wakes {
                    words::asleep(wakes)
                } else if broadcast.is_unseen() {
                    words::GUARDED.to_owned()
                } else {
                    words::DUE.to_owned()
                };
                (here, text)
            }
            State::Sending { since, pause, .. } => {
                let mut said = vec![words::went(&account, standing.frozen)];
                let is_free = pause.is_none() && standing.way == Way::Free;
                if pause.is_none() && standing.way == Way::GivesWay {
                    said.push(words::GIVES_WAY.to_owned());
                }
                if is_free {
                    let waits = done < total && (account.open == 0 || standing.pages.doubted < account.open);
                    said.extend(speed(before, here, *since).or_else(|| stalled(before, here).filter(|_| waits)));
                }
                said.extend(troubles(standing));
                (before.filter(|_| is_free).map_or(here, |before| before.or(here)), said.concat())
            }
            State::Stopped { account: None, .. } => (here, words::stopping(&account)),
            State::Draft
            | State::AwaitingApproval { .. }
            | State::Stopped { .. }
            | State::Finished { .. }
            | State::Held { .. } => (here, String::new()),
        };
        Self { done, total, text, look }
    }
}

/// How full the bar is. It is not full before everybody is known who is to get it: of parts that are not frozen nobody knows
/// how many they hold, but about how many there were when they were counted.
fn bar(standing: &Standing) -> (u64, u64) {
    let account = standing.account.unwrap_or_default();
    let done = account.frozen - account.open;
    let total = match (&standing.broadcast.value.state, standing.frozen) {
        (State::Sending { reach, .. }, Some((frozen, all))) if frozen < all => reach.reached.max(account.frozen + 1),
        // Of one that was stopped they may never come.
        (State::Stopped { .. }, Some((frozen, all))) if frozen < all => 0,
        _ => account.frozen,
    };
    (done, total)
}

/// How fast it goes: since the last look, or where there is none, since it began.
fn speed(before: Option<Look>, here: Look, began: Timestamp) -> Option<String> {
    let tenths = |calls: u64, took: SignedDuration| {
        let millis = u64::try_from(took.as_millis()).ok().filter(|millis| 1_000 <= *millis)?;
        Some(calls.saturating_mul(10_000) / millis)
    };
    match before.filter(|before| before.at <= here.at && before.calls <= here.calls) {
        Some(before) if before.calls == here.calls => None,
        Some(before) => tenths(here.calls - before.calls, here.at.duration_since(before.at)).map(words::speed_now),
        None if here.calls == 0 => None,
        None => tenths(here.calls, here.at.duration_since(began)).map(words::speed_so_far),
    }
}

/// That nothing has gone for a while.
fn stalled(before: Option<Look>, here: Look) -> Option<String> {
    let before = before.filter(|before| before.calls == here.calls)?;
    (STALLS_AFTER <= here.at.duration_since(before.at)).then(|| words::STALLED.to_owned())
}

/// What keeps some of its pages.
fn troubles(standing: &Standing) -> Vec<String> {
    let pages = &standing.pages;
    let mut troubles = Vec::new();
    if 0 < pages.doubted {
        troubles.push(words::doubted(pages.doubted));
    }
    if 0 < pages.unsure {
        troubles.push(words::unsure(pages.unsure));
    }
    troubles.extend(pages.refused.iter().map(|(status, people)| words::refused(*status, *people)));
    troubles
}
