//! Answers of the API: JSON, and one word for each thing that goes wrong.

use app::error::Error;
use app::report::resident::{Denied, Fault, Part, Stop};
use domain::ids::PhotoId;
use domain::report::Refusal;
use http::{Response, StatusCode};
use serde::Serialize;

use crate::respond::{Kept, answer};

/// What is said of a call that is not served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Complaint {
    status: StatusCode,
    error: &'static str,
    field: Option<&'static str>,
    photo: Option<PhotoId>,
}

/// Why a call is not served.
#[derive(Debug)]
pub(super) enum Problem {
    /// For a reason that is told.
    Told(Complaint),
    /// It failed.
    Failed(Error),
}

impl Complaint {
    pub(super) const BAD_REQUEST: Self = Self::new(StatusCode::BAD_REQUEST, "bad-request");
    pub(super) const NO_SESSION: Self = Self::new(StatusCode::UNAUTHORIZED, "no-session");
    pub(super) const NOT_BELIEVED: Self = Self::new(StatusCode::UNAUTHORIZED, "not-believed");
    pub(super) const FOREIGN: Self = Self::new(StatusCode::FORBIDDEN, "foreign");
    pub(super) const NOT_FOUND: Self = Self::new(StatusCode::NOT_FOUND, "not-found");
    pub(super) const WRONG_METHOD: Self = Self::new(StatusCode::METHOD_NOT_ALLOWED, "wrong-method");
    pub(super) const TOO_LARGE: Self = Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large");
    pub(super) const WRONG_TYPE: Self = Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong-type");
    /// Trouble that may be over when the call comes again.
    pub(super) const TROUBLE: Self = Self::new(StatusCode::SERVICE_UNAVAILABLE, "trouble");

    const fn new(status: StatusCode, error: &'static str) -> Self {
        Self { status, error, field: None, photo: None }
    }

    pub(super) fn response(self) -> Response<String> {
        #[derive(Serialize)]
        struct Body {
            error: &'static str,
            #[serde(skip_serializing_if = "Option::is_none")]
            field: Option<&'static str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            photo: Option<PhotoId>,
        }
        let Self { status, error, field, photo } = self;
        json(status, &Body { error, field, photo })
    }
}

impl From<Denied> for Complaint {
    fn from(denied: Denied) -> Self {
        let conflict = |error| Self::new(StatusCode::CONFLICT, error);
        match denied {
            Denied::NotFound => Self::NOT_FOUND,
            Denied::FiledOtherwise => conflict("filed-otherwise"),
            Denied::PhotoCame(photo) => Self { photo: Some(photo), ..conflict("kept") },
            Denied::PhotoWithdrawn => conflict("withdrawn"),
            Denied::TooManyToday => Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-today"),
            Denied::Unfit(part, fault) => unfit(field(part), word(fault)),
            Denied::Refused(refusal) => refused(refusal),
        }
    }
}

fn unfit(field: &'static str, error: &'static str) -> Complaint {
    Complaint { field: Some(field), ..Complaint::new(StatusCode::UNPROCESSABLE_ENTITY, error) }
}

fn refused(refusal: Refusal) -> Complaint {
    let conflict = |error| Complaint::new(StatusCode::CONFLICT, error);
    match refusal {
        Refusal::Empty => unfit("text", "empty"),
        Refusal::TooLong => unfit("text", "too-long"),
        Refusal::Unchanged => conflict("unchanged"),
        Refusal::HistoryFull => conflict("history-full"),
        Refusal::TooManyFollowers => conflict("too-many-followers"),
        // What is no wish of residents comes to the same.
        Refusal::WrongState | Refusal::TooManyPhotos | Refusal::NotItsPhoto | Refusal::Itself | Refusal::NotTheirs => {
            conflict("wrong-state")
        }
    }
}

fn field(part: Part) -> &'static str {
    match part {
        Part::Report => "report",
        Part::Kind => "kind",
        Part::Answers => "answers",
        Part::Place => "place",
        Part::Comment => "comment",
        Part::Photos => "photos",
        Part::Bytes => "bytes",
        Part::Type => "type",
    }
}

fn word(fault: Fault) -> &'static str {
    match fault {
        Fault::Unknown => "unknown",
        Fault::Invalid => "invalid",
        Fault::Missing => "missing",
        Fault::Closed => "closed",
        Fault::Outside => "outside",
        Fault::TooLong => "too-long",
        Fault::TooLarge => "too-large",
        Fault::TooMany => "too-many",
        Fault::TooOld => "too-old",
    }
}

impl From<Complaint> for Problem {
    fn from(complaint: Complaint) -> Self {
        Self::Told(complaint)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<Stop> for Problem {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Denied(denied) => Self::Told(denied.into()),
            Stop::Failed(error) => Self::Failed(error),
        }
    }
}

/// A value.
pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Response<String> {
    // What is said here has texts for keys and no float that is none: it always is JSON.
    let body = serde_json::to_string(value).unwrap_or_default();
    answer(status, "application/json", Kept::NotAtAll, body)
}

/// Done, and nothing to say.
pub(super) fn nothing() -> Response<String> {
    answer(StatusCode::NO_CONTENT, "application/json", Kept::NotAtAll, String::new())
}
