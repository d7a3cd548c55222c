//! Rules for sending: what the template says of time and speed is what the protocol in `domain::sending` counts with.

use domain::sending::SENDER_LIFE;
use serde_json::{Value, json};

use crate::template::{Function, Template, target};

/// LINE allows so many multicast calls a second.
const LINE_CALLS_PER_SECOND: u64 = 200;
/// A broadcast can be looked back at for a year.
const YEAR_DAYS: u64 = 365;
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

/// An emergency whose runs lie for a minute is told of.
pub(crate) fn a_waiting_emergency_is_told_of(template: &Template) -> Vec<String> {
    let is_told = template.of_kind("AWS::CloudWatch::Alarm").any(|alarm| {
        let queue = &alarm.property("/Dimensions/0")["Value"];
        *alarm.property("/MetricName") == "ApproximateAgeOfOldestMessage"
            && target(queue) == Some("EmergencyRuns")
            && alarm.property("/Threshold").as_u64().is_some_and(|seconds| seconds <= 60)
            && !alarm.property("/AlarmActions").is_null()
    });
    if is_told { Vec::new() } else { vec!["EmergencyRuns: no alarm tells of an emergency that waits".to_owned()] }
}

/// Frozen parts are kept for a year, and not for ever: they say who was told what.
pub(crate) fn frozen_parts_are_kept_for_a_year(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for bucket in template.of_kind("AWS::S3::Bucket").filter(|bucket| bucket.id == "Media") {
        let rules = bucket.property("/LifecycleConfiguration/Rules").as_array();
        let rule = rules.into_iter().flatten().find(|rule| rule["Prefix"] == "frozen/" && rule["Status"] == "Enabled");
        match rule.and_then(|rule| rule["ExpirationInDays"].as_u64()) {
            Some(days) if YEAR_DAYS < days => {}
            Some(_) | None => complaints.push(format!("{}: does not keep frozen/ for a year and no longer", bucket.id)),
        }
    }
    complaints
}
