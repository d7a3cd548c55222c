//! `POST requests`: another system files a report with its key, as a form.
//!
//! Pictures at an address that it gives are never fetched: the address stands among what staff read.

use std::borrow::Cow;

use app::error::Error;
use app::report::outside::{Outcome, OutsideFiling};
use bytes::Bytes;
use domain::report::place::{PLACE_CHARS_MAX, Point};
use domain::report::{Answer, CONTACT_CHARS_MAX, Refusal, ReportNumber, TEXT_CHARS_MAX};
use http::header::CONTENT_TYPE;
use http::{Request, StatusCode};

use super::Refused;
use super::node::Node;
use crate::public::Look;
use crate::words::public::{filed, given_address};

/// A form has so many bytes at most: one with all its texts in full is half of that.
const BODY_MAX: usize = 65_536;
const FORM: &str = "application/x-www-form-urlencoded";
/// An address of a picture has at most so many characters.
const ADDRESS_CHARS_MAX: usize = 300;

/// The fields of the form; of a name that stands there twice the first counts.
struct Fields<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl Fields<'_> {
    /// What is said under a name, without blanks around it.
    fn said(&self, name: &str) -> &str {
        self.0.iter().find(|(said, _)| said == name).map_or("", |(_, value)| value.trim())
    }

    /// The same in one line.
    fn line(&self, name: &str) -> String {
        self.said(name).chars().map(|char| if char.is_control() { ' ' } else { char }).collect()
    }
}

/// Files a report; the answer is a list of what names it.
pub(super) async fn file(look: &Look<'_>, request: &Request<Bytes>) -> Result<Result<Node, Refused>, Error> {
    let fields = match fields(request) {
        Ok(fields) => fields,
        Err(refused) => return Ok(Err(refused)),
    };
    let desk = &look.faces.outside;
    let system = match fields.said("api_key") {
        "" => None,
        key => desk.system(key).await?,
    };
    let Some(system) = system else {
        return Ok(Err(Refused::new(StatusCode::FORBIDDEN, "api_key is missing or not valid.")));
    };
    let filing = match read(&fields) {
        Ok(filing) => filing,
        Err(refused) => return Ok(Err(refused)),
    };
    Ok(match desk.file(look.town, &system, filing).await? {
        Outcome::Filed(report) => Ok(receipt(report.id.as_str(), &ReportNumber::of(&report.id))),
        other => Err(refused(&other)),
    })
}

fn fields(request: &Request<Bytes>) -> Result<Fields<'_>, Refused> {
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|said| said.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case(FORM) {
        return Err(bad(format!("The body has to be of the type {FORM}.")));
    }
    if BODY_MAX < request.body().len() {
        return Err(Refused::new(StatusCode::PAYLOAD_TOO_LARGE, format!("The body has {BODY_MAX} bytes at most.")));
    }
    Ok(Fields(form_urlencoded::parse(request.body()).collect()))
}

fn read(fields: &Fields<'_>) -> Result<OutsideFiling, Refused> {
    let code = fields.said("service_code");
    if code.is_empty() {
        return Err(bad("service_code was not provided."));
    }
    let kind = code.parse().map_err(|_| Refused::new(StatusCode::NOT_FOUND, "service_code was not found."))?;
    let point = point(fields)?;
    let mut place = fields.line("address_string");
    if PLACE_CHARS_MAX < place.chars().count() {
        place = place.chars().take(PLACE_CHARS_MAX).collect();
    }
    let contact = ["last_name", "first_name", "phone", "email"].map(|name| fields.line(name));
    let contact: Vec<&str> = contact.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let contact = contact.join(" ");
    if CONTACT_CHARS_MAX < contact.chars().count() {
        return Err(bad(format!("Name, phone and email have {CONTACT_CHARS_MAX} characters together at most.")));
    }
    Ok(OutsideFiling { kind, point, place, answers: answers(fields), comment: comment(fields)?, contact })
}

/// An address alone is not enough: in the country it names a village.
fn point(fields: &Fields<'_>) -> Result<Point, Refused> {
    let degrees = |name: &str| fields.said(name).parse::<f64>().ok();
    let point = degrees("lat").zip(degrees("long")).and_then(|(lat, lon)| Point::new(lat, lon).ok());
    point.ok_or_else(|| bad("lat and long have to be given in degrees (WGS 84); address_string alone is not enough."))
}

/// What stands in fields such as `attribute[pole]`, with `[]` behind it or without.
fn answers(fields: &Fields<'_>) -> Vec<Answer> {
    let mut answers: Vec<Answer> = Vec::new();
    for (name, value) in &fields.0 {
        let code = name.strip_prefix("attribute[").and_then(|rest| rest.split_once(']')).map(|(code, _)| code);
        let Some(question) = code.and_then(|code| code.parse().ok()) else { continue };
        let text = value.trim().to_owned();
        if !text.is_empty() && answers.iter().all(|answer| answer.question != question) {
            answers.push(Answer { question, text });
        }
    }
    answers
}

fn comment(fields: &Fields<'_>) -> Result<String, Refused> {
    let (description, url) = (fields.said("description"), fields.line("media_url"));
    if description.is_empty() {
        return Err(bad("description was not provided."));
    }
    if url.is_empty() {
        return Ok(description.to_owned());
    }
    let is_web = ["https://", "http://"].iter().any(|scheme| url.starts_with(scheme));
    if !is_web || url.contains(' ') || ADDRESS_CHARS_MAX < url.chars().count() {
        return Err(bad(format!("media_url is an address of the web with {ADDRESS_CHARS_MAX} characters at most.")));
    }
    Ok(format!("{description}\n\n{}", given_address(&url)))
}

fn receipt(id: &str, number: &ReportNumber) -> Node {
    let request = vec![
        ("service_request_id", id.into()),
        ("service_notice", filed(&number.to_string()).into()),
        ("account_id", Node::Null),
    ];
    Node::List("service_requests", vec![Node::Record("request", request)])
}

fn bad(why: impl Into<String>) -> Refused {
    Refused::new(StatusCode::BAD_REQUEST, why)
}

fn refused(outcome: &Outcome) -> Refused {
    match outcome {
        Outcome::NoKind => Refused::new(StatusCode::NOT_FOUND, "service_code was not found."),
        Outcome::Closed => bad("Requests of this service_code are not taken at the moment."),
        Outcome::Elsewhere => bad("lat and long are outside the jurisdiction."),
        Outcome::NotOffered(question) => bad(format!("attribute[{question}] is none of its values.")),
        Outcome::Refused(Refusal::TooLong) => {
            bad(format!("description with media_url, or an attribute, has more than {TEXT_CHARS_MAX} characters."))
        }
        Outcome::Filed(_) | Outcome::Refused(_) => bad("The service request was not taken."),
    }
}
