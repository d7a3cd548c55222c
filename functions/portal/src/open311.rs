//! `/open311/v2`: the damage reports for other programs, after Open311 `GeoReport` v2 (<https://wiki.open311.org/GeoReport_v2>).
//!
//! What is read here is what staff released, and nothing else: also of what the asking program filed itself. What is filed needs a key;
//! how many that may be at once is bounded only by how many of this function may run (`PortalConcurrency`).

mod discovery;
mod filing;
mod node;
mod requests;
mod services;

use app::error::Error;
use bytes::Bytes;
use domain::ids::ReportId;
use form_urlencoded::Serializer;
use http::header::{ALLOW, LINK};
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri};

use crate::public::{self, Look};
use crate::respond::{Kept, answer, open};
use node::Node;

/// Where it is.
const PATH: &str = "/open311/v2";

/// The forms of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Xml,
}

/// What is asked for; whether there is such a kind or report is not known yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What<'a> {
    Discovery,
    Services,
    Service(&'a str),
    Requests,
    Request(&'a str),
    Token(&'a str),
}

/// What is asked for, in which form; `None`: nothing that there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asked<'a>(Option<(What<'a>, Format)>);

/// What is answered.
struct Page {
    node: Node,
    /// Before which service request the rest stands, if there is more than one answer holds.
    more: Option<ReportId>,
}

impl From<Node> for Page {
    fn from(node: Node) -> Self {
        Self { node, more: None }
    }
}

/// Why a program does not get what it wants.
struct Refused {
    status: StatusCode,
    why: String,
}

impl Refused {
    fn new(status: StatusCode, why: impl Into<String>) -> Self {
        Self { status, why: why.into() }
    }
}

impl Format {
    fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::Xml => "text/xml; charset=utf-8",
        }
    }
}

impl<'a> Asked<'a> {
    pub(crate) fn of(path: &'a str) -> Option<Self> {
        let rest = path.strip_prefix(PATH)?.strip_prefix('/')?;
        let json = rest.strip_suffix(".json").map(|what| (what, Format::Json));
        let asked = json.or_else(|| rest.strip_suffix(".xml").map(|what| (what, Format::Xml)));
        let of = |(what, format): (&'a str, Format)| {
            let what = match what.split_once('/') {
                None if what == "discovery" => What::Discovery,
                None if what == "services" => What::Services,
                None if what == "requests" => What::Requests,
                Some(("services", code)) => What::Service(code),
                Some(("requests", id)) => What::Request(id),
                Some(("tokens", id)) => What::Token(id),
                None | Some(_) => return None,
            };
            Some((what, format))
        };
        Some(Self(asked.and_then(of)))
    }
}

/// The answer; `None` where the town takes no reports.
pub(crate) async fn find(
    asked: Asked<'_>,
    look: &Look<'_>,
    request: &Request<Bytes>,
) -> Result<Option<Response<String>>, Error> {
    if !public::is_there(look.town) {
        return Ok(None);
    }
    let Asked(Some((what, format))) = asked else {
        let refused = Refused::new(StatusCode::NOT_FOUND, "There is no such resource, or not in this format.");
        return Ok(Some(written(Format::Xml, Kept::AMinute, Err(refused))));
    };
    let is_reading = [Method::GET, Method::HEAD].contains(request.method());
    let (kept, made) = if is_reading {
        (Kept::AMinute, read(what, look).await?.map(|page| (StatusCode::OK, page)))
    } else if *request.method() == Method::POST && what == What::Requests {
        (Kept::NotAtAll, filing::file(look, request).await?.map(|node| (StatusCode::CREATED, node.into())))
    } else {
        let why = "Only GET is allowed here, and POST where service requests are.";
        (Kept::NotAtAll, Err(Refused::new(StatusCode::METHOD_NOT_ALLOWED, why)))
    };
    let more = made.as_ref().ok().and_then(|(_, page)| page.more.clone());
    let mut response = written(format, kept, made.map(|(status, page)| (status, page.node)));
    if let Some(next) = more.and_then(|more| next(look.origin, request.uri(), &more)) {
        response.headers_mut().insert(LINK, next);
    }
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        let allowed = if what == What::Requests { "GET, HEAD, POST" } else { "GET, HEAD" };
        response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    }
    Ok(Some(if is_reading { open(response) } else { response }))
}

async fn read(what: What<'_>, look: &Look<'_>) -> Result<Result<Page, Refused>, Error> {
    let whole = match what {
        What::Discovery => Ok(discovery::discovery(look)),
        What::Services => Ok(services::services(look)),
        What::Service(code) => services::service(look, code),
        What::Requests => return requests::requests(look).await,
        What::Request(id) => requests::request(look, id).await?,
        What::Token(id) => requests::token(look, id).await?,
    };
    Ok(whole.map(Page::from))
}

/// Where an answer goes on, as the header `Link` says it.
fn next(origin: &str, asked: &Uri, more: &ReportId) -> Option<HeaderValue> {
    let said = form_urlencoded::parse(asked.query().unwrap_or_default().as_bytes());
    let query = Serializer::new(String::new())
        .extend_pairs(said.filter(|(name, _)| name != requests::BEFORE))
        .append_pair(requests::BEFORE, more.as_str())
        .finish();
    HeaderValue::try_from(format!("<{origin}{}?{query}>; rel=\"next\"", asked.path())).ok()
}

fn written(format: Format, kept: Kept, made: Result<(StatusCode, Node), Refused>) -> Response<String> {
    let (status, node) = made.unwrap_or_else(|Refused { status, why }| {
        let error = Node::Record("error", vec![("code", status.as_u16().into()), ("description", why.into())]);
        (status, Node::List("errors", vec![error]))
    });
    let body = match format {
        Format::Json => node.json(),
        Format::Xml => node.xml(),
    };
    answer(status, format.content_type(), kept, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_asks_for_one_thing_in_one_form() {
        fn of(path: &str) -> Asked<'_> {
            Asked::of(path).unwrap()
        }
        for (path, what) in [
            ("discovery", What::Discovery),
            ("services", What::Services),
            ("services/lamp", What::Service("lamp")),
            ("requests", What::Requests),
            ("requests/1", What::Request("1")),
            ("tokens/1", What::Token("1")),
        ] {
            let path = format!("/open311/v2/{path}");
            let [json, xml] = ["json", "xml"].map(|ending| format!("{path}.{ending}"));
            assert_eq!(of(&json), Asked(Some((what, Format::Json))), "{path}");
            assert_eq!(of(&xml), Asked(Some((what, Format::Xml))), "{path}");
            assert_eq!(of(&path), Asked(None), "{path}");
        }
        for path in ["/open311/v2/", "/open311/v2/x.json", "/open311/v2/requests.yaml", "/open311/v2/x/y.xml"] {
            assert_eq!(of(path), Asked(None), "{path}");
        }
        for path in ["/open311/v2", "/open311", "/open311/v1/services.json", "/services.json"] {
            assert_eq!(Asked::of(path), None, "{path}");
        }
    }
}
