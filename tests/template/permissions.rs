//! Rules for roles: each function has its own, and it allows exactly what the function's code calls.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::known::known;
use crate::template::{Function, Resource, Template, list, target, with_our_table};
use crate::watching::is_for_traces;

/// What Lambda does in a function's name with the queue that it works off.
const WORKING_OFF: &[&str] = &["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
/// What Lambda does in a function's name with its log group.
const LOGGING: &[&str] = &["logs:CreateLogStream", "logs:PutLogEvents"];

/// What changes or removes items that are there. `PutItem` does too, but nothing is written without it: see
/// `infra/decisions/audit-chain.md`.
const CHANGING: &[&str] = &["dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"];

/// Partitions of broadcasts.
const BROADCASTS: &[&str] = &["BROADCAST#*", "SENDING"];
/// Partitions of broadcasts, of the rules that write them, and of the sign that this was done. Rules write no emergency.
const RULES: &[&str] = &["BROADCAST#*", "REMINDERS", "HEARTBEATS"];

/// Partitions of photos of reports.
const PHOTOS: &[&str] = &["PHOTO#*"];

/// Partitions of reports themselves, without what leads to them.
const REPORTS: &[&str] = &["REPORT#*"];

/// Partitions of what other systems are told, and of where they are.
const RELAYED: &[&str] = &["REPORT#*", "HOOKS", "TOWN", "TOWN#*", "TOWN-JOURNAL#*"];

/// Partitions of what reports are found by, and go from when they are erased.
const FOUND_BY: &[&str] = &["CLOSED#*", "NEAR#*", "REPORTER#*", "RELEASED"];

/// Partitions of what residents and other systems write on the portal.
const FILED: &[&str] = &["RESIDENT-SESSION#*", "REPORT#*", "NEAR#*", "REPORTER#*", "PHOTO#*", "CLOSED#*", "RELEASED"];

/// Partitions of which the portal removes items: sessions that end, and what a report is found by no more.
const REMOVED: &[&str] = &["RESIDENT-SESSION#*", "NEAR#*", "REPORTER#*", "CLOSED#*", "RELEASED"];

/// What the portal reads: what everybody may see, and what it shows to those alone whose it is. Drafts, residents and staff are elsewhere,
/// and so is the list of all reports.
const SHOWN: &[&str] = &[
    "TOWN",
    "TOWN#*",
    "TOWN-JOURNAL#*",
    "BROADCASTS#sending",
    "BROADCASTS#done",
    "RELEASED",
    "API-KEYS",
    "RESIDENT-SESSION#*",
    "REPORT#*",
    "NEAR#*",
    "REPORTER#*",
    "PHOTO#*",
];
/// Actions that read.
const READING: &[&str] = &["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"];

/// Functions that are kept to what is their own: the actions that they may not do outside of these partitions.
const KEPT: &[(&str, &[&str], &[&str])] = &[
    ("janitor", &["dynamodb:DeleteItem"], FOUND_BY),
    ("notice", &["dynamodb:PutItem"], REPORTS),
    ("photo", &["dynamodb:BatchGetItem", "dynamodb:UpdateItem"], PHOTOS),
    ("planner", &["dynamodb:PutItem", "dynamodb:UpdateItem"], BROADCASTS),
    ("portal", &["dynamodb:PutItem", "dynamodb:UpdateItem"], FILED),
    ("portal", &["dynamodb:DeleteItem"], REMOVED),
    ("relay", &["dynamodb:GetItem", "dynamodb:Query"], RELAYED),
    ("reminder", &["dynamodb:PutItem"], RULES),
    (
        "sender",
        &["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
        BROADCASTS,
    ),
];

/// The function that anybody may ask and that reads the table.
const PORTAL: &str = "portal";

/// An action and the resource it is allowed on, written as in a `!Sub`.
type Permission = (String, String);

/// Each has a role of its own that only Lambda takes on, and the template spells out all that it allows.
pub(crate) fn are_each_functions_own(template: &Template) -> Vec<String> {
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
            if statement["Principal"] != serde_json::json!({ "Service": "lambda.amazonaws.com" }) {
                complaints.push(format!("{}: somebody else than Lambda may take it on", role.id));
            }
        }
    }
    for role in template.of_kind("AWS::IAM::Role") {
        let is_of_a_chat = template.resources().any(|one| target(one.property("/IamRoleArn")) == Some(role.id));
        if !taken.contains(role.id) && !is_of_a_chat {
            complaints.push(format!("{}: is the role of no function", role.id));
        }
    }
    for other in ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"] {
        let policies = template.of_kind(other).filter(|policy| !is_for_traces(*policy));
        complaints.extend(policies.map(|policy| format!("{}: stands outside of its role", policy.id)));
    }
    complaints
}

/// A role allows what the function's code calls and what Lambda does in its name: no action more, none less, on no more.
pub(crate) fn allow_exactly_what_is_called(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for function in template.functions() {
        let id = function.resource.id;
        let needed = needed(template, function);
        let mut allowed = BTreeSet::new();
        for statement in function.role().map(statements).unwrap_or_default() {
            match plain(statement).or_else(|| lists_a_folder(statement)) {
                Some(permissions) => allowed.extend(permissions),
                None if keeps_from_something(statement) => {}
                None => complaints.push(format!("{id}: more than an effect, actions and resources in {statement}")),
            }
        }
        let missing = needed.difference(&allowed);
        complaints.extend(missing.map(|(action, on)| format!("{id}: may not {action} on {on}")));
        let idle = allowed.difference(&needed);
        complaints.extend(idle.map(|(action, on)| format!("{id}: may {action} on {on}, and never does")));
    }
    complaints
}

/// What may change or remove items of the table may not do so in the audit log: exactly that is denied, nothing else.
pub(crate) fn leave_the_audit_log_as_it_is(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for function in template.functions() {
        let id = function.resource.id;
        let changing = |(action, _): &Permission| CHANGING.contains(&action.as_str());
        let changes: BTreeSet<Permission> = needed(template, function).into_iter().filter(changing).collect();
        let statements = function.role().map(statements).unwrap_or_default();
        let kept_elsewhere: BTreeSet<Permission> =
            statements.iter().copied().filter_map(keeps_to_its_own).flatten().collect();
        let denied: BTreeSet<Permission> = statements.into_iter().filter_map(keeps_the_audit_log).flatten().collect();
        let open = changes.difference(&denied).filter(|change| !kept_elsewhere.contains(*change));
        complaints.extend(open.map(|(action, on)| format!("{id}: may {action} the audit log in {on}")));
        let idle = denied.difference(&changes);
        complaints.extend(idle.map(|(action, on)| format!("{id}: is denied {action} on {on}, which it never does")));
    }
    complaints
}

/// What only sends touches no item that is not a broadcast's, what decodes photos none that is not a photo's, what tells reporters
/// changes reports alone, what tells other systems sees no more than that needs, and what erases removes nothing but what leads to a report.
pub(crate) fn keep_functions_to_their_own(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for function in template.functions() {
        let statements = function.role().map(statements).unwrap_or_default();
        let (name, table) = (function.name(), "${Table.Arn}".to_owned());
        let denied = |keeps: &dyn Fn(&Value) -> Option<Vec<Permission>>| -> BTreeSet<Permission> {
            statements.iter().copied().filter_map(keeps).flatten().collect()
        };
        let mut bounds = Vec::new();
        for (_, actions, partitions) in KEPT.iter().filter(|(kept, ..)| *kept == name) {
            let bound: BTreeSet<Permission> =
                actions.iter().map(|action| ((*action).to_owned(), table.clone())).collect();
            bounds.push((denied(&|statement| keeps_to(partitions, statement)), bound));
        }
        if bounds.is_empty() {
            bounds.push((denied(&keeps_to_its_own), BTreeSet::new()));
        }
        let odd = bounds.into_iter().filter(|(denied, bound)| denied != bound);
        complaints.extend(odd.map(|(denied, _)| format!("{}: is kept to its own in {denied:?}", function.resource.id)));
    }
    complaints
}

/// What anybody may ask reads of the table what it shows, and nothing else.
pub(crate) fn keep_the_portal_to_what_it_shows(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for function in template.functions() {
        let id = function.resource.id;
        let of_the_table = |(action, _): &Permission| function.name() == PORTAL && READING.contains(&action.as_str());
        let reads: BTreeSet<Permission> = needed(template, function).into_iter().filter(of_the_table).collect();
        let statements = function.role().map(statements).unwrap_or_default();
        let bounded: BTreeSet<Permission> =
            statements.into_iter().filter_map(keeps_to_what_is_shown).flatten().collect();
        let open = reads.difference(&bounded);
        complaints.extend(open.map(|(action, on)| format!("{id}: may {action} what is not to be shown in {on}")));
        if reads.is_empty() && !bounded.is_empty() {
            complaints.push(format!("{id}: is kept from what is not to be shown, and is not the portal"));
        }
    }
    complaints
}

/// What is asked for is itself narrow: single actions, on resources of this template that exist.
pub(crate) fn are_narrow(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for function in template.functions() {
        for (action, on) in needed(template, function) {
            let exists = target(&serde_json::json!({ "Fn::Sub": on }))
                .is_some_and(|target| template.resources().any(|one| one.id == target));
            if action.contains('*') || !exists {
                complaints
                    .push(format!("{}: {action} on {on} is no single action on a thing of ours", function.resource.id));
            }
        }
    }
    complaints
}

fn needed(template: &Template, function: Function<'_>) -> BTreeSet<Permission> {
    let queues = function.mappings().map(|mapping| (written(&mapping["Queue"]), WORKING_OFF));
    let group = template.named_by(function.resource.property("/LoggingConfig/LogGroup"), "AWS::Logs::LogGroup");
    let logs = group.map(|group| (format!("${{{}.Arn}}", group.id), LOGGING));
    let calls = known(function).map(|known| known.calls).unwrap_or_default();
    let calls = calls.iter().map(|(on, actions)| ((*on).to_owned(), *actions));
    let all = calls.chain(queues).chain(logs);
    all.flat_map(|(on, actions)| actions.iter().map(move |action| ((*action).to_owned(), on.clone()))).collect()
}

/// The statements of a role. One that is only there under a condition (`!If [It, statement, !Ref AWS::NoValue]`) counts
/// as there, like the resource that it is about.
fn statements(role: Resource<'_>) -> Vec<&Value> {
    let policies = list(role.property("/Policies"));
    policies.into_iter().flat_map(|policy| list(&policy["PolicyDocument"]["Statement"])).map(at_most).collect()
}

fn at_most(statement: &Value) -> &Value {
    match list(&statement["Fn::If"])[..] {
        [_, there, nothing] if nothing["Ref"] == "AWS::NoValue" => there,
        _ => statement,
    }
}

/// The permissions of a statement that allows actions on resources and says nothing else: neither `NotAction`, which
/// would allow more than is written, nor a `Condition`, which might allow less.
fn plain(statement: &Value) -> Option<Vec<Permission>> {
    if keys(statement) != BTreeSet::from(["Action", "Effect", "Resource"]) || statement["Effect"] != "Allow" {
        return None;
    }
    permissions(statement)
}

/// That a folder of a bucket may be listed, as a permission on that folder, if a statement says exactly that.
fn lists_a_folder(statement: &Value) -> Option<Vec<Permission>> {
    let (bucket, prefix) = (&statement["Resource"], &statement["Condition"]["StringLike"]["s3:prefix"]);
    let whole = json!({
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": bucket,
        "Condition": { "StringLike": { "s3:prefix": prefix } },
    });
    let folder = prefix.as_str().filter(|prefix| *statement == whole && prefix.ends_with("/*"))?;
    Some(vec![("s3:ListBucket".to_owned(), format!("{}/{folder}", written(bucket)))])
}

/// Whether a statement has one of the forms that keep a function from something.
fn keeps_from_something(statement: &Value) -> bool {
    let bounds = [keeps_the_audit_log, keeps_to_what_is_shown, keeps_to_its_own];
    bounds.iter().any(|bound| bound(statement).is_some())
}

/// What a statement denies in the partitions of the audit log, if it is exactly such a one.
fn keeps_the_audit_log(statement: &Value) -> Option<Vec<Permission>> {
    let of_the_log = json!({ "ForAnyValue:StringLike": { "dynamodb:LeadingKeys": ["AUDIT", "AUDIT#*"] } });
    let has_its_form = keys(statement) == BTreeSet::from(["Action", "Condition", "Effect", "Resource"])
        && statement["Effect"] == "Deny"
        && statement["Condition"] == of_the_log;
    if has_its_form { permissions(statement) } else { None }
}

/// What a statement denies on everything that the portal does not show, if it is exactly such a one.
fn keeps_to_what_is_shown(statement: &Value) -> Option<Vec<Permission>> {
    keeps_to(SHOWN, statement)
}

/// What a statement denies on everything but some function's own items, if it is exactly such a one.
fn keeps_to_its_own(statement: &Value) -> Option<Vec<Permission>> {
    let own = [BROADCASTS, RULES, PHOTOS, REPORTS, RELAYED, FOUND_BY, FILED, REMOVED];
    own.into_iter().find_map(|partitions| keeps_to(partitions, statement))
}

/// What a statement denies outside of these partitions.
fn keeps_to(partitions: &[&str], statement: &Value) -> Option<Vec<Permission>> {
    let elsewhere = json!({ "ForAnyValue:StringNotLike": { "dynamodb:LeadingKeys": partitions } });
    let has_its_form = keys(statement) == BTreeSet::from(["Action", "Condition", "Effect", "Resource"])
        && statement["Effect"] == "Deny"
        && statement["Condition"] == elsewhere;
    if has_its_form { permissions(statement) } else { None }
}

fn keys(statement: &Value) -> BTreeSet<&str> {
    statement.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect()
}

fn permissions(statement: &Value) -> Option<Vec<Permission>> {
    let resources: Vec<String> = list(with_our_table(&statement["Resource"])).into_iter().map(written).collect();
    let actions = list(&statement["Action"]).into_iter().map(|action| action.as_str().map(str::to_owned));
    let actions: Vec<String> = actions.collect::<Option<_>>()?;
    let each = |action: String| resources.iter().map(move |on| (action.clone(), on.clone()));
    Some(actions.into_iter().flat_map(each).collect())
}

/// A resource as it is written in a `!Sub`: `!GetAtt Table.Arn` is `${Table.Arn}`.
fn written(resource: &Value) -> String {
    if let Some(name) = resource["Ref"].as_str() {
        return format!("${{{name}}}");
    }
    if let (Some(name), Some(attribute)) = (resource["Fn::GetAtt"][0].as_str(), resource["Fn::GetAtt"][1].as_str()) {
        return format!("${{{name}.{attribute}}}");
    }
    let text = resource["Fn::Sub"].as_str().or_else(|| resource.as_str());
    text.map_or_else(|| resource.to_string(), str::to_owned)
}
