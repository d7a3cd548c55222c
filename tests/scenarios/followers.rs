//! The friends from before are brought in from the platform's list: each once, whatever fails, and nobody who is known is touched.

use std::collections::BTreeSet;
use std::sync::Arc;

use app::error::Kind;
use app::followers::{ANEW_MAX, CLAIM_LIFE, ImportDesk, Importer, STEP};
use app::ports::Clock;
use app::ports::followers::{Failure, Job, Listed, Seen, Stage};
use domain::audit::Action;
use domain::conversation::Deed;
use domain::ids::{ResidentId, StaffId};
use domain::resident::{BEFORE_ALL, Resident, Stamp, Standing};
use domain::town::Town;
use jiff::SignedDuration;
use proptest::prelude::*;
use tests::city::{City, TableFault};
use tests::followers::{KeepFault, ListFault, PAGE, TestImports, TestList};

const PAGE_TAKES: SignedDuration = SignedDuration::from_secs(3);
const MINUTES_MAX: usize = 200;

fn friend(number: u32) -> ResidentId {
    format!("U{:032x}", u128::from(number) * 0x9e37_79b9_7f4a_7c15).parse().unwrap()
}

fn aoki() -> StaffId {
    "aoki".parse().unwrap()
}

struct World {
    city: City,
    list: Arc<TestList>,
    imports: Arc<TestImports>,
    desk: ImportDesk,
    importer: Importer,
}

/// A city whose account has so many friends of whom it does not know.
fn world(friends: u32) -> World {
    let city = City::of(Town::default());
    let list = Arc::new(TestList::new(city.clock.clone(), PAGE_TAKES));
    (0..friends).for_each(|number| list.add(friend(number)));
    let imports = Arc::new(TestImports::new(city.table.clone(), city.staff.clone()));
    let desk = ImportDesk { imports: imports.clone(), clock: city.clock.clone() };
    let importer = Importer { list: list.clone(), imports: imports.clone(), clock: city.clock.clone() };
    World { city, list, imports, desk, importer }
}

impl World {
    async fn job(&self) -> Job {
        self.desk.look().await.unwrap().unwrap()
    }

    async fn step(&self) -> Result<usize, Kind> {
        let until = self.city.clock.now() + STEP;
        self.importer.step(until).await.map_err(|error| error.kind)
    }

    /// A step each minute, whatever becomes of it, until the import does not go on any more.
    async fn finish(&self) -> Job {
        for _ in 0..MINUTES_MAX {
            let _ = self.step().await;
            let job = self.job().await;
            if job.stage != Stage::Going {
                return job;
            }
            self.city.clock.advance(SignedDuration::from_mins(1));
        }
        panic!("it never ends: {:?}", self.job().await);
    }

    async fn happens(&self, who: &ResidentId, number: u32, deed: Deed) {
        let letter = self.city.letter(who, number, deed);
        self.city.inbox.handle(&letter).await.unwrap();
    }

    fn resident(&self, number: u32) -> Resident {
        self.city.table.resident(&friend(number)).unwrap_or_else(|| panic!("{number} is missing"))
    }
}

#[tokio::test]
async fn ten_thousand_friends_come_in_once_through_a_death_in_the_middle_and_a_second_import() {
    let world = world(10_000);
    // Known before: one with settings, one who has blocked the account.
    world.happens(&friend(17), 1, Deed::Followed).await;
    world.happens(&friend(17), 2, Deed::Tapped("mute-now".to_owned())).await;
    world.happens(&friend(18), 3, Deed::Followed).await;
    world.happens(&friend(18), 4, Deed::Unfollowed).await;
    let known = [17, 18].map(|number| world.resident(number));

    world.desk.begin(&aoki()).await.unwrap();
    world.imports.die_after(3_456);
    assert_eq!(world.step().await, Err(Kind::Throttled), "it dies in the fourth page");
    let rests = world.job().await;
    assert_eq!((rests.stage, rests.seen.friends), (Stage::Going, 3_000), "three pages are kept");
    // Meanwhile two leave: one who has come in already, and one on a page that is still to come.
    for (number, who) in [(5, 100), (6, 9_000)] {
        world.list.remove(&friend(who));
        world.happens(&friend(who), number, Deed::Unfollowed).await;
    }
    let done = world.finish().await;
    assert!(matches!(done.stage, Stage::Finished(_)));
    assert_eq!(
        done.seen,
        Seen { friends: 9_999, new: 9_997, odd: 0 },
        "each is counted once, the page of the death too"
    );

    for number in 0..10_000 {
        let resident = world.resident(number);
        let left = [18, 100, 9_000].contains(&number);
        assert_eq!(resident.standing.value == Standing::Blocked, left, "{number}");
    }
    assert_eq!([17, 18].map(|number| world.resident(number)), known, "who was known is as they were");

    let before: Vec<Resident> = (0..10_000).map(|number| world.resident(number)).collect();
    world.city.clock.advance(SignedDuration::from_hours(1));
    world.desk.begin(&aoki()).await.unwrap();
    let again = world.finish().await;
    assert_eq!((again.seen.friends, again.seen.new, again.seen.known()), (9_998, 0, 9_998));
    let after: Vec<Resident> = (0..10_000).map(|number| world.resident(number)).collect();
    assert!(before == after, "a second import changes nobody");
    let acts = world.city.staff.acts();
    assert_eq!(acts.iter().map(|act| act.action).collect::<Vec<_>>(), [Action::ImportFollowers; 2]);
}

#[tokio::test]
async fn a_step_keeps_to_its_time_and_the_next_one_goes_on() {
    let world = world(20 * u32::try_from(PAGE).unwrap());
    assert_eq!(world.step().await, Ok(0), "nobody asked for it");
    world.desk.begin(&aoki()).await.unwrap();
    assert_eq!(world.step().await, Ok(10), "ten pages of three seconds");
    assert_eq!(world.job().await.claimed_until, None, "nobody works on it now");
    assert_eq!(world.step().await, Ok(10));
    assert!(matches!(world.job().await.stage, Stage::Finished(_)));
    assert_eq!(world.step().await, Ok(0));
    assert_eq!(world.list.calls(), 20);
    let past = world.city.clock.now();
    assert_eq!(world.importer.step(past).await.unwrap(), 0);
}

#[tokio::test]
async fn of_two_at_once_one_works() {
    let world = world(20_000);
    world.desk.begin(&aoki()).await.unwrap();
    let (one, other, third) = tokio::join!(world.step(), world.step(), world.step());
    let mut pages = [one, other, third].map(Result::unwrap);
    pages.sort_unstable();
    assert_eq!(pages, [0, 0, 10]);
    assert_eq!(world.finish().await.seen, Seen { friends: 20_000, new: 20_000, odd: 0 });
    assert_eq!(world.list.calls(), 20, "no page was read twice");
}

#[tokio::test]
async fn a_claim_of_one_who_died_runs_out() {
    let world = world(10);
    world.desk.begin(&aoki()).await.unwrap();
    let claimed_until = Some(world.city.clock.now() + CLAIM_LIFE);
    world.imports.settle(Job { claimed_until, ..world.job().await });
    assert_eq!(world.step().await, Ok(0));
    world.city.clock.advance(CLAIM_LIFE);
    assert_eq!(world.step().await, Ok(1));
    assert_eq!(world.job().await.seen.new, 10);
}

#[tokio::test]
async fn one_who_lost_the_import_writes_nothing_more_of_it() {
    let world = world(5_000);
    world.desk.begin(&aoki()).await.unwrap();
    // The claim and the first page are kept; before the second one somebody else takes the import over.
    world.imports.fail_keeps([None, None, Some(KeepFault::Overtaken)]);
    assert_eq!(world.step().await, Ok(1));
    assert_eq!(world.job().await.seen.friends, 1_000);
    assert_eq!(world.finish().await.seen, Seen { friends: 5_000, new: 5_000, odd: 0 });
}

#[tokio::test]
async fn a_friend_who_comes_or_goes_during_the_import_stands_as_they_did_it() {
    let world = world(2);
    world.desk.begin(&aoki()).await.unwrap();
    // All three are events from before the page is kept that come to the city after it.
    let (gone, came) = (friend(1), friend(2));
    let left = world.city.letter(&gone, 1, Deed::Unfollowed);
    world.list.add(came.clone());
    let followed = world.city.letter(&came, 2, Deed::Followed);
    world.city.clock.advance(SignedDuration::from_secs(1));
    world.finish().await;
    assert_eq!(world.resident(1).standing.value, Standing::Following, "the list said so");
    for letter in [left, followed.clone()] {
        world.city.inbox.handle(&letter).await.unwrap();
    }
    assert_eq!(world.resident(1).standing.value, Standing::Blocked, "what they did outweighs the list");
    assert_eq!(world.resident(2).since, followed.incoming.at, "a new friend is new, although the list was faster");
    assert_eq!(world.resident(0).since, BEFORE_ALL, "an old one is not");
    // An old friend who leaves and comes back is an old friend.
    world.happens(&friend(0), 3, Deed::Unfollowed).await;
    world.happens(&friend(0), 4, Deed::Followed).await;
    assert_eq!((world.resident(0).since, world.resident(0).standing.value), (BEFORE_ALL, Standing::Following));
}

#[tokio::test]
async fn an_account_that_may_not_is_told_so_and_goes_on_when_it_may() {
    let world = world(1_500);
    world.desk.resume(&aoki()).await.unwrap();
    assert_eq!(world.desk.look().await.unwrap(), None, "there is nothing to go on with");
    world.desk.begin(&aoki()).await.unwrap();
    world.list.fail([ListFault::Says(Listed::NotAllowed)]);
    assert_eq!(world.finish().await.stage, Stage::Failed(Failure::NotAllowed));
    assert_eq!(world.step().await, Ok(0), "it rests");
    world.desk.resume(&aoki()).await.unwrap();
    world.desk.resume(&aoki()).await.unwrap();
    assert_eq!(world.finish().await.seen.new, 1_500);
    assert_eq!(world.city.staff.acts().len(), 2, "begun and let go on, once each");
}

#[tokio::test]
async fn what_fails_for_good_rests_where_it_stands_and_what_passes_is_tried_again() {
    let world = world(2_500);
    world.desk.begin(&aoki()).await.unwrap();
    world.list.fail([ListFault::Failed(Kind::Transient)]);
    assert_eq!(world.step().await, Err(Kind::Transient));
    assert_eq!((world.job().await.stage, world.job().await.claimed_until), (Stage::Going, None));
    let until = world.city.clock.now() + PAGE_TAKES;
    assert_eq!(world.importer.step(until).await.unwrap(), 1);
    world.list.fail([ListFault::Failed(Kind::Permanent)]);
    let rests = world.finish().await;
    assert_eq!((rests.stage, rests.seen.friends), (Stage::Failed(Failure::Refused), 1_000));
    world.desk.resume(&aoki()).await.unwrap();
    assert_eq!(world.finish().await.seen, Seen { friends: 2_500, new: 2_500, odd: 0 });
    assert_eq!(world.list.calls(), 2 + 3, "the first page was read once");
}

#[tokio::test]
async fn a_forgotten_place_begins_anew_a_few_times() {
    let world = world(5_000);
    world.desk.begin(&aoki()).await.unwrap();
    let until = world.city.clock.now() + PAGE_TAKES * 2;
    assert_eq!(world.importer.step(until).await.unwrap(), 2);
    world.list.forget_places();
    assert_eq!(world.finish().await.seen, Seen { friends: 5_000, new: 5_000, odd: 0 }, "counted from the beginning");
    world.desk.begin(&aoki()).await.unwrap();
    world.list.fail(vec![ListFault::Says(Listed::Forgotten); usize::from(ANEW_MAX) + 1]);
    assert_eq!(world.finish().await.stage, Stage::Failed(Failure::Refused), "it does not go round for ever");
}

#[tokio::test]
async fn a_second_click_joins_the_import_that_goes_on() {
    let world = world(5_000);
    world.desk.begin(&aoki()).await.unwrap();
    let until = world.city.clock.now() + PAGE_TAKES;
    world.importer.step(until).await.unwrap();
    let goes_on = world.job().await;
    world.desk.begin(&"baba".parse().unwrap()).await.unwrap();
    assert_eq!(world.job().await, goes_on);
    assert_eq!(world.city.staff.acts().len(), 1);
}

#[test]
fn of_a_listed_resident_nobody_knows_since_when() {
    let at = |seconds| BEFORE_ALL + SignedDuration::from_secs(seconds);
    let stamp = |seconds| Stamp { at: at(seconds), event: "e".parse().unwrap() };
    let listed = || Resident::listed(friend(1), "import-1".parse().unwrap());
    assert_eq!((listed().since, listed().standing.value), (BEFORE_ALL, Standing::Following));
    let mut left = listed();
    left.stand(Standing::Blocked, &stamp(5));
    assert_eq!((left.since, left.standing.value), (BEFORE_ALL, Standing::Blocked));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Deaths and lost answers anywhere change neither who is there nor how many were new.
    #[test]
    fn deaths_anywhere_change_no_number(
        friends in 0_u32..4_500,
        known in prop::collection::btree_set(0_u32..4_500, 0..20),
        faults in prop::collection::vec(prop::option::weighted(0.3, any::<bool>()), 0..30),
        deaths in prop::collection::vec(0_usize..2_000, 0..4),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let world = world(friends);
            for (number, who) in (1..).zip(&known) {
                world.happens(&friend(*who), number, Deed::Followed).await;
            }
            world.desk.begin(&aoki()).await.unwrap();
            let fault = |lost| KeepFault::Table(if lost { TableFault::ReplyLost } else { TableFault::Throttled });
            world.imports.fail_keeps(faults.into_iter().map(|it| it.map(fault)));
            for residents in deaths {
                world.imports.die_after(residents);
                let _ = tokio::join!(world.step(), world.step());
                world.city.clock.advance(SignedDuration::from_mins(1));
            }
            let done = world.finish().await;
            let known: BTreeSet<u32> = known.into_iter().filter(|number| *number < friends).collect();
            let new = u64::from(friends) - u64::try_from(known.len()).unwrap();
            prop_assert_eq!(done.seen, Seen { friends: friends.into(), new, odd: 0 });
            for number in 0..friends {
                let listed = world.resident(number).since == BEFORE_ALL;
                prop_assert_eq!(listed, !known.contains(&number));
            }
            Ok(())
        })?;
    }
}
