//! LINE's limits in one configurable place, the token buckets that keep them, and the monthly quota.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::{clock::day_in_japan, endpoints::Endpoint};

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// All limits, with LINE's documented figures as defaults; the body of `/simulator/limits`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Limits {
    pub(crate) reply_per_second: u32,
    pub(crate) push_per_second: u32,
    pub(crate) multicast_per_second: u32,
    pub(crate) narrowcast_per_hour: u32,
    pub(crate) broadcast_per_hour: u32,
    pub(crate) loading_per_second: u32,
    pub(crate) rich_menu_create_per_hour: u32,
    pub(crate) rich_menu_delete_per_hour: u32,
    pub(crate) rich_menu_alias_delete_per_hour: u32,
    pub(crate) rich_menu_list_per_second: u32,
    pub(crate) short_lived_token_per_second: u32,
    pub(crate) webhook_endpoint_per_minute: u32,
    pub(crate) webhook_test_per_hour: u32,
    /// Every other endpoint.
    pub(crate) other_per_second: u32,
    /// Messages a month, `null` for no limit.
    pub(crate) monthly_quota: Option<u64>,
    /// LINE's reference contradicts itself about ids that are well formed but unknown: skipped (false) or refused (true).
    pub(crate) reject_unknown_recipients: bool,
    pub(crate) webhook_timeout_ms: u64,
    /// How often a webhook that was not answered with 2xx is delivered again; 0 switches redelivery off.
    pub(crate) redeliveries: u32,
    /// The pause before the first redelivery; each further one is four times as long.
    pub(crate) redelivery_delay_ms: i64,
    /// How long videos and audio are prepared: until then their content is answered with 202.
    pub(crate) content_ready_after_ms: i64,
    /// How long a narrowcast waits, and then how long it is sending.
    pub(crate) narrowcast_phase_ms: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            reply_per_second: 2_000,
            push_per_second: 2_000,
            multicast_per_second: 200,
            narrowcast_per_hour: 60,
            broadcast_per_hour: 60,
            loading_per_second: 100,
            rich_menu_create_per_hour: 100,
            rich_menu_delete_per_hour: 100,
            rich_menu_alias_delete_per_hour: 100,
            rich_menu_list_per_second: 10,
            short_lived_token_per_second: 370,
            webhook_endpoint_per_minute: 1_000,
            webhook_test_per_hour: 60,
            other_per_second: 2_000,
            monthly_quota: None,
            reject_unknown_recipients: false,
            webhook_timeout_ms: 2_000,
            redeliveries: 4,
            redelivery_delay_ms: 1_000,
            content_ready_after_ms: 0,
            narrowcast_phase_ms: 1_000,
        }
    }
}

impl Limits {
    /// Calls and the period they are allowed in.
    fn rate(&self, endpoint: Endpoint) -> (u32, i64) {
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

/// A token bucket in whole numbers: a call costs `period` units, and every millisecond brings `calls` units.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    level: i64,
    at_ms: i64,
}

/// The buckets of all endpoints. A bucket holds the calls of one period; LINE publishes no capacity.
#[derive(Debug, Default)]
pub(crate) struct Buckets(HashMap<Endpoint, Bucket>);

impl Buckets {
    /// Takes one call out of the endpoint's bucket; false when it is empty.
    pub(crate) fn take(&mut self, endpoint: Endpoint, limits: &Limits, now_ms: i64) -> bool {
        let (calls, period_ms) = limits.rate(endpoint);
        let calls = i64::from(calls);
        let full = calls * period_ms;
        let bucket = self.0.entry(endpoint).or_insert(Bucket { level: full, at_ms: now_ms });
        let passed = now_ms.saturating_sub(bucket.at_ms).max(0);
        bucket.level = bucket.level.saturating_add(passed.saturating_mul(calls)).min(full);
        bucket.at_ms = now_ms;
        let taken = bucket.level >= period_ms;
        bucket.level -= if taken { period_ms } else { 0 };
        taken
    }
}

/// What was sent: per day and way for the delivery counts, per month for the quota.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    days: HashMap<(String, &'static str), u64>,
    months: HashMap<String, u64>,
}

impl Usage {
    /// Counts messages of a way; replies are free.
    pub(crate) fn count(&mut self, way: &'static str, messages: u64, now_ms: i64) {
        let day = day_in_japan(now_ms);
        if way != "reply" {
            *self.months.entry(day[..6.min(day.len())].to_owned()).or_default() += messages;
        }
        *self.days.entry((day, way)).or_default() += messages;
    }

    /// Messages of this month that count against the quota.
    pub(crate) fn this_month(&self, now_ms: i64) -> u64 {
        let day = day_in_japan(now_ms);
        self.months.get(&day[..6.min(day.len())]).copied().unwrap_or(0)
    }

    pub(crate) fn on_day(&self, day: &str, way: &'static str) -> u64 {
        self.days.get(&(day.to_owned(), way)).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_holds_one_period_and_refills_evenly() {
        let limits = Limits { multicast_per_second: 200, ..Limits::default() };
        let mut buckets = Buckets::default();
        let mut taken = |now_ms: i64| (0..1_000).filter(|_| buckets.take(Endpoint::Multicast, &limits, now_ms)).count();
        assert_eq!(taken(0), 200);
        assert_eq!(taken(4), 0, "5 ms bring one call");
        assert_eq!(taken(5), 1);
        assert_eq!(taken(505), 100);
        assert_eq!(taken(100_000), 200);
        assert_eq!(taken(50_000), 0, "a clock set back brings nothing");
    }

    #[test]
    fn replies_are_free_of_quota() {
        let mut usage = Usage::default();
        usage.count("reply", 5, 0);
        usage.count("push", 2, 0);
        assert_eq!(usage.this_month(0), 2);
        assert_eq!(usage.on_day("19700101", "reply"), 5);
        assert_eq!(usage.this_month(40 * 24 * HOUR_MS), 0);
    }
}
