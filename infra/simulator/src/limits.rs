//! LINE's limits in one place: those that a test or a load run may change, and the lengths that belong to the form of a message.

use std::{io, path::Path};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::endpoints::Endpoint;

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
const KB: usize = 1_024;
const MB: usize = 1_024 * KB;

const CALLS: std::ops::RangeInclusive<u32> = 1..=1_000_000;
const LENGTHS: std::ops::RangeInclusive<usize> = 1..=1_000_000;
const BYTES: std::ops::RangeInclusive<usize> = 1..=64 * MB;
const LIVES: std::ops::RangeInclusive<i64> = 1..=3_650 * DAY_MS;
const WAITS: std::ops::RangeInclusive<i64> = 0..=30 * DAY_MS;

/// Writes the struct, LINE's figures as its default, and the bounds of what makes sense, from one table.
macro_rules! limits {
    ($($(#[$words:meta])* $name:ident: $kind:ty = $default:expr $(, within $range:expr)?;)*) => {
        /// All limits that can be changed, with LINE's documented figures as defaults; the body of `/simulator/limits`.
        #[derive(Clone, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub(crate) struct Limits {
            $($(#[$words])* pub(crate) $name: $kind,)*
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }

        impl Limits {
            /// The first limit that is beyond its bounds.
            fn check_bounds(&self) -> Result<(), String> {
                $($(
                    if !$range.contains(&self.$name) {
                        return Err(format!("must be between {} and {}", $range.start(), $range.end()));
                    }
                )?)*
                Ok(())
            }
        }
    };
}

limits! {
    reply_per_second: u32 = 2_000, within CALLS;
    push_per_second: u32 = 2_000, within CALLS;
    multicast_per_second: u32 = 200, within CALLS;
    narrowcast_per_hour: u32 = 60, within CALLS;
    broadcast_per_hour: u32 = 60, within CALLS;
    loading_per_second: u32 = 100, within CALLS;
    rich_menu_create_per_hour: u32 = 100, within CALLS;
    rich_menu_delete_per_hour: u32 = 100, within CALLS;
    rich_menu_alias_delete_per_hour: u32 = 100, within CALLS;
    rich_menu_list_per_second: u32 = 10, within CALLS;
    short_lived_token_per_second: u32 = 370, within CALLS;
    webhook_endpoint_per_minute: u32 = 1_000, within CALLS;
    webhook_test_per_hour: u32 = 60, within CALLS;
    /// Every other endpoint.
    other_per_second: u32 = 2_000, within CALLS;
    /// How many calls a bucket holds, in percent of the calls of one period; LINE publishes no capacity.
    bucket_percent: u32 = 100, within (1..=1_000);

    /// Messages a month, `null` for no limit.
    monthly_quota: Option<u64> = None;
    /// LINE's reference contradicts itself about ids that are well formed but unknown: skipped (false) or refused (true).
    reject_unknown_recipients: bool = false;

    /// Larger requests are answered with 413.
    max_body_bytes: usize = 2 * MB, within BYTES;
    max_rich_menu_image_bytes: usize = MB, within BYTES;
    max_messages: usize = 5, within LENGTHS;
    max_multicast_recipients: usize = 500, within LENGTHS;
    max_bulk_link_users: usize = 500, within LENGTHS;
    max_text_length: usize = 5_000, within LENGTHS;
    max_alt_text_length: usize = 1_500, within LENGTHS;
    /// Text and data of actions.
    max_action_text_length: usize = 300, within LENGTHS;
    max_quick_replies: usize = 13, within LENGTHS;
    max_flex_bubble_bytes: usize = 30 * KB, within BYTES;
    max_flex_carousel_bytes: usize = 50 * KB, within BYTES;
    max_flex_bubbles: usize = 12, within LENGTHS;
    max_template_columns: usize = 10, within LENGTHS;
    max_rich_menus: usize = 1_000, within LENGTHS;
    max_rich_menu_aliases: usize = 1_000, within LENGTHS;
    max_rich_menu_areas: usize = 20, within LENGTHS;

    /// Followers on a page when the caller names no number.
    followers_page: usize = 300, within LENGTHS;
    max_followers_page: usize = 1_000, within LENGTHS;
    /// Whether the account is verified or premium: no other may list its followers.
    verified_account: bool = true;
    /// The life of the token that leads to the next page of followers.
    followers_token_ms: i64 = DAY_MS, within LIVES;

    stateless_token_ms: i64 = 15 * MINUTE_MS, within LIVES;
    short_lived_token_ms: i64 = 30 * DAY_MS, within LIVES;
    /// One more takes the oldest's place.
    max_short_lived_tokens: usize = 30, within LENGTHS;
    /// From the webhook that brought it.
    reply_token_ms: i64 = MINUTE_MS, within (1..=DAY_MS);
    /// From the event: a redelivery gives the token its minute again, but not for ever.
    redelivered_reply_token_ms: i64 = 20 * MINUTE_MS, within (1..=DAY_MS);
    /// How long an accepted retry key is remembered.
    retry_key_ms: i64 = DAY_MS, within LIVES;

    webhook_timeout_ms: u64 = 2_000, within (1..=600_000);
    /// LINE puts events of several users into one webhook.
    events_per_webhook: usize = 100, within (1..=10_000);
    /// How often a webhook that was not answered with 2xx is delivered again; 0 switches redelivery off.
    redeliveries: u32 = 4, within (0..=100);
    /// The pause before the first redelivery.
    redelivery_delay_ms: i64 = SECOND_MS, within WAITS;
    /// Each further pause is so many times the one before.
    redelivery_growth: i64 = 4, within (1..=100);

    /// How long videos and audio are prepared: until then their content is answered with 202.
    content_ready_after_ms: i64 = 0, within WAITS;
    /// How long a narrowcast waits, and then how long it is sending.
    narrowcast_phase_ms: i64 = SECOND_MS, within WAITS;
    /// How long its progress can be asked for.
    narrowcast_progress_ms: i64 = 14 * DAY_MS, within LIVES;
}

impl Limits {
    /// Reads what a file changes of LINE's figures.
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        let wrong = |what: String| io::Error::new(io::ErrorKind::InvalidData, format!("{}: {what}", path.display()));
        let bytes = std::fs::read(path).map_err(|error| io::Error::new(error.kind(), wrong(error.to_string())))?;
        let wishes = serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
        Self::default().with(&wishes).map_err(wrong)
    }

    /// These limits with those changed that the object names; unknown names and absurd values are refused.
    pub(crate) fn with(&self, wishes: &Value) -> Result<Self, String> {
        let wishes = wishes.as_object().ok_or("an object of limits is needed")?;
        let mut limits = self.clone();
        for (name, value) in wishes {
            let mut object = serde_json::to_value(&limits).map_err(|error| error.to_string())?;
            match object.get_mut(name) {
                Some(place) => *place = value.clone(),
                None => return Err(format!("there is no limit {name}")),
            }
            limits = serde_json::from_value(object).map_err(|error| format!("{name}: {error}"))?;
            limits.check_bounds().map_err(|error| format!("{name} {error}"))?;
        }
        if limits.followers_page > limits.max_followers_page {
            return Err("followersPage must not be above maxFollowersPage".to_owned());
        }
        Ok(limits)
    }

    /// Calls and the period they are allowed in.
    pub(crate) fn rate(&self, endpoint: Endpoint) -> (u32, i64) {
        match endpoint {
            Endpoint::Reply => (self.reply_per_second, SECOND_MS),
            Endpoint::Push => (self.push_per_second, SECOND_MS),
            Endpoint::Multicast => (self.multicast_per_second, SECOND_MS),
            Endpoint::Narrowcast => (self.narrowcast_per_hour, HOUR_MS),
            Endpoint::Broadcast => (self.broadcast_per_hour, HOUR_MS),
            Endpoint::Loading => (self.loading_per_second, SECOND_MS),
            Endpoint::CreateRichMenu => (self.rich_menu_create_per_hour, HOUR_MS),
            Endpoint::DeleteRichMenu => (self.rich_menu_delete_per_hour, HOUR_MS),
            Endpoint::DeleteAlias => (self.rich_menu_alias_delete_per_hour, HOUR_MS),
            Endpoint::ListRichMenus => (self.rich_menu_list_per_second, SECOND_MS),
            Endpoint::ShortLivedToken => (self.short_lived_token_per_second, SECOND_MS),
            Endpoint::GetWebhook | Endpoint::SetWebhook => (self.webhook_endpoint_per_minute, MINUTE_MS),
            Endpoint::TestWebhook => (self.webhook_test_per_hour, HOUR_MS),
            _ => (self.other_per_second, SECOND_MS),
        }
    }
}

/// What belongs to the form of a message or menu: lengths and counts that nobody tests with other figures.
pub(crate) mod form {
    pub(crate) const URL: usize = 2_000;
    pub(crate) const ID: usize = 1_000;
    pub(crate) const SHORT_ID: usize = 100;
    pub(crate) const QUOTE_TOKEN: usize = 1_000;
    pub(crate) const EMOJIS: usize = 20;
    pub(crate) const SUBSTITUTIONS: usize = 100;
    pub(crate) const SUBSTITUTION_KEY: usize = 20;
    pub(crate) const PLACE: usize = 100;
    pub(crate) const STICKER_ID: usize = 20;
    pub(crate) const SENDER_NAME: usize = 20;
    pub(crate) const UNIT_NAME: usize = 30;

    pub(crate) const IMAGEMAP_ACTIONS: usize = 50;
    pub(crate) const IMAGEMAP_WIDTH: i64 = 1_040;
    pub(crate) const IMAGEMAP_TEXT: usize = 400;

    pub(crate) const ACTION_URI: usize = 1_000;
    pub(crate) const CLIPBOARD: usize = 1_000;
    pub(crate) const LABEL: usize = 20;
    pub(crate) const IMAGE_COLUMN_LABEL: usize = 12;
    pub(crate) const FLEX_LABEL: usize = 40;

    pub(crate) const TEMPLATE_TITLE: usize = 40;
    pub(crate) const CONFIRM_TEXT: usize = 240;
    /// The text of a card alone, and beside a picture or title.
    pub(crate) const BUTTONS_TEXT: (usize, usize) = (160, 60);
    pub(crate) const COLUMN_TEXT: (usize, usize) = (120, 60);
    /// How many actions a card has at least and at most.
    pub(crate) const BUTTONS_ACTIONS: (usize, usize) = (1, 4);
    pub(crate) const CONFIRM_ACTIONS: (usize, usize) = (2, 2);
    pub(crate) const COLUMN_ACTIONS: (usize, usize) = (1, 3);

    pub(crate) const FLEX_RATIO: usize = 20;
    /// LINE publishes no depth; this one only keeps a hostile message from exhausting the stack.
    pub(crate) const FLEX_DEPTH: usize = 32;

    pub(crate) const MENU_NAME: usize = 300;
    pub(crate) const MENU_BAR_TEXT: usize = 14;
    pub(crate) const MENU_ALIAS: usize = 32;
    pub(crate) const MENU_WIDTHS: (i64, i64) = (800, 2_500);
    pub(crate) const MENU_MIN_HEIGHT: i64 = 250;
    /// Width through height, in hundredths.
    pub(crate) const MENU_MIN_RATIO: i64 = 145;

    pub(crate) const WEBHOOK_URL: usize = 500;
    /// Seconds of a loading animation, and their steps.
    pub(crate) const LOADING_SECONDS: (i64, i64) = (5, 60);
    pub(crate) const LOADING_STEP: i64 = 5;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn named_limits_change_and_the_others_stay() {
        let limits = Limits::default().with(&json!({ "maxMessages": 2, "monthlyQuota": 7 })).unwrap();
        assert_eq!((limits.max_messages, limits.monthly_quota, limits.retry_key_ms), (2, Some(7), DAY_MS));
        assert_eq!(limits.with(&json!({ "monthlyQuota": null })).unwrap().monthly_quota, None);
    }

    #[test]
    fn lines_own_figures_are_within_the_bounds() {
        let shown = serde_json::to_value(Limits::default()).unwrap();
        Limits::default().with(&shown).unwrap();
    }

    #[test]
    fn the_readme_names_every_limit() {
        let readme = include_str!("../README.md");
        let shown = serde_json::to_value(Limits::default()).unwrap();
        for name in shown.as_object().unwrap().keys() {
            assert!(readme.contains(&format!("`{name}`")), "{name}");
        }
    }

    #[test]
    fn unknown_names_and_absurd_values_are_refused_by_name() {
        for (wish, refusal) in [
            (json!({ "pushPerMinute": 1 }), "there is no limit pushPerMinute"),
            (json!({ "pushPerSecond": 0 }), "pushPerSecond must be between 1 and 1000000"),
            (json!({ "pushPerSecond": -1 }), "pushPerSecond: invalid value: integer `-1`, expected u32"),
            (json!({ "maxMessages": "5" }), "maxMessages: invalid type: string \"5\", expected usize"),
            (json!({ "retryKeyMs": 0 }), "retryKeyMs must be between 1 and 315360000000"),
            (json!({ "followersPage": 1_001 }), "followersPage must not be above maxFollowersPage"),
            (json!([]), "an object of limits is needed"),
        ] {
            assert_eq!(Limits::default().with(&wish).unwrap_err(), refusal);
        }
    }
}
