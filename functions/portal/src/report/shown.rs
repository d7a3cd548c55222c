//! What the API shows of reports and photos: never more than [`Report::seen_by`] lets the resident see.

use app::report::resident::{Around, OwnPhoto};
use domain::ids::{PhotoId, ReportId, ReportKindId, ResidentId};
use domain::report::photo::{PhotoFault, PhotoState};
use domain::report::place::Point;
use domain::report::seen::{Own, Seen, SeenEntry, SeenWhat};
use domain::report::{Answer, By, Report, ReportNumber, State};
use domain::town::Town;
use jiff::Timestamp;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Begun {
    pub(super) report: ReportId,
}

#[derive(Serialize)]
pub(super) struct Filed {
    report: ReportId,
    number: String,
}

impl Filed {
    pub(super) fn of(report: &ReportId) -> Self {
        Self { report: report.clone(), number: ReportNumber::of(report).to_string() }
    }
}

/// A photo of one's own.
#[derive(Serialize)]
pub(super) struct PhotoShown {
    photo: PhotoId,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<PhotoFault>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gps: Option<At>,
    #[serde(skip_serializing_if = "Option::is_none")]
    small: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    large: Option<String>,
}

impl PhotoShown {
    pub(super) fn of((photo, links): OwnPhoto) -> Self {
        let (state, fault, gps) = match photo.state {
            PhotoState::Waiting => ("waiting", None, None),
            PhotoState::Kept { gps, .. } => ("kept", None, gps.map(At::of)),
            PhotoState::Refused(fault) => ("refused", Some(fault), None),
            PhotoState::Withdrawn => ("withdrawn", None, None),
        };
        let (small, large) = links.map(|links| (links.small, links.large)).unzip();
        Self { photo: photo.id, state, fault, gps, small, large }
    }
}

/// A point in degrees.
#[derive(Serialize)]
struct At {
    lat: f64,
    lon: f64,
}

impl At {
    fn of(point: Point) -> Self {
        Self { lat: point.lat(), lon: point.lon() }
    }
}

/// What was reported near a place.
#[derive(Serialize)]
pub(super) struct NearShown {
    inside: bool,
    near: Vec<Near>,
}

#[derive(Serialize)]
struct Near {
    report: ReportId,
    number: String,
    kind: ReportKindId,
    standing: &'static str,
    metres: u32,
    filed: Timestamp,
    /// In the words of staff, if they released it.
    #[serde(skip_serializing_if = "Option::is_none")]
    what: Option<String>,
}

impl NearShown {
    pub(super) fn of(around: Around) -> Self {
        let near = around.near.into_iter().map(|(report, metres)| Near {
            number: report.number().to_string(),
            standing: report.state.standing().name(),
            metres,
            filed: report.filed_at,
            what: report.public().map(|public| public.release.what),
            report: report.id,
            kind: report.kind,
        });
        Self { inside: around.is_inside, near: near.collect() }
    }
}

/// A report in the list.
#[derive(Serialize)]
pub(super) struct Row {
    report: ReportId,
    number: String,
    kind: ReportKindId,
    standing: &'static str,
    filed: Timestamp,
    changed: Timestamp,
    mine: bool,
}

impl Row {
    fn of(seen: &Seen<'_>) -> Self {
        Self {
            report: seen.id.clone(),
            number: ReportNumber::of(seen.id).to_string(),
            kind: seen.kind.clone(),
            standing: seen.state.standing().name(),
            filed: seen.filed_at,
            changed: seen.changed_at,
            mine: seen.own.is_some(),
        }
    }
}

/// The list of what somebody hears of.
pub(super) fn rows(reports: &[Report], who: &ResidentId) -> Vec<Row> {
    reports.iter().filter_map(|report| report.seen_by(who)).map(|seen| Row::of(&seen)).collect()
}

/// One report, as far as somebody sees it.
#[derive(Serialize)]
pub(super) struct Detail {
    #[serde(flatten)]
    row: Row,
    place: PlaceShown,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duplicate: Option<Filed>,
    history: Vec<Happened>,
    #[serde(skip_serializing_if = "String::is_empty")]
    comment: String,
    answers: Vec<Answer>,
    photos: Vec<PhotoShown>,
    can: Can,
}

#[derive(Serialize)]
struct PlaceShown {
    #[serde(flatten)]
    at: At,
    #[serde(skip_serializing_if = "Option::is_none")]
    accuracy: Option<u32>,
    #[serde(skip_serializing_if = "String::is_empty")]
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    district: Option<String>,
}

#[derive(Serialize)]
struct Happened {
    at: Timestamp,
    by: &'static str,
    what: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<&'static str>,
    #[serde(skip_serializing_if = "String::is_empty")]
    text: String,
}

/// What can be done with it.
#[derive(Serialize)]
struct Can {
    comment: bool,
    reopen: bool,
    unfollow: bool,
}

impl Detail {
    pub(super) fn of(report: &Report, who: &ResidentId, photos: Vec<OwnPhoto>, town: &Town) -> Option<Self> {
        let seen = report.seen_by(who)?;
        let (why, duplicate) = match seen.state {
            State::Declined { why } => (Some(why.clone()), None),
            State::Duplicate { of } => (None, Some(Filed::of(of))),
            State::Received | State::Checking | State::Working | State::Done => (None, None),
        };
        let own = seen.own.as_ref();
        Some(Self {
            row: Row::of(&seen),
            place: place(&seen, town),
            why,
            duplicate,
            history: seen.history.iter().map(Happened::of).collect(),
            comment: own.map(|own| own.comment.to_owned()).unwrap_or_default(),
            answers: own.map(|own| own.answers.to_vec()).unwrap_or_default(),
            photos: photos.into_iter().map(PhotoShown::of).collect(),
            can: Can { comment: true, reopen: seen.can_reopen, unfollow: own.is_none() },
        })
    }
}

fn place(seen: &Seen<'_>, town: &Town) -> PlaceShown {
    let place = seen.own.as_ref().map(|Own { place, .. }| *place);
    let district = place.and_then(|place| town.district(place.district.as_ref()?));
    PlaceShown {
        at: At::of(seen.point),
        accuracy: place.and_then(|place| place.accuracy_m),
        text: place.map(|place| place.text.clone()).unwrap_or_default(),
        district: district.map(|district| district.name.clone()),
    }
}

impl Happened {
    fn of(entry: &SeenEntry<'_>) -> Self {
        let (what, standing, text) = match entry.what {
            SeenWhat::Filed => ("filed", None, ""),
            SeenWhat::State { to, said } => ("state", Some(to.standing().name()), said),
            SeenWhat::Answered(text) => ("answered", None, text),
            SeenWhat::Commented(text) => ("commented", None, text),
        };
        let by = match entry.by {
            By::Reporter | By::Follower => "reporter",
            By::Staff(_) | By::Outside(_) | By::System => "town",
        };
        Self { at: entry.at, by, what, standing, text: text.to_owned() }
    }
}
