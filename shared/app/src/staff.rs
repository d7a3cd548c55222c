//! The staff: who comes, changes, signs in and goes. Every one of these is recorded.
//!
//! The rules stand in [`domain::staff`]. They look at everybody (somebody must be left who can manage people), so they are
//! decided anew on a new reading whenever somebody else has written meanwhile.

mod seen;

pub use seen::{NotChanged, Seen, change_seen};

use std::convert::Infallible;

use domain::audit::{Act, Action, Actor};
use domain::ids::{ResidentId, StaffId};
use domain::staff::{Change, EmailAddress, Identity, PersonName, Refusal, Roles, Roster, Staff, Standing};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::error::{Chain, Error, Kind};
use crate::ports::staff::{
    Accounts, AuditLog, Opened, PhoneCode, Reminded, Session, SessionKey, Sessions, StaffStore, Written,
};
use crate::ports::{Chance, mint};

/// So often is a change decided anew when others are faster.
pub const RACES_MAX: usize = 8;
/// A session ends at the latest after this.
pub const SESSION_LIFE: SignedDuration = SignedDuration::from_hours(12);
/// A session ends after this without a request.
pub const SESSION_IDLE: SignedDuration = SignedDuration::from_mins(30);
/// That a session is used is written down at most this often.
pub const SESSION_STEP: SignedDuration = SignedDuration::from_mins(1);
/// A code to connect a phone is good for this long.
pub const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// A code has this many digits.
pub const CODE_DIGITS: usize = 8;

const CHANGING: &str = "change the staff";
const SIGNING_IN: &str = "sign somebody in";
const DISCONNECTING: &str = "disconnect a phone";
const OFFERING: &str = "offer a code";
const MINTING: &str = "mint an id";

/// Invites, changes, disables or enables somebody, if `by` may and the rules allow it: the person as they are now.
pub async fn change(
    store: &dyn StaffStore,
    by: &StaffId,
    change: &Change,
    now: Timestamp,
) -> Result<Result<Staff, Refusal>, Error> {
    let doing = (CHANGING, Actor::Staff(by.clone()), action_of(change));
    write(store, doing, now, |roster| roster.change(by, change.clone())).await
}

fn action_of(change: &Change) -> Action {
    match change {
        Change::Invite { .. } => Action::Invite,
        Change::Change { .. } => Action::ChangePerson,
        Change::Disable(_) => Action::DisablePerson,
        Change::Enable(_) => Action::EnablePerson,
    }
}

/// Invites somebody from the command line, whatever the rules for colleagues: the person as they are now.
pub async fn invite_from_outside(
    store: &dyn StaffStore,
    id: &StaffId,
    (name, email): (&PersonName, &EmailAddress),
    roles: &Roles,
    now: Timestamp,
) -> Result<Staff, Error> {
    let decide = |roster: &Roster| -> Result<Staff, Infallible> {
        Ok(roster.from_outside(id.clone(), name.clone(), email.clone(), roles.clone()))
    };
    let invited = write(store, (CHANGING, Actor::CommandLine, Action::Invite), now, decide).await?;
    Ok(invited.unwrap_or_else(|never| match never {}))
}

/// Forgets, from the command line, who somebody is for the issuer: their next sign-in binds them anew, by their address.
/// They are out until then. `None` where nobody has this address.
pub async fn unbind_from_outside(
    store: &dyn StaffStore,
    email: &EmailAddress,
    now: Timestamp,
) -> Result<Option<Staff>, Error> {
    let decide = |roster: &Roster| roster.unbind(email).ok_or(());
    Ok(write(store, (CHANGING, Actor::CommandLine, Action::ChangePerson), now, decide).await?.ok())
}

/// Sends an invited person the mail with their first password again, or for the first time if that failed. Recorded before
/// it is tried, as another invitation.
pub async fn invite_again(
    accounts: &dyn Accounts,
    log: &dyn AuditLog,
    by: &StaffId,
    invited: &Staff,
    now: Timestamp,
) -> Result<Reminded, Error> {
    log.append(&act(now, Actor::Staff(by.clone()), Action::Invite, Some(invited), Some(invited))).await?;
    match accounts.open(&invited.email).await? {
        Opened::Mailed => Ok(Reminded::Mailed),
        Opened::AlreadyThere => accounts.remind(&invited.email).await,
    }
}

/// Forgets somebody's own phone. `None` where there is no such person.
pub async fn disconnect_phone(store: &dyn StaffStore, staff: &StaffId, now: Timestamp) -> Result<Option<Staff>, Error> {
    let doing = (DISCONNECTING, Actor::Staff(staff.clone()), Action::DisconnectPhone);
    let without = |roster: &Roster| roster.get(staff).map(|known| Staff { phone: None, ..known.clone() }).ok_or(());
    Ok(write(store, doing, now, without).await?.ok())
}

/// Forgets, from the command line, that a phone is somebody's. `None` where it is nobody's.
pub async fn disconnect_from_outside(
    store: &dyn StaffStore,
    phone: &ResidentId,
    now: Timestamp,
) -> Result<Option<Staff>, Error> {
    let doing = (DISCONNECTING, Actor::CommandLine, Action::DisconnectPhone);
    let without = |roster: &Roster| {
        let owner = roster.with_phone(phone).ok_or(())?;
        Ok::<_, ()>(Staff { phone: None, ..owner.clone() })
    };
    Ok(write(store, doing, now, without).await?.ok())
}

/// Reads everybody, decides, and writes; again where somebody else wrote meanwhile. What changes nothing is not recorded.
async fn write<Refused>(
    store: &dyn StaffStore,
    (doing, actor, action): (&'static str, Actor, Action),
    at: Timestamp,
    decide: impl Fn(&Roster) -> Result<Staff, Refused>,
) -> Result<Result<Staff, Refused>, Error> {
    for _ in 0..RACES_MAX {
        let (roster, version) = store.roster().await?;
        let staff = match decide(&roster) {
            Ok(staff) => staff,
            Err(refused) => return Ok(Err(refused)),
        };
        let before = roster.get(&staff.id);
        if before == Some(&staff) {
            return Ok(Ok(staff));
        }
        let act = act(at, actor.clone(), action, before, Some(&staff));
        match store.put(version, &staff, &act).await? {
            Written::Done => return Ok(Ok(staff)),
            Written::Raced => {}
        }
    }
    Err(outrun(doing))
}

fn outrun(doing: &'static str) -> Error {
    Error::new(Kind::Transient, doing, "others were faster again and again")
}

fn act(at: Timestamp, actor: Actor, action: Action, before: Option<&Staff>, after: Option<&Staff>) -> Act {
    let subject = after.or(before).map_or_else(String::new, |staff| subject(&staff.id));
    let state = |staff: Option<&Staff>| staff.map_or_else(String::new, state);
    Act { at, actor, action, subject, department: None, before: state(before), after: state(after) }
}

/// What an act on a person is about.
fn subject(staff: &StaffId) -> String {
    format!("staff/{staff}")
}

/// A person as the log shows them: without their identity and their phone.
fn state(staff: &Staff) -> String {
    let Staff { id: _, name, email, standing, roles, identity: _, phone: _ } = staff;
    json!({ "name": name, "email": email, "standing": standing, "roles": roles }).to_string()
}

/// Somebody for whom the issuer has just vouched.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// Who they are for the issuer.
    pub identity: Identity,
    /// Their address, if the issuer says that it has verified it.
    pub email: Option<EmailAddress>,
    /// What names the session that shall begin: of a secret that was minted for this sign-in.
    pub session: SessionKey,
    /// The session that the same browser showed, whoever's it was: it ends.
    pub earlier: Option<(StaffId, SessionKey)>,
}

/// What became of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "there is one of them per sign-in, and it is taken apart at once")]
pub enum SignedIn {
    /// They are in.
    In {
        /// Their session.
        session: Session,
        /// The person.
        staff: Staff,
    },
    /// They are not of the staff. Recorded.
    Stranger,
    /// They are kept out. Recorded.
    Disabled,
}

/// Signs somebody in whom the issuer vouches for. At their first sign-in their identity is bound to them.
pub async fn sign_in(
    store: &dyn StaffStore,
    sessions: &dyn Sessions,
    log: &dyn AuditLog,
    arrival: &Arrival,
    now: Timestamp,
) -> Result<SignedIn, Error> {
    for _ in 0..RACES_MAX {
        let (roster, version) = store.roster().await?;
        let Some(known) = roster.recognise(&arrival.identity, arrival.email.as_ref()) else {
            let subject = format!("identity/{}", arrival.identity.fingerprint());
            let refused = act(now, Actor::Stranger, Action::SignInRefused, None, None);
            log.append_seldom(&Act { subject: subject.clone(), ..refused }, &format!("refused/{subject}")).await?;
            return Ok(SignedIn::Stranger);
        };
        let actor = Actor::Staff(known.id.clone());
        if known.standing == Standing::Disabled {
            let refused = act(now, actor, Action::SignInRefused, None, None);
            let subject = subject(&known.id);
            log.append_seldom(&Act { subject: subject.clone(), ..refused }, &format!("refused/{subject}")).await?;
            return Ok(SignedIn::Disabled);
        }
        let staff = known.clone().joined(arrival.identity.clone());
        if *known != staff {
            let act = act(now, actor.clone(), Action::ChangePerson, Some(known), Some(&staff));
            match store.put(version, &staff, &act).await? {
                Written::Done => {}
                Written::Raced => continue,
            }
        }
        let session = Session {
            key: arrival.session.clone(),
            staff: staff.id.clone(),
            began: now,
            seen: now,
            expires: now + SESSION_LIFE,
        };
        let act = act(now, actor, Action::SignIn, None, None);
        let earlier = arrival.earlier.as_ref().map(|(staff, key)| (staff, key));
        match sessions.begin(&session, earlier, &act).await? {
            Written::Done => return Ok(SignedIn::In { session, staff }),
            // They were disabled a moment ago.
            Written::Raced => {}
        }
    }
    Err(outrun(SIGNING_IN))
}

/// Who is there: the session and its person, if it has not ended and they may (still) come in. That it was used counts.
pub async fn attend(
    sessions: &dyn Sessions,
    staff: &StaffId,
    key: &SessionKey,
    now: Timestamp,
) -> Result<Option<(Session, Staff)>, Error> {
    let Some((session, staff)) = sessions.find(staff, key).await? else { return Ok(None) };
    if staff.standing != Standing::Active || !is_alive(&session, now) {
        return Ok(None);
    }
    if now.duration_since(session.seen) >= SESSION_STEP {
        sessions.touch(&session.staff, key, now).await?;
        return Ok(Some((Session { seen: now, ..session }, staff)));
    }
    Ok(Some((session, staff)))
}

/// Whether a session has not ended by its age or by silence.
fn is_alive(session: &Session, now: Timestamp) -> bool {
    now < session.expires && now.duration_since(session.seen) < SESSION_IDLE
}

/// Where somebody is signed in, the latest sign-in first.
pub async fn living_sessions(sessions: &dyn Sessions, staff: &StaffId, now: Timestamp) -> Result<Vec<Session>, Error> {
    let mut living = sessions.of(staff).await?;
    living.retain(|session| is_alive(session, now));
    living.sort_by_key(|session| std::cmp::Reverse(session.began));
    Ok(living)
}

/// Ends all sessions of a person but the one in which they ask for it.
pub async fn sign_out_elsewhere(sessions: &dyn Sessions, session: &Session, now: Timestamp) -> Result<(), Error> {
    let act = act(now, Actor::Staff(session.staff.clone()), Action::SignOutElsewhere, None, None);
    sessions.end_others(&session.staff, &session.key, &act).await
}

/// Ends a session because its person leaves. Whoever leaves is out, even where it cannot be recorded.
pub async fn sign_out(sessions: &dyn Sessions, session: &Session, now: Timestamp) -> Result<(), Error> {
    let act = act(now, Actor::Staff(session.staff.clone()), Action::SignOut, None, None);
    let Err(error) = sessions.end(&session.staff, &session.key, &act).await else { return Ok(()) };
    tracing::error!(error = %Chain(&error), staff.id = %session.staff, "a sign-out is not in the audit log");
    sessions.cut(&session.staff, &session.key).await
}

/// Makes a code by which somebody connects their own phone, and says until when it is good.
pub async fn offer_code(
    store: &dyn StaffStore,
    chance: &dyn Chance,
    staff: &StaffId,
    now: Timestamp,
) -> Result<(PhoneCode, Timestamp), Error> {
    let expires = now + CODE_LIFE;
    for _ in 0..RACES_MAX {
        let Some(code) = code(&chance.bytes()) else { continue };
        match store.offer_code(&code, staff, expires).await? {
            Written::Done => return Ok((code, expires)),
            // Somebody else has this very code, or writes at this very moment.
            Written::Raced => {}
        }
    }
    Err(outrun(OFFERING))
}

/// A code of which every one is as likely as any other: numbers above the last whole round are left out. `None` if all
/// were such, which hardly happens.
fn code(bytes: &[u8; 32]) -> Option<PhoneCode> {
    const CODES: u32 = 100_000_000;
    const WHOLE_ROUNDS: u32 = u32::MAX / CODES * CODES;
    let (numbers, _) = bytes.as_chunks::<4>();
    let number = numbers.iter().map(|number| u32::from_be_bytes(*number)).find(|number| *number < WHOLE_ROUNDS)?;
    Some(PhoneCode(format!("{:0CODE_DIGITS$}", number % CODES)))
}

/// A new person's id.
pub fn new_id(chance: &dyn Chance, now: Timestamp) -> Result<StaffId, Error> {
    mint(chance, now).to_string().parse().map_err(|error| Error::new(Kind::Permanent, MINTING, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 32 bytes that begin with these numbers; the rest is above the last whole round.
    fn bytes(numbers: &[u32]) -> [u8; 32] {
        let mut bytes = [0xff; 32];
        bytes.iter_mut().zip(numbers.iter().flat_map(|number| number.to_be_bytes())).for_each(|(to, byte)| *to = byte);
        bytes
    }

    #[test]
    fn a_code_has_eight_digits_and_none_is_likelier_than_another() {
        let code = |numbers: &[u32]| super::code(&bytes(numbers)).map(|code| code.0);
        assert_eq!(code(&[7]).as_deref(), Some("00000007"));
        assert_eq!(code(&[4_199_999_999]).as_deref(), Some("99999999"));
        assert_eq!(
            code(&[4_200_000_000, 4_294_967_295, 123_456_789]).as_deref(),
            Some("23456789"),
            "the first that fits"
        );
        assert_eq!(code(&[]), None);
    }

    #[test]
    fn ids_are_in_the_order_of_time_and_hold_chance() {
        struct Fixed(u8);
        impl Chance for Fixed {
            fn bytes(&self) -> [u8; 32] {
                [self.0; 32]
            }
        }
        let at = |second| Timestamp::from_second(second).unwrap();
        let id = |chance, second| new_id(&Fixed(chance), at(second)).unwrap();
        assert_eq!(id(0xab, 1_795_230_000).as_str(), "01a1fc0b-e380-7bab-abab-abababababab");
        assert!(id(0xff, 1_795_230_000) < id(0, 1_795_230_001));
        assert_ne!(id(1, 1_795_230_000), id(2, 1_795_230_000));
    }
}
