//! Ledgers in the table: claims under a fence, states that only rise, and what late and doubled writers leave behind.

use std::sync::Arc;

use app::error::Kind;
use app::ports::broadcasts::{Ledgers, RunKey};
use app::ports::staff::Written;
use aws::Table;
use aws::ledgers::TableLedgers;
use domain::broadcast::Lane;
use domain::ids::BroadcastId;
use domain::sending::delivery::{GivenBack, Recorded};
use domain::sending::frozen::{FrozenPart, LeftOut};
use domain::sending::ledger::{Doubt, Ledger, PageState, Tried};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::memory::{Memory, Served};
use crate::stub::{Stub, error, ok};

struct World {
    stub: Stub,
    memory: Arc<Memory>,
}

impl World {
    async fn new() -> Self {
        let memory = Arc::new(Memory::default());
        Self { stub: Stub::served_by(Served(Arc::clone(&memory))).await, memory }
    }

    fn ledgers(&self) -> TableLedgers {
        ledgers(&self.stub)
    }

    async fn stored(&self) -> Ledger {
        self.ledgers().ledger(&run()).await.unwrap().unwrap()
    }

    /// A claim of what is stored, written.
    async fn claim(&self, at: Timestamp) -> Ledger {
        let stored = self.ledgers().ledger(&run()).await.unwrap().unwrap_or_else(|| Ledger::new(3));
        let claimed = stored.claim(at).unwrap();
        assert_eq!(self.ledgers().claim(&run(), &claimed).await.unwrap(), Written::Done);
        claimed
    }
}

fn ledgers(stub: &Stub) -> TableLedgers {
    TableLedgers::new(Table::new(&stub.clients(), "city".to_owned()))
}

fn id() -> BroadcastId {
    "0199aaaa-0000-7000-8000-000000000001".parse().unwrap()
}

fn run() -> RunKey {
    RunKey { broadcast: id(), lane: Lane::Emergency, part: 7, run: 12 }
}

fn noon() -> Timestamp {
    "2026-11-22T03:00:00.123456789Z".parse().unwrap()
}

fn later(minutes: i64) -> Timestamp {
    noon() + SignedDuration::from_mins(minutes)
}

fn accepted() -> PageState {
    PageState::Accepted { generation: 1, dropped: vec![0, 499], request: Some("r-1".to_owned()) }
}

fn open(generation: u8, tried: Tried, doubt: Option<Doubt>) -> PageState {
    let dropped = (0..u16::from(generation)).collect();
    PageState::Open { generation, dropped, tried, doubt }
}

#[tokio::test]
async fn every_state_comes_back_and_its_rank_stands_beside_it() {
    let doubt = Some(Doubt { at: noon(), fence: 3 });
    let states = [
        PageState::NEW,
        open(0, Tried::Perhaps, None),
        open(2, Tried::Perhaps, doubt),
        PageState::Refused { status: 413 },
        PageState::Expired,
        PageState::Stopped,
        PageState::Unclear,
        accepted(),
        PageState::Accepted { generation: 0, dropped: vec![], request: None },
        open(100, Tried::No, None),
    ];
    let world = World::new().await;
    let pages = states.to_vec();
    let ledger = Ledger { fence: 1, lease_until: Some(later(1)), settled_at: noon(), pages };
    assert_eq!(world.ledgers().claim(&run(), &ledger).await.unwrap(), Written::Done);
    assert_eq!(world.stored().await, ledger);

    let items = world.memory.partition(&format!("BROADCAST#{}", id()));
    assert_eq!(items.len(), 1);
    assert_eq!(
        (&items[0]["SK"], &items[0]["kind"], &items[0]["v"]),
        (&json!({"S": "RUN#007#012"}), &json!({"S": "run"}), &json!({"N": "1"}))
    );
    for (page, state) in states.iter().enumerate() {
        assert_eq!(items[0][&format!("p{page}")]["M"]["rank"]["N"], state.rank().to_string(), "{state:?}");
    }
    world.stub.assert_items_read_consistently().await;
}

#[tokio::test]
async fn of_two_that_read_the_same_one_claims() {
    let world = World::new().await;
    let one = Ledger::new(3).claim(noon()).unwrap();
    let other = Ledger::new(3).claim(later(1)).unwrap();
    assert_eq!(world.ledgers().claim(&run(), &one).await.unwrap(), Written::Done);
    assert_eq!(world.ledgers().claim(&run(), &other).await.unwrap(), Written::Raced, "of a run nobody had worked on");
    assert_eq!(world.stored().await, one);

    let (one, other) = (one.claim(later(2)).unwrap(), one.claim(later(3)).unwrap());
    assert_eq!(world.ledgers().claim(&run(), &one).await.unwrap(), Written::Done);
    assert_eq!(world.ledgers().claim(&run(), &other).await.unwrap(), Written::Raced);
    assert_eq!(world.ledgers().claim(&run(), &one).await.unwrap(), Written::Raced, "its own lost answer, too");
    assert_eq!(world.stored().await, one);
}

#[tokio::test]
async fn a_claim_leaves_a_late_answer_alone_and_still_holds() {
    let world = World::new().await;
    let first = world.claim(noon()).await;
    let second = world.stored().await.claim(later(1)).unwrap();
    // Between that reading and the claim the first sender, thought dead, writes what LINE said.
    assert_eq!(world.ledgers().record(&run(), 1, &accepted(), first.fence).await.unwrap(), Recorded::Written);
    assert_eq!(world.ledgers().claim(&run(), &second).await.unwrap(), Written::Done);
    let stored = world.stored().await;
    let perhaps = open(0, Tried::Perhaps, None);
    assert_eq!(stored, Ledger { pages: vec![perhaps.clone(), accepted(), perhaps], ..second });
}

#[tokio::test]
async fn a_page_only_rises_and_only_under_the_latest_claim_but_for_what_line_accepted() {
    let world = World::new().await;
    let first = world.claim(noon()).await.fence;
    let ledgers = world.ledgers();
    let record = async |page, state: &PageState, fence| ledgers.record(&run(), page, state, fence).await.unwrap();
    assert_eq!(record(0, &open(1, Tried::No, None), first).await, Recorded::Written);
    assert_eq!(record(0, &open(1, Tried::No, None), first).await, Recorded::Written, "its own lost answer");
    assert_eq!(record(0, &open(0, Tried::Perhaps, None), first).await, Recorded::Outranked);
    assert_eq!(record(1, &PageState::Stopped, first).await, Recorded::Written);
    assert_eq!(record(1, &PageState::Unclear, first).await, Recorded::Outranked, "of equal height the first stays");
    assert_eq!(record(1, &accepted(), first).await, Recorded::Written);
    assert_eq!(record(1, &PageState::Refused { status: 400 }, first).await, Recorded::Outranked);

    let second = world.claim(later(1)).await.fence;
    assert_eq!(record(0, &open(2, Tried::No, None), first).await, Recorded::Lost);
    assert_eq!(record(2, &PageState::Expired, first).await, Recorded::Lost);
    assert_eq!(record(1, &PageState::Expired, first).await, Recorded::Lost, "both: it is another's run first");
    assert_eq!(record(2, &accepted(), first).await, Recorded::Written, "LINE cannot take it back");
    let other = PageState::Accepted { generation: 0, dropped: vec![], request: None };
    assert_eq!(record(2, &other, second).await, Recorded::Outranked);
    assert_eq!(record(0, &PageState::Expired, second).await, Recorded::Written);
    assert_eq!(world.stored().await.pages, [PageState::Expired, accepted(), accepted()]);
}

#[tokio::test]
async fn a_record_where_there_is_no_ledger_or_no_such_page_is_an_error() {
    let world = World::new().await;
    let error = world.ledgers().record(&run(), 0, &accepted(), 1).await.unwrap_err();
    assert_eq!(error.kind, Kind::Permanent);
    assert!(world.memory.partition(&format!("BROADCAST#{}", id())).is_empty(), "no half a ledger");
    world.claim(noon()).await;
    for page in [3, 10, usize::MAX] {
        assert_eq!(world.ledgers().record(&run(), page, &accepted(), 1).await.unwrap_err().kind, Kind::Permanent);
    }
}

#[tokio::test]
async fn a_run_is_given_back_by_whoever_has_it() {
    let world = World::new().await;
    let first = world.claim(noon()).await.fence;
    let doubted = open(0, Tried::Perhaps, Some(Doubt { at: noon(), fence: first }));
    world.ledgers().record(&run(), 2, &open(1, Tried::No, None), first).await.unwrap();
    let open_pages = vec![(0, doubted.clone()), (2, open(1, Tried::No, None))];
    let back = GivenBack { fence: first, settled_at: later(12), open: open_pages };
    world.ledgers().give_back(&run(), &back).await.unwrap();
    let expected = Ledger {
        fence: first,
        lease_until: None,
        settled_at: later(12),
        pages: vec![doubted, PageState::NEW, open(1, Tried::No, None)],
    };
    assert_eq!(world.stored().await, expected);
    world.ledgers().give_back(&run(), &back).await.expect("its own lost answer");
    assert_eq!(world.stored().await, expected);
}

#[tokio::test]
async fn nothing_is_given_back_that_is_another_s_or_of_which_more_is_known() {
    let world = World::new().await;
    let first = world.claim(noon()).await.fence;
    let tried = vec![(0, open(0, Tried::Perhaps, None))];
    // A late answer for the page that we only tried.
    world.ledgers().record(&run(), 0, &accepted(), 0).await.unwrap();
    let before = world.stored().await;
    let back = GivenBack { fence: first, settled_at: later(12), open: tried };
    world.ledgers().give_back(&run(), &back).await.unwrap();
    assert_eq!(world.stored().await, before, "the lease runs out by itself");

    let second = world.claim(later(1)).await;
    let back = GivenBack { fence: first, settled_at: later(90), open: vec![] };
    world.ledgers().give_back(&run(), &back).await.unwrap();
    let stored = world.stored().await;
    assert_eq!((stored.fence, stored.lease_until), (second.fence, second.lease_until));
}

#[tokio::test]
async fn progress_is_all_parts_and_ledgers_and_not_the_broadcast() {
    let part = |part| FrozenPart {
        broadcast: id(),
        part,
        frozen_at: noon(),
        sections: vec![5_001, 2],
        left_out: LeftOut { blocked: 1, outside: 2, muted: 3, capped: 4 },
        digest: "ab".repeat(32),
    };
    let world = World::new().await;
    for number in [0, 7, 255] {
        world.ledgers().note_frozen(&part(number)).await.unwrap();
        world.ledgers().note_frozen(&part(number)).await.expect("the same again changes nothing");
    }
    let claimed = world.claim(noon()).await;
    let progress = world.ledgers().progress(&id()).await.unwrap();
    assert_eq!(progress.parts.into_iter().collect::<Vec<_>>(), [0, 7, 255].map(|number| (number, part(number))));
    assert_eq!(progress.ledgers.into_iter().collect::<Vec<_>>(), [((7, 12), claimed)]);
    let asked = world.stub.asked().await.pop().unwrap();
    assert_eq!((&asked.operation[..], &asked.body["ConsistentRead"]), ("Query", &json!(true)));
    assert_eq!(asked.body["ExpressionAttributeValues"][":place"]["S"], "PART#");

    let other = "0199aaaa-0000-7000-8000-000000000002".parse().unwrap();
    let nothing = world.ledgers().progress(&other).await.unwrap();
    assert!(nothing.parts.is_empty() && nothing.ledgers.is_empty());
}

#[tokio::test]
async fn an_item_that_an_emulator_does_not_show_is_looked_up() {
    let refused = || error(400, "ConditionalCheckFailedException");
    let stub = Stub::answering([refused(), ok(json!({}))]).await;
    let kind = ledgers(&stub).record(&run(), 0, &accepted(), 1).await.unwrap_err().kind;
    assert_eq!((kind, stub.operations().await), (Kind::Permanent, vec!["UpdateItem".to_owned(), "GetItem".to_owned()]));
}

#[tokio::test]
async fn a_table_that_fails_says_whether_to_try_again() {
    let stub = Stub::answering((0..3).map(|_| error(400, "ThrottlingException"))).await;
    let claimed = Ledger::new(1).claim(noon()).unwrap();
    assert_eq!(ledgers(&stub).claim(&run(), &claimed).await.unwrap_err().kind, Kind::Throttled);
    let world = World::new().await;
    world.claim(noon()).await;
    world.memory.meddle(&format!("BROADCAST#{}", id()), "RUN#007#012", |item| {
        item.insert("v".to_owned(), json!({"N": "2"}));
    });
    assert_eq!(world.ledgers().ledger(&run()).await.unwrap_err().kind, Kind::Permanent, "written by a newer program");
}
