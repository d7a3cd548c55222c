//! Rules for sending: what the template says of time and speed is what the protocol in `domain::sending` counts with.

use app::followers::{CLAIM_LIFE, STEP};
use app::ports::broadcasts::FROZEN_LIFE;
use app::reminder::tick::WORKS_FOR;
use domain::sending::SENDER_LIFE;
use serde_json::{Value, json};

use crate::template::{Function, Template, target};

/// LINE allows so many multicast calls a second.
const LINE_CALLS_PER_SECOND: u64 = 200;
/// The lanes: how they are written in variables and in the names of resources.
const LANES: [(&str, &str); 2] = [("EMERGENCY", "Emergency"), ("ROUTINE", "Routine")];

/// Whether a variable of sending has its value: `EMERGENCY_PARTS_URL` is the queue `EmergencyParts`, `ROUTINE_SENDERS` the
/// parameter `RoutineSenders`. `None` for a variable of another kind.
pub(crate) fn is_called_after(name: &str, value: &Value) -> Option<bool> {
    if name == "SENDING_DEAD_LETTERS_URL" {
        return Some(*value == json!({ "Ref": "SendingDeadLetters" }));
    }
    let (lane, what) = LANES.iter().find_map(|(lane, id)| Some((id, name.strip_prefix(lane)?)))?;
    let what = match what {
        "_PARTS_URL" => "Parts",
        "_RUNS_URL" => "Runs",
        "_SENDERS" => "Senders",
        "_CALLS_PER_SECOND" => "CallsPerSecond",
        _ => return None,
    };
    Some(*value == json!({ "Ref": format!("{lane}{what}") }))
}

fn named<'a>(template: &'a Template, name: &str) -> impl Iterator<Item = Function<'a>> {
    template.functions().filter(move |function| function.name() == name)
}

/// A sender is ended exactly when the protocol takes it for ended.
pub(crate) fn senders_live_as_long_as_they_say(template: &Template) -> Vec<String> {
    let life = SENDER_LIFE.as_secs().unsigned_abs();
    let other = named(template, "sender").filter(|sender| sender.timeout() != life);
    other.map(|sender| format!("{}: lives {} s instead of {life} s", sender.resource.id, sender.timeout())).collect()
}

/// A sender divides its lane's speed by exactly as many as its queue wakes.
pub(crate) fn paces_are_shared_among_as_many_as_are_woken(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for sender in named(template, "sender") {
        let variables = sender.variables();
        for (lane, id) in LANES {
            let queue = format!("{id}Runs");
            let woken = sender.mappings().find(|mapping| target(&mapping["Queue"]) == Some(&queue));
            let woken = woken.map_or(&Value::Null, |mapping| &mapping["ScalingConfig"]["MaximumConcurrency"]);
            let counted = variables.get(format!("{lane}_SENDERS").as_str()).copied().unwrap_or(&Value::Null);
            if woken.is_null() || woken != counted {
                complaints.push(format!("{queue}: wakes {woken} senders, and they count with {counted}"));
            }
        }
    }
    complaints
}

/// Both lanes together stay below LINE's limit, whatever their parameters are set to.
pub(crate) fn the_lanes_keep_to_lines_limit(template: &Template) -> Vec<String> {
    let parameter = |id: &str, what: &str| template.0["Parameters"][format!("{id}CallsPerSecond")][what].as_u64();
    let at_most: Option<Vec<u64>> = LANES.iter().map(|(_, id)| parameter(id, "MaxValue")).collect();
    match at_most {
        Some(shares) if shares.iter().sum::<u64>() < LINE_CALLS_PER_SECOND => Vec::new(),
        Some(_) | None => vec![format!("the lanes may call LINE {LINE_CALLS_PER_SECOND} times a second or more")],
    }
}

/// Each message of sending is a second's work or more, and is settled by itself.
pub(crate) fn one_message_wakes_one_function(template: &Template) -> Vec<String> {
    let sending = template.consumed().filter(|(function, _, _)| ["planner", "sender"].contains(&function.name()));
    let more = sending.filter(|(_, mapping, _)| mapping["BatchSize"] != 1);
    more.map(|(function, _, queue)| format!("{}: {} takes several at once", queue.id, function.resource.id)).collect()
}

/// The janitor is woken every minute, once.
pub(crate) fn somebody_looks_every_minute(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for janitor in named(template, "janitor") {
        let events = janitor.resource.property("/Events").as_object();
        let mut schedules = events.into_iter().flatten().filter(|(_, event)| event["Type"] == "ScheduleV2");
        let every_minute = |properties: &Value| properties["ScheduleExpression"] == "rate(1 minute)";
        if !schedules.any(|(_, event)| every_minute(&event["Properties"])) {
            complaints.push(format!("{}: does not look every minute", janitor.resource.id));
        }
        if *janitor.resource.property("/EventInvokeConfig/MaximumRetryAttempts") != 0 {
            complaints.push(format!("{}: looks again although the next minute comes by itself", janitor.resource.id));
        }
    }
    complaints
}

/// The rules are looked at every minute, once, for the minute that the schedule says.
pub(crate) fn rules_are_looked_at_every_minute_for_that_minute(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for reminder in named(template, "reminder") {
        let events = reminder.resource.property("/Events").as_object();
        let mut schedules = events.into_iter().flatten().filter(|(_, event)| event["Type"] == "ScheduleV2");
        let is_so = |properties: &Value| {
            properties["ScheduleExpression"] == "cron(* * * * ? *)"
                && properties["Input"] == r#"{"scheduled":"<aws.scheduler.scheduled-time>"}"#
        };
        if !schedules.any(|(_, event)| is_so(&event["Properties"])) {
            complaints.push(format!("{}: is not told each minute", reminder.resource.id));
        }
        if *reminder.resource.property("/EventInvokeConfig/MaximumRetryAttempts") != 0 {
            complaints.push(format!("{}: looks again although the next minute comes by itself", reminder.resource.id));
        }
        if *reminder.resource.property("/EventInvokeConfig/MaximumEventAgeInSeconds") != 60 {
            complaints.push(format!("{}: writes in the name of a minute that is long past", reminder.resource.id));
        }
        if reminder.timeout() <= WORKS_FOR.as_secs().unsigned_abs() {
            complaints.push(format!("{}: may be ended before it stops by itself", reminder.resource.id));
        }
    }
    complaints
}

/// The janitor begins no page of an import in its second half, and nobody takes an import over while it may still work.
pub(crate) fn an_import_leaves_the_janitor_time_and_outlasts_it(template: &Template) -> Vec<String> {
    let (step, claim) = (STEP.as_secs().unsigned_abs(), CLAIM_LIFE.as_secs().unsigned_abs());
    let other = named(template, "janitor").filter(|janitor| !(2 * step..=claim).contains(&janitor.timeout()));
    other
        .map(|janitor| format!("{}: lives {} s, which does not suit imports", janitor.resource.id, janitor.timeout()))
        .collect()
}

/// An emergency whose parts or runs lie for a minute is told of.
pub(crate) fn a_waiting_emergency_is_told_of(template: &Template) -> Vec<String> {
    let is_told = |queue: &str| {
        template.of_kind("AWS::CloudWatch::Alarm").any(|alarm| {
            *alarm.property("/MetricName") == "ApproximateAgeOfOldestMessage"
                && target(&alarm.property("/Dimensions/0")["Value"]) == Some(queue)
                && alarm.property("/Threshold").as_u64().is_some_and(|seconds| seconds <= 60)
                && !alarm.property("/AlarmActions").is_null()
        })
    };
    let untold = ["EmergencyParts", "EmergencyRuns"].into_iter().filter(|queue| !is_told(queue));
    untold.map(|queue| format!("{queue}: no alarm tells of an emergency that waits")).collect()
}

/// What goes round in the routine lane is told of within the hour, long before it is given up.
pub(crate) fn a_routine_lane_that_stands_still_is_told_of(template: &Template) -> Vec<String> {
    let is_told = |queue: &str| {
        template.of_kind("AWS::CloudWatch::Alarm").any(|alarm| {
            let number = |name: &str| alarm.property(name).as_u64().unwrap_or_default();
            *alarm.property("/MetricName") == "ApproximateNumberOfMessagesNotVisible"
                && target(&alarm.property("/Dimensions/0")["Value"]) == Some(queue)
                && number("/Threshold") == 1
                && number("/Period") * number("/EvaluationPeriods") <= 3_600
                && !alarm.property("/AlarmActions").is_null()
        })
    };
    let untold = ["RoutineParts", "RoutineRuns"].into_iter().filter(|queue| !is_told(queue));
    untold.map(|queue| format!("{queue}: no alarm tells of a routine broadcast that stands still")).collect()
}

/// What a log says when a person has to act and nothing else tells of it: the function, the words, and where they are written.
const TOLD: &[(&str, &str, &str)] = &[
    ("planner", "broadcast of a rule held", include_str!("../../shared/app/src/broadcast/release.rs")),
    ("sender", "broadcast rests until somebody lets it go on", include_str!("../../shared/app/src/broadcast/shift.rs")),
    ("sender", "broadcast closed with residents that LINE refused", CLOSING),
    ("janitor", "broadcast closed with residents that LINE refused", CLOSING),
    ("reminder", "a reminder does not go", include_str!("../../shared/app/src/reminder/tick.rs")),
    ("janitor", "broadcast stopped: its hour is past", include_str!("../../shared/app/src/broadcast/janitor.rs")),
    ("janitor", "messages of the month nearly used up", include_str!("../../shared/app/src/checkup.rs")),
    ("janitor", "unfollows above normal", include_str!("../../shared/app/src/checkup.rs")),
    ("janitor", "audit log broken", include_str!("../../shared/app/src/checkup.rs")),
    ("inbox", "answer refused by the platform", include_str!("../../shared/app/src/inbox.rs")),
    ("inbox", "LINE does not take our credentials", LINE_TOKENS),
    ("sender", "LINE does not take our credentials", LINE_TOKENS),
    ("notice", "LINE does not take our credentials", LINE_TOKENS),
    ("janitor", "LINE does not take our credentials", LINE_TOKENS),
];

const CLOSING: &str = include_str!("../../shared/app/src/broadcast/watch.rs");
const LINE_TOKENS: &str = include_str!("../../shared/line/src/token.rs");

/// What waits for a person is told of: the log says so, in the words that an alarm waits for.
pub(crate) fn what_a_person_must_see_is_told_of(template: &Template) -> Vec<String> {
    let untold = TOLD.iter().filter(|(function, words, source)| {
        let is_logged = source.contains("tracing::error!(") && source.contains(&format!("{words:?}"));
        !is_logged || !has_alarm(template, function, words)
    });
    untold.map(|(function, words, _)| format!("no alarm tells that {function} says: {words}")).collect()
}

/// Whether an alarm waits for these words in the log of a function.
fn has_alarm(template: &Template, function: &str, words: &str) -> bool {
    let group = named(template, function).next().and_then(|it| target(it.resource.property("/LoggingConfig/LogGroup")));
    // A line of the log: `{"level":"ERROR","fields":{"message":"…", …}, …}`.
    let pattern = format!(r#"{{ $.level = "ERROR" && $.fields.message = "{words}" }}"#);
    let mut filters = template.of_kind("AWS::Logs::MetricFilter").filter(|filter| {
        group.is_some()
            && target(filter.property("/LogGroupName")) == group
            && *filter.property("/FilterPattern") == *pattern
    });
    filters.any(|filter| {
        let metric = filter.property("/MetricTransformations/0");
        template.of_kind("AWS::CloudWatch::Alarm").any(|alarm| {
            *alarm.property("/Namespace") == metric["MetricNamespace"]
                && *alarm.property("/MetricName") == metric["MetricName"]
                && *alarm.property("/Threshold") == 1
                && !alarm.property("/AlarmActions").is_null()
        })
    })
}

/// A town can bound how many readers of the public page are answered at once. It need not: a new account can reserve nothing.
pub(crate) fn readers_can_be_kept_from_the_senders_share(template: &Template) -> Vec<String> {
    let bound = json!({ "Fn::If": ["PortalIsBounded", { "Ref": "PortalConcurrency" }, { "Ref": "AWS::NoValue" }] });
    let open = named(template, "portal").filter(|it| *it.resource.property("/ReservedConcurrentExecutions") != bound);
    let mut complaints: Vec<String> = open.map(|it| format!("{}: cannot be bounded", it.resource.id)).collect();
    if template.0["Parameters"]["PortalConcurrency"]["Default"] != 0 {
        complaints.push("PortalConcurrency: is reserved where nothing can be".to_owned());
    }
    complaints
}

/// Frozen parts are kept for a year and as long as the code expects, and not for ever: they say who was told what.
pub(crate) fn frozen_parts_are_kept_for_a_year(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for bucket in template.of_kind("AWS::S3::Bucket").filter(|bucket| bucket.id == "Media") {
        let rules = bucket.property("/LifecycleConfiguration/Rules").as_array();
        let rule = rules.into_iter().flatten().find(|rule| rule["Prefix"] == "frozen/" && rule["Status"] == "Enabled");
        match rule.and_then(|rule| rule["ExpirationInDays"].as_u64()) {
            Some(days) if i64::try_from(days * 24).is_ok_and(|hours| hours == FROZEN_LIFE.as_hours()) => {}
            Some(_) | None => complaints.push(format!("{}: does not keep frozen/ for a year and no longer", bucket.id)),
        }
    }
    complaints
}
