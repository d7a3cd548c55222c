//! Rules for photos that browsers put into a bucket: only they come in so, one queue is told, and nothing of them stays.

use app::report::photo::NEVER_UPLOADED_AFTER;
use serde_json::{Value, json};

use crate::queues::seconds;
use crate::template::{Resource, Template, list, target};
use crate::watching::comes_again;

const BUCKET: &str = "AWS::S3::Bucket";
const QUEUE: &str = "AWS::SQS::Queue";
const FOLDER: &str = "incoming/";
/// So many days an upload waits for `photo`, which may be broken over a long weekend.
const DAYS: u64 = 7;

/// Browsers put objects, and do nothing else with a bucket; and only where uploads are told of.
pub(crate) fn browsers_only_put(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for bucket in template.of_kind(BUCKET) {
        let rules = list(bucket.property("/CorsConfiguration/CorsRules"));
        let told = !list(bucket.property("/NotificationConfiguration/QueueConfigurations")).is_empty();
        if rules.is_empty() == told {
            complaints
                .push(format!("{}: browsers put something of which nobody is told, or the other way round", bucket.id));
        }
        let odd = |rule: &&Value| {
            rule["AllowedMethods"] != json!(["PUT"]) || rule["AllowedHeaders"] != json!(["content-type"])
        };
        if rules.iter().any(odd) {
            complaints.push(format!("{}: browsers may do more than put a file, or not even that", bucket.id));
        }
    }
    complaints
}

/// What is put into the folder of uploads is told to the queue of `photo`, which takes it from the bucket alone, and forgotten after a week.
pub(crate) fn are_told_of_and_forgotten(template: &Template) -> Vec<String> {
    let Some((_, _, queue)) = template.consumed().find(|(function, _, _)| function.name() == "photo") else {
        return vec!["there is no photo, or no queue of its".to_owned()];
    };
    let mut complaints = Vec::new();
    let mut buckets = 0;
    for bucket in template.of_kind(BUCKET).filter(|bucket| !bucket.property("/NotificationConfiguration").is_null()) {
        buckets += 1;
        let told = json!({ "QueueConfigurations": [{
            "Event": "s3:ObjectCreated:*",
            "Queue": { "Fn::GetAtt": [queue.id, "Arn"] },
            "Filter": { "S3Key": { "Rules": [{ "Name": "prefix", "Value": FOLDER }] } },
        }] });
        if *bucket.property("/NotificationConfiguration") != told {
            complaints.push(format!("{}: tells of something else than uploads, or somebody else", bucket.id));
        }
        let forgets = |rule: &&Value| {
            rule["Prefix"] == FOLDER && rule["Status"] == "Enabled" && rule["ExpirationInDays"].as_u64() == Some(DAYS)
        };
        if !list(bucket.property("/LifecycleConfiguration/Rules")).iter().any(forgets) {
            complaints.push(format!("{}: does not forget uploads after a week", bucket.id));
        }
        if !policy_of(template, queue).is_some_and(|policy| bucket.body["DependsOn"] == policy.id) {
            complaints.push(format!("{}: may be made before it may tell", bucket.id));
        }
    }
    if buckets != 1 {
        complaints.push("there is not one bucket of uploads".to_owned());
    }
    complaints
}

/// Strangers put nothing into a queue, and a bucket only where it is of this account.
pub(crate) fn queues_listen_to_our_buckets(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for policy in template.of_kind("AWS::SQS::QueuePolicy") {
        let queue = list(policy.property("/Queues")).first().and_then(|queue| template.named_by(queue, QUEUE));
        let expected = json!([{
            "Effect": "Allow",
            "Principal": { "Service": "s3.amazonaws.com" },
            "Action": ["sqs:SendMessage"],
            "Resource": { "Fn::GetAtt": [queue.map_or("", |queue| queue.id), "Arn"] },
            "Condition": {
                "StringEquals": { "aws:SourceAccount": { "Ref": "AWS::AccountId" } },
                "ArnLike": { "aws:SourceArn": { "Fn::Sub": "arn:${AWS::Partition}:s3:*:*:*" } },
            },
        }]);
        if *policy.property("/PolicyDocument/Statement") != expected {
            complaints.push(format!("{}: lets in more than our buckets, or not even them", policy.id));
        }
    }
    complaints
}

/// A page that was closed before its photo was put is nothing to wake anybody for: `photo` gives the photo up before.
pub(crate) fn one_that_never_comes_is_no_alarm(template: &Template) -> Vec<String> {
    let photos = template.consumed().filter(|(function, _, _)| function.name() == "photo");
    let early = photos.filter_map(|(function, _, queue)| {
        let between = seconds(queue, "/VisibilityTimeout", 30);
        let (tries, alarm) = comes_again(template, function)?;
        let told_of = tries.saturating_sub(1) * between;
        (told_of <= NEVER_UPLOADED_AFTER.as_secs().unsigned_abs() + between).then_some(alarm)
    });
    early.map(|alarm| format!("{}: goes off for a photo that was never uploaded", alarm.id)).collect()
}

fn policy_of<'a>(template: &'a Template, queue: Resource<'_>) -> Option<Resource<'a>> {
    let mut policies = template.of_kind("AWS::SQS::QueuePolicy");
    policies.find(|policy| list(policy.property("/Queues")).iter().any(|one| target(one) == Some(queue.id)))
}
