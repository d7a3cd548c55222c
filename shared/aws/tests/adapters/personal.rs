//! What is kept about one resident: read and erased by their id alone.

use std::sync::Arc;

use app::ports::personal::{Personal, PersonalData as _};
use app::ports::reports::Reports as _;
use app::ports::unfollows::{Unfollow, Unfollows as _};
use app::ports::{Commit, Committed, Conversations as _, Way};
use aws::Table;
use aws::conversations::TableConversations;
use aws::personal::TablePersonal;
use aws::reports::TableReports;
use aws::unfollows::TableUnfollows;
use domain::conversation::{Conversation, Effect};
use domain::ids::ResidentId;
use domain::resident::{Resident, Stamp};
use jiff::{SignedDuration, Timestamp};

use crate::memory::{Memory, Served};
use crate::stub::{Stub, TestClock};

const NOON: &str = "2026-11-22T03:00:00Z";

fn noon() -> Timestamp {
    NOON.parse().unwrap()
}

fn resident(number: u32) -> ResidentId {
    format!("U{number:032x}").parse().unwrap()
}

fn known(number: u32) -> Resident {
    let stamp = Stamp { at: noon(), event: format!("event-{number}").parse().unwrap() };
    Resident::new(resident(number), stamp)
}

struct World {
    stub: Stub,
    memory: Arc<Memory>,
}

impl World {
    /// Residents 1 and 2 talk with the account, and have blocked it.
    async fn of_two() -> Self {
        let memory = Arc::new(Memory::default());
        let world = Self { stub: Stub::served_by(Served(Arc::clone(&memory))).await, memory };
        for number in 1..=2 {
            let commit = Commit {
                event: format!("event-{number}").parse().unwrap(),
                resident_id: resident(number),
                way: Way::Silence,
                resident: Some((known(number), None)),
                erase_resident_at: None,
                conversation: Some((Conversation::default(), None)),
                effects: vec![Effect::NoteUnfollow(noon()), Effect::KeepQuestion("かんでんち".to_owned())],
                now: noon(),
            };
            let conversations = TableConversations::new(world.table(), TestClock::at(NOON));
            assert_eq!(conversations.commit(&commit).await.unwrap(), Committed::Done);
        }
        world
    }

    fn table(&self) -> Table {
        Table::new(&self.stub.clients(), "city".to_owned())
    }

    fn personal(&self) -> TablePersonal {
        TablePersonal::new(self.table(), TestClock::at(NOON))
    }

    fn has_left(number: u32) -> Unfollow {
        Unfollow { at: noon(), resident: resident(number) }
    }

    async fn left(&self) -> Vec<Unfollow> {
        let within = noon() - SignedDuration::from_hours(1)..noon() + SignedDuration::from_hours(1);
        TableUnfollows::new(self.table()).some(&within, None).await.unwrap()
    }
}

#[tokio::test]
async fn what_is_kept_about_a_resident_is_read_and_erased_and_nobody_elses() {
    let world = World::of_two().await;
    let personal = world.personal();
    let kept = |number| Personal { resident: Some(known(number)), conversation: Some(Conversation::default()) };
    assert_eq!(personal.of(&resident(1)).await.unwrap(), kept(1));
    assert_eq!(personal.of(&resident(3)).await.unwrap(), Personal::default());
    for _ in 0..2 {
        personal.erase(&resident(1), &[World::has_left(1)]).await.unwrap();
        assert_eq!(personal.of(&resident(1)).await.unwrap(), Personal::default());
        assert_eq!(personal.of(&resident(2)).await.unwrap(), kept(2));
        assert_eq!(world.left().await, [World::has_left(2)]);
    }
    let month = world.memory.partition("QUESTION#2026-11");
    assert_eq!(month.len(), 2, "whose questions they were nobody knows");
}

#[tokio::test]
async fn no_report_is_found_for_them_any_more_however_many_there_were() {
    let world = World::of_two().await;
    let reports = TableReports::new(world.table(), TestClock::at(NOON));
    for number in 0..120 {
        let mut report = super::reports::report(number);
        report.followers = [resident(2)].into();
        reports.put(&report, None, None).await.unwrap();
    }
    let found = async |number| reports.of_resident(&resident(number), 200).await.unwrap().len();
    assert_eq!((found(1).await, found(2).await), (120, 120));
    world.personal().erase(&resident(1), &[]).await.unwrap();
    assert_eq!((found(1).await, found(2).await), (0, 120));
}
