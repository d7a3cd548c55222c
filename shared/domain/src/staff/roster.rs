//! Everybody of the staff, and the rules by which people come, change and go.

use std::collections::BTreeSet;

use super::{Act, EmailAddress, Identity, PersonName, Role, Roles, Staff, Standing};
use crate::ids::{DepartmentId, ResidentId, StaffId};

/// Everybody, as they were at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roster(pub Vec<Staff>);

/// A change of one person, asked for by another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A new person.
    Invite {
        /// The id that they get.
        id: StaffId,
        /// Their name.
        name: PersonName,
        /// Their address.
        email: EmailAddress,
        /// What they shall be.
        roles: Roles,
    },
    /// Another name or other roles.
    Change {
        /// Whose.
        id: StaffId,
        /// Their name.
        name: PersonName,
        /// What they shall be.
        roles: Roles,
    },
    /// Keeps somebody out.
    Disable(StaffId),
    /// Lets somebody in again.
    Enable(StaffId),
}

/// A phone that gets its owner: whoever is written by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Whose phone it is from now on.
    pub owner: Staff,
    /// The colleague whose it was until now, without it: a phone is one person's.
    pub loser: Option<Staff>,
}

/// Why a change is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Who asks may not manage people.
    #[error("who asks may not manage people")]
    NotAllowed,
    /// Nobody changes their own roles or standing.
    #[error("nobody changes their own roles")]
    Oneself,
    /// Somebody must be left who can manage people.
    #[error("somebody must be left who can manage people")]
    LastAdministrator,
    /// That person is not there.
    #[error("that person is not there")]
    Unknown,
    /// The address belongs to somebody else.
    #[error("somebody has this address already")]
    EmailTaken,
    /// A person without a role could do nothing.
    #[error("a person needs a role")]
    NoRole,
}

impl Roster {
    /// The person of an id.
    #[must_use]
    pub fn get(&self, id: &StaffId) -> Option<&Staff> {
        self.0.iter().find(|staff| staff.id == *id)
    }

    /// The drill list: those who may come in and have connected a phone of their own.
    pub fn drill_list(&self) -> impl Iterator<Item = &Staff> {
        self.0.iter().filter(|staff| staff.standing == Standing::Active && staff.phone.is_some())
    }

    /// The departments in which somebody has a role, whether they may come in now or not.
    #[must_use]
    pub fn departments(&self) -> BTreeSet<DepartmentId> {
        self.0.iter().flat_map(|staff| staff.roles.departments()).cloned().collect()
    }

    /// The person as they would be after a change, if the rules allow it. The same invitation again changes nothing.
    pub fn change(&self, by: &StaffId, change: Change) -> Result<Staff, Refusal> {
        let asks = self.get(by).filter(|staff| staff.standing == Standing::Active).ok_or(Refusal::NotAllowed)?;
        if !asks.roles.allow(Act::ManagePeople) {
            return Err(Refusal::NotAllowed);
        }
        let changed = match change {
            Change::Invite { id, name, email, roles } => self.invite(id, name, email, roles)?,
            Change::Change { id, name, roles } => Staff { name, roles, ..self.known(&id)? },
            Change::Disable(id) => Staff { standing: Standing::Disabled, ..self.known(&id)? },
            Change::Enable(id) => enabled(self.known(&id)?),
        };
        if changed.roles.0.is_empty() {
            return Err(Refusal::NoRole);
        }
        // Said before the other reason: whoever is alone must first find a second administrator.
        if self.get(&changed.id).is_some_and(administers) && !administers(&changed) && self.administrators() < 2 {
            return Err(Refusal::LastAdministrator);
        }
        if changed.id == *by && (changed.roles != asks.roles || changed.standing != asks.standing) {
            return Err(Refusal::Oneself);
        }
        Ok(changed)
    }

    /// Somebody with these roles, invited by whoever holds the keys to the town's whole AWS account: the first people of
    /// a new town, and the way back in where nobody is left who can invite. Who is there already gets the roles as well.
    #[must_use]
    pub fn from_outside(&self, id: StaffId, name: PersonName, email: EmailAddress, roles: Roles) -> Staff {
        match self.0.iter().find(|staff| staff.email == email) {
            Some(known) => {
                let mut known = enabled(known.clone());
                known.roles.0.extend(roles.0);
                known
            }
            None => invited(id, name, email, roles),
        }
    }

    /// The person whom an issuer vouches for: by the identity of earlier sign-ins, else by an invitation to the address.
    ///
    /// An address is trusted only for a person who has never signed in: whoever takes over an old address gets nothing.
    #[must_use]
    pub fn recognise(&self, identity: &Identity, email: Option<&EmailAddress>) -> Option<&Staff> {
        let known = self.0.iter().find(|staff| staff.identity.as_ref() == Some(identity));
        let invited = || {
            let email = email?;
            self.0.iter().find(|staff| staff.identity.is_none() && staff.email == *email)
        };
        known.or_else(invited)
    }

    /// The person of an address, as nobody whom an issuer knows: their next sign-in binds them anew, as their first one did.
    /// For the day on which the town gets another issuer, or somebody another account.
    #[must_use]
    pub fn unbind(&self, email: &EmailAddress) -> Option<Staff> {
        let known = self.0.iter().find(|staff| staff.email == *email)?.clone();
        let standing = if known.standing == Standing::Disabled { Standing::Disabled } else { Standing::Invited };
        Some(Staff { standing, identity: None, ..known })
    }

    /// Connects a phone to its owner; `None` where they may not come in.
    #[must_use]
    pub fn connect(&self, owner: &StaffId, phone: &ResidentId) -> Option<Connection> {
        let owner = self.get(owner).filter(|staff| staff.standing == Standing::Active)?;
        let loser = self.with_phone(phone).filter(|colleague| colleague.id != owner.id);
        Some(Connection {
            owner: Staff { phone: Some(phone.clone()), ..owner.clone() },
            loser: loser.map(|colleague| Staff { phone: None, ..colleague.clone() }),
        })
    }

    /// The person whose phone this is.
    #[must_use]
    pub fn with_phone(&self, phone: &ResidentId) -> Option<&Staff> {
        self.0.iter().find(|staff| staff.phone.as_ref() == Some(phone))
    }

    fn invite(&self, id: StaffId, name: PersonName, email: EmailAddress, roles: Roles) -> Result<Staff, Refusal> {
        let taken = self.0.iter().find(|staff| staff.email == email || staff.id == id);
        match taken {
            None => Ok(invited(id, name, email, roles)),
            // A form that was sent twice.
            Some(same) if (&same.id, &same.name, &same.email, &same.roles) == (&id, &name, &email, &roles) => {
                Ok(same.clone())
            }
            Some(_) => Err(Refusal::EmailTaken),
        }
    }

    fn known(&self, id: &StaffId) -> Result<Staff, Refusal> {
        self.get(id).cloned().ok_or(Refusal::Unknown)
    }

    fn administrators(&self) -> usize {
        self.0.iter().filter(|staff| administers(staff)).count()
    }
}

/// Whether somebody can manage people now. Who was only invited does not count: they may never come.
fn administers(staff: &Staff) -> bool {
    staff.standing == Standing::Active && staff.roles.0.contains(&Role::Administrator)
}

fn invited(id: StaffId, name: PersonName, email: EmailAddress, roles: Roles) -> Staff {
    Staff { id, name, email, standing: Standing::Invited, roles, identity: None, phone: None }
}

fn enabled(staff: Staff) -> Staff {
    let standing = if staff.identity.is_some() { Standing::Active } else { Standing::Invited };
    Staff { standing, ..staff }
}
