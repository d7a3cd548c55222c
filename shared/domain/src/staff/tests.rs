//! Every rule by which people come, change and go.

use proptest::prelude::*;

use super::*;
use crate::ids::{ResidentId, StaffId};

fn id(text: &str) -> StaffId {
    text.parse().unwrap()
}

fn department(text: &str) -> DepartmentId {
    text.parse().unwrap()
}

fn name(text: &str) -> PersonName {
    text.parse().unwrap()
}

fn email(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

fn roles<const N: usize>(roles: [Role; N]) -> Roles {
    Roles(BTreeSet::from(roles))
}

fn identity(subject: &str) -> Identity {
    Identity { issuer: "https://issuer.example".to_owned(), subject: subject.to_owned() }
}

fn reader() -> Role {
    Role::Reader(department("kankyo"))
}

/// Whoever has signed in before (or was kept out after that) has an identity.
fn person(text: &str, standing: Standing, roles: Roles) -> Staff {
    let identity = (standing != Standing::Invited).then(|| identity(text));
    let email = email(&format!("{text}@town.example"));
    Staff { id: id(text), name: name(text), email, standing, roles, identity, phone: None }
}

fn administrator(text: &str, standing: Standing) -> Staff {
    person(text, standing, roles([Role::Administrator]))
}

fn invite(text: &str) -> Change {
    let email = email(&format!("{text}@town.example"));
    Change::Invite { id: id(text), name: name(text), email, roles: roles([reader()]) }
}

fn give<const N: usize>(text: &str, given: [Role; N]) -> Change {
    Change::Change { id: id(text), name: name(text), roles: roles(given) }
}

#[test]
fn what_each_role_allows() {
    let (own, other) = (department("kankyo"), department("fukushi"));
    let allowed = |role: Role| {
        let roles = roles([role]);
        [
            Act::Enter,
            Act::EditTown,
            Act::ReadFor(&own),
            Act::ReadFor(&other),
            Act::EditFor(&own),
            Act::EditFor(&other),
            Act::ApproveFor(&own),
            Act::ApproveFor(&other),
            Act::Write,
            Act::ManagePeople,
            Act::ImportFollowers,
            Act::ReadAudit,
            Act::Watch,
        ]
        .map(|act| u8::from(roles.allow(act)))
    };
    assert_eq!(allowed(Role::Administrator), [1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1]);
    assert_eq!(allowed(Role::Approver(own.clone())), [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0]);
    assert_eq!(allowed(Role::Editor(own.clone())), [1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0]);
    assert_eq!(allowed(Role::Reader(own.clone())), [1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert!(!Roles::default().allow(Act::Enter), "no role, no way in");
    let both = roles([Role::Administrator, Role::Reader(other.clone()), Role::Editor(own.clone())]);
    assert_eq!(both.departments(), BTreeSet::from([&own, &other]));
}

#[test]
fn roles_are_stored_by_names_that_do_not_change() {
    let all = roles([
        Role::Administrator,
        Role::Approver(department("a")),
        Role::Editor(department("b")),
        Role::Reader(department("c")),
    ]);
    let stored = serde_json::to_string(&all).unwrap();
    assert_eq!(stored, r#"["administrator",{"approver":"a"},{"editor":"b"},{"reader":"c"}]"#);
    assert_eq!(serde_json::from_str::<Roles>(&stored).unwrap(), all);
}

#[test]
fn names_and_addresses_are_read_or_refused_and_hide_themselves() {
    assert_eq!(name("　山田 花子 ").as_str(), "山田 花子");
    assert_eq!(name(&"あ".repeat(NAME_CHARS_MAX)).as_str().chars().count(), NAME_CHARS_MAX);
    for bad in ["", " 　", "a\nb", "a\u{202e}b", "a\u{200b}", "\u{feff}a", &"あ".repeat(NAME_CHARS_MAX + 1)] {
        assert_eq!(bad.parse::<PersonName>(), Err(InvalidPerson::Name), "{bad:?}");
    }
    assert_eq!(email(" Hanako.Yamada@Town.EXAMPLE ").as_str(), "hanako.yamada@town.example");
    let long = format!("{}@town.example", "a".repeat(EMAIL_CHARS_MAX - 12));
    for bad in [
        "",
        "a",
        "@town.example",
        "a@",
        "a@town",
        "a@.example",
        "a@town..example",
        "a@b@town.example",
        "a b@town.example",
        "a,b@town.example",
        "<a@town.example>",
        "山田@town.example",
        "a＠town.example",
        "\u{212a}ato@town.example",
        &long,
    ] {
        assert_eq!(bad.parse::<EmailAddress>(), Err(InvalidPerson::Email), "{bad:?}");
    }
    let shown = format!("{:?}", person("hanako", Standing::Active, roles([reader()])));
    assert!(!shown.contains('@') && !shown.contains("issuer.example") && shown.contains("PersonName(…)"), "{shown}");
}

#[test]
fn who_may_not_manage_people_changes_nobody() {
    let roster = Roster(vec![
        administrator("chief", Standing::Active),
        administrator("gone", Standing::Disabled),
        administrator("coming", Standing::Invited),
        person("writer", Standing::Active, roles([Role::Approver(department("kankyo"))])),
    ]);
    let changes =
        || [invite("new"), give("writer", [reader()]), Change::Disable(id("chief")), Change::Enable(id("gone"))];
    for by in ["gone", "coming", "writer", "nobody"] {
        for change in changes() {
            assert_eq!(roster.change(&id(by), change), Err(Refusal::NotAllowed), "{by}");
        }
    }
    assert!(roster.change(&id("chief"), invite("new")).is_ok());
}

#[test]
fn an_invitation_makes_a_person_whom_no_issuer_knows_yet() {
    let roster =
        Roster(vec![administrator("chief", Standing::Active), person("old", Standing::Disabled, roles([reader()]))]);
    let new = roster.change(&id("chief"), invite("new")).unwrap();
    assert_eq!(new, person("new", Standing::Invited, roles([reader()])));

    let taken =
        Change::Invite { id: id("new"), name: name("n"), email: email("OLD@town.example"), roles: roles([reader()]) };
    assert_eq!(roster.change(&id("chief"), taken), Err(Refusal::EmailTaken), "also a disabled person's");
    let same_id =
        Change::Invite { id: id("old"), name: name("n"), email: email("n@town.example"), roles: roles([reader()]) };
    assert_eq!(roster.change(&id("chief"), same_id), Err(Refusal::EmailTaken));
    let none =
        Change::Invite { id: id("new"), name: name("n"), email: email("n@town.example"), roles: Roles::default() };
    assert_eq!(roster.change(&id("chief"), none), Err(Refusal::NoRole));
}

#[test]
fn a_form_that_was_sent_twice_invites_once() {
    let mut roster = Roster(vec![administrator("chief", Standing::Active)]);
    let new = roster.change(&id("chief"), invite("new")).unwrap();
    roster.0.push(new.clone().joined(identity("new")));
    assert_eq!(roster.change(&id("chief"), invite("new")), Ok(new.joined(identity("new"))), "as they are by now");
}

#[test]
fn names_and_roles_change_and_nothing_else() {
    let mut writer = person("writer", Standing::Active, roles([reader()]));
    writer.phone = Some("U0123456789abcdef0123456789abcdef".parse().unwrap());
    let roster = Roster(vec![administrator("chief", Standing::Active), writer.clone()]);
    let change = Change::Change { id: id("writer"), name: name("新"), roles: roles([Role::Administrator]) };
    let expected = Staff { name: name("新"), roles: roles([Role::Administrator]), ..writer };
    assert_eq!(roster.change(&id("chief"), change), Ok(expected));
    assert_eq!(roster.change(&id("chief"), give("writer", [])), Err(Refusal::NoRole));
    for change in [give("nobody", [reader()]), Change::Disable(id("nobody")), Change::Enable(id("nobody"))] {
        assert_eq!(roster.change(&id("chief"), change), Err(Refusal::Unknown));
    }
}

#[test]
fn nobody_changes_their_own_roles_or_standing_but_their_name() {
    let roster = Roster(vec![administrator("chief", Standing::Active), administrator("second", Standing::Active)]);
    for change in [
        give("chief", [reader()]),
        give("chief", [Role::Administrator, Role::Approver(department("kankyo"))]),
        Change::Disable(id("chief")),
    ] {
        assert_eq!(roster.change(&id("chief"), change), Err(Refusal::Oneself));
    }
    let renamed = Change::Change { id: id("chief"), name: name("新"), roles: roles([Role::Administrator]) };
    assert_eq!(roster.change(&id("chief"), renamed).unwrap().name, name("新"));
    assert_eq!(roster.change(&id("chief"), Change::Enable(id("chief"))), Ok(administrator("chief", Standing::Active)));
}

#[test]
fn the_last_administrator_stays_and_who_cannot_come_in_does_not_count() {
    let roster = Roster(vec![
        administrator("chief", Standing::Active),
        administrator("gone", Standing::Disabled),
        administrator("coming", Standing::Invited),
    ]);
    for change in [give("chief", [reader()]), Change::Disable(id("chief"))] {
        assert_eq!(roster.change(&id("chief"), change), Err(Refusal::LastAdministrator));
    }
    // Those who do not count may go.
    assert!(roster.change(&id("chief"), give("gone", [reader()])).is_ok());
    assert!(roster.change(&id("chief"), Change::Disable(id("coming"))).is_ok());
}

#[test]
fn who_is_let_in_again_is_active_only_if_they_have_been_in_before() {
    let mut never_came = person("never", Standing::Invited, roles([reader()]));
    never_came.standing = Standing::Disabled;
    let roster = Roster(vec![
        administrator("chief", Standing::Active),
        person("old", Standing::Disabled, roles([reader()])),
        never_came,
    ]);
    let enabled = |text| roster.change(&id("chief"), Change::Enable(id(text))).unwrap().standing;
    assert_eq!(enabled("old"), Standing::Active);
    assert_eq!(enabled("never"), Standing::Invited);
}

#[test]
fn an_issuer_s_word_is_taken_by_identity_first_and_by_address_only_once() {
    let roster = Roster(vec![
        person("old", Standing::Active, roles([reader()])),
        person("new", Standing::Invited, roles([reader()])),
        person("gone", Standing::Disabled, roles([reader()])),
    ]);
    let who = |subject: &str, address: Option<&str>| {
        let address = address.map(email);
        roster.recognise(&identity(subject), address.as_ref()).map(|staff| staff.id.to_string())
    };
    assert_eq!(who("old", None).as_deref(), Some("old"));
    assert_eq!(who("old", Some("changed@town.example")).as_deref(), Some("old"), "an address may change");
    assert_eq!(who("old", Some("new@town.example")).as_deref(), Some("old"), "the identity goes before the address");
    assert_eq!(who("stranger", Some("new@town.example")).as_deref(), Some("new"), "the first sign-in");
    assert_eq!(who("stranger", Some("old@town.example")), None, "whoever takes over an old address gets nothing");
    assert_eq!(who("stranger", Some("gone@town.example")), None);
    assert_eq!(who("gone", None).as_deref(), Some("gone"), "found, so that the caller can say no and record who");
    assert_eq!(who("stranger", None), None);
    let elsewhere = Identity { issuer: "https://other.example".to_owned(), subject: "old".to_owned() };
    assert_eq!(roster.recognise(&elsewhere, None), None, "subjects of two issuers are two people");
}

#[test]
fn a_fingerprint_tells_strangers_apart_and_names_nobody() {
    let other_issuer = Identity { issuer: "https://issuer.exampl".to_owned(), subject: "estranger".to_owned() };
    let prints = [identity("stranger"), identity("another"), other_issuer].map(|who| who.fingerprint());
    assert_eq!(prints[0], identity("stranger").fingerprint());
    assert!(prints.iter().all(|print| print.len() == 16) && prints[0] != prints[1] && prints[0] != prints[2]);
}

#[test]
fn who_holds_the_keys_of_the_town_invites_anybody_and_brings_back_who_is_known() {
    let outside = |roster: Roster| {
        roster.from_outside(id("first"), name("f"), email("first@town.example"), roles([Role::Administrator]))
    };
    let first = outside(Roster::default());
    assert_eq!(
        (first.standing, &first.roles, &first.identity),
        (Standing::Invited, &roles([Role::Administrator]), &None)
    );
    let known = Roster(vec![person("first", Standing::Disabled, roles([reader()]))]);
    let expected = person("first", Standing::Active, roles([reader(), Role::Administrator]));
    assert_eq!(outside(known), expected, "somebody known keeps what they are, and is let in");
}

#[test]
fn who_is_unbound_is_bound_anew_by_their_address() {
    let roster = Roster(vec![
        person("here", Standing::Active, roles([reader()])),
        person("coming", Standing::Invited, roles([reader()])),
        person("gone", Standing::Disabled, roles([reader()])),
    ]);
    let unbound = |text: &str| roster.unbind(&email(&format!("{text}@town.example")));
    for (text, standing) in [("here", Standing::Invited), ("coming", Standing::Invited), ("gone", Standing::Disabled)] {
        let expected = Staff { standing, identity: None, ..person(text, standing, roles([reader()])) };
        assert_eq!(unbound(text), Some(expected), "all else stays");
    }
    assert_eq!(unbound("nobody"), None);
    let elsewhere = Identity { issuer: "https://new.example".to_owned(), subject: "7".to_owned() };
    let anew = Roster(vec![unbound("here").unwrap()]);
    assert_eq!(anew.recognise(&elsewhere, Some(&email("here@town.example"))), anew.0.first());
    assert_eq!(anew.recognise(&identity("here"), None), None, "the old account is nobody's");
}

#[test]
fn a_phone_is_one_persons_and_only_who_may_come_in_gets_one() {
    let phone: ResidentId = "U0123456789abcdef0123456789abcdef".parse().unwrap();
    let with_phone = |staff: Staff| Staff { phone: Some(phone.clone()), ..staff };
    let (mine, theirs) = (person("me", Standing::Active, roles([])), person("them", Standing::Active, roles([])));
    let roster = |people: [Staff; 2]| Roster(people.to_vec());
    let connected = |people, who| roster(people).connect(&id(who), &phone);
    let mine_alone = Connection { owner: with_phone(mine.clone()), loser: None };
    assert_eq!(connected([mine.clone(), theirs.clone()], "me"), Some(mine_alone.clone()));
    assert_eq!(connected([with_phone(mine.clone()), theirs.clone()], "me"), Some(mine_alone.clone()), "the same again");
    let taken_over = Connection { loser: Some(theirs.clone()), ..mine_alone };
    assert_eq!(connected([mine.clone(), with_phone(theirs.clone())], "me"), Some(taken_over));
    for standing in [Standing::Invited, Standing::Disabled] {
        assert_eq!(connected([Staff { standing, ..mine.clone() }, theirs.clone()], "me"), None, "{standing:?}");
    }
    assert_eq!(connected([mine, theirs], "nobody"), None);
}

fn any_standing() -> impl Strategy<Value = Standing> {
    prop_oneof![Just(Standing::Invited), Just(Standing::Active), Just(Standing::Disabled)]
}

fn any_roles() -> impl Strategy<Value = Roles> {
    let role = prop_oneof![
        Just(Role::Administrator),
        Just(Role::Editor(department("kankyo"))),
        Just(Role::Reader(department("kankyo")))
    ];
    prop::collection::btree_set(role, 0..3).prop_map(Roles)
}

fn any_change() -> impl Strategy<Value = (usize, usize, u8, Roles)> {
    (0..6_usize, 0..6_usize, 0..4_u8, any_roles())
}

proptest! {
    /// Whatever is asked for by whomever, in whatever order: once there is an administrator there always is one, nobody's
    /// own roles or standing change by their own hand, and only who may manage people has changed anybody.
    #[test]
    fn no_sequence_of_changes_breaks_a_rule(
        people in prop::collection::vec((any_standing(), any_roles()), 1..5),
        changes in prop::collection::vec(any_change(), 1..30),
    ) {
        let mut roster = Roster(vec![administrator("p0", Standing::Active)]);
        for (number, (standing, roles)) in (1..).zip(people) {
            roster.0.push(person(&format!("p{number}"), standing, roles));
        }
        for (by, whom, kind, roles) in changes {
            let (by, whom) = (id(&format!("p{by}")), format!("p{whom}"));
            let change = match kind {
                0 => Change::Invite { id: id(&whom), name: name("n"), email: email(&format!("{whom}@new.example")), roles },
                1 => Change::Change { id: id(&whom), name: name("n"), roles },
                2 => Change::Disable(id(&whom)),
                _ => Change::Enable(id(&whom)),
            };
            let Ok(changed) = roster.change(&by, change) else { continue };
            let asked = roster.get(&by).unwrap();
            prop_assert!(asked.standing == Standing::Active && asked.roles.allow(Act::ManagePeople));
            let before = roster.get(&changed.id).cloned();
            if changed.id == by {
                let before = before.as_ref().unwrap();
                prop_assert_eq!((&before.roles, before.standing), (&changed.roles, changed.standing));
            }
            prop_assert!(!changed.roles.0.is_empty());
            roster.0.retain(|staff| staff.id != changed.id);
            roster.0.push(changed);
            let manages = |staff: &Staff| staff.standing == Standing::Active && staff.roles.allow(Act::ManagePeople);
            prop_assert!(roster.0.iter().any(manages), "nobody is left who can manage people");
            let emails: BTreeSet<_> = roster.0.iter().map(|staff| &staff.email).collect();
            prop_assert_eq!(emails.len(), roster.0.len());
        }
    }
}
