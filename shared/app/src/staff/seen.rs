//! Changes of somebody as they were seen: not made where somebody else has changed them meanwhile.

use domain::audit::Actor;
use domain::ids::StaffId;
use domain::staff::{Change, EmailAddress, PersonName, Refusal, Roles, Roster, Staff, Standing};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{CHANGING, action_of, write};
use crate::error::Error;
use crate::ports::staff::StaffStore;

/// What of a person was seen by whoever changes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Their name.
    pub name: PersonName,
    /// Their address.
    pub email: EmailAddress,
    /// Whether they may come in. Who was only invited counts as active: that they came is nobody's change.
    pub standing: Standing,
    /// What they are.
    pub roles: Roles,
}

impl Seen {
    /// What is to be seen of a person.
    #[must_use]
    pub fn of(staff: &Staff) -> Self {
        let standing = match staff.standing {
            Standing::Invited | Standing::Active => Standing::Active,
            Standing::Disabled => Standing::Disabled,
        };
        Self { name: staff.name.clone(), email: staff.email.clone(), standing, roles: staff.roles.clone() }
    }
}

/// Why somebody was not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotChanged {
    /// The rules do not allow it.
    Refused(Refusal),
    /// Somebody else has changed them meanwhile: this is how they are now.
    Meanwhile(Box<Staff>),
}

/// The same as [`super::change`], if the person `id` still is as they were seen. What is so already is not asked again.
pub async fn change_seen(
    store: &dyn StaffStore,
    by: &StaffId,
    (id, seen): (&StaffId, &Seen),
    change: &Change,
    now: Timestamp,
) -> Result<Result<Staff, NotChanged>, Error> {
    let decide = |roster: &Roster| {
        let changed = roster.change(by, change.clone());
        let Some(known) = roster.get(id) else { return changed.map_err(NotChanged::Refused) };
        match changed {
            Ok(changed) if changed == *known => Ok(changed),
            Err(Refusal::NotAllowed) => Err(NotChanged::Refused(Refusal::NotAllowed)),
            Ok(_) | Err(_) if Seen::of(known) != *seen => Err(NotChanged::Meanwhile(Box::new(known.clone()))),
            changed => changed.map_err(NotChanged::Refused),
        }
    };
    write(store, (CHANGING, Actor::Staff(by.clone()), action_of(change)), now, decide).await
}
