//! The calls of the pages. Each says who makes it by its session, and those that change something come from our own pages.

use app::error::Chain;
use app::report::resident::{Act, Asked, Denied, Fault, Part, SLOTS, Slot, Wish};
use aws::web::is_ours;
use bytes::Bytes;
use domain::ids::{PhotoId, ReportId, ReportKindId, ResidentId};
use domain::report::Answer;
use domain::report::place::{PlaceSource, Point};
use domain::town::Town;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::said::{Complaint, Problem, json, nothing};
use super::shown::{Begun, Detail, Filed, NearShown, PhotoShown, rows};
use super::{PATH, ReportPages};
use crate::query::Query;

/// A call has a body of at most so many bytes.
const BODY_BYTES_MAX: usize = 64 * 1024;
/// So many photos are asked for at once, and so many answers are given: more than there ever are.
const MANY_MAX: usize = SLOTS as usize;

/// What is called for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Call {
    Session,
    EndSession,
    Begin,
    AddPhoto,
    Photos,
    WithdrawPhoto(PhotoId),
    Near,
    File,
    List,
    Look(ReportId),
    Act(ReportId, Verb),
}

/// What is done with a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Follow,
    Unfollow,
    Comment,
    Reopen,
}

impl Call {
    /// The calls of a path, each with its method.
    fn of(path: &str) -> Vec<(Method, Self)> {
        let parts: Vec<&str> = path.strip_prefix(PATH).unwrap_or_default().split('/').skip(1).collect();
        match parts[..] {
            ["session"] => vec![(Method::POST, Self::Session), (Method::DELETE, Self::EndSession)],
            ["begin"] => vec![(Method::POST, Self::Begin)],
            ["photos"] => vec![(Method::POST, Self::AddPhoto), (Method::GET, Self::Photos)],
            ["photos", id] => id.parse().map(|id| (Method::DELETE, Self::WithdrawPhoto(id))).into_iter().collect(),
            ["near"] => vec![(Method::POST, Self::Near)],
            ["reports"] => vec![(Method::POST, Self::File), (Method::GET, Self::List)],
            ["reports", id] => id.parse().map(|id| (Method::GET, Self::Look(id))).into_iter().collect(),
            ["reports", id, verb] => {
                let call = id.parse().ok().zip(Verb::of(verb)).map(|(id, verb)| Self::Act(id, verb));
                call.map(|call| (Method::POST, call)).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Verb {
    fn of(word: &str) -> Option<Self> {
        match word {
            "follow" => Some(Self::Follow),
            "unfollow" => Some(Self::Unfollow),
            "comment" => Some(Self::Comment),
            "reopen" => Some(Self::Reopen),
            _ => None,
        }
    }
}

impl ReportPages {
    /// Serves a call; `None` where there is no such one.
    pub(super) async fn call(&self, request: &Request<Bytes>, town: &Town, origin: &str) -> Option<Response<String>> {
        let calls = Call::of(request.uri().path());
        if calls.is_empty() {
            return None;
        }
        let allowed: Vec<&str> = calls.iter().map(|(method, _)| method.as_str()).collect();
        let allowed = HeaderValue::try_from(allowed.join(", "));
        let Some((_, call)) = calls.into_iter().find(|(method, _)| method == request.method()) else {
            let mut response = Complaint::WRONG_METHOD.response();
            response.headers_mut().extend(allowed.ok().map(|allowed| (ALLOW, allowed)));
            return Some(response);
        };
        let served = match let_in(request, origin) {
            Ok(()) => self.serve(call, request, town).await,
            Err(complaint) => Err(complaint.into()),
        };
        Some(served.unwrap_or_else(|problem| match problem {
            Problem::Told(complaint) => complaint.response(),
            Problem::Failed(error) => {
                tracing::error!(error = %Chain(&error), "call not served");
                Complaint::TROUBLE.response()
            }
        }))
    }

    async fn serve(&self, call: Call, request: &Request<Bytes>, town: &Town) -> Result<Response<String>, Problem> {
        if call == Call::Session {
            let Login { id_token } = read(request)?;
            return self.begin_session(request.headers(), &id_token).await;
        }
        if call == Call::EndSession {
            return Ok(self.end_session(request.headers()).await?);
        }
        let who = self.who(request.headers()).await?.ok_or(Complaint::NO_SESSION)?;
        let desk = &self.desk;
        Ok(match call {
            Call::Session | Call::EndSession => nothing(),
            Call::Begin => json(StatusCode::OK, &Begun { report: desk.begin() }),
            Call::AddPhoto => self.add_photo(&who, read(request)?).await?,
            Call::Photos => {
                let ids = asked_photos(&Query::of(request.uri()))?;
                let photos = desk.photos(&who, &ids).await?;
                json(StatusCode::OK, &photos.into_iter().map(PhotoShown::of).collect::<Vec<_>>())
            }
            Call::WithdrawPhoto(id) => {
                desk.withdraw_photo(&who, &id).await?;
                nothing()
            }
            Call::Near => {
                let NearAsked { lat, lon, kind } = read(request)?;
                let around = desk.near(point(lat, lon)?, &kind).await?;
                json(StatusCode::OK, &NearShown::of(around))
            }
            Call::File => {
                let id = desk.file(&who, read::<FilingAsked>(request)?.wish()?).await?;
                json(StatusCode::CREATED, &Filed::of(&id))
            }
            Call::List => json(StatusCode::OK, &rows(&desk.list(&who).await?, &who)),
            Call::Look(id) => {
                let (report, photos) = desk.look(&who, &id).await?;
                let detail = Detail::of(&report, &who, photos, town).ok_or(Complaint::NOT_FOUND)?;
                json(StatusCode::OK, &detail)
            }
            Call::Act(id, verb) => {
                let act = match verb {
                    Verb::Follow => Act::Follow,
                    Verb::Unfollow => Act::Unfollow,
                    Verb::Comment => Act::Comment(read::<Text>(request)?.text),
                    Verb::Reopen => Act::Reopen(read::<Text>(request)?.text),
                };
                desk.act(&who, &id, &act).await?;
                nothing()
            }
        })
    }

    async fn add_photo(&self, who: &ResidentId, asked: PhotoAsked) -> Result<Response<String>, Problem> {
        let PhotoAsked { report, slot, bytes, media_type } = asked;
        let slot = Slot::new(slot).ok_or(Complaint::BAD_REQUEST)?;
        let (photo, upload) = self.desk.add_photo(who, &Asked { report, slot, bytes, media_type }).await?;
        let headers: serde_json::Map<_, _> =
            upload.headers.into_iter().map(|(name, value)| (name, value.into())).collect();
        Ok(json(StatusCode::OK, &serde_json::json!({ "photo": photo, "url": upload.url, "headers": headers })))
    }
}

/// Whether a call may come in at all: whatever changes something is from a page of ours, and says so in JSON of a bearable size.
fn let_in(request: &Request<Bytes>, origin: &str) -> Result<(), Complaint> {
    if BODY_BYTES_MAX < request.body().len() {
        return Err(Complaint::TOO_LARGE);
    }
    if *request.method() == Method::GET {
        return Ok(());
    }
    if !is_from_here(request.headers(), origin) {
        tracing::warn!("a call from elsewhere");
        return Err(Complaint::FOREIGN);
    }
    let said = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = said.split(';').next().unwrap_or_default().trim();
    if *request.method() == Method::POST && !media_type.eq_ignore_ascii_case("application/json") {
        return Err(Complaint::WRONG_TYPE);
    }
    Ok(())
}

/// Whether a page of ours sent this. Browsers say that themselves, and no page can make them say otherwise; the address is compared only
/// where one says nothing: whoever stands before the function may call it by another name than its readers do.
fn is_from_here(headers: &HeaderMap, origin: &str) -> bool {
    headers.get("sec-fetch-site").map_or_else(|| is_ours(headers, origin), |site| site == "same-origin")
}

fn read<T: DeserializeOwned>(request: &Request<Bytes>) -> Result<T, Complaint> {
    serde_json::from_slice(request.body()).map_err(|_| Complaint::BAD_REQUEST)
}

fn point(lat: f64, lon: f64) -> Result<Point, Problem> {
    Point::new(lat, lon).map_err(|_| Problem::Told(Denied::Unfit(Part::Place, Fault::Invalid).into()))
}

fn asked_photos(query: &Query<'_>) -> Result<Vec<PhotoId>, Complaint> {
    let ids = query.said("ids").unwrap_or_default().split(',').filter(|id| !id.is_empty());
    let ids: Vec<PhotoId> = ids.map(str::parse).collect::<Result<_, _>>().map_err(|_| Complaint::BAD_REQUEST)?;
    if MANY_MAX < ids.len() { Err(Complaint::BAD_REQUEST) } else { Ok(ids) }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Login {
    id_token: String,
}

#[derive(Deserialize)]
struct Text {
    text: String,
}

#[derive(Deserialize)]
struct PhotoAsked {
    report: ReportId,
    slot: u8,
    bytes: u64,
    #[serde(rename = "type")]
    media_type: String,
}

#[derive(Deserialize)]
struct NearAsked {
    lat: f64,
    lon: f64,
    kind: ReportKindId,
}

#[derive(Deserialize)]
struct FilingAsked {
    report: ReportId,
    kind: ReportKindId,
    answers: Vec<Answer>,
    place: PlaceAsked,
    comment: String,
    photos: Vec<PhotoId>,
}

#[derive(Deserialize)]
struct PlaceAsked {
    lat: f64,
    lon: f64,
    /// In metres; browsers say fractions.
    accuracy: Option<f64>,
    #[serde(default)]
    text: String,
    source: SourceAsked,
}

/// How residents know a place.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SourceAsked {
    Device,
    Map,
    Photo,
}

impl FilingAsked {
    fn wish(self) -> Result<Wish, Problem> {
        let Self { report, kind, answers, place, comment, photos } = self;
        if MANY_MAX < photos.len() || MANY_MAX < answers.len() {
            return Err(Complaint::BAD_REQUEST.into());
        }
        let source = match place.source {
            SourceAsked::Device => PlaceSource::Device,
            SourceAsked::Map => PlaceSource::Map,
            SourceAsked::Photo => PlaceSource::Photo,
        };
        Ok(Wish {
            report,
            kind,
            answers,
            point: point(place.lat, place.lon)?,
            accuracy_m: place.accuracy.and_then(metres),
            place_text: place.text,
            source,
            comment,
            photos,
        })
    }
}

/// Whole metres; `None` for what is no distance on the earth.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies in the range")]
fn metres(accuracy: f64) -> Option<u32> {
    (0.0..=40_000_000.0).contains(&accuracy).then(|| accuracy.ceil() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "0199aaaa-0000-7000-8000-000000000001";

    #[test]
    fn a_path_has_its_calls_and_odd_ones_have_none() {
        let id = || REPORT.parse().unwrap();
        for (path, expected) in [
            ("/report/session", vec![(Method::POST, Call::Session), (Method::DELETE, Call::EndSession)]),
            ("/report/photos", vec![(Method::POST, Call::AddPhoto), (Method::GET, Call::Photos)]),
            ("/report/reports", vec![(Method::POST, Call::File), (Method::GET, Call::List)]),
        ] {
            assert_eq!(Call::of(path), expected, "{path}");
        }
        let of = |rest: &str| Call::of(&format!("/report/reports/{REPORT}{rest}"));
        assert_eq!(of(""), [(Method::GET, Call::Look(id()))]);
        assert_eq!(of("/reopen"), [(Method::POST, Call::Act(id(), Verb::Reopen))]);
        for odd in ["/report/", "/report/reports/", "/report/reports/A B", "/report/photos/x/y", "/report/sessions"] {
            assert_eq!(Call::of(odd), [], "{odd}");
        }
        for odd in ["/", "/erase", "/reopen/", "/reopen/x"] {
            assert_eq!(of(odd), [], "{odd}");
        }
    }

    #[test]
    fn an_accuracy_is_whole_metres_or_none() {
        for (said, expected) in
            [(0.0, Some(0)), (12.3, Some(13)), (-1.0, None), (f64::NAN, None), (f64::INFINITY, None), (1e9, None)]
        {
            assert_eq!(metres(said), expected, "{said}");
        }
    }
}
