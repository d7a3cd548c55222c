//! Rules for functions: each is a crate, is told what it reads, and has a log of its own. What it may do: `permissions.rs`.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use app::inbox::SPEAK_WAITS;
use aws::clients::{CALL_TIMEOUT, OBJECT_TIMEOUT};
use line::config::Timeouts;
use serde_json::json;

use crate::known::{Known, known};
use crate::queues::dead_letters;
use crate::sending;
use crate::template::Template;

const CRATE_BUILD: &str = "rust-cargolambda";

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
    let mut complaints = Vec::new();
    for function in template.functions() {
        let id = function.resource.id;
        let Some(Known { reads, .. }) = known(function) else {
            complaints.push(format!("{id}: the tests do not know it (known.rs)"));
            continue;
        };
        let given = function.variables();
        complaints.extend(
            reads.iter().filter(|name| !given.contains_key(**name)).map(|name| format!("{id}: {name} is missing")),
        );
        for (name, value) in given {
            if !reads.contains(&name) {
                complaints.push(format!("{id}: nobody reads {name}"));
            } else if !is_called_after(template, name, value) {
                complaints.push(format!("{id}: {name} is {value}"));
            }
        }
    }
    complaints
}

/// `INBOX_QUEUE_URL` is the queue that `inbox` works off, `INBOX_DEAD_LETTERS_URL` the dead-letter queue of that one,
/// `LINE_SECRET_ID` a secret, `LINE_API_BASE` a parameter, `STAFF_ISSUER` the stack's own user pool or a parameter.
fn is_called_after(template: &Template, name: &str, value: &serde_json::Value) -> bool {
    let reference = value["Ref"].as_str();
    if let Some(known) = sending::is_called_after(name, value) {
        return known;
    }
    let queue_of = |consumer: &str| {
        let consumer = consumer.to_lowercase().replace('_', "-");
        template.consumed().find(|(function, _, _)| function.name() == consumer).map(|(_, _, queue)| queue)
    };
    if let Some(consumer) = name.strip_suffix("_QUEUE_URL") {
        return reference.is_some() && queue_of(consumer).map(|queue| queue.id) == reference;
    }
    if let Some(consumer) = name.strip_suffix("_DEAD_LETTERS_URL") {
        let dead = queue_of(consumer).and_then(|queue| dead_letters(template, queue));
        return reference.is_some() && dead.map(|queue| queue.id) == reference;
    }
    // There may be none where a condition says so; then the variable is empty.
    let if_there = if value["Fn::If"][2] == "" { &value["Fn::If"][1] } else { value };
    if name.ends_with("_SECRET_ID") {
        return template.named_by(if_there, "AWS::SecretsManager::Secret").is_some();
    }
    let either =
        |own: serde_json::Value, other: &str| *value == json!({ "Fn::If": ["OwnStaffPool", own, { "Ref": other }] });
    match name {
        "STAFF_ISSUER" => {
            let pool = "https://cognito-idp.${AWS::Region}.amazonaws.com/${StaffPool}";
            either(json!({ "Fn::Sub": pool }), "StaffIssuer")
        }
        "STAFF_CLIENT_ID" => either(json!({ "Ref": "StaffPoolClient" }), "StaffClientId"),
        "STAFF_POOL_ID" => template.named_by(if_there, "AWS::Cognito::UserPool").is_some(),
        "STAFF_EMAIL_TRUST" => value["Ref"] == "StaffEmailTrust",
        "STAFF_DISCOVERY" => {
            let here = "${StaffPoolBase}/${StaffPool}/.well-known/openid-configuration";
            *value == json!({ "Fn::If": ["PoolIsSimulated", { "Fn::Sub": here }, ""] })
        }
        "CONSOLE_ADDRESS" => value["Ref"] == "ConsoleAddress",
        "MAP_TILES" => value["Ref"] == "MapTiles",
        "LIFF_ID" => value["Ref"] == "LiffId",
        "LIFF_SCRIPT" => value["Ref"] == "LiffScript",
        "HOOKS_LOCAL" => value["Ref"] == "HooksLocal",
        "TABLE_NAME" => *value == json!({ "Fn::If": ["OtherTable", { "Ref": "TableInUse" }, { "Ref": "Table" }] }),
        "LINE_API_BASE" => value["Ref"] == "LineApiBase",
        "LINE_DATA_BASE" => value["Ref"] == "LineDataBase",
        "PICTURES_BUCKET" => value["Ref"] == "Pictures",
        "PICTURES_BASE" => {
            let there = "https://${Pictures}.s3.${AWS::Region}.${AWS::URLSuffix}";
            let here = json!({ "Fn::Sub": "${PicturesBase}/${Pictures}" });
            *value == json!({ "Fn::If": ["PicturesAreSimulated", here, { "Fn::Sub": there }] })
        }
        "MEDIA_BUCKET" => value["Ref"].is_string() && template.named_by(value, "AWS::S3::Bucket").is_some(),
        _ => false,
    }
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
        let photo = (function.name() == "photo").then(|| ("the bucket", Timeouts::files().file + 2 * OBJECT_TIMEOUT));
        for (whom, patience) in calls.into_iter().chain(photo).chain([("AWS", CALL_TIMEOUT)]) {
            if Duration::from_secs(function.timeout()) <= patience {
                complaints.push(format!("{}: may be ended before a call to {whom} is given up", function.resource.id));
            }
        }
    }
    complaints
}
