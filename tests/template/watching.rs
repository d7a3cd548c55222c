//! Rules for watching: whoever is told of something is told what to do, everything that is to be told of is, and the dashboard shows
//! what there is.

use std::collections::BTreeSet;

use aws::lambda::MANY_TRIES;
use serde_json::{Value, json};

use crate::queues::seconds;
use crate::template::{Function, Resource, Template, list, target};

const ALARM: &str = "AWS::CloudWatch::Alarm";
const FILTER: &str = "AWS::Logs::MetricFilter";
const QUEUE: &str = "AWS::SQS::Queue";
/// The words of the log about a message that comes again and again, and where they are written.
const COMES_AGAIN: &str = "message comes again and again";
const WAY_IN: &str = include_str!("../../shared/aws/src/lambda.rs");
const POLICY: &str = "AWS::IAM::Policy";
const RUNBOOK: &str = include_str!("../../infra/guide/runbook.md");
/// `CloudWatch` takes no longer descriptions.
const DESCRIPTION_MAX: usize = 1_024;
/// A dashboard with more metrics is no longer free: aws.amazon.com/cloudwatch/pricing
const METRICS_MAX: usize = 50;

/// What the dashboard may show of AWS's own: the namespace, the dimension, and the metrics.
const METRICS: &[(&str, &str, &[&str])] = &[
    (
        "AWS/Lambda",
        "FunctionName",
        &["Duration", "Errors", "Invocations", "Throttles", "Url5xxCount", "UrlRequestCount"],
    ),
    ("AWS/SQS", "QueueName", &["ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"]),
    ("AWS/DynamoDB", "TableName", &["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"]),
    ("AWS/Logs", "LogGroupName", &["IncomingBytes"]),
];

/// Each alarm goes to the one topic, says what happened, and where in the runbook it stands what to do.
pub(crate) fn alarms_say_where_to_look(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for alarm in template.of_kind(ALARM) {
        let id = alarm.id;
        let description = alarm.property("/AlarmDescription").as_str().unwrap_or_default();
        if !description.ends_with(&format!(". See {id} in infra/guide/runbook.md.")) {
            complaints.push(format!("{id}: does not say where it stands what to do"));
        }
        if description.chars().count() > DESCRIPTION_MAX {
            complaints.push(format!("{id}: says more than CloudWatch takes"));
        }
        if *alarm.property("/AlarmActions") != json!([{ "Ref": "Alarms" }]) {
            complaints.push(format!("{id}: tells nobody"));
        }
        let is_its_heading = |line: &&str| line.starts_with('#') && line.trim_start_matches('#').trim() == id;
        if RUNBOOK.lines().filter(is_its_heading).count() != 1 {
            complaints.push(format!("{id}: has no heading of its own in the runbook"));
        }
    }
    complaints
}

/// The topic is there whoever listens; alarms of this account may speak there, and nobody in the clear.
pub(crate) fn the_topic_hears_alarms_alone(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for topic in template.of_kind("AWS::SNS::Topic") {
        if !topic.body["Condition"].is_null() {
            complaints.push(format!("{}: is not always there", topic.id));
        }
        let policies: Vec<_> = template
            .of_kind("AWS::SNS::TopicPolicy")
            .filter(|policy| list(policy.property("/Topics")).into_iter().any(|it| target(it) == Some(topic.id)))
            .flat_map(|policy| list(policy.property("/PolicyDocument/Statement")))
            .collect();
        let mut allowed = policies.iter().filter(|statement| statement["Effect"] == "Allow").peekable();
        if allowed.peek().is_none() || !allowed.all(|statement| lets_alarms_speak(statement)) {
            complaints.push(format!("{}: others than alarms of this account may speak there, or none", topic.id));
        }
        let closed = |statement: &&Value| {
            statement["Effect"] == "Deny" && statement["Condition"]["Bool"]["aws:SecureTransport"] == "false"
        };
        if !policies.iter().any(closed) {
            complaints.push(format!("{}: may be spoken to in the clear", topic.id));
        }
    }
    complaints
}

fn lets_alarms_speak(statement: &Value) -> bool {
    statement["Principal"] == json!({ "Service": "cloudwatch.amazonaws.com" })
        && statement["Action"] == "sns:Publish"
        && statement["Condition"]["StringEquals"]["aws:SourceAccount"] == json!({ "Ref": "AWS::AccountId" })
}

/// In a chat alarms are told, and nothing can be done: neither has the role a permission, nor leaves the guardrail any.
pub(crate) fn a_chat_only_listens(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    let deny_all = json!([{ "Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AWSDenyAll" }]);
    let is_chat = |one: &Resource<'_>| one.body["Type"].as_str().is_some_and(|kind| kind.contains("::Chatbot::"));
    for chat in template.resources().filter(is_chat) {
        let role = template.named_by(chat.property("/IamRoleArn"), "AWS::IAM::Role");
        let is_idle =
            |role: Resource<'_>| role.property("/Policies").is_null() && role.property("/ManagedPolicyArns").is_null();
        if !role.is_some_and(is_idle) || *chat.property("/GuardrailPolicies") != deny_all {
            complaints.push(format!("{}: something can be done from there", chat.id));
        }
        if *chat.property("/SnsTopicArns") != json!([{ "Ref": "Alarms" }]) || chat.body["Condition"].is_null() {
            complaints.push(format!("{}: is not told of alarms where somebody wants it", chat.id));
        }
    }
    complaints
}

/// A function that runs every minute and is not called counts nothing: that is told of.
pub(crate) fn who_is_not_called_is_missed(template: &Template) -> Vec<String> {
    let is_missed = |function: &str| {
        template.of_kind(ALARM).any(|alarm| {
            let seconds = alarm.property("/Period").as_u64().zip(alarm.property("/EvaluationPeriods").as_u64());
            *alarm.property("/Namespace") == "AWS/Lambda"
                && *alarm.property("/MetricName") == "Invocations"
                && target(&alarm.property("/Dimensions/0")["Value"]) == Some(function)
                && *alarm.property("/ComparisonOperator") == "LessThanThreshold"
                && *alarm.property("/Threshold") == 1
                && *alarm.property("/TreatMissingData") == "breaching"
                && seconds.is_some_and(|(period, periods)| period * periods <= 600)
        })
    };
    let scheduled = template.functions().filter(|function| {
        let events = function.resource.property("/Events").as_object();
        events.into_iter().flatten().any(|(_, event)| event["Type"] == "ScheduleV2")
    });
    let unmissed = scheduled.filter(|function| !is_missed(function.resource.id));
    unmissed.map(|function| format!("{}: nobody is told when it is not called", function.resource.id)).collect()
}

/// Errors that end in a page, which no metric of AWS counts, are counted by the log and told of.
pub(crate) fn pages_that_fail_are_told_of(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for function in template.functions().filter(|function| ["console", "portal"].contains(&function.name())) {
        let group = target(function.resource.property("/LoggingConfig/LogGroup"));
        let is_told = template.of_kind("AWS::Logs::MetricFilter").any(|filter| {
            let metric = filter.property("/MetricTransformations/0");
            group.is_some()
                && target(filter.property("/LogGroupName")) == group
                && *filter.property("/FilterPattern") == r#"{ $.level = "ERROR" }"#
                && template.of_kind(ALARM).any(|alarm| {
                    *alarm.property("/Namespace") == metric["MetricNamespace"]
                        && *alarm.property("/MetricName") == metric["MetricName"]
                })
        });
        if !is_told {
            complaints.push(format!("{}: nobody is told of pages that fail", function.resource.id));
        }
    }
    complaints
}

/// A start that fails, a time-out and a lack of memory stand in no line of a function's own, and Lambda counts them: three minutes of an
/// hour in which it did are enough to tell of it.
pub(crate) fn who_cannot_start_is_told_of(template: &Template) -> Vec<String> {
    let is_told = |function: &str| {
        template.of_kind(ALARM).any(|alarm| {
            let number = |name: &str| alarm.property(name).as_u64().unwrap_or_default();
            *alarm.property("/Namespace") == "AWS/Lambda"
                && *alarm.property("/MetricName") == "Errors"
                && target(&alarm.property("/Dimensions/0")["Value"]) == Some(function)
                && number("/Threshold") == 1
                && (1..=3).contains(&number("/DatapointsToAlarm"))
                && 3_600 <= number("/Period") * number("/EvaluationPeriods")
        })
    };
    // The others' errors show otherwise: as what a delivery is answered, as an age, as what goes round, or each minute.
    let silent = template
        .functions()
        .filter(|function| ["console", "portal", "photo", "notice", "relay"].contains(&function.name()));
    let untold = silent.filter(|function| !is_told(function.resource.id));
    untold.map(|function| format!("{}: nobody is told when it cannot start", function.resource.id)).collect()
}

/// Every metric of our own that a filter counts is one that an alarm looks at, and the other way round.
pub(crate) fn what_is_counted_is_looked_at(template: &Template) -> Vec<String> {
    let counted = own_metrics(template);
    let own = json!({ "Ref": "AWS::StackName" });
    let alarms = template.of_kind(ALARM).filter(|alarm| *alarm.property("/Namespace") == own);
    let looked_at: BTreeSet<&str> = alarms.filter_map(|alarm| alarm.property("/MetricName").as_str()).collect();
    let odd = counted.symmetric_difference(&looked_at);
    odd.map(|metric| format!("{metric}: counted and looked at do not match")).collect()
}

fn own_metrics(template: &Template) -> BTreeSet<&str> {
    let filters = template.of_kind("AWS::Logs::MetricFilter");
    filters.filter_map(|filter| filter.property("/MetricTransformations/0/MetricName").as_str()).collect()
}

/// The dashboard is JSON, shows only what there is, and costs nothing.
pub(crate) fn the_dashboard_shows_what_there_is(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut dashboards = 0;
    for dashboard in template.of_kind("AWS::CloudWatch::Dashboard") {
        dashboards += 1;
        let body = dashboard.property("/DashboardBody")["Fn::Sub"][0].as_str().unwrap_or_default();
        let Ok(body) = serde_json::from_str::<Value>(body) else {
            complaints.push(format!("{}: is no JSON", dashboard.id));
            continue;
        };
        let metrics: Vec<&Value> =
            list(&body["widgets"]).into_iter().flat_map(|widget| list(&widget["properties"]["metrics"])).collect();
        if metrics.is_empty() || METRICS_MAX < metrics.len() {
            complaints.push(format!("{}: shows {} metrics", dashboard.id, metrics.len()));
        }
        let unknown = metrics.into_iter().filter(|metric| !is_there(template, metric));
        complaints.extend(unknown.map(|metric| format!("{}: shows {metric}, which is not there", dashboard.id)));
    }
    if dashboards != 1 {
        complaints.push(format!("there are {dashboards} dashboards"));
    }
    complaints
}

fn is_there(template: &Template, metric: &Value) -> bool {
    let text = |at: usize| metric[at].as_str().unwrap_or_default();
    let (namespace, name) = (text(0), text(1));
    if namespace == "${AWS::StackName}" {
        return own_metrics(template).contains(name);
    }
    let known =
        METRICS.iter().any(|(of, dimension, names)| (*of, *dimension) == (namespace, text(2)) && names.contains(&name));
    let of = |kind: &str, attribute: &str| {
        let id = text(3).strip_prefix("${").and_then(|it| it.strip_suffix(&format!("{attribute}}}")));
        id.is_some_and(|id| template.of_kind(kind).any(|one| one.id == id))
    };
    let is_ours = match namespace {
        "AWS/Lambda" => of("AWS::Serverless::Function", ""),
        "AWS/SQS" => of("AWS::SQS::Queue", ".QueueName"),
        "AWS/Logs" => of("AWS::Logs::LogGroup", ""),
        "AWS/DynamoDB" => text(3) == "${InUse}",
        _ => false,
    };
    known && is_ours
}

/// Of a standard queue the age of the oldest message leaves out what was received three times: an alarm on it goes off before that or
/// never, and its end says nothing.
/// docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
pub(crate) fn an_age_is_asked_of_who_knows_it(template: &Template) -> Vec<String> {
    let alarms =
        template.of_kind(ALARM).filter(|alarm| *alarm.property("/MetricName") == "ApproximateAgeOfOldestMessage");
    let forgets = alarms.filter(|alarm| {
        let queue = template.named_by(&alarm.property("/Dimensions/0")["Value"], QUEUE);
        queue.is_none_or(|queue| {
            let third = 2 * seconds(queue, "/VisibilityTimeout", 30);
            let is_before = alarm.property("/Threshold").as_u64().is_some_and(|age| age < third);
            *queue.property("/FifoQueue") != true && (!is_before || !alarm.property("/OKActions").is_null())
        })
    });
    forgets.map(|alarm| format!("{}: trusts an age that leaves out what comes again", alarm.id)).collect()
}

/// What a function tries for long without anybody waiting by the minute is told of: its log counts the tries.
pub(crate) fn what_comes_again_is_told_of(template: &Template) -> Vec<String> {
    let patient =
        template.consumed().filter(|(function, _, _)| ["photo", "notice", "relay"].contains(&function.name()));
    let untold = patient.filter(|(function, _, queue)| {
        let between = seconds(*queue, "/VisibilityTimeout", 30);
        let is_told = comes_again(template, *function).is_some_and(|(tries, alarm)| {
            MANY_TRIES <= tries
                && *alarm.property("/Threshold") == 1
                && alarm.property("/Period").as_u64().is_some_and(|period| 2 * between <= period)
                && !alarm.property("/AlarmActions").is_null()
        });
        !is_told || !WAY_IN.contains(&format!("{COMES_AGAIN:?}"))
    });
    untold
        .map(|(function, _, _)| format!("{}: nobody is told of what comes again and again", function.resource.id))
        .collect()
}

/// From which try of a function on its log is told of, and by which alarm.
pub(crate) fn comes_again<'a>(template: &'a Template, function: Function<'_>) -> Option<(u64, Resource<'a>)> {
    let group = target(function.resource.property("/LoggingConfig/LogGroup"))?;
    let words = format!(r#"{{ $.fields.message = "{COMES_AGAIN}" && $.fields.tries >= "#);
    let mut filters = template.of_kind(FILTER).filter(|filter| target(filter.property("/LogGroupName")) == Some(group));
    let (tries, metric) = filters.find_map(|filter| {
        let pattern = filter.property("/FilterPattern").as_str()?;
        let tries: u64 = pattern.strip_prefix(words.as_str())?.strip_suffix(" }")?.parse().ok()?;
        Some((tries, &filter.property("/MetricTransformations/0")["MetricName"]))
    })?;
    let alarm = template.of_kind(ALARM).find(|alarm| alarm.property("/MetricName") == metric)?;
    Some((tries, alarm))
}

/// A queue in which nothing moves may say nothing: that does not call off what lies there.
pub(crate) fn silence_calls_nothing_off(template: &Template) -> Vec<String> {
    let lying = |alarm: &Resource<'_>| *alarm.property("/MetricName") == "ApproximateNumberOfMessagesVisible";
    let alarms = template.of_kind(ALARM).filter(lying);
    let called_off = alarms.filter(|alarm| *alarm.property("/TreatMissingData") != "ignore");
    called_off.map(|alarm| format!("{}: is called off when its queue falls silent", alarm.id)).collect()
}

/// Where few write, few deliveries fail: three minutes of an hour are enough to tell of it.
pub(crate) fn a_webhook_of_a_small_town_is_missed(template: &Template) -> Vec<String> {
    let patient = |alarm: &Resource<'_>| {
        let number = |name: &str| alarm.property(name).as_u64().unwrap_or_default();
        *alarm.property("/MetricName") == "Url5xxCount"
            && number("/Threshold") == 1
            && (1..=3).contains(&number("/DatapointsToAlarm"))
            && 3_600 <= number("/Period") * number("/EvaluationPeriods")
    };
    if template.of_kind(ALARM).any(|alarm| patient(&alarm)) {
        Vec::new()
    } else {
        vec!["nobody is told of a webhook that fails where few write".to_owned()]
    }
}

/// Traces are kept where somebody switches that on, of all functions, and only then may these write them.
pub(crate) fn tracing_is_a_switch(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    if template.0["Globals"]["Function"]["Tracing"] != json!({ "Ref": "Tracing" })
        || template.0["Parameters"]["Tracing"]["Default"] != "PassThrough"
        || template.0["Conditions"]["CallsAreTraced"] != json!({ "Fn::Equals": [{ "Ref": "Tracing" }, "Active"] })
    {
        complaints.push("Tracing: is no switch that is off by itself".to_owned());
    }
    let roles: BTreeSet<&str> = template.functions().filter_map(|function| Some(function.role()?.id)).collect();
    let traced = template.of_kind(POLICY).filter(|policy| is_for_traces(*policy));
    let traced: BTreeSet<&str> = traced.flat_map(|policy| list(policy.property("/Roles"))).filter_map(target).collect();
    let odd = roles.symmetric_difference(&traced);
    complaints.extend(odd.map(|role| format!("{role}: does not fit who may write traces")));
    complaints
}

/// Whether a policy allows to write traces and nothing else, and that only where they are switched on. X-Ray knows no resources:
/// docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
pub(crate) fn is_for_traces(policy: Resource<'_>) -> bool {
    let statement = json!({
        "Effect": "Allow",
        "Action": ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
        "Resource": "*",
    });
    policy.body["Condition"] == "CallsAreTraced" && *policy.property("/PolicyDocument/Statement") == json!([statement])
}
