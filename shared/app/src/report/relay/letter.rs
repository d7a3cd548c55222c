//! What another system is told of a change, and its signature by the Standard Webhooks specification (version 1).
//!
//! A letter says what was done to which report and how the report is when the letter is written. It says nothing of who reported, what
//! they wrote or sent, and what staff wrote: whoever needs that asks staff.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::report::place::{Place, PlaceSource};
use domain::report::{Priority, Report, ReportNumber, State, What};
use domain::town::Town;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use jiff::civil::Date;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use sha2::Sha256;
use uuid::Uuid;

use super::TELLING;
use crate::error::{Error, Kind};
use crate::ports::Chance;
use crate::ports::outside::{Hook, Letter};

/// Ids of letters are computed in this namespace from report, change and hook.
const LETTER_IDS: Uuid = Uuid::from_u128(0x6b61_6972_616e_5f72_656c_6179_5f6c_6574);
/// Secrets begin with it, so that people see what they are.
const SECRET_PREFIX: &str = "whsec_";

#[derive(Serialize)]
struct Told<'a> {
    r#type: &'static str,
    timestamp: Timestamp,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    id: &'a str,
    number: String,
    kind: Named<'a>,
    department: Named<'a>,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    duplicate_of: Option<&'a str>,
    priority: Priority,
    due: Option<Date>,
    filed: Timestamp,
    changed: Option<Timestamp>,
    closed: Option<Timestamp>,
    place: Where<'a>,
    /// How many entries the history has now; what is told may be of an earlier one.
    entries: usize,
    change: Changed,
}

#[derive(Serialize)]
struct Named<'a> {
    id: &'a str,
    /// As the town calls it in Japanese, if it still knows it.
    name: Option<&'a str>,
}

#[derive(Serialize)]
struct Where<'a> {
    lat: f64,
    lon: f64,
    accuracy: Option<u32>,
    /// In the words of staff; `None` where it was written by a resident or somebody else.
    text: Option<&'a str>,
    district: Option<Named<'a>>,
}

#[derive(Serialize)]
struct Changed {
    number: usize,
    at: Timestamp,
    what: &'static str,
    /// Where it stood before, of a change of the state.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'static str>,
    /// Where it stood then.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'static str>,
}

/// The letter to a hook about a change of a report, sent at `now`.
pub(super) fn write(town: &Town, report: &Report, change: usize, hook: &Hook, now: Timestamp) -> Result<Letter, Error> {
    let none = || Error::new(Kind::Permanent, TELLING, "the report has no such change");
    let entry = change.checked_sub(1).and_then(|place| report.history.get(place)).ok_or_else(none)?;
    let (from, to) = if let What::State { from, to, .. } = &entry.what {
        (Some(from.standing().name()), Some(to.standing().name()))
    } else {
        (None, None)
    };
    let changed = Changed { number: change, at: entry.at, what: entry.what.name(), from, to };
    let told = Told { r#type: "report.changed", timestamp: entry.at, data: Data::of(town, report, changed) };
    let body = serde_json::to_string(&told).map_err(|error| Error::new(Kind::Permanent, TELLING, error))?;
    let id = Uuid::new_v5(&LETTER_IDS, format!("{}/{change}/{}", report.id, hook.id).as_bytes()).to_string();
    let timestamp = now.as_second();
    let signature = signature(&hook.secret, &id, timestamp, &body)?;
    Ok(Letter { id, timestamp, signature, body })
}

impl<'a> Data<'a> {
    fn of(town: &'a Town, report: &'a Report, change: Changed) -> Self {
        let kind = town.report_kind(&report.kind).map(|kind| kind.name.ja.as_str());
        let department = town.departments.get(&report.department).map(|department| department.name.as_str());
        let duplicate_of = match &report.state {
            State::Duplicate { of } => Some(of.as_str()),
            State::Received | State::Checking | State::Working | State::Done | State::Declined { .. } => None,
        };
        Self {
            id: report.id.as_str(),
            number: ReportNumber::of(&report.id).to_string(),
            kind: Named { id: report.kind.as_str(), name: kind },
            department: Named { id: report.department.as_str(), name: department },
            state: report.state.standing().name(),
            duplicate_of,
            priority: report.priority,
            due: report.due,
            filed: report.filed_at,
            changed: report.history.last().map(|entry| entry.at),
            closed: report.closed_at,
            place: Where::of(town, &report.place),
            entries: report.history.len(),
            change,
        }
    }
}

impl<'a> Where<'a> {
    fn of(town: &'a Town, place: &'a Place) -> Self {
        let district = place
            .district
            .as_ref()
            .map(|id| Named { id: id.as_str(), name: town.district(id).map(|district| district.name.as_str()) });
        let text = (place.source == PlaceSource::Staff && !place.text.is_empty()).then_some(place.text.as_str());
        Self { lat: place.point.lat(), lon: place.point.lon(), accuracy: place.accuracy_m, text, district }
    }
}

/// A new secret for a hook, as the specification writes them.
#[must_use]
pub fn new_secret(chance: &dyn Chance) -> SecretString {
    format!("{SECRET_PREFIX}{}", STANDARD.encode(chance.bytes())).into()
}

fn signature(secret: &SecretString, id: &str, timestamp: i64, body: &str) -> Result<String, Error> {
    let wrong = || Error::new(Kind::Permanent, TELLING, "the hook's secret is none");
    let key = secret.expose_secret().strip_prefix(SECRET_PREFIX).ok_or_else(wrong)?;
    let key = STANDARD.decode(key).map_err(|_| wrong())?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| wrong())?;
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_specification() {
        // The example of the specification's reference libraries.
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into();
        let signed = signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed.unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_that_is_none_signs_nothing() {
        for secret in ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_not base64"] {
            assert_eq!(signature(&secret.into(), "id", 0, "{}").unwrap_err().kind, Kind::Permanent, "{secret}");
        }
    }

    struct Sevens;

    impl Chance for Sevens {
        fn bytes(&self) -> [u8; 32] {
            [7; 32]
        }
    }

    #[test]
    fn a_new_secret_signs() {
        let secret = new_secret(&Sevens);
        assert_eq!(secret.expose_secret(), "whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=");
        assert!(signature(&secret, "id", 0, "{}").is_ok());
    }
}
