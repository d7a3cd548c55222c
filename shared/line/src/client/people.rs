//! Who follows the account, the account itself, and the sign that it is about to answer.

use std::fmt;

use domain::ids::ResidentId;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::LineClient;
use super::error::LineError;
use super::http::Call;
use crate::limits::{FOLLOWERS_PAGE_MAX, LOADING_SECONDS_MAX, LOADING_SECONDS_STEP};

/// What LINE tells of a resident. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// The name that the resident chose.
    pub display_name: String,
    /// Their language as a BCP 47 tag, if they let LINE tell.
    #[serde(default)]
    pub language: Option<String>,
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Profile(…)")
    }
}

/// A page of the ids of those who follow the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowersPage {
    /// The ids that have the documented shape.
    pub residents: Vec<ResidentId>,
    /// How many ids had another shape and were left out.
    pub odd_ids: usize,
    /// Where the next page starts; `None` after the last. LINE forgets it after 24 hours.
    pub next: Option<String>,
}

/// The account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BotInfo {
    /// Its user id, which webhooks name as their destination.
    pub user_id: String,
    /// Its basic id, such as `@123abcde`.
    pub basic_id: String,
    /// Its name.
    pub display_name: String,
    /// Whether its own chat is on (`chat`) or off (`bot`).
    pub chat_mode: String,
}

/// How long the loading animation runs: 5 to 60 seconds in steps of 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoadingSeconds(u8);

impl LoadingSeconds {
    /// The nearest length that LINE takes and that is not shorter.
    #[must_use]
    pub fn at_least(seconds: u8) -> Self {
        let steps = seconds.div_ceil(LOADING_SECONDS_STEP).clamp(1, LOADING_SECONDS_MAX / LOADING_SECONDS_STEP);
        Self(steps * LOADING_SECONDS_STEP)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FollowersAnswer {
    user_ids: Vec<String>,
    #[serde(default)]
    next: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LoadingBody<'a> {
    chat_id: &'a str,
    loading_seconds: u8,
}

impl LineClient {
    /// A resident's profile; `None` for whoever blocked the account, does not follow it, or does not exist.
    pub async fn profile(&self, resident: &ResidentId) -> Result<Option<Profile>, LineError> {
        let path = ["v2", "bot", "profile", resident.as_str()];
        let answer = self.call(&Call::get("read a profile", &path)).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        answer.json().await.map(Some)
    }

    /// A page of followers, from the start or from [`FollowersPage::next`] on. Verified and premium accounts only.
    pub async fn followers(&self, from: Option<&str>) -> Result<FollowersPage, LineError> {
        let path = ["v2", "bot", "followers", "ids"];
        let mut call = Call::get("list followers", &path).query("limit", FOLLOWERS_PAGE_MAX.to_string());
        if let Some(from) = from {
            call = call.query("start", from);
        }
        let answer: FollowersAnswer = self.call(&call).await?.json().await?;
        let named = answer.user_ids.len();
        let residents: Vec<ResidentId> = answer.user_ids.into_iter().filter_map(|id| id.parse().ok()).collect();
        Ok(FollowersPage {
            odd_ids: named - residents.len(),
            residents,
            next: answer.next.filter(|next| !next.is_empty()),
        })
    }

    /// The account itself.
    pub async fn bot_info(&self) -> Result<BotInfo, LineError> {
        self.call(&Call::get("read the account", &["v2", "bot", "info"])).await?.json().await
    }

    /// Shows a resident who has the chat open that an answer is on its way.
    pub async fn show_loading(&self, resident: &ResidentId, length: LoadingSeconds) -> Result<(), LineError> {
        let body = LoadingBody { chat_id: resident.as_str(), loading_seconds: length.0 };
        let call = Call::post("show the loading animation", &["v2", "bot", "chat", "loading", "start"]).json(&body)?;
        self.call(&call).await?.done().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loading_takes_five_to_sixty_seconds_in_steps_of_five() {
        for (asked, taken) in [(0, 5), (1, 5), (5, 5), (6, 10), (59, 60), (60, 60), (255, 60)] {
            assert_eq!(LoadingSeconds::at_least(asked), LoadingSeconds(taken));
        }
    }
}
