//! The console in memory: its router on fakes, and browsers that sign in, follow, fill in forms and send them.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a story stops at the first surprise")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::broadcast::templates::TemplateDesk;
use app::error::{Error, Kind};
use app::ports::staff::Accounts;
use app::ports::{TownRecord, Towns};
use app::reminder::desk::ReminderDesk;
use app::report::desk::ReportDesk;
use app::report::relay::Reach;
use app::report::release::ReleaseDesk;
use app::report::systems::SystemDesk;
use app::town::CachedTowns;
use app::town::edit::TownDesk;
use app::watch::WatchDesk;
use async_trait::async_trait;
use axum::Router;
use console::oidc::{Begin, Claims, EmailTrust, EmailVerified, Issuer, Pending, SignInError};
use console::web::session::COOKIE_NAME;
use console::{Console, answer};
use domain::staff::{Identity, Role, Roles, Staff, Standing};
use domain::town::Town;
use http::{Method, Request, Response, StatusCode, header};
use jiff::{SignedDuration, Timestamp};

use crate::checkup::TestCheckups;
use crate::city::{TestClock, TestPlatform, TestTown, lock};
use crate::followers::TestImports;
use crate::forms::unescaped;
use crate::hooks::TestHooks;
use crate::outside::{CopyAddresses, TestApiKeys};
use crate::post::Post;
use crate::reminders::TestReminders;
use crate::reports::{TestPhotoCopies, TestPhotoFiles, TestReportJobs, TestReports};
use crate::resident_counts::TestCounts;
use crate::staff::{TestAccounts, TestChance, TestStaff};
use crate::templates::TestTemplates;
use crate::town::{TestQuestions, TestTownStore, TestUploads};
use crate::watch::TestFlowQueues;

/// Where the console of the tests stands.
pub const ORIGIN: &str = "https://console.example";

/// An issuer that vouches for whoever is named in the code: `subject`, or `subject/email`.
#[derive(Default)]
pub struct TestIssuer;

#[async_trait]
impl Issuer for TestIssuer {
    async fn begin(&self, callback: &str, seeds: [[u8; 32]; 3], _: Timestamp) -> Result<Begin, SignInError> {
        let state: String = seeds[0].iter().map(u8::to_string).collect();
        let pending = Pending { state: state.clone(), nonce: "nonce".to_owned(), verifier: "verifier".to_owned() };
        Ok(Begin { authorize_url: format!("https://issuer.example/?state={state}&to={callback}"), pending })
    }

    async fn finish(&self, code: &str, _: &Pending, _: &str, _: Timestamp) -> Result<Claims, SignInError> {
        let (subject, email) = code.split_once('/').unwrap_or((code, ""));
        if subject.is_empty() {
            return Err(SignInError::Expired);
        }
        Ok(Claims {
            subject: subject.to_owned(),
            issuer: "https://issuer.example".to_owned(),
            email: Some(email.to_owned()).filter(|email| !email.is_empty()),
            email_verified: EmailVerified::Yes,
            name: None,
        })
    }

    async fn sign_out_url(&self, return_to: &str, _: Timestamp) -> Option<String> {
        Some(format!("https://issuer.example/sign-out?to={return_to}"))
    }
}

/// A table in which nobody finds the town.
struct NoTown;

#[async_trait]
impl Towns for NoTown {
    async fn current(&self) -> Result<Arc<Town>, Error> {
        Err(Error::new(Kind::Throttled, "read the town", "as the test says"))
    }
}

/// A town hall: the console and all behind it.
pub struct TownHall {
    /// The clock.
    pub clock: Arc<TestClock>,
    /// The people, their sessions, and the audit log.
    pub staff: Arc<TestStaff>,
    /// The accounts at the issuer; empty where they are not ours.
    pub accounts: Arc<TestAccounts>,
    /// The residents, to be counted.
    pub counts: Arc<TestCounts>,
    /// The import of the friends from before.
    pub imports: Arc<TestImports>,
    /// The town's records and their history.
    pub records: Arc<TestTownStore>,
    /// Files that wait.
    pub uploads: Arc<TestUploads>,
    /// The questions that nothing answered.
    pub questions: Arc<TestQuestions>,
    /// The platform, and the phones.
    pub platform: Arc<TestPlatform>,
    /// The broadcasts.
    pub post: Arc<Post>,
    /// What departments keep to write them with.
    pub templates: Arc<TestTemplates>,
    /// The rules that write broadcasts.
    pub reminders: Arc<TestReminders>,
    /// The damage reports.
    pub reports: Arc<TestReports>,
    /// What follows from them.
    pub report_jobs: Arc<TestReportJobs>,
    /// Their photos.
    pub photo_files: Arc<TestPhotoFiles>,
    /// What everybody sees of those.
    pub photo_copies: Arc<TestPhotoCopies>,
    /// The keys of other systems.
    pub api_keys: Arc<TestApiKeys>,
    /// Where other systems hear of changes.
    pub hooks: Arc<TestHooks>,
    /// Whether all runs.
    pub watch: Watched,
    /// The console.
    pub router: Router,
}

impl TownHall {
    /// The town hall of a town; nobody works there yet.
    #[must_use]
    pub fn of(town: Town) -> Self {
        Self::with(Vec::new(), |_, _| Arc::new(TestTown(Arc::new(town))))
    }

    /// The town hall of a town that is these records, and whatever they become.
    #[must_use]
    pub fn of_records(records: Vec<TownRecord>) -> Self {
        Self::with(records, |store, clock| Arc::new(CachedTowns::new(store, clock).always_present()))
    }

    /// The town hall of a town whose staff have their accounts at an issuer that is not ours.
    #[must_use]
    pub fn of_foreign_accounts(town: Town) -> Self {
        Self::with_accounts(None, Vec::new(), |_, _| Arc::new(TestTown(Arc::new(town))))
    }

    /// A town hall whose town cannot be read.
    #[must_use]
    pub fn without_a_town() -> Self {
        Self::with(Vec::new(), |_, _| Arc::new(NoTown))
    }

    fn with(
        records: Vec<TownRecord>,
        towns: impl FnOnce(Arc<TestTownStore>, Arc<TestClock>) -> Arc<dyn Towns>,
    ) -> Self {
        Self::with_accounts(Some(Arc::default()), records, towns)
    }

    fn with_accounts(
        accounts: Option<Arc<TestAccounts>>,
        records: Vec<TownRecord>,
        towns: impl FnOnce(Arc<TestTownStore>, Arc<TestClock>) -> Arc<dyn Towns>,
    ) -> Self {
        let clock = Arc::new(TestClock::noon());
        let staff = Arc::new(TestStaff::new(clock.clone()));
        let store = Arc::new(TestTownStore::new(staff.clone()));
        store.settle(records);
        let (uploads, questions) = (Arc::new(TestUploads::default()), Arc::new(TestQuestions::new(staff.clone())));
        let counts = Arc::new(TestCounts::new(clock.clone(), SignedDuration::from_millis(20)));
        let imports = Arc::new(TestImports::new(Arc::default(), staff.clone()));
        let platform = Arc::new(TestPlatform::new(clock.clone()));
        let town = towns(store.clone(), clock.clone());
        let post = Post::new(Duration::from_millis(500));
        let templates = Arc::new(TestTemplates::new(staff.clone()));
        let broadcasts = post.desk(town.clone(), staff.clone(), clock.clone());
        let reminders = Arc::new(TestReminders::new(staff.clone()));
        let (reports, report_jobs) = (Arc::new(TestReports::new(staff.clone())), Arc::new(TestReportJobs::default()));
        let (photo_files, photo_copies) = (Arc::new(TestPhotoFiles::default()), Arc::new(TestPhotoCopies::default()));
        let (api_keys, hooks) = (Arc::new(TestApiKeys::new(staff.clone())), Arc::new(TestHooks::new(staff.clone())));
        let watch = watch(&post, &staff, &clock);
        let console = Console {
            staff: staff.clone(),
            sessions: staff.clone(),
            audit: staff.clone(),
            checks: staff.clone(),
            towns: town.clone(),
            desk: TownDesk::new(store.clone(), uploads.clone(), staff.clone()),
            questions: questions.clone(),
            counts: counts.clone(),
            imports: imports.clone(),
            reminders: ReminderDesk { rules: reminders.clone(), broadcasts: broadcasts.clone() },
            releases: releases(&reports, &report_jobs, &photo_files, &photo_copies, &clock),
            reports: report_desk(&reports, &report_jobs, &clock),
            systems: systems(&api_keys, &hooks, &clock),
            photo_files: photo_files.clone(),
            map_tiles: Some("https://cyberjapandata.gsi.go.jp/xyz/std/{z}/{x}/{y}.png".to_owned()),
            broadcasts,
            templates: template_desk(&templates, &clock),
            messenger: platform.clone(),
            reach: platform.clone(),
            quotas: post.quota.clone(),
            watch: watch.desk.clone(),
            issuer: Arc::new(TestIssuer),
            accounts: accounts.clone().map(|accounts| -> Arc<dyn Accounts> { accounts }),
            email_trust: EmailTrust::Verified,
            clock: clock.clone(),
            chance: Arc::new(TestChance::default()),
            address: Some(ORIGIN.to_owned()),
        };
        let (accounts, router) = (accounts.unwrap_or_default(), Arc::new(console).router());
        Self {
            clock,
            staff,
            accounts,
            counts,
            imports,
            records: store,
            uploads,
            questions,
            platform,
            post,
            templates,
            reminders,
            reports,
            report_jobs,
            photo_files,
            photo_copies,
            api_keys,
            hooks,
            watch,
            router,
        }
    }

    /// Somebody who works here, with these roles; their subject at the issuer is their id.
    #[must_use]
    pub fn person(id: &str, roles: impl IntoIterator<Item = Role>) -> Staff {
        Staff {
            id: id.parse().expect("an id"),
            name: format!("職員 {id}").parse().expect("a name"),
            email: format!("{id}@city.example").parse().expect("an address"),
            standing: Standing::Active,
            roles: Roles(roles.into_iter().collect()),
            identity: Some(Identity { issuer: "https://issuer.example".to_owned(), subject: id.to_owned() }),
            phone: None,
        }
    }

    /// A browser in which nobody is signed in.
    #[must_use]
    pub fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: Mutex::default() }
    }

    /// A browser in which somebody has signed in whose subject at the issuer this is.
    pub async fn signed_in(&self, subject: &str) -> Browser {
        let browser = self.browser();
        let landed = browser.sign_in(subject, "/").await;
        assert_eq!(landed.status, StatusCode::SEE_OTHER, "{subject} cannot sign in: {}", landed.body);
        browser
    }
}

fn report_desk(reports: &Arc<TestReports>, jobs: &Arc<TestReportJobs>, clock: &Arc<TestClock>) -> ReportDesk {
    ReportDesk { reports: reports.clone(), jobs: jobs.clone(), clock: clock.clone() }
}

fn releases(
    reports: &Arc<TestReports>,
    jobs: &Arc<TestReportJobs>,
    files: &Arc<TestPhotoFiles>,
    copies: &Arc<TestPhotoCopies>,
    clock: &Arc<TestClock>,
) -> ReleaseDesk {
    let desk = report_desk(reports, jobs, clock);
    ReleaseDesk {
        desk,
        files: files.clone(),
        copies: copies.clone(),
        addresses: Arc::new(CopyAddresses),
        chance: Arc::new(TestChance::default()),
    }
}

fn template_desk(templates: &Arc<TestTemplates>, clock: &Arc<TestClock>) -> TemplateDesk {
    TemplateDesk { templates: templates.clone(), audiences: templates.clone(), clock: clock.clone() }
}

/// What administrators do with other systems.
fn systems(keys: &Arc<TestApiKeys>, hooks: &Arc<TestHooks>, clock: &Arc<TestClock>) -> SystemDesk {
    SystemDesk {
        keys: keys.clone(),
        hooks: hooks.clone(),
        reach: Reach::Internet,
        chance: Arc::new(TestChance::default()),
        clock: clock.clone(),
    }
}

/// What administrators watch over, and what is behind it.
pub struct Watched {
    /// What is on its way between the functions, and what failed there.
    pub flows: Arc<TestFlowQueues>,
    /// What the account knows of itself.
    pub checkups: Arc<TestCheckups>,
    /// The use case.
    pub desk: WatchDesk,
}

fn watch(post: &Arc<Post>, staff: &Arc<TestStaff>, clock: &Arc<TestClock>) -> Watched {
    let (flows, checkups): (Arc<TestFlowQueues>, Arc<TestCheckups>) = (Arc::default(), Arc::default());
    let desk = WatchDesk {
        queues: flows.clone(),
        checkups: checkups.clone(),
        heartbeats: checkups.clone(),
        broadcasts: post.clone(),
        audit: staff.clone(),
        clock: clock.clone(),
    };
    Watched { flows, checkups, desk }
}

/// A browser with its cookies.
pub struct Browser {
    router: Router,
    cookies: Mutex<Vec<(String, String)>>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: http::HeaderMap,
    /// The body, as text.
    pub body: String,
}

impl Seen {
    /// Where it leads.
    #[must_use]
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The value of the first field of a name in the page's forms.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        let at = self.body.find(&format!("name=\"{name}\""))?;
        let tag = &self.body[at..at + self.body[at..].find('>')?];
        let value = tag.split_once("value=\"")?.1.split_once('"')?.0;
        Some(unescaped(value))
    }
}

impl Browser {
    /// Asks for a page.
    pub async fn get(&self, path: &str) -> Seen {
        self.send(Request::builder().method(Method::GET).uri(path), String::new()).await
    }

    /// Sends a form of a page of ours, with the token that `page` carries.
    pub async fn post(&self, page: &Seen, path: &str, fields: &[(&str, &str)]) -> Seen {
        let csrf = page.field("csrf").unwrap_or_default();
        let fields: Vec<_> = [("csrf", csrf.as_str())].into_iter().chain(fields.iter().copied()).collect();
        self.post_as(path, &fields, ORIGIN).await
    }

    /// Sends any form, as coming from any origin.
    pub async fn post_as(&self, path: &str, fields: &[(&str, &str)], origin: &str) -> Seen {
        let request = Request::builder().method(Method::POST).uri(path).header(header::ORIGIN, origin);
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, query(fields)).await
    }

    /// Sends a form with a file.
    pub async fn upload(&self, page: &Seen, path: &str, fields: &[(&str, &str)], file: (&str, &str, &[u8])) -> Seen {
        let csrf = page.field("csrf").unwrap_or_default();
        let mut body = Vec::new();
        for (name, value) in [("csrf", csrf.as_str())].iter().chain(fields) {
            body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        let (field, name, bytes) = file;
        body.extend(
            format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n").bytes(),
        );
        body.extend(bytes);
        body.extend(b"\r\n--b--\r\n");
        let request = Request::builder().method(Method::POST).uri(path).header(header::ORIGIN, ORIGIN);
        self.send(request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=b"), body).await
    }

    /// Sends any body at all.
    pub async fn post_raw(&self, path: &str, content_type: &str, body: &[u8]) -> Seen {
        let request = Request::builder().method(Method::POST).uri(path).header(header::ORIGIN, ORIGIN);
        self.send(request.header(header::CONTENT_TYPE, content_type), body).await
    }

    /// Signs in as whom the issuer vouches for with this code, wanting to go to `path`.
    pub async fn sign_in(&self, code: &str, path: &str) -> Seen {
        let begun = self.get(&format!("/sign-in?{}", query(&[("return", path)]))).await;
        let state =
            begun.location().split_once("state=").and_then(|(_, rest)| rest.split('&').next()).unwrap_or_default();
        self.get(&format!("/sign-in/callback?{}", query(&[("state", state), ("code", code)]))).await
    }

    /// The session's cookie, to be stolen.
    #[must_use]
    pub fn session_cookie(&self) -> Option<String> {
        lock(&self.cookies).iter().find(|(name, _)| name == COOKIE_NAME).map(|(_, value)| value.clone())
    }

    /// Puts a cookie into the browser.
    pub fn set_cookie(&self, name: &str, value: &str) {
        let mut cookies = lock(&self.cookies);
        cookies.retain(|(known, _)| known != name);
        if !value.is_empty() {
            cookies.push((name.to_owned(), value.to_owned()));
        }
    }

    async fn send(&self, request: http::request::Builder, body: impl Into<Vec<u8>>) -> Seen {
        let cookies: Vec<String> = lock(&self.cookies).iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header(header::COOKIE, cookies.join("; "));
        let request = request.body(body.into().into()).expect("a request");
        let response: Response<_> = answer(&self.router, request).await;
        for set in response.headers().get_all(header::SET_COOKIE) {
            let set = set.to_str().expect("a cookie is text");
            let (name, value) = set.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
            self.set_cookie(name, value);
        }
        let (head, body) = response.into_parts();
        Seen { status: head.status, headers: head.headers, body: String::from_utf8_lossy(&body).into_owned() }
    }
}

/// Fields written `a=1&b=2`.
#[must_use]
pub fn query(fields: &[(&str, &str)]) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let sign = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    let encode = |text: &str| text.bytes().map(sign).collect::<String>();
    let pair = |(name, value): &(&str, &str)| format!("{}={}", encode(name), encode(value));
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}
