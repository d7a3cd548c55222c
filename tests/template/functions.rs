//! Rules for functions: each is a crate, knows what it reads, has its own role and log, and may do only what it needs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use app::inbox::SPEAK_WAITS;
use aws::clients::CALL_TIMEOUT;
use aws::environment::{InboxEnvironment, WebhookEnvironment};
use line::config::Timeouts;

use crate::template::{Function, Template, list, target};

const CRATE_BUILD: &str = "rust-cargolambda";

/// What each function reads from its environment, and which services of AWS it may call.
const KNOWN: &[(&str, &[&str], &[&str])] = &[
    // It takes in what anybody sends: no table, and no way to LINE.
    ("webhook", WebhookEnvironment::VARIABLES, &["logs", "secretsmanager", "sqs"]),
    ("inbox", InboxEnvironment::VARIABLES, &["dynamodb", "logs", "secretsmanager", "sqs"]),
];

/// Actions that AWS grants on `*` only, with the reason. None so far.
const ON_EVERYTHING: &[(&str, &str)] = &[];

/// Each crate in `functions/` is one function of the template, and each function such a crate.
pub(crate) fn are_the_crates(template: &Template) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../functions");
    let crates: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("Cargo.toml").exists())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    let mut complaints = Vec::new();
    let mut seen = BTreeSet::new();
    for function in template.functions() {
        let (id, name) = (function.resource.id, function.name());
        if !crates.contains(name) {
            complaints.push(format!("{id}: there is no crate functions/{name}"));
        }
        if !seen.insert(name) {
            complaints.push(format!("{id}: another function is the crate {name} already"));
        }
        if *function.resource.property("/CodeUri") != format!("functions/{name}").as_str() {
            complaints.push(format!("{id}: CodeUri is not functions/{name}"));
        }
        if function.resource.body["Metadata"]["BuildMethod"] != CRATE_BUILD {
            complaints.push(format!("{id}: not built by {CRATE_BUILD}"));
        }
    }
    complaints.extend(
        crates
            .iter()
            .filter(|name| !seen.contains(name.as_str()))
            .map(|name| format!("functions/{name} is not deployed")),
    );
    complaints.extend(
        template.of_kind("AWS::Lambda::Function").map(|other| format!("{}: no AWS::Serverless::Function", other.id)),
    );
    complaints
}

/// The variables are those the code reads, and each names the thing it is called after.
pub(crate) fn get_the_variables_they_read(template: &Template) -> Vec<String> {
    let known: BTreeMap<_, _> = KNOWN.iter().map(|(name, variables, _)| (*name, *variables)).collect();
    let mut complaints = Vec::new();
    for function in template.functions() {
        let id = function.resource.id;
        let Some(read) = known.get(function.name()) else {
            complaints.push(format!("{id}: the tests do not know what it reads (KNOWN)"));
            continue;
        };
        let given = function.variables();
        complaints.extend(
            read.iter().filter(|name| !given.contains_key(**name)).map(|name| format!("{id}: {name} is missing")),
        );
        for (name, value) in given {
            if !read.contains(&name) {
                complaints.push(format!("{id}: nobody reads {name}"));
            } else if !is_called_after(template, name, value) {
                complaints.push(format!("{id}: {name} is {value}"));
            }
        }
    }
    complaints
}

/// `INBOX_QUEUE_URL` is the queue that `inbox` works off, `LINE_SECRET_ID` a secret, `LINE_API_BASE` a parameter.
fn is_called_after(template: &Template, name: &str, value: &serde_json::Value) -> bool {
    if let Some(consumer) = name.strip_suffix("_QUEUE_URL") {
        let consumer = consumer.to_lowercase().replace('_', "-");
        let reference = value["Ref"].as_str();
        return reference.is_some()
            && template
                .consumed()
                .any(|(function, _, queue)| function.name() == consumer && Some(queue.id) == reference);
    }
    if name.ends_with("_SECRET_ID") {
        return template.named_by(value, "AWS::SecretsManager::Secret").is_some();
    }
    match name {
        "TABLE_NAME" => value["Ref"].is_string() && template.named_by(value, "AWS::DynamoDB::Table").is_some(),
        "LINE_API_BASE" => value["Ref"] == "LineApiBase",
        "LINE_DATA_BASE" => value["Ref"] == "LineDataBase",
        _ => false,
    }
}

/// Each has a role of its own that only Lambda takes on, with nothing on everything.
pub(crate) fn have_their_own_narrow_roles(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut taken = BTreeSet::new();
    for function in template.functions() {
        let id = function.resource.id;
        let Some(role) = function.role() else {
            complaints.push(format!("{id}: no role in the template"));
            continue;
        };
        if !taken.insert(role.id) {
            complaints.push(format!("{id}: shares its role {}", role.id));
        }
        if !role.property("/ManagedPolicyArns").is_null() || !function.resource.property("/Policies").is_null() {
            complaints.push(format!("{id}: has policies that the template does not spell out"));
        }
        for statement in list(role.property("/AssumeRolePolicyDocument/Statement")) {
            if statement["Principal"]["Service"] != "lambda.amazonaws.com" {
                complaints.push(format!("{}: somebody else than Lambda may take it on", role.id));
            }
        }
        for (action, resource) in function.permissions() {
            if action.contains('*') {
                complaints.push(format!("{id}: may do everything of {action}"));
            }
            let named = target(resource).is_some_and(|target| template.resources().any(|one| one.id == target));
            if !named && !ON_EVERYTHING.iter().any(|(exception, _)| *exception == action) {
                complaints.push(format!("{id}: {action} is not limited to one of our resources, but on {resource}"));
            }
        }
    }
    complaints
}

/// A role allows what the environment and the events ask for, and no service beside.
pub(crate) fn may_do_what_they_need(template: &Template) -> Vec<String> {
    let services: BTreeMap<_, _> = KNOWN.iter().map(|(name, _, services)| (*name, *services)).collect();
    let mut complaints = Vec::new();
    for function in template.functions() {
        let id = function.resource.id;
        let wanted = services.get(function.name()).copied().unwrap_or_default();
        for (action, _) in function.permissions() {
            let service = action.split(':').next().unwrap_or_default();
            if !wanted.contains(&service) {
                complaints.push(format!("{id}: has nothing to do with {service}"));
            }
        }
        complaints.extend(needs(template, function).into_iter().map(|need| format!("{id}: {need}")));
    }
    complaints
}

fn needs(template: &Template, function: Function<'_>) -> Vec<String> {
    let mut needed = Vec::new();
    for (name, value) in function.variables() {
        if name.ends_with("_QUEUE_URL") {
            needed.extend(template.named_by(value, "AWS::SQS::Queue").map(|queue| ("sqs:SendMessage", queue)));
        } else if name.ends_with("_SECRET_ID") {
            let secret = template.named_by(value, "AWS::SecretsManager::Secret");
            needed.extend(secret.map(|secret| ("secretsmanager:GetSecretValue", secret)));
        } else if name == "TABLE_NAME" {
            needed.extend(template.named_by(value, "AWS::DynamoDB::Table").map(|table| ("dynamodb:GetItem", table)));
        }
    }
    for queue in function.mappings().filter_map(|mapping| template.named_by(&mapping["Queue"], "AWS::SQS::Queue")) {
        needed.extend(
            ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"].map(|action| (action, queue)),
        );
    }
    if let Some(logs) = template.named_by(function.resource.property("/LoggingConfig/LogGroup"), "AWS::Logs::LogGroup")
    {
        needed.extend(["logs:CreateLogStream", "logs:PutLogEvents"].map(|action| (action, logs)));
    }
    let missing = needed.into_iter().filter(|(action, resource)| !function.may(action, *resource));
    missing.map(|(action, resource)| format!("may not {action} on {}", resource.id)).collect()
}

/// Each writes to a log group of its own, which is not kept for ever and needs no other name.
pub(crate) fn have_their_own_logs(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut taken = BTreeSet::new();
    for function in template.functions() {
        let (id, name) = (function.resource.id, function.name());
        let group = template.named_by(function.resource.property("/LoggingConfig/LogGroup"), "AWS::Logs::LogGroup");
        let Some(group) = group else {
            complaints.push(format!("{id}: no log group in the template"));
            continue;
        };
        if !taken.insert(group.id) {
            complaints.push(format!("{id}: shares its log group {}", group.id));
        }
        if group.property("/RetentionInDays").is_null() {
            complaints.push(format!("{}: kept for ever", group.id));
        }
        let function_name = format!("${{AWS::StackName}}-{name}");
        if function.resource.property("/FunctionName")["Fn::Sub"] != function_name.as_str() {
            complaints.push(format!("{id}: not called {function_name}"));
        }
        if group.property("/LogGroupName")["Fn::Sub"] != format!("/aws/lambda/{function_name}").as_str() {
            complaints.push(format!("{}: not called after {id}", group.id));
        }
    }
    complaints
}

/// All run on the processor that the parameter names, arm64 unless somebody says otherwise.
pub(crate) fn run_on_arm64(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    let shared = &template.0["Globals"]["Function"];
    if shared["Architectures"][0]["Ref"] != "Architecture"
        || template.0["Parameters"]["Architecture"]["Default"] != "arm64"
    {
        complaints.push("the functions do not run on arm64 by default".to_owned());
    }
    if shared["Runtime"] != "provided.al2023" {
        complaints.push("the runtime is not provided.al2023".to_owned());
    }
    for function in template.functions() {
        for own in ["/Architectures", "/Runtime"] {
            if !function.resource.property(own).is_null() {
                complaints.push(format!("{}: has {own} of its own", function.resource.id));
            }
        }
    }
    complaints
}

/// The longest that an answer takes: every attempt times out, with the waits between them.
fn speaking() -> Duration {
    let attempts = u32::try_from(SPEAK_WAITS.len() + 1).unwrap();
    Timeouts::prompt().call * attempts + SPEAK_WAITS.iter().sum::<Duration>()
}

/// A function outlives its calls to AWS or LINE, so that it answers for what failed.
pub(crate) fn outlive_their_calls(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for function in template.functions() {
        let calls = function.variables().contains_key("LINE_API_BASE").then(|| ("LINE", speaking()));
        for (whom, patience) in calls.into_iter().chain([("AWS", CALL_TIMEOUT)]) {
            if Duration::from_secs(function.timeout()) <= patience {
                complaints.push(format!("{}: may be ended before a call to {whom} is given up", function.resource.id));
            }
        }
    }
    complaints
}
