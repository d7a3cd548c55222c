//! Times of rules that pass without a tick: made up for within their grace, held where the planner comes late, and recorded as missed only
//! where nothing went.

use app::ports::broadcasts::Broadcasts as _;
use app::ports::reminders::Reminders as _;
use app::ports::staff::Written;
use app::reminder::tick::Ticked;
use domain::broadcast::{Broadcast, Guard, State};
use domain::reminder::Became;
use domain::town::Town;

use super::reminders::{World, at, daily, release_at, rule_id};

#[tokio::test(start_paused = true)]
async fn what_was_missed_is_made_up_for_within_the_grace_and_else_recorded_and_not_sent() {
    let world = World::new(40, Town::default());
    let times = ["13:00", "13:59", "14:00", "14:10", "14:59", "15:00", "15:01"];
    for (number, time) in (1..).zip(times) {
        world.on(number, daily(time, time)).await;
    }
    // Nobody ticks for two hours.
    world.at("15:00").await;
    assert_eq!(world.tick("15:00").await, Ticked { due: 6, went: 4, missed: 2, ..Ticked::default() });
    let written = world.written().await;
    let names: Vec<_> = written.iter().map(|broadcast| &broadcast.title[..5]).collect();
    assert_eq!(names, ["14:00", "14:10", "14:59", "15:00"]);
    assert!(written.iter().all(|broadcast| release_at(broadcast) == at("15:00")));
    for (number, missed) in [(1, true), (2, true), (3, false)] {
        let became = world.became(&rule_id(number));
        assert_eq!(became.iter().any(|(_, became)| *became == Became::Missed), missed, "{number}");
        assert_eq!(
            world.rules.rule(&rule_id(number)).unwrap().due(),
            Some(at(&format!("22 {}", times[number as usize - 1])))
        );
    }
    // What was made up for is not held for its age. To the same residents no more than two go without a person.
    world.pass(10).await;
    let states: Vec<_> = world.written().await.into_iter().map(|broadcast| broadcast.state).collect();
    let held =
        |why: Guard| states.iter().filter(|state| matches!(state, State::Held { why: own, .. } if *own == why)).count();
    assert_eq!((held(Guard::TooOld), held(Guard::TooMany)), (0, 2), "{states:?}");
}

#[tokio::test(start_paused = true)]
async fn what_went_is_not_called_missed_where_the_rule_was_restored_to_a_time_before_it() {
    let world = World::new(40, Town::default());
    let rule = world.on(1, daily("体操", "13:00")).await;
    let before = world.rules.rule(&rule).unwrap();
    world.at("13:00").await;
    assert_eq!(world.tick("13:00").await.went, 1);
    let went = world.became(&rule);
    // The broadcast was carried over, as what was sent is; the rule was not. Then nobody ticked for two hours.
    let version = world.rules.find(&rule).await.unwrap().unwrap().version;
    assert_eq!(world.rules.put(&before, Some(version), None).await.unwrap(), Written::Done);
    world.at("15:00").await;
    assert_eq!(world.tick("15:00").await, Ticked { due: 1, went: 1, ..Ticked::default() });
    assert_eq!((world.became(&rule), world.titles().await.len()), (went, 1));
    // What was taken back with its rule did not go.
    let id = world.written().await[0].id.clone();
    let read = world.post.find(&id).await.unwrap().unwrap();
    let draft = Broadcast { state: State::Draft, ..read.value };
    assert_eq!(world.post.put(&draft, Some(read.version), None).await.unwrap(), Written::Done);
    let version = world.rules.find(&rule).await.unwrap().unwrap().version;
    assert_eq!(world.rules.put(&before, Some(version), None).await.unwrap(), Written::Done);
    assert_eq!(world.tick("15:00").await, Ticked { due: 1, missed: 1, ..Ticked::default() });
}

#[tokio::test(start_paused = true)]
async fn what_was_due_and_comes_late_to_the_planner_is_held_for_a_person() {
    let world = World::new(40, Town::default());
    world.on(1, daily("体操", "13:00")).await;
    // The tick of 13:00 itself is delivered much too late, with the minute for which it was meant.
    world.at("13:31").await;
    world.tick("13:00").await;
    world.pass(2).await;
    assert!(matches!(world.written().await[0].state, State::Held { why: Guard::TooOld, .. }));
}
