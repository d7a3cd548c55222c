//! Bad days on demand: rules that say what goes wrong, how often and by which chance, the same for the same seed.

use serde::{Deserialize, Serialize};

use crate::{endpoints, ids::mix};

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Kind {
    /// 400 for a request that is in order, as LINE answered content downloads in one of its outages; nothing was done.
    Error400,
    /// 500, and nothing was done.
    Error500,
    /// The request is done, but no answer comes.
    TimeoutAfterAccept,
    /// Nothing is done, and no answer comes.
    TimeoutBefore,
    /// Nothing is done, and the connection ends at once, as if nobody were there.
    HangUp,
    /// 429 of the rate limit.
    Rate429,
    /// 429 of the monthly quota.
    Quota429,
    /// The right answer comes late.
    Slow,
    /// Every token issued until now is over.
    ExpireToken,
    /// The reply token is refused.
    BadReplyToken,
    /// The same webhook goes out twice.
    DuplicateWebhook,
    /// The webhook goes out after a later one.
    ReorderWebhook,
    /// The webhook does not arrive.
    DropWebhook,
}

impl Kind {
    fn is_of_webhooks(self) -> bool {
        matches!(self, Self::DuplicateWebhook | Self::ReorderWebhook | Self::DropWebhook)
    }

    /// How long it takes when the rule says nothing.
    fn default_ms(self) -> u64 {
        match self {
            Self::TimeoutAfterAccept | Self::TimeoutBefore => 15_000,
            Self::Slow | Self::ReorderWebhook => 1_000,
            _ => 0,
        }
    }
}

/// One rule, as the admin API takes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Rule {
    /// An endpoint's name (`push`, `richmenu`, `token` ...), `webhook`, `*` (all but `token`), or `all`.
    on: String,
    kind: Kind,
    #[serde(default = "always")]
    probability: f64,
    /// It happens at most this often.
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<u64>,
    /// So many matching calls are spared first.
    #[serde(skip_serializing_if = "Option::is_none")]
    after_calls: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ms: Option<u64>,
    /// It is over when so much has passed by the simulator's clock since the rules were set.
    #[serde(skip_serializing_if = "Option::is_none")]
    for_ms: Option<i64>,
}

impl Rule {
    /// What is wrong with it, although it is well formed.
    fn check(&self) -> Result<(), String> {
        let everywhere = matches!(self.on.as_str(), "*" | "all");
        if !everywhere && !endpoints::is_group(&self.on) && self.on != "webhook" {
            return Err(format!("there is nothing called {} to go wrong", self.on));
        }
        if !everywhere && self.kind.is_of_webhooks() != (self.on == "webhook") {
            return Err(format!("this kind of fault cannot strike on {}", self.on));
        }
        if !(0.0..=1.0).contains(&self.probability) {
            return Err("probability must be between 0 and 1".to_owned());
        }
        if self.for_ms.is_some_and(|for_ms| for_ms < 0) {
            return Err("forMs must not be negative".to_owned());
        }
        Ok(())
    }
}

fn always() -> f64 {
    1.0
}

/// The body of `PUT /simulator/faults`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rules {
    #[serde(default)]
    seed: u64,
    rules: Vec<Rule>,
}

impl Rules {
    /// What is wrong with them, although they are well formed.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.rules.iter().try_for_each(Rule::check)
    }
}

/// A fault that hits one call or webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: Kind,
    pub(crate) ms: u64,
}

/// The rules with what they have done so far.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Rules,
    set_ms: i64,
    seen: Vec<u64>,
    done: Vec<u64>,
}

impl Faults {
    /// Rules that hold from this moment on.
    pub(crate) fn new(rules: Rules, now_ms: i64) -> Self {
        let zeros = vec![0; rules.rules.len()];
        Self { rules, set_ms: now_ms, seen: zeros.clone(), done: zeros }
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.rules
    }

    /// How often each rule has struck.
    pub(crate) fn done(&self) -> &[u64] {
        &self.done
    }

    /// The fault that hits this call of an endpoint, if any.
    pub(crate) fn for_call(&mut self, group: &str, now_ms: i64) -> Option<Fault> {
        let concerns = |on: &str| on == "all" || on == "*" && group != "token" || on == group;
        self.draw(now_ms, |rule| !rule.kind.is_of_webhooks() && concerns(&rule.on))
    }

    /// The fault that hits this webhook, if any.
    pub(crate) fn for_webhook(&mut self, now_ms: i64) -> Option<Fault> {
        self.draw(now_ms, |rule| rule.kind.is_of_webhooks())
    }

    /// Every rule sees every call that matches it, so that its chances do not depend on other rules; the first to strike wins.
    fn draw(&mut self, now_ms: i64, matches: impl Fn(&Rule) -> bool) -> Option<Fault> {
        let mut fault = None;
        let passed_ms = now_ms.saturating_sub(self.set_ms);
        for (place, rule) in self.rules.rules.iter().enumerate().filter(|(_, rule)| matches(rule)) {
            let call = self.seen[place];
            self.seen[place] += 1;
            let chance = chance(self.rules.seed, place, call);
            let due = call >= rule.after_calls.unwrap_or(0)
                && self.done[place] < rule.times.unwrap_or(u64::MAX)
                && rule.for_ms.is_none_or(|for_ms| passed_ms < for_ms);
            if fault.is_none() && due && chance < rule.probability {
                self.done[place] += 1;
                fault = Some(Fault { kind: rule.kind, ms: rule.ms.unwrap_or(rule.kind.default_ms()) });
            }
        }
        fault
    }
}

/// A number in 0..1 that follows from seed, rule and call alone.
fn chance(seed: u64, rule: usize, call: u64) -> f64 {
    let place = u64::try_from(rule).unwrap_or(0);
    let bits = u32::try_from(mix(mix(mix(seed) ^ place) ^ call) >> 32).unwrap_or(0);
    f64::from(bits) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(json: &str) -> Faults {
        let rules: Rules = serde_json::from_str(json).unwrap();
        rules.check().unwrap();
        Faults::new(rules, 1_000)
    }

    #[test]
    fn the_same_seed_gives_the_same_bad_day() {
        let run = |seed: u64| -> Vec<bool> {
            let mut faults =
                faults(&format!(r#"{{"seed":{seed},"rules":[{{"on":"push","kind":"error500","probability":0.3}}]}}"#));
            (0..1_000).map(|_| faults.for_call("push", 1_000).is_some()).collect()
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
        let struck = run(7).into_iter().filter(|struck| *struck).count();
        assert!((230..370).contains(&struck), "{struck}");
    }

    #[test]
    fn rules_spare_the_first_calls_strike_a_number_of_times_and_only_their_endpoint() {
        let mut faults = faults(r#"{"rules":[{"on":"multicast","kind":"slow","times":2,"afterCalls":1,"ms":5}]}"#);
        assert_eq!(faults.for_call("push", 1_000), None);
        let struck: Vec<bool> = (0..5).map(|_| faults.for_call("multicast", 1_000).is_some()).collect();
        assert_eq!(struck, [false, true, true, false, false]);
        assert_eq!(faults.done(), [2]);
    }

    #[test]
    fn webhook_rules_leave_calls_alone() {
        let mut faults = faults(r#"{"rules":[{"on":"*","kind":"dropWebhook"},{"on":"*","kind":"slow"}]}"#);
        assert_eq!(faults.for_call("push", 1_000).map(|fault| fault.kind), Some(Kind::Slow));
        assert_eq!(faults.for_webhook(1_000).map(|fault| fault.kind), Some(Kind::DropWebhook));
    }

    #[test]
    fn a_rule_with_a_span_ends_by_the_clock() {
        let mut faults = faults(r#"{"rules":[{"on":"all","kind":"hangUp","forMs":500}]}"#);
        let struck = [1_000, 1_499, 1_500, 9_000].map(|now_ms| faults.for_call("token", now_ms).is_some());
        assert_eq!(struck, [true, true, false, false]);
    }

    #[test]
    fn rules_that_could_never_strike_are_refused() {
        for (bad, why) in [
            (r#"{"on":"psuh","kind":"slow"}"#, "there is nothing called psuh to go wrong"),
            (r#"{"on":"push","kind":"dropWebhook"}"#, "this kind of fault cannot strike on push"),
            (r#"{"on":"webhook","kind":"slow"}"#, "this kind of fault cannot strike on webhook"),
            (r#"{"on":"push","kind":"slow","probability":30}"#, "probability must be between 0 and 1"),
            (r#"{"on":"push","kind":"slow","forMs":-1}"#, "forMs must not be negative"),
        ] {
            let rules: Rules = serde_json::from_str(&format!(r#"{{"rules":[{bad}]}}"#)).unwrap();
            assert_eq!(rules.check().unwrap_err(), why);
        }
    }

    #[test]
    fn unknown_kinds_and_fields_are_refused() {
        for bad in [r#"{"rules":[{"on":"push","kind":"melt"}]}"#, r#"{"rules":[{"on":"push","kind":"slow","time":1}]}"#]
        {
            assert!(serde_json::from_str::<Rules>(bad).is_err(), "{bad}");
        }
    }
}
