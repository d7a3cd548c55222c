//! The staff: who comes in, who may do what to whom, and what is recorded of it.

use std::sync::Arc;

use app::error::Kind;
use app::ports::Clock;
use app::ports::staff::{Connected, PhoneCode, PhoneCodes, SessionKey, Sessions, StaffStore};
use app::staff::{
    Arrival, CODE_LIFE, RACES_MAX, SESSION_IDLE, SESSION_LIFE, SignedIn, attend, change, disconnect_phone,
    invite_from_outside, new_id, offer_code, sign_in, sign_out, unbind_from_outside,
};
use domain::audit::{Act, Action, Actor};
use domain::ids::StaffId;
use domain::staff::{Change, Identity, Refusal, Role, Roles, Staff, Standing};
use jiff::SignedDuration;
use tests::city::TestClock;
use tests::staff::{StaffFault, TestChance, TestStaff};

struct Office {
    clock: Arc<TestClock>,
    all: TestStaff,
}

fn id(text: &str) -> StaffId {
    text.parse().unwrap()
}

fn identity(subject: &str) -> Identity {
    Identity { issuer: "https://issuer.example".to_owned(), subject: subject.to_owned() }
}

fn person(text: &str, standing: Standing, role: Role) -> Staff {
    Staff {
        id: id(text),
        name: text.parse().unwrap(),
        email: format!("{text}@town.example").parse().unwrap(),
        standing,
        roles: Roles([role].into()),
        identity: (standing != Standing::Invited).then(|| identity(text)),
        phone: None,
    }
}

fn reader() -> Role {
    Role::Reader("kankyo".parse().unwrap())
}

/// Somebody whom the issuer knows as `subject`, with an address that it has verified.
fn arrival(subject: &str, email: Option<&str>) -> Arrival {
    let email = email.map(|email| email.parse().unwrap());
    Arrival { identity: identity(subject), email, session: SessionKey("5".repeat(64)), earlier: None }
}

/// Two administrators, a reader, somebody invited and somebody disabled.
fn office() -> Office {
    let clock = Arc::new(TestClock::noon());
    let all = TestStaff::new(clock.clone());
    all.settle([
        person("chief", Standing::Active, Role::Administrator),
        person("second", Standing::Active, Role::Administrator),
        person("reader", Standing::Active, reader()),
        person("coming", Standing::Invited, reader()),
        person("gone", Standing::Disabled, reader()),
    ]);
    Office { clock, all }
}

impl Office {
    async fn change(&self, by: &str, wanted: &Change) -> Result<Staff, Refusal> {
        change(&self.all, &id(by), wanted, self.clock.now()).await.unwrap()
    }

    async fn arrives(&self, arrival: &Arrival) -> SignedIn {
        sign_in(&self.all, &self.all, &self.all, arrival, self.clock.now()).await.unwrap()
    }

    async fn is_there(&self, staff: &str) -> bool {
        let key = SessionKey("5".repeat(64));
        attend(&self.all, &id(staff), &key, self.clock.now()).await.unwrap().is_some()
    }

    /// What was recorded: who did what to whom.
    fn recorded(&self) -> Vec<(Actor, Action, String)> {
        self.all.acts().into_iter().map(|act| (act.actor, act.action, act.subject)).collect()
    }
}

fn by(staff: &str, action: Action, whom: &str) -> (Actor, Action, String) {
    (Actor::Staff(id(staff)), action, format!("staff/{whom}"))
}

#[tokio::test]
async fn every_change_is_recorded_with_how_it_was_and_is() {
    let office = office();
    let new = person("new", Standing::Invited, reader());
    let invite = Change::Invite {
        id: new.id.clone(),
        name: new.name.clone(),
        email: new.email.clone(),
        roles: new.roles.clone(),
    };
    for _ in 0..2 {
        assert_eq!(office.change("chief", &invite).await, Ok(new.clone()), "a form that was sent twice is one");
    }
    let change =
        Change::Change { id: id("new"), name: "新".parse().unwrap(), roles: Roles([Role::Administrator].into()) };
    assert_eq!(office.change("chief", &change).await.unwrap().roles, Roles([Role::Administrator].into()));
    assert_eq!(office.change("chief", &Change::Disable(id("new"))).await.unwrap().standing, Standing::Disabled);
    assert_eq!(office.change("second", &Change::Enable(id("new"))).await.unwrap().standing, Standing::Invited);
    let expected = [
        by("chief", Action::Invite, "new"),
        by("chief", Action::ChangePerson, "new"),
        by("chief", Action::DisablePerson, "new"),
        by("second", Action::EnablePerson, "new"),
    ];
    assert_eq!(office.recorded(), expected);
    let acts = office.all.acts();
    assert_eq!(acts[0].before, "");
    assert_eq!(
        acts[0].after,
        r#"{"email":"new@town.example","name":"new","roles":[{"reader":"kankyo"}],"standing":"invited"}"#
    );
    for pair in acts.windows(2) {
        assert_eq!(pair[1].before, pair[0].after);
    }
    assert!(acts.iter().all(|act| act.at == office.clock.now() && act.department.is_none()));
}

#[tokio::test]
async fn what_the_rules_refuse_is_neither_written_nor_recorded() {
    let office = office();
    for (by, change, refusal) in [
        ("reader", Change::Disable(id("chief")), Refusal::NotAllowed),
        ("chief", Change::Disable(id("chief")), Refusal::Oneself),
        ("chief", Change::Disable(id("nobody")), Refusal::Unknown),
    ] {
        assert_eq!(office.change(by, &change).await, Err(refusal));
    }
    assert_eq!(office.all.acts(), []);
}

#[tokio::test]
async fn of_two_administrators_who_disable_each_other_at_once_one_stays() {
    let office = office();
    let (disable_chief, disable_second) = (Change::Disable(id("chief")), Change::Disable(id("second")));
    let (one, other) = tokio::join!(office.change("chief", &disable_second), office.change("second", &disable_chief));
    let outcomes = [one, other];
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert!(outcomes.contains(&Err(Refusal::NotAllowed)), "{outcomes:?}");
    assert_eq!(office.all.acts().len(), 1);

    // The same, one after the other: the chief is disabled between their reading and their writing.
    let office = self::office();
    office.all.meanwhile([Staff { standing: Standing::Disabled, ..office.all.person(&id("chief")).unwrap() }]);
    assert_eq!(office.change("chief", &disable_second).await, Err(Refusal::NotAllowed));
    assert_eq!(office.all.person(&id("second")).unwrap().standing, Standing::Active);
}

#[tokio::test]
async fn a_change_is_decided_anew_while_others_are_faster_but_not_for_ever() {
    let office = office();
    let disable = Change::Disable(id("reader"));
    office.all.fail(vec![StaffFault::Raced; RACES_MAX - 1]);
    assert!(office.change("chief", &disable).await.is_ok());
    office.all.fail(vec![StaffFault::Raced; RACES_MAX]);
    let enable = Change::Enable(id("reader"));
    let error = change(&office.all, &id("chief"), &enable, office.clock.now()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Transient);
    assert_eq!(office.all.person(&id("reader")).unwrap().standing, Standing::Disabled);
    assert_eq!(office.all.acts().len(), 1);
}

#[tokio::test]
async fn a_change_whose_answer_was_lost_is_made_and_recorded_once() {
    let office = office();
    office.all.fail([StaffFault::ReplyLost]);
    let disable = Change::Disable(id("reader"));
    assert!(change(&office.all, &id("chief"), &disable, office.clock.now()).await.is_err());
    assert!(office.change("chief", &disable).await.is_ok(), "the same again finds it done");
    assert_eq!(office.all.acts().len(), 1);
}

#[tokio::test]
async fn the_first_sign_in_binds_the_identity_and_later_ones_find_it() {
    let office = office();
    let SignedIn::In { session, staff } = office.arrives(&arrival("sub-1", Some("coming@town.example"))).await else {
        panic!("invited")
    };
    assert_eq!((staff.standing, staff.identity.clone()), (Standing::Active, Some(identity("sub-1"))));
    assert_eq!(office.all.person(&id("coming")), Some(staff.clone()));
    let now = office.clock.now();
    assert_eq!((session.began, session.seen, session.expires), (now, now, now + SESSION_LIFE));
    assert_eq!(
        office.recorded(),
        [by("coming", Action::ChangePerson, "coming"), (Actor::Staff(id("coming")), Action::SignIn, String::new())]
    );
    assert!(office.is_there("coming").await);

    sign_out(&office.all, &session, now).await.unwrap();
    assert!(!office.is_there("coming").await);
    // Their address changed; nobody else's does.
    assert!(matches!(office.arrives(&arrival("sub-1", Some("married@town.example"))).await, SignedIn::In { .. }));
    assert_eq!(office.arrives(&arrival("sub-2", Some("coming@town.example"))).await, SignedIn::Stranger);
    assert_eq!(office.all.person(&id("coming")), Some(staff));
}

#[tokio::test]
async fn strangers_and_who_is_kept_out_do_not_come_in_and_are_recorded_without_their_names() {
    let office = office();
    // An address that the issuer has not verified is none.
    for (subject, email) in [("stranger", Some("who@elsewhere.example")), ("stranger", None), ("x", None)] {
        assert_eq!(office.arrives(&arrival(subject, email)).await, SignedIn::Stranger);
    }
    assert_eq!(office.arrives(&arrival("gone", Some("gone@town.example"))).await, SignedIn::Disabled);
    let recorded = office.recorded();
    assert!(recorded.iter().all(|(_, action, _)| *action == Action::SignInRefused));
    assert_eq!(recorded[2], by("gone", Action::SignInRefused, "gone"));
    let subject = format!("identity/{}", identity("stranger").fingerprint());
    assert_eq!(recorded[0], (Actor::Stranger, Action::SignInRefused, subject));
    assert_ne!(recorded[0], recorded[1]);
    assert_eq!(recorded.len(), 3, "the same stranger twice within a minute is one entry");
    assert!(office.all.acts().iter().all(|act| !format!("{act:?}").contains("elsewhere")));
    assert_eq!(office.all.sessions(&id("gone")), 0);
}

#[tokio::test]
async fn who_is_invited_may_be_kept_out_before_they_ever_came() {
    let office = office();
    office.change("chief", &Change::Disable(id("coming"))).await.unwrap();
    assert_eq!(office.arrives(&arrival("sub-1", Some("coming@town.example"))).await, SignedIn::Disabled);
    assert_eq!(office.all.person(&id("coming")).unwrap().identity, None);
}

#[tokio::test]
async fn who_is_disabled_is_out_at_once_and_signs_in_again_when_let_in() {
    let office = office();
    assert!(matches!(office.arrives(&arrival("reader", None)).await, SignedIn::In { .. }));
    assert!(office.is_there("reader").await);
    office.change("chief", &Change::Disable(id("reader"))).await.unwrap();
    assert!(!office.is_there("reader").await);
    office.change("chief", &Change::Enable(id("reader"))).await.unwrap();
    assert!(!office.is_there("reader").await);
    assert!(matches!(office.arrives(&arrival("reader", None)).await, SignedIn::In { .. }));
}

#[tokio::test]
async fn who_is_disabled_during_their_sign_in_stays_out() {
    let office = office();
    // The sign-in has read the staff when somebody else writes.
    office.all.meanwhile([person("reader", Standing::Disabled, reader())]);
    assert_eq!(office.arrives(&arrival("reader", None)).await, SignedIn::Disabled);
    assert_eq!(office.all.sessions(&id("reader")), 0);
}

#[tokio::test]
async fn a_session_ends_after_half_an_hour_without_use_and_after_twelve_hours_of_it() {
    let office = office();
    office.arrives(&arrival("reader", None)).await;
    office.clock.advance(SESSION_IDLE - SignedDuration::from_secs(1));
    assert!(office.is_there("reader").await);
    office.clock.advance(SESSION_IDLE - SignedDuration::from_secs(1));
    assert!(office.is_there("reader").await, "its use was noted");
    office.clock.advance(SESSION_IDLE);
    assert!(!office.is_there("reader").await);

    office.arrives(&arrival("reader", None)).await;
    for _ in 0..71 {
        office.clock.advance(SignedDuration::from_mins(10));
        assert!(office.is_there("reader").await);
    }
    office.clock.advance(SignedDuration::from_mins(10));
    assert!(!office.is_there("reader").await, "twelve hours");
}

#[tokio::test]
async fn a_use_within_the_same_minute_is_not_written() {
    let office = office();
    office.arrives(&arrival("reader", None)).await;
    office.clock.advance(SignedDuration::from_secs(59));
    office.all.fail([StaffFault::Throttled]);
    assert!(office.is_there("reader").await, "nothing is written that could fail");
    office.clock.advance(SignedDuration::from_secs(1));
    let key = SessionKey("5".repeat(64));
    assert!(attend(&office.all, &id("reader"), &key, office.clock.now()).await.is_err(), "now it is");
    assert!(office.is_there("reader").await);
    let (session, _) = office.all.find(&id("reader"), &key).await.unwrap().unwrap();
    assert_eq!(session.seen, office.clock.now());
}

#[tokio::test]
async fn the_first_people_come_from_the_command_line_and_the_console_looks_after_them() {
    let clock = Arc::new(TestClock::noon());
    let all = TestStaff::new(clock.clone());
    let now = clock.now();
    let chance = TestChance::default();
    let administrator = Roles([Role::Administrator].into());
    let name = "長".parse().unwrap();
    let invite = async |email: &str| {
        let id = new_id(&chance, now).unwrap();
        invite_from_outside(&all, &id, (&name, &email.parse().unwrap()), &administrator, now).await.unwrap()
    };
    let mistyped = invite("cheif@town.example").await;
    let first = invite("chief@town.example").await;
    assert_eq!(invite("chief@town.example").await, first, "the same command again");
    assert_eq!((first.standing, &first.roles), (Standing::Invited, &administrator));
    let acts = all.acts();
    assert_eq!(acts.len(), 2);
    assert!(acts.iter().all(|act| act.actor == Actor::CommandLine && act.action == Action::Invite));

    let arrival = arrival("sub", Some("chief@town.example"));
    assert!(matches!(sign_in(&all, &all, &all, &arrival, now).await.unwrap(), SignedIn::In { .. }));
    let disabled = change(&all, &first.id, &Change::Disable(mistyped.id), now).await.unwrap();
    assert_eq!(disabled.unwrap().standing, Standing::Disabled);
}

#[tokio::test]
async fn after_a_change_of_the_issuer_people_are_bound_anew_from_the_command_line() {
    let office = office();
    let now = office.clock.now();
    assert!(matches!(office.arrives(&arrival("reader", None)).await, SignedIn::In { .. }));
    let moved = arrival("new-subject", Some("reader@town.example"));
    assert_eq!(office.arrives(&moved).await, SignedIn::Stranger, "locked out");
    let email = "reader@town.example".parse().unwrap();
    for _ in 0..2 {
        let unbound = unbind_from_outside(&office.all, &email, now).await.unwrap().unwrap();
        assert_eq!((unbound.standing, unbound.identity), (Standing::Invited, None));
    }
    assert!(!office.is_there("reader").await, "their old session is over");
    assert_eq!(office.all.sessions(&id("reader")), 0, "and does not come back with them");
    let SignedIn::In { staff, .. } = office.arrives(&moved).await else { panic!("bound anew") };
    assert_eq!(
        (staff.id, staff.identity, staff.roles),
        (id("reader"), moved.identity.into(), Roles([reader()].into()))
    );
    assert_eq!(office.arrives(&arrival("reader", None)).await, SignedIn::Stranger, "the old account is nobody's");
    let by_command = office.recorded().into_iter().filter(|(actor, ..)| *actor == Actor::CommandLine);
    let expected = (Actor::CommandLine, Action::ChangePerson, "staff/reader".to_owned());
    assert_eq!(by_command.collect::<Vec<_>>(), [expected], "recorded once");
    assert_eq!(unbind_from_outside(&office.all, &"nobody@town.example".parse().unwrap(), now).await.unwrap(), None);
}

#[tokio::test]
async fn a_code_connects_a_phone_once_and_the_phone_goes_again() {
    let office = office();
    let now = office.clock.now();
    // All that was drawn first is above the last whole round.
    let chance = TestChance::saying([[0xff; 32]]);
    let (code, expires) = offer_code(&office.all, &chance, &id("reader"), now).await.unwrap();
    assert_eq!((code.clone(), expires), (PhoneCode("00000001".to_owned()), now + CODE_LIFE));
    let mut number_one = [0; 32];
    number_one[3] = 1;
    let chance = TestChance::saying([number_one, [0x11; 32]]);
    let (other, _) = offer_code(&office.all, &chance, &id("chief"), now).await.unwrap();
    assert_ne!(other, code, "what somebody has is drawn again");

    let phone = "U0123456789abcdef0123456789abcdef".parse().unwrap();
    let another = "Uffffffffffffffffffffffffffffffff".parse().unwrap();
    let act = Act {
        at: now,
        actor: Actor::Staff(id("reader")),
        action: Action::ConnectPhone,
        subject: String::new(),
        department: None,
        before: String::new(),
        after: String::new(),
    };
    assert_eq!(office.all.connect(&code, &phone, &act).await.unwrap(), Connected::Done);
    assert_eq!(office.all.connect(&code, &phone, &act).await.unwrap(), Connected::Done, "the same event once more");
    assert_eq!(office.all.connect(&code, &another, &act).await.unwrap(), Connected::NoSuchCode);
    let (roster, _) = office.all.roster().await.unwrap();
    assert_eq!(roster.with_phone(&phone).map(|staff| &staff.id), Some(&id("reader")));

    for _ in 0..2 {
        assert_eq!(disconnect_phone(&office.all, &id("reader"), now).await.unwrap().unwrap().phone, None);
    }
    assert_eq!(disconnect_phone(&office.all, &id("nobody"), now).await.unwrap(), None);
    assert_eq!(office.all.connect(&code, &phone, &act).await.unwrap(), Connected::NoSuchCode, "and it was used");
    let actions: Vec<_> = office.all.acts().iter().map(|act| act.action).collect();
    assert_eq!(actions, [Action::ConnectPhone, Action::DisconnectPhone]);
    assert!(office.all.acts().iter().all(|act| !format!("{act:?}").contains("U0123")), "no phone in the log");
}
