//! `requests`: what staff released.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use app::error::Error;
use domain::ids::ReportId;
use domain::report::release::PublicReport;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};

use super::node::Node;
use super::{Page, Refused};
use crate::feed::second;
use crate::public::{Found, Look, latest};

/// Before which service request a further answer begins: ours, the specification knows no pages.
pub(super) const BEFORE: &str = "before";
/// An answer has so many, as the specification says.
const ANSWER_MAX: usize = 1_000;
/// It reaches over so long a time, as the specification says.
const SPAN_MAX: SignedDuration = SignedDuration::from_hours(90 * 24);
/// So many are asked for by their ids at once.
const IDS_MAX: usize = 50;
/// A report is filed within this time after its id was minted: a draft in the chat lives a day after its last step.
const DRAFTED_WITHIN: SignedDuration = SignedDuration::from_hours(7 * 24);

const OPEN: &str = "open";
const CLOSED: &str = "closed";

/// Which are wanted.
struct Wanted {
    requested: RangeInclusive<Timestamp>,
    codes: Option<BTreeSet<String>>,
    statuses: BTreeSet<String>,
    before: Option<ReportId>,
}

/// Those that are asked for by ids, or by what they are.
pub(super) async fn requests(look: &Look<'_>) -> Result<Result<Page, Refused>, Error> {
    if let Some(ids) = look.query.said("service_request_id").filter(|ids| !ids.is_empty()) {
        return Ok(by_ids(look, ids).await?.map(Page::from));
    }
    let wanted = match Wanted::of(look) {
        Ok(wanted) => wanted,
        Err(refused) => return Ok(Err(refused)),
    };
    let first = wanted.requested.start().checked_sub(DRAFTED_WITHIN).unwrap_or(Timestamp::UNIX_EPOCH);
    let end = wanted.requested.end().checked_add(SignedDuration::from_millis(1)).unwrap_or(Timestamp::MAX);
    let end = ReportId::first_at(end);
    let ids = ReportId::first_at(first)..wanted.before.clone().map_or(end.clone(), |before| before.min(end));
    let found = latest(&*look.faces.released, ids, ANSWER_MAX, |report| wanted.fits(report)).await?;
    let Found { mut reports, more } = found;
    reports.sort_by(|one, other| (other.filed_at, &other.id).cmp(&(one.filed_at, &one.id)));
    Ok(Ok(Page { node: list(look, &reports), more }))
}

async fn by_ids(look: &Look<'_>, ids: &str) -> Result<Result<Node, Refused>, Error> {
    let ids: Vec<&str> = ids.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
    if IDS_MAX < ids.len() {
        let why = format!("service_request_id may name {IDS_MAX} service requests at most.");
        return Ok(Err(Refused::new(StatusCode::BAD_REQUEST, why)));
    }
    let mut found = Vec::new();
    for id in ids {
        found.extend(of_id(look, id).await?);
    }
    Ok(Ok(list(look, &found)))
}

/// One; the answer is a list of it.
pub(super) async fn request(look: &Look<'_>, id: &str) -> Result<Result<Node, Refused>, Error> {
    Ok(of_id(look, id).await?.map(|report| list(look, &[report])).ok_or_else(unknown))
}

/// Ids are given at once, so that a token is the id itself.
pub(super) async fn token(look: &Look<'_>, id: &str) -> Result<Result<Node, Refused>, Error> {
    let Some(report) = of_id(look, id).await? else { return Ok(Err(unknown())) };
    let id = report.id.as_str();
    let request = Node::Record("request", vec![("service_request_id", id.into()), ("token", id.into())]);
    Ok(Ok(Node::List("service_requests", vec![request])))
}

fn unknown() -> Refused {
    Refused::new(StatusCode::NOT_FOUND, "service_request_id was not found. It is found once staff have released it.")
}

async fn of_id(look: &Look<'_>, id: &str) -> Result<Option<PublicReport>, Error> {
    let Ok(id) = id.parse() else { return Ok(None) };
    look.faces.released.find(&id).await
}

impl Wanted {
    fn of(look: &Look<'_>) -> Result<Self, Refused> {
        let said = |name: &str| look.query.said(name).filter(|said| !said.is_empty());
        let list = |said: &str| -> BTreeSet<String> { said.split(',').map(|part| part.trim().to_owned()).collect() };
        let statuses = said("status").map_or_else(|| [OPEN, CLOSED].map(str::to_owned).into(), list);
        if statuses.iter().any(|status| ![OPEN, CLOSED].contains(&status.as_str())) {
            return Err(Refused::new(StatusCode::BAD_REQUEST, "status is open, closed, or open,closed."));
        }
        let time = |name: &'static str| match said(name).map(str::parse::<Timestamp>) {
            Some(Err(_)) => {
                let why = format!("{name} is a time with its zone, such as 2026-11-22T00:00:00Z.");
                Err(Refused::new(StatusCode::BAD_REQUEST, why))
            }
            Some(Ok(at)) => Ok(Some(at)),
            None => Ok(None),
        };
        let requested = span(time("start_date")?, time("end_date")?, look.now)?;
        let before = said(BEFORE).map(str::parse::<ReportId>).transpose();
        let before = before.map_err(|_| Refused::new(StatusCode::BAD_REQUEST, "before is a service_request_id."))?;
        Ok(Self { requested, codes: said("service_code").map(list), statuses, before })
    }

    fn fits(&self, report: &PublicReport) -> bool {
        self.requested.contains(&report.filed_at)
            && self.codes.as_ref().is_none_or(|codes| codes.contains(report.kind.as_str()))
            && self.statuses.contains(status(report))
    }
}

/// From when to when; what is not said follows from the rest.
fn span(
    start: Option<Timestamp>,
    end: Option<Timestamp>,
    now: Timestamp,
) -> Result<RangeInclusive<Timestamp>, Refused> {
    let before = |end: Timestamp| end.checked_sub(SPAN_MAX).unwrap_or(Timestamp::MIN);
    let (start, end) = match (start, end) {
        (None, None) => (before(now), now),
        (None, Some(end)) => (before(end), end),
        (Some(start), None) => (start, start.checked_add(SPAN_MAX).unwrap_or(Timestamp::MAX).min(now.max(start))),
        (Some(start), Some(end)) => (start, end),
    };
    if end < start || SPAN_MAX < end.duration_since(start) {
        let why = "start_date comes before end_date, and by 90 days at most.";
        return Err(Refused::new(StatusCode::BAD_REQUEST, why));
    }
    Ok(start..=end)
}

fn status(report: &PublicReport) -> &'static str {
    if report.standing.is_open() { OPEN } else { CLOSED }
}

fn list(look: &Look<'_>, reports: &[PublicReport]) -> Node {
    Node::List("service_requests", reports.iter().map(|report| node(look, report)).collect())
}

fn node(look: &Look<'_>, report: &PublicReport) -> Node {
    let (release, standing) = (&report.release, look.standing(report.standing));
    let notes =
        if release.outcome.is_empty() { standing.to_owned() } else { format!("{standing}: {}", release.outcome) };
    let photo = look.photos(report).into_iter().next().map_or(Node::Null, |photo| photo.original.into());
    Node::Record(
        "request",
        vec![
            ("service_request_id", report.id.as_str().into()),
            ("status", status(report).into()),
            ("status_notes", notes.into()),
            ("service_name", look.kind_name(report).into()),
            ("service_code", report.kind.as_str().into()),
            ("description", release.what.as_str().into()),
            ("agency_responsible", Node::text(look.department_name(report))),
            ("service_notice", Node::Null),
            ("requested_datetime", second(report.filed_at).into()),
            ("updated_datetime", second(report.changed_at).into()),
            ("expected_datetime", Node::Null),
            ("address", Node::text(&release.place)),
            ("address_id", Node::Null),
            ("zipcode", Node::Null),
            ("lat", Node::Number(format!("{:.5}", report.point.lat()))),
            ("long", Node::Number(format!("{:.5}", report.point.lon()))),
            ("media_url", photo),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_90_days_at_most_and_ends_now() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2026-11-22T00:00:00Z");
        let of = |start: Option<&str>, end: Option<&str>| {
            span(start.map(at), end.map(at), now).ok().map(|span| (span.start().to_string(), span.end().to_string()))
        };
        let some = |start: &str, end: &str| Some((start.to_owned(), end.to_owned()));
        assert_eq!(of(None, None), some("2026-08-24T00:00:00Z", "2026-11-22T00:00:00Z"));
        assert_eq!(of(None, Some("2026-06-30T00:00:00Z")), some("2026-04-01T00:00:00Z", "2026-06-30T00:00:00Z"));
        assert_eq!(of(Some("2026-04-01T00:00:00Z"), None), some("2026-04-01T00:00:00Z", "2026-06-30T00:00:00Z"));
        assert_eq!(of(Some("2026-11-01T00:00:00Z"), None), some("2026-11-01T00:00:00Z", "2026-11-22T00:00:00Z"));
        // What is yet to come is nothing, and no mistake.
        assert_eq!(of(Some("2027-01-01T00:00:00Z"), None), some("2027-01-01T00:00:00Z", "2027-01-01T00:00:00Z"));
        assert_eq!(
            of(Some("2026-01-01T00:00:00Z"), Some("2026-04-01T00:00:00Z")),
            some("2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z")
        );
        assert_eq!(of(Some("2026-01-01T00:00:00Z"), Some("2026-04-01T00:00:01Z")), None);
        assert_eq!(of(Some("2026-04-01T00:00:00Z"), Some("2026-03-31T00:00:00Z")), None);
        assert_eq!(
            of(None, Some("-009999-01-02T01:59:59Z")),
            some("-009999-01-02T01:59:59Z", "-009999-01-02T01:59:59Z")
        );
    }
}
