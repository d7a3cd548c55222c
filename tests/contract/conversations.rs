//! Conversations: the fake and the table keep the same promises.

use std::sync::Arc;

use app::ports::unfollows::{Unfollow, Unfollows};
use app::ports::{Clock, Commit, Committed, Conversations, Messages, Progress, ReplyToken, Way};
use aws::clock::SystemClock;
use aws::conversations::TableConversations;
use aws::unfollows::TableUnfollows;
use domain::conversation::{Conversation, Effect, Expecting};
use domain::ids::{EventId, ResidentId};
use domain::resident::{Resident, Stamp};
use jiff::{SignedDuration, Timestamp};
use tests::city::TestTable;
use uuid::Uuid;

use crate::place::Place;

fn resident(number: u8) -> ResidentId {
    format!("U{number:032x}").parse().unwrap()
}

fn event(name: &str) -> EventId {
    name.parse().unwrap()
}

fn expecting() -> Expecting {
    Expecting::MonthOf("dog".parse().unwrap())
}

fn commit(name: &str, number: u8, now: Timestamp) -> Commit {
    let stamp = Stamp { at: now, event: event(name) };
    Commit {
        event: event(name),
        resident_id: resident(number),
        way: Way::Reply { token: ReplyToken("token".to_owned()), messages: Messages("[1]".to_owned()) },
        resident: Some((Resident::new(resident(number), stamp.clone()), None)),
        erase_resident_at: None,
        conversation: Some((
            Conversation { expecting: expecting(), moved: Some(stamp), ..Conversation::default() },
            None,
        )),
        effects: vec![Effect::KeepQuestion("ぞぞむぎ".to_owned())],
        now,
    }
}

async fn nothing_is_known_of_a_stranger(store: &dyn Conversations) {
    let loaded = store.load(&resident(1), &event("stranger")).await.unwrap();
    assert!(loaded.resident.is_none() && loaded.conversation.is_none() && loaded.handled.is_none());
}

async fn a_commit_is_read_back_whole(store: &dyn Conversations, now: Timestamp) {
    let commit = commit("whole", 2, now);
    assert_eq!(store.commit(&commit).await.unwrap(), Committed::Done);
    let loaded = store.load(&resident(2), &event("whole")).await.unwrap();
    let known = loaded.resident.unwrap();
    assert_eq!((known.version, Some(&known.value)), (1, commit.resident.as_ref().map(|(resident, _)| resident)));
    assert_eq!(loaded.conversation.unwrap().value.expecting, expecting());
    let handled = loaded.handled.unwrap();
    assert_eq!((handled.progress, &handled.way, handled.at), (Progress::Unconfirmed, &commit.way, now));
}

async fn an_event_is_handled_once(store: &dyn Conversations, now: Timestamp) {
    assert_eq!(store.commit(&commit("once", 3, now)).await.unwrap(), Committed::Done);
    let mut again = commit("once", 4, now);
    assert_eq!(store.commit(&again).await.unwrap(), Committed::Raced);
    assert!(store.load(&resident(4), &event("x")).await.unwrap().resident.is_none(), "nothing of it was written");
    again.event = event("another");
    assert_eq!(store.commit(&again).await.unwrap(), Committed::Done);
}

async fn a_lost_race_writes_nothing(store: &dyn Conversations, now: Timestamp) {
    assert_eq!(store.commit(&commit("first", 5, now)).await.unwrap(), Committed::Done);
    let mut stale = commit("second", 5, now);
    assert_eq!(store.commit(&stale).await.unwrap(), Committed::Raced, "the resident was there already");
    assert!(store.load(&resident(5), &event("second")).await.unwrap().handled.is_none());
    stale.resident = stale.resident.map(|(resident, _)| (resident, Some(1)));
    stale.conversation = stale.conversation.map(|(conversation, _)| (conversation, Some(7)));
    assert_eq!(store.commit(&stale).await.unwrap(), Committed::Raced, "the conversation is at version 1");
    stale.conversation = stale.conversation.map(|(conversation, _)| (conversation, Some(1)));
    assert_eq!(store.commit(&stale).await.unwrap(), Committed::Done);
    let loaded = store.load(&resident(5), &event("second")).await.unwrap();
    assert_eq!((loaded.resident.unwrap().version, loaded.conversation.unwrap().version), (2, 2));
}

async fn a_confirmed_answer_is_forgotten_but_not_that_it_was_given(store: &dyn Conversations, now: Timestamp) {
    assert_eq!(store.commit(&commit("confirmed", 6, now)).await.unwrap(), Committed::Done);
    for _ in 0..2 {
        store.confirm(&event("confirmed")).await.unwrap();
    }
    let handled = store.load(&resident(6), &event("confirmed")).await.unwrap().handled.unwrap();
    assert_eq!((handled.progress, handled.way), (Progress::Confirmed, Way::Silence));
    assert_eq!(store.commit(&commit("confirmed", 7, now)).await.unwrap(), Committed::Raced);
    store.confirm(&event("never-handled")).await.unwrap();
    assert!(store.load(&resident(6), &event("never-handled")).await.unwrap().handled.is_none());
}

async fn of_two_commits_at_once_one_is_done(store: &dyn Conversations, now: Timestamp) {
    let (one, other) = (commit("at-once-1", 8, now), commit("at-once-2", 8, now));
    let (one, other) = tokio::join!(store.commit(&one), store.commit(&other));
    let mut both = [one, other].map(|committed| match committed {
        Ok(Committed::Done) => "done",
        // A table may also say that the two met; the same again then decides.
        Ok(Committed::Raced) | Err(_) => "not done",
    });
    both.sort_unstable();
    assert_eq!(both, ["done", "not done"]);
}

async fn a_silent_turn_needs_no_confirmation(store: &dyn Conversations, now: Timestamp) {
    let silent = Commit { way: Way::Silence, ..commit("silent", 9, now) };
    assert_eq!(store.commit(&silent).await.unwrap(), Committed::Done);
    let handled = store.load(&resident(9), &event("silent")).await.unwrap().handled.unwrap();
    assert_eq!(handled.progress, Progress::Confirmed);
}

fn push() -> (Uuid, Messages) {
    (Uuid::from_u128(7), Messages("[1]".to_owned()))
}

async fn a_reply_becomes_a_push(store: &dyn Conversations, now: Timestamp) {
    assert_eq!(store.commit(&commit("refused", 10, now)).await.unwrap(), Committed::Done);
    let (key, messages) = push();
    store.push_instead(&event("refused"), key, &messages).await.unwrap();
    let handled = store.load(&resident(10), &event("refused")).await.unwrap().handled.unwrap();
    let way = Way::Push { key, messages };
    assert_eq!((handled.progress, handled.way, handled.at), (Progress::Unconfirmed, way.clone(), now));
    store.push_instead(&event("refused"), Uuid::from_u128(8), &push().1).await.unwrap();
    let handled = store.load(&resident(10), &event("refused")).await.unwrap().handled.unwrap();
    assert_eq!(handled.way, way, "a push stays the push that it is");
}

async fn what_is_no_unconfirmed_reply_becomes_no_push(store: &dyn Conversations, now: Timestamp) {
    let (key, messages) = push();
    assert_eq!(store.commit(&commit("said", 11, now)).await.unwrap(), Committed::Done);
    store.confirm(&event("said")).await.unwrap();
    let silent = Commit { way: Way::Silence, ..commit("nothing-to-say", 12, now) };
    assert_eq!(store.commit(&silent).await.unwrap(), Committed::Done);
    for (number, name) in [(11, "said"), (12, "nothing-to-say")] {
        store.push_instead(&event(name), key, &messages).await.unwrap();
        let handled = store.load(&resident(number), &event(name)).await.unwrap().handled.unwrap();
        assert_eq!((handled.progress, handled.way), (Progress::Confirmed, Way::Silence), "{name}");
    }
    store.push_instead(&event("never-committed"), key, &messages).await.unwrap();
    assert!(store.load(&resident(12), &event("never-committed")).await.unwrap().handled.is_none());
}

async fn who_left_is_noted_once_at_the_time_of_the_event(
    store: &dyn Conversations,
    unfollows: &dyn Unfollows,
    now: Timestamp,
) {
    let at = now - SignedDuration::from_hours(30);
    let left = |name, number, at| Commit { effects: vec![Effect::NoteUnfollow(at)], ..commit(name, number, now) };
    let later = at + SignedDuration::from_hours(20);
    for (name, number, at, expected) in [
        ("left-2", 14, later, Committed::Done),
        ("left-1", 13, at, Committed::Done),
        ("left-1", 13, at, Committed::Raced),
    ] {
        assert_eq!(store.commit(&left(name, number, at)).await.unwrap(), expected, "{name}");
    }
    let both = [(at, 13), (later, 14)].map(|(at, number)| Unfollow { at, resident: resident(number) });
    assert_eq!(unfollows.some(&(at..now), None).await.unwrap(), both);
    assert_eq!(unfollows.some(&(at..now), Some(&both[0])).await.unwrap(), both[1..]);
    assert_eq!(unfollows.some(&(at..now), Some(&both[1])).await.unwrap(), []);
    assert_eq!(unfollows.some(&(at..later), None).await.unwrap(), both[..1], "the end is not in it");
}

async fn keeps_its_promises(store: &dyn Conversations, unfollows: &dyn Unfollows, now: Timestamp) {
    nothing_is_known_of_a_stranger(store).await;
    a_commit_is_read_back_whole(store, now).await;
    an_event_is_handled_once(store, now).await;
    a_lost_race_writes_nothing(store, now).await;
    a_confirmed_answer_is_forgotten_but_not_that_it_was_given(store, now).await;
    of_two_commits_at_once_one_is_done(store, now).await;
    a_silent_turn_needs_no_confirmation(store, now).await;
    a_reply_becomes_a_push(store, now).await;
    what_is_no_unconfirmed_reply_becomes_no_push(store, now).await;
    who_left_is_noted_once_at_the_time_of_the_event(store, unfollows, now).await;
}

/// To the millisecond, which is what the platform and the table count in.
fn now() -> Timestamp {
    Timestamp::from_millisecond(SystemClock.now().as_millisecond()).unwrap()
}

#[tokio::test]
async fn the_fake_keeps_its_promises() {
    let table = TestTable::default();
    keeps_its_promises(&table, &table, now()).await;
}

#[tokio::test]
async fn the_table_keeps_its_promises() {
    let table = Place::running().scratch_table("conversations").await;
    let unfollows = TableUnfollows::new(table.clone());
    keeps_its_promises(&TableConversations::new(table, Arc::new(SystemClock)), &unfollows, now()).await;
}
