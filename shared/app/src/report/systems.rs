//! What administrators do with other systems: give one a key, take it away, say where one hears of changes, take that away.
//!
//! Key and id come with the form, so that a form sent twice is one system, and none any more once that was taken away. A key and a hook's
//! secret are shown when they are made; after that nobody can look a key up, and nobody is shown a secret, but by the same form for
//! some minutes, as after an answer that was lost.

use std::sync::Arc;

use domain::audit::{Act, Action, Actor};
use domain::broadcast::template::SavedName;
use domain::ids::StaffId;
use domain::text::hex;
use jiff::SignedDuration;
use uuid::Uuid;

use super::outside::hash_of;
use super::relay::{InvalidAddress, Reach, new_secret};
use crate::error::Error;
use crate::ports::outside::{ApiKey, ApiKeys, Hook, Hooks};
use crate::ports::staff::Written;
use crate::ports::{Chance, Clock, mint};

/// Keys begin with it, so that people see what they are.
const KEY_PREFIX: &str = "kairan_";
/// Behind it stand so many hex digits.
const KEY_DIGITS: usize = 64;
/// So many digits of a key's hash name it in the audit log.
const LOGGED_DIGITS: usize = 12;
/// For so long the form that made a hook shows its secret again. Its id, name and address can be found out by others later.
pub const SHOWN_AGAIN_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// The use case; it holds the ports.
#[derive(Clone)]
pub struct SystemDesk {
    /// Systems that may file reports.
    pub keys: Arc<dyn ApiKeys>,
    /// Systems that hear of changes.
    pub hooks: Arc<dyn Hooks>,
    /// How far the way to them may lead.
    pub reach: Reach,
    /// Chance.
    pub chance: Arc<dyn Chance>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What the name or the key of a form is, and should not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It is no key that was minted here.
    Key,
    /// It is no id that was minted here.
    Id,
    /// A hook has the id: another one, or the same for a while already.
    Taken,
    /// What was made with it has been taken away, and stays so.
    Gone,
    /// No hook may be there.
    Address(InvalidAddress),
}

impl SystemDesk {
    /// A key for the form of a new system.
    #[must_use]
    pub fn mint_key(&self) -> String {
        format!("{KEY_PREFIX}{}", hex(&self.chance.bytes()))
    }

    /// An id for the form of a new hook.
    #[must_use]
    pub fn mint_id(&self) -> String {
        mint(&*self.chance, self.clock.now()).to_string()
    }

    /// Lets the system that has a key file reports. The same again is the same system.
    pub async fn add_key(&self, key: &str, name: &SavedName, by: &StaffId) -> Result<Result<(), Refused>, Error> {
        let digits = key.strip_prefix(KEY_PREFIX).unwrap_or_default();
        if digits.len() != KEY_DIGITS || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Ok(Err(Refused::Key));
        }
        let key = ApiKey { hash: hash_of(key), name: name.to_string(), made_at: self.clock.now() };
        let act = self.act(by, Action::AddApiKey, &key_subject(&key.hash), "", &key.name);
        match self.keys.add(&key, &act).await? {
            Written::Done => Ok(Ok(())),
            Written::Raced => Ok(self.keys.find(&key.hash).await?.map(drop).ok_or(Refused::Gone)),
        }
    }

    /// Takes a key away. One that is not there is away.
    pub async fn remove_key(&self, key: &ApiKey, by: &StaffId) -> Result<(), Error> {
        let act = self.act(by, Action::RemoveApiKey, &key_subject(&key.hash), &key.name, "");
        match self.keys.remove(&key.hash, &act).await? {
            Written::Done | Written::Raced => Ok(()),
        }
    }

    /// A hook, if there is one.
    pub async fn hook(&self, id: &str) -> Result<Option<Hook>, Error> {
        Ok(self.hooks.all().await?.into_iter().find(|hook| hook.id == id))
    }

    /// Says where a system hears of changes. The same again, within [`SHOWN_AGAIN_WITHIN`], is the same hook, with its secret.
    pub async fn add_hook(
        &self,
        id: &str,
        name: &SavedName,
        url: &str,
        by: &StaffId,
    ) -> Result<Result<Hook, Refused>, Error> {
        if Uuid::try_parse(id).is_err() {
            return Ok(Err(Refused::Id));
        }
        if let Err(error) = self.reach.check(url) {
            return Ok(Err(Refused::Address(error)));
        }
        let hook = Hook {
            id: id.to_owned(),
            name: name.to_string(),
            url: url.to_owned(),
            secret: new_secret(&*self.chance),
            made_at: self.clock.now(),
        };
        // The address may hold a token, and the log is for ever.
        let act = self.act(by, Action::AddHook, &hook_subject(id), "", &hook.name);
        match self.hooks.add(&hook, &act).await? {
            Written::Done => Ok(Ok(hook)),
            Written::Raced => {
                let Some(there) = self.hook(id).await? else { return Ok(Err(Refused::Gone)) };
                let is_same = (&there.name, &there.url) == (&hook.name, &hook.url);
                let is_fresh = hook.made_at.duration_since(there.made_at) <= SHOWN_AGAIN_WITHIN;
                Ok(if is_same && is_fresh { Ok(there) } else { Err(Refused::Taken) })
            }
        }
    }

    /// Takes a hook away. One that is not there is away.
    pub async fn remove_hook(&self, hook: &Hook, by: &StaffId) -> Result<(), Error> {
        let act = self.act(by, Action::RemoveHook, &hook_subject(&hook.id), &hook.name, "");
        match self.hooks.remove(&hook.id, &act).await? {
            Written::Done | Written::Raced => Ok(()),
        }
    }

    fn act(&self, by: &StaffId, action: Action, subject: &str, before: &str, after: &str) -> Act {
        Act {
            at: self.clock.now(),
            actor: Actor::Staff(by.clone()),
            action,
            subject: subject.to_owned(),
            department: None,
            before: before.to_owned(),
            after: after.to_owned(),
        }
    }
}

fn key_subject(hash: &str) -> String {
    format!("api-key/{}", hash.get(..LOGGED_DIGITS).unwrap_or(hash))
}

fn hook_subject(id: &str) -> String {
    format!("hook/{id}")
}
