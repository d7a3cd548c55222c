//! After a broadcast: who of those who had it blocked the account within a day, from the event to the count.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use app::broadcast::after::{Asked, Found, LOOK, Stretch, went};
use app::error::Error;
use app::inbox::Outcome;
use app::ports::broadcasts::{Broadcasts, FrozenParts};
use app::ports::unfollows::{Unfollow, Unfollows};
use app::ports::{Clock, Messages};
use async_trait::async_trait;
use domain::broadcast::after::{Count, Unfollowed};
use domain::broadcast::{Broadcast, Lane, State};
use domain::conversation::Deed;
use domain::ids::{BroadcastId, ResidentId};
use domain::sending::frozen::{FrozenPart, PackedId};
use domain::town::Town;
use jiff::{SignedDuration, Timestamp};
use tests::city::{City, TestTable};
use tests::post::{Functions, Post};

use crate::sending::{approve, city as post_of, friend, id};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
const MILLISECOND: SignedDuration = SignedDuration::from_millis(1);

/// A post office whose janitor hears of who left from the inbox of a city.
struct World {
    post: Arc<Post>,
    functions: Functions,
    city: City,
}

impl World {
    fn of(friends: u32) -> Self {
        let (post, mut functions) = post_of(friends);
        let city = City::of(Town::default());
        functions.janitor.after.unfollows = city.table.clone();
        Self { post, functions, city }
    }

    /// Sends a broadcast, and says when it began.
    async fn send(&self) -> Timestamp {
        approve(&self.post, id(1), Lane::Routine, 3).await;
        self.functions.work_until_closed(&id(1), 10).await.state.began().unwrap()
    }

    /// Somebody does something at a time: the `event`th of this test.
    async fn does(&self, number: u32, event: u32, deed: Deed, at: Timestamp) -> Outcome {
        let mut letter = self.city.letter(&resident(number), event, deed);
        letter.incoming.at = at;
        self.city.inbox.handle(&letter).await.unwrap()
    }

    async fn leaves(&self, number: u32, event: u32, at: Timestamp) -> Outcome {
        self.does(number, event, Deed::Unfollowed, at).await
    }

    /// The janitor looks at a time, or what is left of it.
    async fn looks_at(&self, at: Timestamp) -> usize {
        let wait = Duration::try_from(at.duration_since(self.post.now())).unwrap_or_default();
        tokio::time::advance(wait).await;
        self.functions.janitor.tick().await.unwrap().counted
    }

    fn counted(&self) -> Option<Unfollowed> {
        self.post.broadcast(&id(1)).unwrap().unfollowed
    }
}

fn resident(number: u32) -> ResidentId {
    friend(number).text().parse().unwrap()
}

fn so_far(people: u64) -> Unfollowed {
    Unfollowed { people, count: Count::SoFar }
}

/// The first full hour at or after a time.
fn full_hour(at: Timestamp) -> Timestamp {
    let seconds = at.as_second().div_euclid(3_600) * 3_600;
    let hour = Timestamp::from_second(seconds).unwrap();
    if hour < at { hour + HOUR } else { hour }
}

#[tokio::test(start_paused = true)]
async fn who_had_it_and_left_within_a_day_is_counted_once_however_often_and_nobody_else() {
    let world = World::of(3_000);
    // LINE does not know the seventh: they did not get it.
    world.post.forget([friend(7)]);
    let began = world.send().await;
    world.leaves(1, 1, began).await;
    assert_eq!(world.leaves(1, 1, began).await, Outcome::AlreadyAnswered, "delivered again");
    world.leaves(2, 2, began + HOUR).await;
    world.does(2, 3, Deed::Followed, began + HOUR * 2).await;
    world.leaves(2, 4, began + HOUR * 3).await;
    world.does(2, 5, Deed::Followed, began + HOUR * 4).await;
    world.leaves(3, 6, began + DAY - MILLISECOND).await;
    for (number, event, at) in
        [(4, 7, began - MILLISECOND), (5, 8, began + DAY), (3_001, 9, began + HOUR), (7, 10, began + HOUR)]
    {
        world.leaves(number, event, at).await;
    }
    world.looks_at(full_hour(began + HOUR * 30)).await;
    assert_eq!(world.counted(), Some(Unfollowed { people: 3, count: Count::Settled }));
}

#[tokio::test(start_paused = true)]
async fn it_is_counted_every_hour_so_far_and_then_for_good() {
    let world = World::of(1_000);
    let began = world.send().await;
    let hour = full_hour(began + MILLISECOND);
    assert_eq!(world.looks_at(hour - SignedDuration::from_mins(30)).await, 0);
    assert_eq!(world.counted(), None, "only once an hour");
    assert_eq!(world.looks_at(hour).await, 1);
    assert_eq!(world.counted(), Some(so_far(0)));
    world.leaves(1, 1, began + HOUR).await;
    assert_eq!(world.looks_at(hour + HOUR).await, 1);
    assert_eq!(world.counted(), Some(so_far(1)));
    let before = world.post.find(&id(1)).await.unwrap();
    assert_eq!(world.looks_at(hour + HOUR * 2).await, 0, "no news");
    assert_eq!(world.post.find(&id(1)).await.unwrap(), before);
    // The day is over, and an event comes late.
    world.looks_at(hour + HOUR * 27).await;
    world.leaves(2, 2, began + HOUR * 23).await;
    world.looks_at(hour + HOUR * 28).await;
    assert_eq!(world.counted(), Some(so_far(2)));
    assert_eq!(world.looks_at(hour + HOUR * 30).await, 1);
    let settled = Some(Unfollowed { people: 2, count: Count::Settled });
    assert_eq!(world.counted(), settled);
    world.leaves(3, 3, began + HOUR * 23).await;
    assert_eq!(world.looks_at(hour + HOUR * 31).await, 0);
    assert_eq!(world.counted(), settled, "later than anything comes");
}

#[tokio::test(start_paused = true)]
async fn what_was_missed_is_made_up_while_it_is_known_who_left_and_not_guessed_afterwards() {
    for (days, expected) in [(39, Some(Unfollowed { people: 1, count: Count::Settled })), (40, None)] {
        let world = World::of(500);
        let began = world.send().await;
        world.leaves(1, 1, began + HOUR).await;
        world.looks_at(full_hour(began + DAY * days)).await;
        assert_eq!(world.counted(), expected, "after {days} days");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_counted_stays_when_the_town_has_erased_who_it_was() {
    let mut world = World::of(500);
    let began = world.send().await;
    world.leaves(1, 1, began).await;
    world.looks_at(full_hour(began + HOUR)).await;
    assert_eq!(world.counted(), Some(so_far(1)));
    world.functions.janitor.after.unfollows = Arc::new(TestTable::default());
    world.looks_at(full_hour(began + DAY * 2)).await;
    assert_eq!(world.counted(), Some(Unfollowed { people: 1, count: Count::Settled }));
}

/// Nobody left, and it takes so long to say so.
struct Slow(SignedDuration);

#[async_trait]
impl Unfollows for Slow {
    async fn some(&self, _: &Range<Timestamp>, _: Option<&Unfollow>) -> Result<Vec<Unfollow>, Error> {
        tokio::time::sleep(self.0.unsigned_abs()).await;
        Ok(Vec::new())
    }
}

#[tokio::test(start_paused = true)]
async fn a_look_that_takes_long_begins_no_count_any_more() {
    let mut world = World::of(10);
    let began = world.send().await;
    let one = world.post.broadcast(&id(1)).unwrap();
    for number in 2..=4 {
        world.post.put(&Broadcast { id: id(number), ..one.clone() }, None, None).await.unwrap();
    }
    world.functions.janitor.after.unfollows = Arc::new(Slow(LOOK / 2));
    assert_eq!(world.looks_at(full_hour(began + HOUR)).await, 2, "of four");
}

/// Frozen parts that take a moment each, and how many are read side by side.
struct Watched {
    parts: Arc<Post>,
    reads: AtomicUsize,
    most: AtomicUsize,
}

#[async_trait]
impl FrozenParts for Watched {
    async fn keep(&self, _: &FrozenPart, _: Vec<u8>) -> Result<FrozenPart, Error> {
        unreachable!("nothing is written")
    }

    async fn part(&self, _: &BroadcastId, _: u16) -> Result<Option<FrozenPart>, Error> {
        unreachable!("the ledgers say which there are")
    }

    async fn ids(&self, part: &FrozenPart, range: Range<usize>) -> Result<Vec<PackedId>, Error> {
        self.most.fetch_max(self.reads.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(100)).await;
        self.reads.fetch_sub(1, Ordering::Relaxed);
        self.parts.ids(part, range).await
    }

    async fn keep_words(&self, _: &BroadcastId, _: &str, _: &Messages) -> Result<(), Error> {
        unreachable!("nothing is written")
    }

    async fn words(&self, _: &BroadcastId, _: &str) -> Result<Messages, Error> {
        unreachable!("nothing is sent")
    }
}

#[tokio::test(start_paused = true)]
async fn parts_are_read_side_by_side_but_not_all_at_once() {
    let mut world = World::of(400);
    approve(&world.post, id(1), Lane::Routine, 16).await;
    let began = world.functions.work_until_closed(&id(1), 10).await.state.began().unwrap();
    for number in 0..200 {
        world.leaves(number, number, began + HOUR).await;
    }
    let parts = world.post.clone();
    let watched = Arc::new(Watched { parts, reads: AtomicUsize::new(0), most: AtomicUsize::new(0) });
    world.functions.janitor.after.history.frozen = watched.clone();
    world.looks_at(full_hour(began + HOUR * 2)).await;
    assert_eq!(world.counted(), Some(so_far(200)), "each is counted, whatever part they are in");
    assert_eq!(watched.most.load(Ordering::Relaxed), 8);
}

#[tokio::test(start_paused = true)]
async fn of_a_broadcast_that_was_stopped_only_who_had_it_counts() {
    let world = World::of(20_000);
    approve(&world.post, id(1), Lane::Routine, 2).await;
    let stop = async {
        while world.post.calls().len() < 5 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let mut going = world.post.find(&id(1)).await.unwrap().unwrap();
        going.value.stop(&"somebody".parse().unwrap(), world.post.now()).unwrap();
        world.post.put(&going.value, Some(going.version), None).await.unwrap();
    };
    tokio::join!(stop, world.functions.work());
    let stopped: Broadcast = world.functions.work_until_closed(&id(1), 60).await;
    let State::Stopped { at, .. } = stopped.state else { panic!("{:?}", stopped.state) };
    let began = stopped.state.began().unwrap();
    assert!(began < at, "it began before it was stopped");
    let received = world.post.received();
    let (had, had_not): (Vec<u32>, Vec<u32>) = (0..20_000).partition(|number| received.contains_key(&friend(*number)));
    assert!(!had.is_empty() && !had_not.is_empty());
    for (event, number) in (1..).zip([had[0], had[had.len() - 1], had_not[0], had_not[had_not.len() - 1]]) {
        world.leaves(number, event, began + HOUR).await;
    }
    world.looks_at(full_hour(began + HOUR * 2)).await;
    assert_eq!(world.counted(), Some(so_far(2)));
}

#[tokio::test(start_paused = true)]
async fn what_went_is_found_by_its_day_piece_by_piece_and_each_once() {
    let (post, functions) = post_of(1);
    approve(&post, id(1), Lane::Routine, 1).await;
    let one = functions.work_until_closed(&id(1), 10).await;
    let State::Finished { since, at, plan, account } = one.state.clone() else { panic!("{:?}", one.state) };
    // One each hour over ten days and a half; every third is of another department, and one never went.
    for number in 2..=253 {
        let since = since + HOUR * i32::try_from(number - 1).unwrap();
        let state = State::Finished { since, at, plan: plan.clone(), account };
        let department = if number % 3 == 0 { "roads".parse().unwrap() } else { one.department.clone() };
        post.put(&Broadcast { id: id(number), state, department, ..one.clone() }, None, None).await.unwrap();
    }
    let by = Some("somebody".parse().unwrap());
    let never = State::Stopped { by, at: since, since: None, plan: None, account: Some(account) };
    post.put(&Broadcast { id: id(999), state: never, ..one.clone() }, None, None).await.unwrap();
    let day = |day| jiff::civil::date(2026, 11, day);
    let asked = |first, last, department: Option<&str>| Asked {
        first: day(first),
        last: day(last),
        department: department.map(|id| id.parse().unwrap()),
    };
    let all = async |asked: &Asked, stretch: &Stretch, max| went(&*post, asked, stretch, max).await.unwrap();
    let whole = Stretch::default();
    // It began at noon on the 21st.
    let count = async |asked: Asked| all(&asked, &whole, 1_000).await.went.len();
    assert_eq!(count(asked(20, 30, None)).await, 12 + 9 * 24);
    assert_eq!((count(asked(21, 21, None)).await, count(asked(22, 22, None)).await), (12, 24));
    assert_eq!((count(asked(22, 22, Some("roads"))).await, count(asked(20, 20, None)).await), (8, 0));

    let asked = asked(21, 30, None);
    let Found { went: everything, left: None } = all(&asked, &whole, 1_000).await else { panic!("there is a rest") };
    let Found { left: Some(left), .. } = all(&asked, &whole, 100).await else { panic!("there is no rest") };
    // Both parts together, even when another one has ended meanwhile.
    let state = State::Finished { since: since + HOUR * 200 + MILLISECOND, at, plan, account };
    post.put(&Broadcast { id: id(500), state, ..one.clone() }, None, None).await.unwrap();
    let later = all(&asked, &Stretch { before: None, down_to: Some(left.clone()) }, 1_000).await;
    let earlier = all(&asked, &Stretch { before: Some(left), down_to: None }, 1_000).await;
    assert_eq!((later.left, earlier.left), (None, None));
    let mut both: Vec<_> = later.went.into_iter().chain(earlier.went).collect();
    both.retain(|went| went.id != id(500));
    assert_eq!(both, everything);
}
