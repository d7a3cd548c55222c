//! One person of the staff.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Roles;
use crate::ids::{ResidentId, StaffId};

/// A name has at most this many characters.
pub const NAME_CHARS_MAX: usize = 60;
/// An address has at most this many characters (RFC 5321, 4.5.3.1.3, less the angle brackets).
pub const EMAIL_CHARS_MAX: usize = 254;

/// Why a text is no part of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPerson {
    /// A name has 1 to [`NAME_CHARS_MAX`] characters, none of them invisible or a control character.
    #[error("a name has 1 to 60 characters")]
    Name,
    /// An address is `someone@somewhere.example`, in ASCII and without spaces.
    #[error("an e-mail address is written someone@somewhere.example")]
    Email,
}

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// Who.
    pub id: StaffId,
    /// Their name, as colleagues see it.
    pub name: PersonName,
    /// Their address; the issuer vouches for it at the first sign-in.
    pub email: EmailAddress,
    /// Whether they may come in.
    pub standing: Standing,
    /// What they are in the console.
    pub roles: Roles,
    /// Who they are for the issuer, known since their first sign-in.
    pub identity: Option<Identity>,
    /// Their own phone, to which trial messages go.
    pub phone: Option<ResidentId>,
}

impl Staff {
    /// The person once they have come in for the first time: the identity is theirs from now on.
    #[must_use]
    pub fn joined(self, identity: Identity) -> Self {
        Self { standing: Standing::Active, identity: Some(identity), ..self }
    }
}

/// Whether a person may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Was invited, and has not signed in yet.
    Invited,
    /// Works here.
    Active,
    /// Is kept out.
    Disabled,
}

/// Who somebody is for an issuer of sign-ins. The subject is stable, an e-mail address is not.
/// `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The issuer, exactly as in its tokens.
    pub issuer: String,
    /// The person's id there.
    pub subject: String,
}

impl Identity {
    /// What stands for somebody in a log in which they must not be named: always the same, and nothing can be read from it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::new().chain_update(&self.issuer).chain_update([0]).chain_update(&self.subject).finalize();
        let head = digest.iter().take(8).fold(0_u64, |head, byte| head << 8 | u64::from(*byte));
        format!("{head:016x}")
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(…)")
    }
}

/// A person's name. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonName(String);

impl PersonName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PersonName {
    type Err = InvalidPerson;

    fn from_str(text: &str) -> Result<Self, InvalidPerson> {
        let name = text.trim();
        let fits = (1..=NAME_CHARS_MAX).contains(&name.chars().count()) && !name.chars().any(is_hidden);
        if fits { Ok(Self(name.to_owned())) } else { Err(InvalidPerson::Name) }
    }
}

/// Signs that nobody sees and that make a name look like another one: control characters, joiners, changes of direction.
fn is_hidden(sign: char) -> bool {
    sign.is_control()
        || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// An e-mail address in lower case. `Debug` does not show it.
///
/// Only ASCII: other alphabets hold letters that look like these or fold into them (`K`, the Kelvin sign, into `k`), and
/// whoever has such an address must not pass for somebody else.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EmailAddress {
    type Err = InvalidPerson;

    fn from_str(text: &str) -> Result<Self, InvalidPerson> {
        let address = text.trim().to_ascii_lowercase();
        let (local, host) = address.split_once('@').ok_or(InvalidPerson::Email)?;
        let sound = !local.is_empty()
            && host.split('.').count() >= 2
            && host.split('.').all(|label| !label.is_empty())
            && address.len() <= EMAIL_CHARS_MAX
            && address.chars().all(|sign| sign.is_ascii_graphic() && !"<>\"(),;:\\".contains(sign))
            && !host.contains('@');
        if sound { Ok(Self(address)) } else { Err(InvalidPerson::Email) }
    }
}

macro_rules! personal_text {
    ($($name:ident),+) => {$(
        impl TryFrom<String> for $name {
            type Error = InvalidPerson;

            fn try_from(text: String) -> Result<Self, InvalidPerson> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+};
}

personal_text!(PersonName, EmailAddress);
