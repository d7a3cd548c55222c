//! Rules for queues: what fails comes again at the right time and for long enough, and what is given up is kept and told of.

use std::ops::RangeInclusive;

use app::inbox::REPLY_TOKEN_LIFE;
use app::report::photo::GONE_AFTER;
use aws::conversations::EVENT_LIFE;
use aws::report_jobs::PHOTO_DELAY_S;
use serde_json::Value;

use crate::template::{Resource, Template, target};

const QUEUE: &str = "AWS::SQS::Queue";
const FOURTEEN_DAYS: u64 = 14 * 24 * 60 * 60;
/// SQS keeps messages for four days if nothing is said.
const FOUR_DAYS: u64 = 4 * 24 * 60 * 60;
/// AWS's advice: room for a full batch to fail and come again while the first still runs.
const TIMEOUTS_PER_VISIBILITY: u64 = 6;
/// SQS takes no more.
const RECEIVE_COUNT_MAX: u64 = 1_000;
/// For how many seconds a failing message is handed out again before it is given up. Less and an outage of LINE or AWS is
/// the end of what waits; more and a push that was tried at first is near the end of its retry key's life (23 h).
const PATIENCE: RangeInclusive<u64> = 4 * 60 * 60..=12 * 60 * 60;
/// The same for photos, which nobody waits for by the minute and which LINE keeps for days, and for other systems, whose people have to
/// hear first that something is to be mended.
const PATIENCE_OF_A_DAY: RangeInclusive<u64> = 24 * 60 * 60..=26 * 60 * 60;

pub(crate) fn dead_letters<'a>(template: &'a Template, queue: Resource<'_>) -> Option<Resource<'a>> {
    template.named_by(queue.property("/RedrivePolicy/deadLetterTargetArn"), QUEUE)
}

fn receptions(queue: Resource<'_>) -> u64 {
    queue.property("/RedrivePolicy/maxReceiveCount").as_u64().unwrap_or_default()
}

pub(crate) fn seconds(queue: Resource<'_>, property: &str, default: u64) -> u64 {
    queue.property(property).as_u64().unwrap_or(default)
}

/// A queue that somebody works off has a dead-letter queue of the same kind, kept for 14 days and watched.
pub(crate) fn have_dead_letter_queues(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for (function, _, queue) in template.consumed() {
        let Some(dead) = dead_letters(template, queue) else {
            complaints.push(format!("{}: no dead-letter queue", queue.id));
            continue;
        };
        let receptions = receptions(queue);
        let patience = receptions * seconds(queue, "/VisibilityTimeout", 30);
        let waits_a_day = ["photo", "relay"].contains(&function.name());
        let expected = if waits_a_day { PATIENCE_OF_A_DAY } else { PATIENCE };
        if !expected.contains(&patience) || RECEIVE_COUNT_MAX < receptions {
            complaints.push(format!("{}: gives up after {receptions} receptions in {patience} s", queue.id));
        }
        if seconds(queue, "/MessageRetentionPeriod", FOUR_DAYS) <= patience {
            complaints.push(format!("{}: throws messages away before it gives them up", queue.id));
        }
        if seconds(dead, "/MessageRetentionPeriod", FOUR_DAYS) != FOURTEEN_DAYS {
            complaints.push(format!("{}: does not keep messages for 14 days", dead.id));
        }
        if queue.property("/FifoQueue") != dead.property("/FifoQueue") {
            complaints.push(format!("{}: one of it and {} is FIFO, the other is not", queue.id, dead.id));
        }
        if !is_watched(template, dead) {
            complaints.push(format!("{}: no alarm tells of messages in it", dead.id));
        }
        let sharing =
            template.of_kind(QUEUE).filter(|other| dead_letters(template, *other).is_some_and(|one| one.id == dead.id));
        // In a FIFO one the groups of two queues would stand in each other's way.
        if sharing.count() > 1 && *dead.property("/FifoQueue") == true {
            complaints.push(format!("{}: serves several queues", dead.id));
        }
    }
    complaints
}

fn is_watched(template: &Template, queue: Resource<'_>) -> bool {
    template.of_kind("AWS::CloudWatch::Alarm").any(|alarm| {
        let dimension = alarm.property("/Dimensions/0");
        *alarm.property("/Namespace") == "AWS/SQS"
            && *alarm.property("/MetricName") == "ApproximateNumberOfMessagesVisible"
            && dimension["Name"] == "QueueName"
            && dimension["Value"]["Fn::GetAtt"][1] == "QueueName"
            && target(&dimension["Value"]) == Some(queue.id)
            && alarm.property("/Threshold").as_u64() == Some(1)
            && alarm.property("/AlarmActions") != &Value::Null
    })
}

/// Queue names say what they are: of this stack, and `.fifo` where they are.
pub(crate) fn are_named_after_the_stack(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for queue in template.of_kind(QUEUE) {
        let name = queue.property("/QueueName")["Fn::Sub"].as_str().unwrap_or_default();
        let fifo = *queue.property("/FifoQueue") == true;
        if !name.starts_with("${AWS::StackName}-") || name.strip_suffix(".fifo").is_some() != fifo {
            complaints.push(format!("{}: called {name:?}", queue.id));
        }
    }
    complaints
}

/// What failed comes again alone, after the function has surely ended. What a sender leaves comes again soon after its end: it
/// is claimed before it is touched.
pub(crate) fn deliver_again(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for (function, mapping, queue) in template.consumed() {
        let visibility = seconds(queue, "/VisibilityTimeout", 30);
        let times = if mapping["BatchSize"] == 1 && function.name() == "sender" { 1 } else { TIMEOUTS_PER_VISIBILITY };
        if function.timeout() * times > visibility || function.timeout() == visibility {
            complaints.push(format!(
                "{}: {visibility} s invisible, but {} may take {} s",
                queue.id,
                function.resource.id,
                function.timeout()
            ));
        }
        if mapping["FunctionResponseTypes"] != serde_json::json!(["ReportBatchItemFailures"]) {
            complaints
                .push(format!("{}: one failure brings the whole batch of {} back", function.resource.id, queue.id));
        }
    }
    for function in template.functions() {
        let known = function.mappings().all(|mapping| template.named_by(&mapping["Queue"], QUEUE).is_some());
        if !known {
            complaints.push(format!("{}: works off a queue that is not in the template", function.resource.id));
        }
    }
    complaints
}

/// After a crash of `inbox` the next delivery still finds a reply token that works.
pub(crate) fn leave_a_reply_token_alive(template: &Template) -> Vec<String> {
    let inbox = template.consumed().filter(|(function, _, _)| function.name() == "inbox");
    let late = inbox
        .filter(|(_, _, queue)| seconds(*queue, "/VisibilityTimeout", 30) >= REPLY_TOKEN_LIFE.as_secs().unsigned_abs());
    late.map(|(_, _, queue)| format!("{}: a message comes again when its reply token is spent", queue.id)).collect()
}

/// A photo is looked for when whoever asked for it has written it or is ended, and given up by `photo` before its queue does.
pub(crate) fn let_photos_wait_for_their_item_and_for_line(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    let delay = u64::try_from(PHOTO_DELAY_S).unwrap();
    for inbox in template.functions().filter(|function| function.name() == "inbox" && delay <= function.timeout()) {
        complaints.push(format!("{}: may write a photo after it is looked for", inbox.resource.id));
    }
    for (_, _, queue) in template.consumed().filter(|(function, _, _)| function.name() == "photo") {
        let visibility = seconds(queue, "/VisibilityTimeout", 30);
        if receptions(queue) * visibility <= GONE_AFTER.as_secs().unsigned_abs() + visibility {
            complaints.push(format!("{}: gives a photo up before Photo does", queue.id));
        }
    }
    complaints
}

/// That an event was handled is remembered for longer than it can come back. (A FIFO queue's dead-letter queue counts
/// from the day a message came into it.)
pub(crate) fn forget_before_the_table_does(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for (_, _, queue) in template.consumed() {
        let dead = dead_letters(template, queue).map_or(0, |dead| seconds(dead, "/MessageRetentionPeriod", FOUR_DAYS));
        let kept = seconds(queue, "/MessageRetentionPeriod", FOUR_DAYS) + dead;
        if EVENT_LIFE.as_secs().unsigned_abs() <= kept {
            complaints.push(format!("{}: an event may come back after {kept} s, when nobody remembers it", queue.id));
        }
    }
    complaints
}

#[test]
fn the_queue_in_memory_is_the_queue_of_the_template() {
    let template = Template(crate::yaml::read(crate::text()));
    let (_, _, queue) = template.consumed().find(|(function, _, _)| function.name() == "inbox").unwrap();
    assert_eq!(seconds(queue, "/VisibilityTimeout", 30), tests::queue::VISIBILITY.as_secs().unsigned_abs());
    assert_eq!(receptions(queue), u64::try_from(tests::queue::RECEPTIONS_MAX).unwrap());
}
