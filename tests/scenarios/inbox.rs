//! One answer to one event.

use app::inbox::{Letter, Outcome};
use app::ports::ReplyToken;
use domain::conversation::{Command, Deed};
use domain::garbage::waste::{WasteIndex, WasteItem};
use domain::ids::ResidentId;
use domain::resident::{Standing, Switch};
use domain::town::{Area, Category, District, Name, Town};
use jiff::SignedDuration;
use jiff::civil::time;
use tests::city::{City, PlatformFault, TableFault};

fn town() -> Town {
    let name = |ja: &str| Name { ja: ja.to_owned(), ..Name::default() };
    let area = Area { id: "north".parse().unwrap(), name: "北".to_owned(), center: String::new() };
    let district = |id: &str, name: &str| District {
        id: id.parse().unwrap(),
        name: name.to_owned(),
        reading: name.to_owned(),
        area: area.id.clone(),
    };
    let mut town = Town {
        districts: vec![district("one", "いち"), district("two", "に")],
        categories: vec![Category {
            id: "hazardous".parse().unwrap(),
            name: name("有害ごみ"),
            color: "#aa3300".to_owned(),
            description: String::new(),
            how: String::new(),
            put_out_by: String::new(),
            department: None,
        }],
        waste: WasteIndex::new(vec![WasteItem {
            id: "kandenchi".parse().unwrap(),
            name: "乾電池".to_owned(),
            reading: "かんでんち".to_owned(),
            aliases: Vec::new(),
            category: "hazardous".parse().unwrap(),
            how: String::new(),
            note: String::new(),
            name_en: String::new(),
        }]),
        ..Town::default()
    };
    town.profile.blocked_resident_retention_days = Some(30);
    town.areas.insert(area.id.clone(), area);
    town
}

pub(crate) fn city() -> City {
    City::of(town())
}

fn somebody() -> ResidentId {
    "U0123456789abcdef0123456789abcdef".parse().unwrap()
}

pub(crate) fn question(city: &City, number: u32) -> Letter {
    ask(city, &somebody(), number)
}

pub(crate) fn ask(city: &City, resident: &ResidentId, number: u32) -> Letter {
    city.letter(resident, number, Deed::Said("かんでんち".to_owned()))
}

fn choose(city: &City, number: u32, district: &str) -> Letter {
    let command = Command::SetDistrict(district.parse().unwrap());
    city.letter(&somebody(), number, Deed::Tapped(command.data()))
}

fn district(city: &City) -> Option<String> {
    city.table.resident(&somebody())?.settings.district().map(|id| id.as_str().to_owned())
}

#[tokio::test(start_paused = true)]
async fn the_same_event_ten_times_is_answered_once() {
    let city = city();
    let letter = question(&city, 1);
    assert_eq!(city.inbox.handle(&letter).await.unwrap(), Outcome::Answered);
    for _ in 0..9 {
        assert_eq!(city.inbox.handle(&letter).await.unwrap(), Outcome::AlreadyAnswered);
    }
    assert_eq!(city.platform.received().len(), 1);
    assert!(city.platform.received()[0].contains("有害ごみ"));
}

#[tokio::test(start_paused = true)]
async fn the_same_event_twice_at_once_is_answered_once() {
    let city = city();
    let letter = question(&city, 1);
    let (one, other) = tokio::join!(city.inbox.handle(&letter), city.inbox.handle(&letter));
    assert!(one.is_ok() && other.is_ok());
    assert_eq!(city.platform.received().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn two_events_of_one_resident_at_once_are_both_kept() {
    let city = city();
    let (first, second) = (choose(&city, 1, "one"), city.letter(&somebody(), 2, Deed::Tapped("topic-on:x".to_owned())));
    let (one, other) = tokio::join!(city.inbox.handle(&first), city.inbox.handle(&second));
    assert!(one.is_ok() && other.is_ok());
    assert_eq!(district(&city).as_deref(), Some("one"));
    assert_eq!(city.platform.received().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn killed_between_commit_and_reply_the_answer_goes_out_at_the_next_delivery() {
    let city = city();
    let letter = question(&city, 1);
    // Every call of the first delivery fails before it arrives: as if the process had died there.
    city.platform.fail([PlatformFault::TimedOutBefore; 3]);
    assert!(city.inbox.handle(&letter).await.is_err());
    assert!(city.platform.received().is_empty());
    city.clock.advance(SignedDuration::from_secs(36));
    assert_eq!(city.inbox.handle(&letter).await.unwrap(), Outcome::Answered);
    assert_eq!(city.platform.received().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_timed_out_after_acceptance_is_not_said_again_by_another_way() {
    let city = city();
    let letter = question(&city, 1);
    city.platform.fail([PlatformFault::TimedOutAfterAcceptance]);
    assert_eq!(city.inbox.handle(&letter).await.unwrap(), Outcome::TokenSpent);
    city.clock.advance(SignedDuration::from_secs(120));
    assert_eq!(city.inbox.handle(&letter).await.unwrap(), Outcome::AlreadyAnswered);
    assert_eq!(city.platform.received().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn passing_faults_of_the_platform_are_waited_out() {
    for fault in
        [PlatformFault::Failed, PlatformFault::Throttled, PlatformFault::Unreachable, PlatformFault::TimedOutBefore]
    {
        let city = city();
        city.platform.fail([fault, fault]);
        assert_eq!(city.inbox.handle(&question(&city, 1)).await.unwrap(), Outcome::Answered, "{fault:?}");
        assert_eq!((city.platform.received().len(), city.platform.calls()), (1, 3));
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_that_waited_too_long_is_answered_by_push_once() {
    let city = city();
    let letter = question(&city, 1);
    city.clock.advance(SignedDuration::from_secs(51));
    city.platform.fail([PlatformFault::TimedOutAfterAcceptance]);
    assert_eq!(city.inbox.handle(&letter).await.unwrap(), Outcome::Answered);
    assert_eq!((city.platform.received().len(), city.platform.calls()), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn an_event_without_a_token_or_long_past_is_answered_by_push() {
    let city = city();
    let mut letter = question(&city, 1);
    letter.reply_token = None;
    assert_eq!(city.inbox.handle(&letter).await.unwrap(), Outcome::Answered);
    let mut redelivered = question(&city, 2);
    redelivered.incoming.at -= SignedDuration::from_mins(25);
    city.platform.expire(&ReplyToken("token-2".to_owned()));
    assert_eq!(city.inbox.handle(&redelivered).await.unwrap(), Outcome::Answered);
    assert_eq!(city.platform.received().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn no_push_goes_out_with_a_key_that_the_platform_may_have_forgotten() {
    let city = city();
    let letter = question(&city, 1);
    city.clock.advance(SignedDuration::from_secs(51));
    city.platform.fail([PlatformFault::TimedOutAfterAcceptance, PlatformFault::Failed, PlatformFault::Failed]);
    assert!(city.inbox.handle(&letter).await.is_err());
    city.clock.advance(SignedDuration::from_hours(25));
    assert_eq!(city.inbox.handle(&letter).await.unwrap(), Outcome::TooLate);
    assert_eq!(city.inbox.handle(&letter).await.unwrap(), Outcome::AlreadyAnswered);
    assert_eq!(city.platform.received().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_refused_answer_does_not_come_back() {
    let city = city();
    city.platform.refuse_pushes();
    let letter = question(&city, 1);
    city.clock.advance(SignedDuration::from_secs(51));
    assert_eq!(city.inbox.handle(&letter).await.unwrap(), Outcome::Refused);
    assert_eq!(city.inbox.handle(&letter).await.unwrap(), Outcome::AlreadyAnswered);
}

#[tokio::test(start_paused = true)]
async fn a_table_that_throttles_delays_and_loses_nothing() {
    let city = city();
    let letter = choose(&city, 1, "one");
    city.table.fail_loads([TableFault::Throttled]);
    city.table.fail_commits([TableFault::Throttled]);
    assert!(city.inbox.handle(&letter).await.is_err());
    assert!(city.inbox.handle(&letter).await.is_err());
    assert!(city.platform.received().is_empty());
    assert_eq!(city.inbox.handle(&letter).await.unwrap(), Outcome::Answered);
    assert_eq!(district(&city).as_deref(), Some("one"));
}

#[tokio::test(start_paused = true)]
async fn a_commit_whose_answer_was_lost_is_found_and_spoken() {
    let city = city();
    let letter = choose(&city, 1, "one");
    city.table.fail_commits([TableFault::ReplyLost]);
    assert!(city.inbox.handle(&letter).await.is_err());
    assert_eq!(city.inbox.handle(&letter).await.unwrap(), Outcome::Answered);
    assert_eq!(city.platform.received().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_could_not_be_confirmed_is_not_said_twice() {
    let city = city();
    let letter = question(&city, 1);
    city.table.fail_confirms([TableFault::Throttled]);
    assert_eq!(city.inbox.handle(&letter).await.unwrap(), Outcome::Answered);
    assert_eq!(city.inbox.handle(&letter).await.unwrap(), Outcome::TokenSpent);
    assert_eq!(city.platform.received().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn events_in_reverse_order_leave_the_newest_setting() {
    let city = city();
    let older = choose(&city, 1, "one");
    city.clock.advance(SignedDuration::from_secs(5));
    let newer = choose(&city, 2, "two");
    city.inbox.handle(&newer).await.unwrap();
    city.inbox.handle(&older).await.unwrap();
    assert_eq!(district(&city).as_deref(), Some("two"));
}

#[tokio::test(start_paused = true)]
async fn reminders_chosen_in_reverse_order_and_twice_are_as_they_were_chosen_last() {
    let city = city();
    let forms = [
        "remind:hazardous:off",
        "remind-evening:18:00",
        "remind:hazardous:on",
        "remind-evening:off",
        "remind-morning:6:30",
    ];
    let letters: Vec<Letter> = (1..)
        .zip(forms)
        .map(|(number, form)| city.letter(&somebody(), number, Deed::Tapped(form.to_owned())))
        .collect();
    for letter in letters.iter().rev().chain(&letters) {
        city.inbox.handle(letter).await.unwrap();
    }
    let settings = city.table.resident(&somebody()).unwrap().settings;
    assert_eq!(settings.garbage(&"hazardous".parse().unwrap()), Some(Switch::On));
    assert_eq!((settings.evening(), settings.morning()), (None, Some(time(6, 30, 0, 0))));
    assert_eq!(city.platform.received().len(), forms.len(), "each is answered once");
}

#[tokio::test(start_paused = true)]
async fn who_unfollows_is_marked_and_erased_later_and_comes_back_whole() {
    let city = city();
    city.inbox.handle(&choose(&city, 1, "one")).await.unwrap();
    city.clock.advance(SignedDuration::from_secs(1));
    let gone = city.letter(&somebody(), 2, Deed::Unfollowed);
    assert_eq!(city.inbox.handle(&gone).await.unwrap(), Outcome::Silent);
    assert_eq!(city.table.resident(&somebody()).unwrap().standing.value, Standing::Blocked);
    let erased = gone.incoming.at + SignedDuration::from_hours(30 * 24);
    assert_eq!(city.table.erase_at(&somebody()), Some(erased));
    city.clock.advance(SignedDuration::from_secs(1));
    city.inbox.handle(&city.letter(&somebody(), 3, Deed::Followed)).await.unwrap();
    assert_eq!(city.table.erase_at(&somebody()), None);
    assert_eq!(district(&city).as_deref(), Some("one"));
}

#[tokio::test(start_paused = true)]
async fn an_unanswered_question_is_kept_once() {
    let city = city();
    let letter = city.letter(&somebody(), 1, Deed::Said("ぞぞむぎ".to_owned()));
    city.table.fail_commits([TableFault::ReplyLost]);
    assert!(city.inbox.handle(&letter).await.is_err());
    city.inbox.handle(&letter).await.unwrap();
    assert_eq!(city.table.questions(), ["ぞぞむぎ"]);
}
