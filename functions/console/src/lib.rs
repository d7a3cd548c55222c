//! The staff's web console: pages made on the server, for people without training.
//!
//! A request comes in through [`answer`], finds its route in [`routes`], is let through by [`web::guard`] and
//! becomes a page in [`pages`], built of [`kit`] and put into [`frame`]. All Japanese stands in [`words`].

pub mod assets;
pub mod frame;
pub mod kit;
pub mod oidc;
pub mod pages;
pub mod routes;
pub mod web;
pub mod wiring;
pub mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use app::broadcast::desk::BroadcastDesk;
use app::broadcast::templates::TemplateDesk;
use app::ports::followers::Imports;
use app::ports::quota::Quotas;
use app::ports::reports::PhotoFiles;
use app::ports::residents::ResidentCounts;
use app::ports::staff::{Accounts, AuditChecks, AuditLog, Sessions, StaffStore};
use app::ports::{Chance, Clock, Messenger, Questions, Reach, Towns};
use app::reminder::desk::ReminderDesk;
use app::report::desk::ReportDesk;
use app::report::release::ReleaseDesk;
use app::report::systems::SystemDesk;
use app::town::edit::TownDesk;
use app::watch::WatchDesk;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request as AxumRequest};
use axum::routing::{MethodFilter, on};
use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::oidc::{EmailTrust, Issuer};
use crate::web::{guard, respond};

/// The console's parts.
pub struct Console {
    /// The staff.
    pub staff: Arc<dyn StaffStore>,
    /// Who is signed in.
    pub sessions: Arc<dyn Sessions>,
    /// Who did what.
    pub audit: Arc<dyn AuditLog>,
    /// Whether that was found to be as it was written.
    pub checks: Arc<dyn AuditChecks>,
    /// The town, as the chat sees it.
    pub towns: Arc<dyn Towns>,
    /// Where the town's data is edited.
    pub desk: TownDesk,
    /// What staff do with broadcasts.
    pub broadcasts: BroadcastDesk,
    /// What departments keep to write them with.
    pub templates: TemplateDesk,
    /// What staff do with the rules that write broadcasts.
    pub reminders: ReminderDesk,
    /// What staff do with damage reports.
    pub reports: ReportDesk,
    /// What everybody sees of them.
    pub releases: ReleaseDesk,
    /// What administrators do with other systems.
    pub systems: SystemDesk,
    /// Their photos.
    pub photo_files: Arc<dyn PhotoFiles>,
    /// Where the tiles of maps are, with `{z}`, `{x}` and `{y}`; without, there are no maps.
    pub map_tiles: Option<String>,
    /// The questions that nothing answered.
    pub questions: Arc<dyn Questions>,
    /// Counts of residents.
    pub counts: Arc<dyn ResidentCounts>,
    /// The import of the friends from before.
    pub imports: Arc<dyn Imports>,
    /// The way to phones.
    pub messenger: Arc<dyn Messenger>,
    /// What the platform says of them.
    pub reach: Arc<dyn Reach>,
    /// What the platform says of the month.
    pub quotas: Arc<dyn Quotas>,
    /// Whether all runs.
    pub watch: WatchDesk,
    /// Who vouches for the staff.
    pub issuer: Arc<dyn Issuer>,
    /// Their accounts there, if they are ours to make.
    pub accounts: Option<Arc<dyn Accounts>>,
    /// Whether an address counts that the issuer does not say to be verified: Entra ID never says so.
    pub email_trust: EmailTrust,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub chance: Arc<dyn Chance>,
    /// Where the console stands, if not where the browser says.
    pub address: Option<String>,
}

impl Console {
    /// The console, ready to answer.
    pub fn router(self: Arc<Self>) -> Router {
        let mut router = Router::new();
        for route in routes::all() {
            let filter = MethodFilter::try_from(route.method.clone()).unwrap_or(MethodFilter::GET);
            let (path, console, route) = (route.path, self.clone(), Arc::new(route));
            let serve = move |params: Option<Path<BTreeMap<String, String>>>, request: AxumRequest| {
                let (console, route) = (console.clone(), route.clone());
                async move {
                    let params = params.map(|Path(params)| params).unwrap_or_default();
                    let (head, body) = request.into_parts();
                    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
                    guard::serve(console, &route, params, Request::from_parts(head, body)).await.map(Body::from)
                }
            };
            router = router.route(path, on(filter, serve));
        }
        router
            .fallback(async || respond::bare(StatusCode::NOT_FOUND, words::frame::NOT_FOUND).map(Body::from))
            .method_not_allowed_fallback(async || {
                respond::bare(StatusCode::METHOD_NOT_ALLOWED, words::frame::FORM_ONLY).map(Body::from)
            })
    }

    fn origin(&self, headers: &HeaderMap) -> String {
        guard::origin_of(headers, self.address.as_deref())
    }
}

/// Answers one request.
pub async fn answer(router: &Router, request: Request<Bytes>) -> Response<Bytes> {
    let answered = router.clone().oneshot(request.map(Body::from)).await;
    let (head, body) = answered.unwrap_or_else(|never| match never {}).into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    Response::from_parts(head, body)
}
