//! A trial message (テスト送信): a member of staff sends a text to their own phone, once, however often the form is sent.
//!
//! The id is minted when the form is opened, and the key by which the platform takes a message once is computed from it, from
//! the person, from their phone and from the text: the same form again is the same message, and another text, or the same to
//! another phone, is another one.

use std::sync::Arc;

use domain::audit::{Act, Action, Actor};
use domain::ids::ResidentId;
use domain::reply::{Reply, TEXT_UNITS_MAX};
use domain::staff::Staff;
use jiff::Timestamp;
use uuid::Uuid;

use crate::error::{Chain, Error, Kind};
use crate::inbox::RETRY_KEY_LIFE;
use crate::ports::quota::{Quota, Quotas};
use crate::ports::staff::AuditLog;
use crate::ports::{Chance, Clock, Delivery, Messages, Messenger, Reach, Reached, Undelivered, mint};

/// Retry keys of trial messages are computed in this namespace.
const TRIAL_KEYS: Uuid = Uuid::from_u128(0x6b61_6972_616e_5f74_7269_616c_5f6b_6579);

/// A trial message's id, minted when its form is opened: it holds that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrialId(Uuid);

impl TrialId {
    /// A new one.
    #[must_use]
    pub fn mint(chance: &dyn Chance, now: Timestamp) -> Self {
        Self(mint(chance, now))
    }

    /// The one that a form brought back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let id: Uuid = text.parse().ok()?;
        (id.get_version_num() == 7).then_some(Self(id))
    }

    fn minted(self) -> Option<Timestamp> {
        let (seconds, nanos) = self.0.get_timestamp()?.to_unix();
        Timestamp::new(i64::try_from(seconds).ok()?, i32::try_from(nanos).ok()?).ok()
    }
}

impl std::fmt::Display for TrialId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A text that can be sent: not blank, and at most [`TEXT_UNITS_MAX`] UTF-16 units long. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct TrialText(String);

/// Why a text cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnfitText {
    /// There is nothing in it.
    #[error("the text is empty")]
    Empty,
    /// It has so many units too many.
    #[error("the text has {0} UTF-16 units too many")]
    TooLong(usize),
}

impl TrialText {
    /// Takes a text as it was typed.
    pub fn new(text: String) -> Result<Self, UnfitText> {
        let over = text.encode_utf16().count().saturating_sub(TEXT_UNITS_MAX);
        if text.trim().is_empty() {
            Err(UnfitText::Empty)
        } else if 0 < over {
            Err(UnfitText::TooLong(over))
        } else {
            Ok(Self(text))
        }
    }

    fn units(&self) -> usize {
        self.0.encode_utf16().count()
    }
}

impl std::fmt::Debug for TrialText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TrialText({} units)", self.units())
    }
}

/// What became of a trial message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It went out now.
    Sent,
    /// This very message went out before.
    AlreadySent,
    /// The form is too old to be sent safely: nothing was sent.
    TooOld,
    /// No phone is connected.
    NoPhone,
    /// The person has blocked the account, or left it.
    Blocked,
    /// The month's messages are used up.
    QuotaUsedUp,
    /// Too much at once: the platform takes it later.
    Busy,
    /// The platform takes no such message.
    Refused,
    /// The platform does not let us in.
    NotLetIn,
    /// Nobody knows whether it went out. The same again is safe.
    Unclear,
}

/// The use case; it holds the ports.
pub struct Trial {
    /// The way to the phone.
    pub messenger: Arc<dyn Messenger>,
    /// What the platform says of it.
    pub reach: Arc<dyn Reach>,
    /// What the platform says of the month.
    pub quotas: Arc<dyn Quotas>,
    /// Who did what.
    pub audit: Arc<dyn AuditLog>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Trial {
    /// Sends a text to the person's own phone. Nothing goes out of which there is no entry in the log.
    pub async fn send(&self, staff: &Staff, id: TrialId, text: &TrialText) -> Result<Outcome, Error> {
        let messages = self.messenger.compose(&[Reply::Text(text.0.clone())], &[])?;
        self.send_as(staff, id, &messages, text.units()).await
    }

    /// Sends what is in the platform's words already to the person's own phone.
    pub async fn send_composed(&self, staff: &Staff, id: TrialId, messages: &Messages) -> Result<Outcome, Error> {
        self.send_as(staff, id, messages, messages.0.encode_utf16().count()).await
    }

    async fn send_as(&self, staff: &Staff, id: TrialId, messages: &Messages, units: usize) -> Result<Outcome, Error> {
        let Some(phone) = &staff.phone else { return Ok(Outcome::NoPhone) };
        let now = self.clock.now();
        let age = id.minted().map(|minted| now.duration_since(minted));
        if age.is_none_or(|age| RETRY_KEY_LIFE < age.abs()) {
            return Ok(Outcome::TooOld);
        }
        match self.reach.reaches(phone).await {
            Ok(Reached::Yes) => {}
            Ok(Reached::No) => return Ok(Outcome::Blocked),
            // Only a kindness: the message itself shows whether the platform works.
            Err(error) => tracing::warn!(error = %Chain(&error), "whether a phone can be reached is not known"),
        }
        self.audit.append(&act(staff, id, units, now)).await?;
        let key = key(staff, phone, id, messages);
        let outcome = match self.messenger.push(phone, messages, key).await {
            Ok(Delivery::Accepted) => Outcome::Sent,
            Ok(Delivery::AlreadyAccepted) => Outcome::AlreadySent,
            Ok(Delivery::Refused | Delivery::TokenSpent) => Outcome::Refused,
            Err(undelivered) => self.explain(phone, undelivered).await,
        };
        tracing::info!(trial.id = %id, outcome = ?outcome, "trial message");
        Ok(outcome)
    }

    async fn explain(&self, phone: &ResidentId, undelivered: Undelivered) -> Outcome {
        let outcome = match &undelivered {
            Undelivered::NotTaken(error) => match error.kind {
                Kind::Throttled => self.explain_throttling().await,
                Kind::Transient => Outcome::Busy,
                Kind::Permanent => Outcome::Refused,
            },
            Undelivered::NotLetIn(_) => Outcome::NotLetIn,
            Undelivered::Unknown(_) => Outcome::Unclear,
        };
        tracing::warn!(resident.partition = phone.partition(), error = %Chain(&undelivered), "trial message not sent");
        outcome
    }

    /// The platform says the same for "too fast" and "no more this month".
    async fn explain_throttling(&self) -> Outcome {
        match self.quotas.quota().await.map(Quota::left) {
            Ok(Some(0)) => Outcome::QuotaUsedUp,
            Ok(Some(_) | None) | Err(_) => Outcome::Busy,
        }
    }
}

fn key(staff: &Staff, phone: &ResidentId, id: TrialId, messages: &Messages) -> Uuid {
    Uuid::new_v5(&TRIAL_KEYS, format!("{}/{}/{id}/{}", staff.id, phone.as_str(), messages.0).as_bytes())
}

/// The act, with the length of the text instead of the text.
fn act(staff: &Staff, id: TrialId, units: usize, at: Timestamp) -> Act {
    Act {
        at,
        actor: Actor::Staff(staff.id.clone()),
        action: Action::SendTrial,
        subject: format!("trial/{id}"),
        department: None,
        before: String::new(),
        after: serde_json::json!({ "units": units }).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_counted_as_the_platform_counts() {
        assert_eq!(TrialText::new(" \n".to_owned()), Err(UnfitText::Empty));
        assert!(TrialText::new("🍎".repeat(2_500)).is_ok());
        assert_eq!(TrialText::new("🍎".repeat(2_501)), Err(UnfitText::TooLong(2)));
        assert_eq!(format!("{:?}", TrialText::new("秘密".to_owned())), "Ok(TrialText(2 units))");
    }

    #[test]
    fn an_id_knows_when_it_was_minted_and_comes_back_from_a_form() {
        struct Fixed;
        impl Chance for Fixed {
            fn bytes(&self) -> [u8; 32] {
                [7; 32]
            }
        }
        let now: Timestamp = "2026-11-21T03:00:00.123Z".parse().unwrap();
        let id = TrialId::mint(&Fixed, now);
        assert_eq!(TrialId::parse(&id.to_string()), Some(id));
        assert_eq!(id.minted(), Some(now));
        for odd in ["", "x", "00000000-0000-0000-0000-000000000000", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"] {
            assert_eq!(TrialId::parse(odd), None, "{odd}");
        }
    }
}
