//! Who calls: a session of two hours, begun with an ID token of LIFF and kept in a cookie.

use app::error::Error;
use app::ports::portal::RESIDENT_SESSION_LIFE;
use aws::web::session::{SameSite, Secret, cookie, host_cookie};
use domain::ids::ResidentId;
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue, Response};

use super::ReportPages;
use super::said::{Complaint, Problem, nothing};

/// The cookie's name.
pub(crate) const COOKIE_NAME: &str = "__Host-kairan-resident";

impl ReportPages {
    /// Begins a session for whoever an ID token is of; an earlier one of this browser ends.
    pub(super) async fn begin_session(&self, headers: &HeaderMap, token: &str) -> Result<Response<String>, Problem> {
        let now = self.desk.clock.now();
        let Some(resident) = self.logins.resident(token, now).await? else {
            return Err(Complaint::NOT_BELIEVED.into());
        };
        if let Some(earlier) = secret_of(headers) {
            self.sessions.end(&earlier.key()).await?;
        }
        let secret = Secret::new(self.desk.chance.bytes());
        self.sessions.begin(&secret.key(), &resident, now + RESIDENT_SESSION_LIFE).await?;
        Ok(done_with_cookie(secret.reveal(), RESIDENT_SESSION_LIFE.as_secs()))
    }

    /// Ends the session of this browser, if there is one, and its cookie.
    pub(super) async fn end_session(&self, headers: &HeaderMap) -> Result<Response<String>, Error> {
        if let Some(secret) = secret_of(headers) {
            self.sessions.end(&secret.key()).await?;
        }
        Ok(done_with_cookie("", 0))
    }

    /// Whose session a call is made in, while it lasts.
    pub(super) async fn who(&self, headers: &HeaderMap) -> Result<Option<ResidentId>, Error> {
        let Some(secret) = secret_of(headers) else { return Ok(None) };
        self.sessions.find(&secret.key(), self.desk.clock.now()).await
    }
}

/// Done, and a cookie of this value that lasts so many seconds.
fn done_with_cookie(value: &str, seconds: i64) -> Response<String> {
    let cookie = host_cookie(COOKIE_NAME, value, SameSite::Strict, Some(seconds));
    let mut response = nothing();
    response.headers_mut().extend(HeaderValue::try_from(cookie).ok().map(|cookie| (SET_COOKIE, cookie)));
    response
}

fn secret_of(headers: &HeaderMap) -> Option<Secret> {
    Secret::parse(&cookie(headers, COOKIE_NAME)?)
}
