//! The staff in the table, and the codes by which they connect their phones.
//!
//! | what | `PK` | `SK` | ends |
//! | --- | --- | --- | --- |
//! | person | `STAFF` | their id | |
//! | version of the roster | `ROSTER` | `VERSION` | |
//! | code, and which phone used it up | `PHONECODE#<SHA-256 of it>` | `PHONECODE` | after ten minutes |
//! | a person's only good code | `PHONECODE-OF#<staff>` | `PHONECODE` | with the code |
//!
//! Every change of a person moves the version of the roster and stands in the audit log, in one transaction.

use std::sync::Arc;

use app::error::{Error, Kind};
use app::ports::Clock;
use app::ports::staff::{Connected, PhoneCode, PhoneCodes, RosterVersion, StaffStore, Written};
use async_trait::async_trait;
use domain::audit::Act;
use domain::ids::{ResidentId, StaffId};
use domain::staff::{Connection, EmailAddress, Identity, PersonName, Roles, Roster, Staff, Standing};
use domain::text::hex;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::audit::{Recorded, STEPS_BESIDE_ACT_MAX, transact_with_act, write_with_act};
use crate::sessions::sessions_of;
use crate::table::{
    Along, Condition, Entity, Item, Key, Step, Table, Test, Update, Write, decode, encode, number, text,
};

/// So often is a phone connected anew when the staff changes meanwhile.
pub const RACES_MAX: usize = 8;

const READING: &str = "read the staff";
const WRITING: &str = "write a person of the staff";
const OFFERING: &str = "keep a code";
const FINDING: &str = "find the owner of a code";
const CONNECTING: &str = "connect a phone";
const PEOPLE: &str = "STAFF";
const CODE: &str = "PHONECODE";

/// [`StaffStore`] and [`PhoneCodes`] in the table.
pub struct TableStaff {
    table: Table,
    clock: Arc<dyn Clock>,
}

impl TableStaff {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table, clock: Arc<dyn Clock>) -> Self {
        Self { table, clock }
    }

    async fn version(&self, doing: &'static str) -> Result<RosterVersion, Error> {
        let item = self.table.get(doing, &version_key()).await?;
        Ok(RosterVersion(decode::<RosterItem>(doing, item, Timestamp::MIN)?.map_or(0, |item| item.version)))
    }

    /// A code, if it is its owner's only good one.
    async fn code(&self, doing: &'static str, hash: &str, now: Timestamp) -> Result<Option<CodeItem>, Error> {
        let code = self.table.get(doing, &code_key(hash)).await?;
        let Some(code) = decode::<CodeItem>(doing, code, now)? else { return Ok(None) };
        let only = self.table.get(doing, &code_of_key(&code.staff)).await?;
        let only = decode::<CodeOfItem>(doing, only, now)?;
        Ok(only.filter(|only| only.code == hash).map(|_| code))
    }
}

#[async_trait]
impl StaffStore for TableStaff {
    /// The version first: if somebody writes in between, it is the older one, and nothing can be written by it.
    async fn roster(&self) -> Result<(Roster, RosterVersion), Error> {
        let version = self.version(READING).await?;
        let items = self.table.partition(READING, PEOPLE).await?;
        let people: Result<Vec<_>, _> = items.into_iter().map(|item| decode_staff(READING, item)).collect();
        Ok((Roster(people?), version))
    }

    async fn put(&self, read: RosterVersion, staff: &Staff, act: &Act) -> Result<Written, Error> {
        let mut steps = person_steps(WRITING, read, staff)?;
        if staff.standing != Standing::Active {
            // Nobody has as many sessions as fit; those left over find their person kept out, like the ones removed here.
            let left = STEPS_BESIDE_ACT_MAX - steps.len();
            let sessions = self.table.some(WRITING, &sessions_of(&staff.id), Along::FromTheEnd, left).await?;
            steps.extend(sessions.iter().filter_map(Key::of).map(Step::Remove));
        }
        write_with_act(&self.table, WRITING, steps, Some(act)).await
    }

    async fn offer_code(&self, code: &PhoneCode, staff: &StaffId, expires: Timestamp) -> Result<Written, Error> {
        let (hash, expires) = (hash(code), expires.as_second());
        let code = encode(OFFERING, &code_key(&hash), &CodeItem { staff: staff.clone(), used_by: None, expires })?;
        let only = encode(OFFERING, &code_of_key(staff), &CodeOfItem { code: hash, expires })?;
        let writes = vec![
            Write { item: code, condition: Condition::Absent(self.clock.now()) },
            Write { item: only, condition: Condition::None },
        ];
        self.table.keep(OFFERING, writes).await
    }
}

#[async_trait]
impl PhoneCodes for TableStaff {
    async fn owner(&self, code: &PhoneCode, now: Timestamp) -> Result<Option<StaffId>, Error> {
        Ok(self.code(FINDING, &hash(code), now).await?.map(|code| code.staff))
    }

    async fn connect(&self, code: &PhoneCode, resident: &ResidentId, act: &Act) -> Result<Connected, Error> {
        let hash = hash(code);
        for _ in 0..RACES_MAX {
            let Some(code) = self.code(CONNECTING, &hash, act.at).await? else { return Ok(Connected::NoSuchCode) };
            let (roster, version) = self.roster().await?;
            let Some(Connection { owner, loser }) = roster.connect(&code.staff, resident) else {
                return Ok(Connected::NoSuchCode);
            };
            if let Some(user) = &code.used_by {
                // The same event once more; unless the phone was disconnected since.
                let is_so_still = user == resident && roster.get(&owner.id) == Some(&owner);
                return Ok(if is_so_still { Connected::Done } else { Connected::NoSuchCode });
            }
            let mut steps = person_steps(CONNECTING, version, &owner)?;
            let mut act = act.clone();
            if let Some(loser) = loser {
                act.before = format!("staff/{}", loser.id);
                steps.push(person_step(CONNECTING, &loser)?);
            }
            steps.extend(used_up(&hash, &code.staff, resident, act.at));
            match transact_with_act(&self.table, CONNECTING, steps, &act).await? {
                Recorded::Written(_) => return Ok(Connected::Done),
                // Either the roster moved, or the code was used or replaced: the next reading tells.
                Recorded::Refused(_) => {}
            }
        }
        Err(Error::new(Kind::Transient, CONNECTING, "the staff changed again and again"))
    }
}

/// The steps that write a person into the roster that was read.
fn person_steps(doing: &'static str, read: RosterVersion, staff: &Staff) -> Result<Vec<Step<'static>>, Error> {
    let RosterVersion(read) = read;
    let condition = if read == 0 { Condition::Absent(Timestamp::MIN) } else { Condition::Version(read) };
    let version = encode(doing, &version_key(), &RosterItem { version: read + 1 })?;
    Ok(vec![Step::Put(Write { item: version, condition }), person_step(doing, staff)?])
}

/// The step that writes a person; of no use without the one that moves the version.
fn person_step(doing: &'static str, staff: &Staff) -> Result<Step<'static>, Error> {
    let item = encode(doing, &staff_key(&staff.id), &StaffItem::of(staff))?;
    Ok(Step::Put(Write { item, condition: Condition::None }))
}

/// The steps that use up a code, if nobody has, and it still is its owner's only good one. It stays until it expires, so
/// that the same event once more gets the same answer.
fn used_up<'a>(hash: &str, owner: &StaffId, phone: &ResidentId, now: Timestamp) -> [Step<'a>; 2] {
    let update = Update {
        expression: "SET #used_by = :phone",
        condition: "#staff = :staff AND #expires > :now AND attribute_not_exists(#used_by)",
        names: &["staff", "expires", "used_by"],
        values: vec![
            ("staff", text(owner.as_str())),
            ("now", number(now.as_second())),
            ("phone", text(phone.as_str())),
        ],
    };
    let only = Test { condition: "#code = :code", names: &["code"], values: vec![("code", text(hash))] };
    [Step::Update(code_key(hash), update), Step::Check(code_of_key(owner), only)]
}

/// Codes are short enough to be guessed from their hash; it keeps them out of AWS's own logs, in which keys stand.
fn hash(code: &PhoneCode) -> String {
    hex(&Sha256::digest(code.0.as_bytes()))
}

fn version_key() -> Key {
    Key::new("ROSTER", "VERSION")
}

fn code_key(hash: &str) -> Key {
    Key::new(format!("{CODE}#{hash}"), CODE)
}

fn code_of_key(staff: &StaffId) -> Key {
    Key::new(format!("{CODE}-OF#{staff}"), CODE)
}

/// The key of a person.
pub(crate) fn staff_key(staff: &StaffId) -> Key {
    Key::new(PEOPLE, staff.as_str())
}

/// That a person is active.
pub(crate) fn is_active() -> Test<'static> {
    Test { condition: "#standing = :active", names: &["standing"], values: vec![("active", text("active"))] }
}

/// The person whose item this is.
pub(crate) fn decode_staff(doing: &'static str, item: Item) -> Result<Staff, Error> {
    let wrong = |what: &'static str| Error::new(Kind::Permanent, doing, what);
    let key = Key::of(&item).ok_or_else(|| wrong("a person without a key"))?;
    let id = key.sk.parse().map_err(|error| Error::new(Kind::Permanent, doing, error))?;
    let stored: StaffItem =
        decode(doing, Some(item), Timestamp::MIN)?.ok_or_else(|| wrong("a person who has expired"))?;
    Ok(stored.into_domain(id))
}

#[derive(Serialize, Deserialize)]
struct StaffItem {
    name: PersonName,
    email: EmailAddress,
    standing: Standing,
    roles: Roles,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<Identity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<ResidentId>,
}

impl Entity for StaffItem {
    const KIND: &'static str = "staff";
    const V: u64 = 1;
}

impl StaffItem {
    fn of(staff: &Staff) -> Self {
        let Staff { id: _, name, email, standing, roles, identity, phone } = staff.clone();
        Self { name, email, standing, roles, identity, phone }
    }

    fn into_domain(self, id: StaffId) -> Staff {
        let Self { name, email, standing, roles, identity, phone } = self;
        Staff { id, name, email, standing, roles, identity, phone }
    }
}

#[derive(Serialize, Deserialize)]
struct RosterItem {
    version: u64,
}

impl Entity for RosterItem {
    const KIND: &'static str = "roster";
    const V: u64 = 1;
}

#[derive(Serialize, Deserialize)]
struct CodeItem {
    staff: StaffId,
    #[serde(skip_serializing_if = "Option::is_none")]
    used_by: Option<ResidentId>,
    expires: i64,
}

impl Entity for CodeItem {
    const KIND: &'static str = "phone-code";
    const V: u64 = 1;
}

#[derive(Serialize, Deserialize)]
struct CodeOfItem {
    code: String,
    expires: i64,
}

impl Entity for CodeOfItem {
    const KIND: &'static str = "phone-code-of";
    const V: u64 = 1;
}
