//! Staff, sessions and phone codes: the fake and the table keep the same promises.

use std::sync::Arc;

use app::ports::Clock;
use app::ports::staff::{
    AuditChecks, AuditLog, Connected, PhoneCode, PhoneCodes, RosterVersion, Session, SessionKey, Sessions, StaffStore,
    Written,
};
use app::staff::{CODE_LIFE, SESSION_LIFE};
use aws::Table;
use aws::audit::TableAudit;
use aws::clock::SystemClock;
use aws::sessions::TableSessions;
use aws::staff::TableStaff;
use domain::audit::{Act, Action, Actor};
use domain::ids::{ResidentId, StaffId};
use domain::staff::{Change, Identity, Refusal, Role, Roles, Staff, Standing};
use jiff::{SignedDuration, Timestamp};
use tests::staff::TestStaff;

use crate::place::Place;

/// All that the console's people are kept in.
pub(crate) struct Office {
    pub(crate) store: Arc<dyn StaffStore>,
    pub(crate) codes: Arc<dyn PhoneCodes>,
    pub(crate) sessions: Arc<dyn Sessions>,
    pub(crate) log: Arc<dyn AuditLog>,
    pub(crate) checks: Arc<dyn AuditChecks>,
}

impl Office {
    pub(crate) fn in_memory() -> Self {
        let all = Arc::new(TestStaff::new(Arc::new(SystemClock)));
        Self { store: all.clone(), codes: all.clone(), sessions: all.clone(), checks: all.clone(), log: all }
    }

    pub(crate) fn in_table(table: &Table) -> Self {
        let staff = Arc::new(TableStaff::new(table.clone(), Arc::new(SystemClock)));
        Self {
            store: staff.clone(),
            codes: staff,
            sessions: Arc::new(TableSessions::new(table.clone(), Arc::new(SystemClock))),
            log: Arc::new(TableAudit::new(table.clone())),
            checks: Arc::new(TableAudit::new(table.clone())),
        }
    }

    async fn put(&self, staff: &Staff) {
        let (_, version) = self.store.roster().await.unwrap();
        assert_eq!(self.store.put(version, staff, &act(Action::ChangePerson, &staff.id)).await.unwrap(), Written::Done);
    }

    async fn entries(&self) -> u64 {
        self.log.days(None, 1_000).await.unwrap().iter().map(|end| end.entries).sum()
    }
}

/// To the millisecond, which every store keeps.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_millisecond(SystemClock.now().as_millisecond()).unwrap()
}

pub(crate) fn act(action: Action, by: &StaffId) -> Act {
    Act {
        at: now(),
        actor: Actor::Staff(by.clone()),
        action,
        subject: format!("staff/{by}"),
        department: Some("kankyo".parse().unwrap()),
        before: String::new(),
        after: r#"{"name":"後"}"#.to_owned(),
    }
}

/// A person with something in every field.
fn person(id: &str, role: Role) -> Staff {
    Staff {
        id: id.parse().unwrap(),
        name: "山田 花子".parse().unwrap(),
        email: format!("{id}@town.example").parse().unwrap(),
        standing: Standing::Active,
        roles: Roles([role, Role::Reader("kankyo".parse().unwrap())].into()),
        identity: Some(Identity { issuer: "https://issuer.example".to_owned(), subject: id.to_owned() }),
        phone: None,
    }
}

fn resident() -> ResidentId {
    "U0123456789abcdef0123456789abcdef".parse().unwrap()
}

fn session(staff: &Staff, key: &str) -> Session {
    let now = now();
    let key = SessionKey(key.to_owned());
    Session { key, staff: staff.id.clone(), began: now, seen: now, expires: now + SESSION_LIFE }
}

async fn before_the_first_person_there_is_nobody(office: &Office) {
    let (roster, version) = office.store.roster().await.unwrap();
    assert_eq!((roster.0.len(), version), (0, RosterVersion(0)));
    assert!(office.log.days(None, 10).await.unwrap().is_empty());
}

async fn a_person_is_read_back_whole_and_a_lost_race_writes_nothing(office: &Office) {
    let mut whole = person("whole", Role::Administrator);
    whole.phone = Some(resident());
    office.put(&whole).await;
    let (roster, version) = office.store.roster().await.unwrap();
    assert_eq!(roster.get(&whole.id), Some(&whole));

    let entries = office.entries().await;
    let changed = Staff { name: "新".parse().unwrap(), phone: None, identity: None, ..whole.clone() };
    for stale in [RosterVersion(0), RosterVersion(version.0 - 1), RosterVersion(version.0 + 1)] {
        let act = act(Action::ChangePerson, &whole.id);
        assert_eq!(office.store.put(stale, &changed, &act).await.unwrap(), Written::Raced);
    }
    assert_eq!(office.entries().await, entries, "and records nothing");
    assert_eq!(office.store.roster().await.unwrap().0.get(&whole.id), Some(&whole));
    office.put(&changed).await;
    assert_eq!(office.entries().await, entries + 1);
    assert_eq!(office.store.roster().await.unwrap().0.get(&whole.id), Some(&changed), "what is gone is gone");
}

async fn of_two_administrators_who_disable_each_other_one_stays(office: &Office) {
    let (one, other) = (person("one", Role::Administrator), person("other", Role::Administrator));
    office.put(&one).await;
    office.put(&other).await;
    let (disable_one, disable_other) = (Change::Disable(one.id.clone()), Change::Disable(other.id.clone()));
    let store = office.store.as_ref();
    let (first, second) = tokio::join!(
        app::staff::change(store, &one.id, &disable_other, now()),
        app::staff::change(store, &other.id, &disable_one, now()),
    );
    let outcomes = [first.unwrap(), second.unwrap()];
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert!(outcomes.contains(&Err(Refusal::NotAllowed)), "who was disabled may not disable: {outcomes:?}");
    let (roster, _) = office.store.roster().await.unwrap();
    let active = [&one.id, &other.id].map(|id| roster.get(id).unwrap().standing == Standing::Active);
    assert!(active[0] != active[1], "{active:?}");
}

async fn a_session_is_found_with_its_person_as_they_are_now(office: &Office) {
    let mut staff = person("present", Role::Editor("kankyo".parse().unwrap()));
    office.put(&staff).await;
    let begun = session(&staff, &"a".repeat(64));
    let (sessions, key) = (office.sessions.as_ref(), &begun.key);
    assert_eq!(sessions.begin(&begun, None, &act(Action::SignIn, &staff.id)).await.unwrap(), Written::Done);
    assert_eq!(sessions.find(&staff.id, key).await.unwrap(), Some((begun.clone(), staff.clone())));
    assert_eq!(sessions.find(&staff.id, &SessionKey("b".repeat(64))).await.unwrap(), None);
    assert_eq!(sessions.find(&"nobody".parse().unwrap(), key).await.unwrap(), None);

    staff.roles = Roles([Role::Reader("kankyo".parse().unwrap())].into());
    office.put(&staff).await;
    let seen = begun.seen + SignedDuration::from_mins(5);
    sessions.touch(&staff.id, key, seen).await.unwrap();
    assert_eq!(sessions.find(&staff.id, key).await.unwrap(), Some((Session { seen, ..begun.clone() }, staff.clone())));

    let entries = office.entries().await;
    for _ in 0..2 {
        sessions.end(&staff.id, key, &act(Action::SignOut, &staff.id)).await.unwrap();
    }
    assert_eq!(office.entries().await, entries + 1, "an end is recorded once");
    sessions.touch(&staff.id, key, seen).await.unwrap();
    assert_eq!(sessions.find(&staff.id, key).await.unwrap(), None, "what has ended stays ended");
}

async fn a_new_session_takes_the_place_of_the_browsers_earlier_one_and_the_others_end_on_demand(office: &Office) {
    let staff = person("wanderer", Role::Editor("kankyo".parse().unwrap()));
    let other = person("neighbour", Role::Editor("kankyo".parse().unwrap()));
    office.put(&staff).await;
    office.put(&other).await;
    let sessions = office.sessions.as_ref();
    let begin = async |whose: &Staff, key: &str, earlier| {
        let begun = session(whose, &key.repeat(64));
        assert_eq!(sessions.begin(&begun, earlier, &act(Action::SignIn, &whose.id)).await.unwrap(), Written::Done);
        begun
    };
    let keys = async |whose: &Staff| {
        let mut keys: Vec<_> = sessions.of(&whose.id).await.unwrap().into_iter().map(|session| session.key).collect();
        keys.sort_by(|one, other| one.0.cmp(&other.0));
        keys
    };
    let theirs = begin(&other, "1", None).await;
    let first = begin(&staff, "2", Some((&other.id, &theirs.key))).await;
    assert_eq!(keys(&other).await, [], "whoever's it was");
    let second = begin(&staff, "3", Some((&staff.id, &first.key))).await;
    let unknown = SessionKey("unknown".to_owned());
    let third = begin(&staff, "4", Some((&staff.id, &unknown))).await;
    assert_eq!(keys(&staff).await, [second.key.clone(), third.key.clone()]);
    let listed = sessions.of(&staff.id).await.unwrap();
    assert!(listed.contains(&second), "as it was begun");

    let stays = begin(&other, "5", None).await;
    let entries = office.entries().await;
    for _ in 0..2 {
        let act = act(Action::SignOutElsewhere, &staff.id);
        sessions.end_others(&staff.id, &second.key, &act).await.unwrap();
    }
    assert_eq!((keys(&staff).await, keys(&other).await), (vec![second.key], vec![stays.key]));
    assert_eq!(office.entries().await, entries + 1, "recorded once");
}

async fn who_is_disabled_loses_their_sessions_for_good(office: &Office) {
    let staff = person("leaving", Role::Editor("kankyo".parse().unwrap()));
    office.put(&staff).await;
    for key in ["c", "d"] {
        let begun = session(&staff, &key.repeat(64));
        assert_eq!(office.sessions.begin(&begun, None, &act(Action::SignIn, &staff.id)).await.unwrap(), Written::Done);
    }
    office.put(&Staff { standing: Standing::Disabled, ..staff.clone() }).await;
    let entries = office.entries().await;
    let late = session(&staff, &"e".repeat(64));
    assert_eq!(office.sessions.begin(&late, None, &act(Action::SignIn, &staff.id)).await.unwrap(), Written::Raced);
    assert_eq!(office.entries().await, entries);
    office.put(&staff).await;
    for key in ["c", "d", "e"] {
        let key = SessionKey(key.repeat(64));
        assert_eq!(office.sessions.find(&staff.id, &key).await.unwrap(), None, "let in again, they sign in again");
    }
}

async fn a_code_is_used_once_and_only_the_last_one_is_good(office: &Office) {
    let staff = person("caller", Role::Editor("kankyo".parse().unwrap()));
    let other = person("other-caller", Role::Editor("kankyo".parse().unwrap()));
    office.put(&staff).await;
    office.put(&other).await;
    let (store, codes) = (office.store.as_ref(), office.codes.as_ref());
    let code = |digits: &str| PhoneCode(digits.to_owned());
    let (earlier, good, theirs) = (code("11111111"), code("22222222"), code("33333333"));
    let expires = now() + CODE_LIFE;
    assert_eq!(store.offer_code(&earlier, &staff.id, expires).await.unwrap(), Written::Done);
    assert_eq!(store.offer_code(&good, &staff.id, expires).await.unwrap(), Written::Done);
    assert_eq!(store.offer_code(&good, &other.id, expires).await.unwrap(), Written::Raced, "it is somebody's");
    assert_eq!(store.offer_code(&theirs, &other.id, expires).await.unwrap(), Written::Done);
    assert_eq!(codes.owner(&earlier, now()).await.unwrap(), None);
    assert_eq!(codes.owner(&good, now()).await.unwrap(), Some(staff.id.clone()));
    assert_eq!(codes.owner(&good, expires).await.unwrap(), None, "not for ever");
    assert_eq!(codes.owner(&theirs, now()).await.unwrap(), Some(other.id.clone()));

    let (entries, connect) = (office.entries().await, act(Action::ConnectPhone, &staff.id));
    let resident = resident();
    assert_eq!(codes.connect(&earlier, &resident, &connect).await.unwrap(), Connected::NoSuchCode);
    let late = Act { at: expires, ..connect.clone() };
    assert_eq!(codes.connect(&good, &resident, &late).await.unwrap(), Connected::NoSuchCode);
    let (_, version) = office.store.roster().await.unwrap();
    let another = "Uffffffffffffffffffffffffffffffff".parse().unwrap();
    let both = tokio::join!(codes.connect(&good, &resident, &connect), codes.connect(&good, &another, &connect));
    let both = [both.0.unwrap(), both.1.unwrap()];
    assert!(both.contains(&Connected::Done) && both.contains(&Connected::NoSuchCode), "used once: {both:?}");
    let connected = if both[0] == Connected::Done { resident.clone() } else { another };
    let again = codes.connect(&good, &connected, &connect).await.unwrap();
    assert_eq!(again, Connected::Done, "the same event may come twice");
    assert_eq!(office.entries().await, entries + 1);
    let (roster, moved) = office.store.roster().await.unwrap();
    assert_eq!(roster.get(&staff.id).unwrap().phone, Some(connected.clone()));
    assert_eq!(moved, RosterVersion(version.0 + 1), "whoever read the roster before must read it again");

    let without = Staff { phone: None, ..staff.clone() };
    office.put(&without).await;
    let again = codes.connect(&good, &connected, &connect).await.unwrap();
    assert_eq!(again, Connected::NoSuchCode, "a used code does not say that a phone is connected which no longer is");
    office.put(&Staff { phone: Some(connected.clone()), ..staff.clone() }).await;

    let theirs_too = PhoneCode("44444444".to_owned());
    assert_eq!(store.offer_code(&theirs_too, &other.id, expires).await.unwrap(), Written::Done);
    let connect_other = act(Action::ConnectPhone, &other.id);
    assert_eq!(codes.connect(&theirs_too, &connected, &connect_other).await.unwrap(), Connected::Done);
    let (roster, _) = office.store.roster().await.unwrap();
    let phones = [&staff.id, &other.id].map(|id| roster.get(id).unwrap().phone.clone());
    assert_eq!(phones, [None, Some(connected)], "a phone is one person's");

    assert_eq!(store.offer_code(&theirs, &other.id, expires).await.unwrap(), Written::Raced, "nor is it given again");
    let theirs = PhoneCode("55555555".to_owned());
    assert_eq!(store.offer_code(&theirs, &other.id, expires).await.unwrap(), Written::Done);
    office.put(&Staff { standing: Standing::Disabled, ..other.clone() }).await;
    let connect = act(Action::ConnectPhone, &other.id);
    assert_eq!(codes.connect(&theirs, &resident, &connect).await.unwrap(), Connected::NoSuchCode);
}

async fn keeps_its_promises(office: &Office) {
    before_the_first_person_there_is_nobody(office).await;
    a_person_is_read_back_whole_and_a_lost_race_writes_nothing(office).await;
    of_two_administrators_who_disable_each_other_one_stays(office).await;
    a_session_is_found_with_its_person_as_they_are_now(office).await;
    a_new_session_takes_the_place_of_the_browsers_earlier_one_and_the_others_end_on_demand(office).await;
    who_is_disabled_loses_their_sessions_for_good(office).await;
    a_code_is_used_once_and_only_the_last_one_is_good(office).await;
    crate::audit::whole(office.log.as_ref()).await;
}

#[tokio::test]
async fn the_fake_keeps_its_promises() {
    keeps_its_promises(&Office::in_memory()).await;
}

#[tokio::test]
async fn the_table_keeps_its_promises() {
    keeps_its_promises(&Office::in_table(&Place::running().scratch_table("staff").await)).await;
}
