//! `/reports.geojson` and `/reports.csv`: what staff released as open data, by the month in which a report was begun: its number says
//! which. A month with more than one answer holds goes on at the address that its header `Link` names.

use std::ops::Range;

use app::error::Error;
use app::spreadsheet::{MARK, lines, moment, tame};
use domain::ids::ReportId;
use domain::report::release::PublicReport;
use domain::time::{YearMonth, date_in_japan, instant_in_japan};
use http::header::{CONTENT_DISPOSITION, LINK};
use http::{HeaderValue, Response, StatusCode};
use jiff::civil::{Date, DateTime, Time};
use serde_json::{Value, json};

use super::filter::Group;
use super::{Found, GEOJSON, Look, PATH, TABLE, latest, number};
use crate::feed::second;
use crate::respond::{Kept, answer, open};
use crate::words::public::TABLE_COLUMNS;

/// The name of the month in an address.
pub(super) const MONTH: &str = "month";
/// Before which report a further file begins.
const BEFORE: &str = "before";
/// A file has so many: with the longest texts that a release may have they stay below the 6 MB that Lambda answers.
const FILE_MAX: usize = 1_000;

/// A month of which a file is asked for.
struct Asked {
    month: YearMonth,
    ids: Range<ReportId>,
}

/// Those of a month as `GeoJSON` (RFC 7946); `None` where an address names no month.
pub(super) async fn geojson(look: &Look<'_>) -> Result<Option<Response<String>>, Error> {
    let Some((asked, found)) = read(look).await? else { return Ok(None) };
    let features: Vec<Value> = found.reports.iter().map(|report| feature(look, report)).collect();
    let body = json!({ "type": "FeatureCollection", "features": features }).to_string();
    let response = answer(StatusCode::OK, "application/geo+json; charset=utf-8", Kept::AMinute, body);
    Ok(Some(open(with_next(response, look, GEOJSON, &asked, &found))))
}

/// The same for spreadsheets.
pub(super) async fn table(look: &Look<'_>) -> Result<Option<Response<String>>, Error> {
    let Some((asked, found)) = read(look).await? else { return Ok(None) };
    let head = std::iter::once(TABLE_COLUMNS.map(str::to_owned));
    let rows = head.chain(found.reports.iter().map(|report| row(look, report)));
    let bytes = lines(rows.map(|row| row.map(|cell| tame(&cell).into_owned())))?;
    let body = [MARK, &String::from_utf8_lossy(&bytes)].concat();
    let mut response = answer(StatusCode::OK, "text/csv; charset=utf-8", Kept::AMinute, body);
    if let Ok(name) = HeaderValue::try_from(format!("attachment; filename=\"reports-{}.csv\"", asked.month)) {
        response.headers_mut().insert(CONTENT_DISPOSITION, name);
    }
    Ok(Some(open(with_next(response, look, TABLE, &asked, &found))))
}

/// This month, unless another one is asked for.
async fn read(look: &Look<'_>) -> Result<Option<(Asked, Found)>, Error> {
    let month = match look.query.said(MONTH) {
        Some(said) => said.parse().ok(),
        None => YearMonth::of(date_in_japan(look.now)).ok(),
    };
    let before = look.query.said(BEFORE).map(str::parse::<ReportId>).transpose();
    let (Some(mut asked), Ok(before)) = (month.and_then(Asked::of), before) else { return Ok(None) };
    if let Some(before) = before {
        asked.ids.end = before.min(asked.ids.end);
    }
    let found = latest(&*look.faces.released, asked.ids.clone(), FILE_MAX, |_| true).await?;
    Ok(Some((asked, found)))
}

impl Asked {
    fn of(month: YearMonth) -> Option<Self> {
        let first = Date::new(month.year(), month.month(), 1).ok()?;
        let begins = |day: Date| ReportId::first_at(instant_in_japan(DateTime::from_parts(day, Time::midnight())));
        Some(Self { month, ids: begins(first)..begins(first.last_of_month().tomorrow().ok()?) })
    }
}

fn with_next(
    mut response: Response<String>,
    look: &Look<'_>,
    path: &str,
    asked: &Asked,
    found: &Found,
) -> Response<String> {
    let next = found
        .more
        .as_ref()
        .map(|more| format!("<{}{path}?{MONTH}={}&{BEFORE}={more}>; rel=\"next\"", look.origin, asked.month));
    if let Some(next) = next.and_then(|next| HeaderValue::try_from(next).ok()) {
        response.headers_mut().insert(LINK, next);
    }
    response
}

fn feature(look: &Look<'_>, report: &PublicReport) -> Value {
    let release = &report.release;
    let photos: Vec<String> = look.photos(report).into_iter().map(|photo| photo.original).collect();
    json!({
        "type": "Feature",
        "id": report.id,
        "geometry": { "type": "Point", "coordinates": [report.point.lon(), report.point.lat()] },
        "properties": {
            "number": number(report),
            "kind": report.kind,
            "kindName": look.kind_name(report),
            "state": report.standing.name(),
            "stateName": look.standing(report.standing),
            "colour": Group::of(report.standing).name(),
            "what": release.what,
            "place": release.place,
            "outcome": release.outcome,
            "district": report.district,
            "districtName": look.district_name(report),
            "department": look.department_name(report),
            "filed": second(report.filed_at),
            "changed": second(report.changed_at),
            "page": format!("{}{PATH}/{}", look.origin, report.id),
            "photos": photos,
        },
    })
}

fn row(look: &Look<'_>, report: &PublicReport) -> [String; TABLE_COLUMNS.len()] {
    let release = &report.release;
    [
        number(report),
        moment(report.filed_at),
        moment(report.changed_at),
        look.standing(report.standing).to_owned(),
        look.kind_name(report).to_owned(),
        release.what.clone(),
        release.place.clone(),
        look.district_name(report).unwrap_or_default().to_owned(),
        format!("{:.5}", report.point.lat()),
        format!("{:.5}", report.point.lon()),
        release.outcome.clone(),
        look.department_name(report).to_owned(),
        format!("{}{PATH}/{}", look.origin, report.id),
    ]
}
