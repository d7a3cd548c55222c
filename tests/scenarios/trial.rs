//! A trial message reaches its author's own phone once, whatever is clicked twice or fails, and the log knows of it.

use std::sync::Arc;

use app::ports::{Chance, Clock};
use app::trial::{Outcome, Trial, TrialId, TrialText};
use domain::audit::Action;
use domain::ids::ResidentId;
use domain::staff::{Roles, Staff, Standing};
use jiff::SignedDuration;
use tests::city::{City, PlatformFault};
use tests::quota::TestQuota;
use tests::staff::{StaffFault, TestChance};

use crate::inbox::city;

fn phone() -> ResidentId {
    "U0123456789abcdef0123456789abcdef".parse().unwrap()
}

fn aoki() -> Staff {
    Staff {
        id: "aoki".parse().unwrap(),
        name: "青木".parse().unwrap(),
        email: "aoki@example.jp".parse().unwrap(),
        standing: Standing::Active,
        roles: Roles::default(),
        identity: None,
        phone: Some(phone()),
    }
}

fn text(text: &str) -> TrialText {
    TrialText::new(text.to_owned()).unwrap()
}

struct Desk {
    city: City,
    quota: Arc<TestQuota>,
    trial: Trial,
    chance: TestChance,
}

impl Desk {
    fn new() -> Self {
        let city = city();
        let quota = Arc::new(TestQuota::default());
        let trial = Trial {
            messenger: city.platform.clone(),
            reach: city.platform.clone(),
            quotas: quota.clone(),
            audit: city.staff.clone(),
            clock: city.clock.clone(),
        };
        Self { city, quota, trial, chance: TestChance::default() }
    }

    fn open_form(&self) -> TrialId {
        TrialId::mint(&self.chance as &dyn Chance, self.city.clock.now())
    }

    async fn send(&self, id: TrialId, said: &str) -> Outcome {
        self.trial.send(&aoki(), id, &text(said)).await.unwrap()
    }

    fn arrived(&self) -> usize {
        self.city.platform.received_by(&phone())
    }
}

#[tokio::test(start_paused = true)]
async fn a_double_click_sends_one_message() {
    let desk = Desk::new();
    let id = desk.open_form();
    let (one, other) = tokio::join!(desk.send(id, "テスト"), desk.send(id, "テスト"));
    assert_eq!((one, other), (Outcome::Sent, Outcome::AlreadySent));
    assert_eq!(desk.send(id, "テスト").await, Outcome::AlreadySent, "and so does the back button");
    assert_eq!(desk.arrived(), 1);
    assert_eq!(desk.send(desk.open_form(), "テスト").await, Outcome::Sent, "a new form is a new message");
    assert_eq!(desk.send(id, "なおした").await, Outcome::Sent, "and so is another text");
    assert_eq!(desk.arrived(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_log_has_the_length_and_not_the_text() {
    let desk = Desk::new();
    let id = desk.open_form();
    desk.send(id, "ひみつ🍎").await;
    let acts = desk.city.staff.acts();
    assert_eq!(acts.len(), 1);
    assert_eq!((acts[0].action, acts[0].subject.as_str()), (Action::SendTrial, format!("trial/{id}").as_str()));
    assert_eq!(acts[0].after, r#"{"units":5}"#);
    assert!(!format!("{:?}", acts[0]).contains("ひみつ"));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_that_the_log_does_not_know() {
    let desk = Desk::new();
    desk.city.staff.fail([StaffFault::Throttled]);
    assert!(desk.trial.send(&aoki(), desk.open_form(), &text("テスト")).await.is_err());
    assert_eq!(desk.arrived(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_unclear_fate_is_told_and_the_same_again_is_safe() {
    for (fault, arrived) in [(PlatformFault::TimedOutAfterAcceptance, 1), (PlatformFault::TimedOutBefore, 0)] {
        let desk = Desk::new();
        let id = desk.open_form();
        desk.city.platform.fail([fault]);
        assert_eq!(desk.send(id, "テスト").await, Outcome::Unclear);
        assert_eq!(desk.arrived(), arrived);
        let again = desk.send(id, "テスト").await;
        assert!(matches!(again, Outcome::Sent | Outcome::AlreadySent), "{again:?}");
        assert_eq!(desk.arrived(), 1, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn each_refusal_is_told_apart() {
    let throttled = |left: Option<u64>| async move {
        let desk = Desk::new();
        if let Some(left) = left {
            desk.quota.limit(200, 200 - left);
        }
        desk.city.platform.fail([PlatformFault::Throttled]);
        (desk.send(desk.open_form(), "テスト").await, desk.arrived())
    };
    assert_eq!(throttled(None).await, (Outcome::Busy, 0));
    assert_eq!(throttled(Some(12)).await, (Outcome::Busy, 0));
    assert_eq!(throttled(Some(0)).await, (Outcome::QuotaUsedUp, 0));
    for (fault, outcome) in [
        (PlatformFault::NotLetIn, Outcome::NotLetIn),
        (PlatformFault::Unfit, Outcome::Refused),
        (PlatformFault::Unreachable, Outcome::Busy),
    ] {
        let desk = Desk::new();
        desk.city.platform.fail([fault]);
        assert_eq!((desk.send(desk.open_form(), "テスト").await, desk.arrived()), (outcome, 0));
    }

    let desk = Desk::new();
    desk.city.platform.refuse_pushes();
    assert_eq!(desk.send(desk.open_form(), "テスト").await, Outcome::Blocked);
    let nobody = Staff { phone: None, ..aoki() };
    assert_eq!(desk.trial.send(&nobody, desk.open_form(), &text("テスト")).await.unwrap(), Outcome::NoPhone);
    assert_eq!(desk.city.staff.acts().len(), 0, "nothing was tried");
}

/// The platform remembers a key for 24 hours: later the same form would be a second message.
#[tokio::test(start_paused = true)]
async fn a_form_of_yesterday_is_not_sent() {
    let desk = Desk::new();
    let id = desk.open_form();
    assert_eq!(desk.send(id, "テスト").await, Outcome::Sent);
    desk.city.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(desk.send(id, "テスト").await, Outcome::TooOld);
    assert_eq!(desk.arrived(), 1);
}
