//! Rules for what the town keeps: the table, buckets, secrets.

use serde_json::{Value, json};

use crate::template::{OTHER_TABLE, Template, list, target};

/// The table has the keys that the code writes, forgets what has ended, and outlives the stack and a mistake.
pub(crate) fn the_table_is_safe(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for table in template.of_kind("AWS::DynamoDB::Table") {
        let mut wants = |what: &str, holds: bool| {
            if !holds {
                complaints.push(format!("{}: {what}", table.id));
            }
        };
        let keys = json!([{ "AttributeName": "PK", "KeyType": "HASH" }, { "AttributeName": "SK", "KeyType": "RANGE" }]);
        wants("its keys are not PK and SK", *table.property("/KeySchema") == keys);
        let life = table.property("/TimeToLiveSpecification");
        wants("does not forget by `expires`", *life == json!({ "AttributeName": "expires", "Enabled": true }));
        let recovery = table.property("/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled");
        wants("cannot be brought back to an earlier minute", *recovery == true);
        wants("may be deleted by a click", *table.property("/DeletionProtectionEnabled") == true);
        wants("goes with the stack", table.body["DeletionPolicy"] == "Retain");
        wants("goes when it is replaced", table.body["UpdateReplacePolicy"] == "Retain");
    }
    if template.of_kind("AWS::DynamoDB::Table").count() != 1 {
        complaints.push("there is not one table".to_owned());
    }
    complaints
}

/// The ARN of a table that is used in place of the stack's own.
const OTHER_ARN: &str = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableInUse}";

/// Functions, their roles and the output name the table by the parameter `TableInUse`, and roles allow both then: while the switch is
/// deployed, functions that still use the stack's own are not refused.
pub(crate) fn the_switch_reaches_everything(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for part in ["Resources", "Outputs"] {
        past_the_switch(&template.0[part], &format!("/{part}"), &mut complaints);
    }
    complaints
}

/// Complains of each place that names the stack's own table, whatever the parameter says.
fn past_the_switch(value: &Value, place: &str, complaints: &mut Vec<String>) {
    if value["Fn::If"][0] == OTHER_TABLE {
        if !switches(&value["Fn::If"][1], &value["Fn::If"][2]) {
            complaints.push(format!("another table is not used in {place}: {value}"));
        }
        return;
    }
    let in_text = |text: &str| text.contains("${Table}") || text.contains("${Table.");
    let text = value["Fn::Sub"].as_str().or_else(|| value["Fn::Sub"][0].as_str());
    if value["Ref"] == "Table" || value["Fn::GetAtt"][0] == "Table" || text.is_some_and(in_text) {
        complaints.push(format!("the stack's own table at {place}"));
    }
    for (name, inner) in value.as_object().into_iter().flatten() {
        past_the_switch(inner, &format!("{place}/{name}"), complaints);
    }
    for inner in value.as_array().into_iter().flatten() {
        past_the_switch(inner, place, complaints);
    }
}

/// Whether the first is about another table what the second is about the stack's own; of resources, in front of that.
fn switches(other: &Value, own: &Value) -> bool {
    if *own == json!({ "Ref": "Table" }) {
        return *other == json!({ "Ref": "TableInUse" });
    }
    let other_of = |own: &&Value| {
        if **own == json!({ "Fn::GetAtt": ["Table", "Arn"] }) {
            return json!({ "Fn::Sub": OTHER_ARN });
        }
        let rest = own["Fn::Sub"].as_str().and_then(|text| text.strip_prefix("${Table.Arn}"));
        rest.map_or(Value::Null, |rest| json!({ "Fn::Sub": format!("{OTHER_ARN}{rest}") }))
    };
    let own = list(own);
    let both: Vec<Value> = own.iter().map(other_of).chain(own.iter().map(|own| (*own).clone())).collect();
    *other == Value::Array(both)
}

/// What is deleted or overwritten in a closed bucket comes back for a week, and what was erased on purpose is gone after it; originals of
/// photos, with what stands in them, after a day.
pub(crate) fn what_was_deleted_comes_back_for_a_week(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for bucket in template.of_kind("AWS::S3::Bucket").filter(|bucket| bucket.id != OPEN) {
        if *bucket.property("/VersioningConfiguration/Status") != "Enabled" {
            complaints.push(format!("{}: what is deleted by mistake is gone at once", bucket.id));
        }
        let rules = list(bucket.property("/LifecycleConfiguration/Rules"));
        let forgets = |prefix: Value, days: u64| {
            rules.iter().any(|rule| {
                rule["Prefix"] == prefix
                    && rule["Status"] == "Enabled"
                    && rule["NoncurrentVersionExpiration"]["NoncurrentDays"] == days
            })
        };
        let clears = rules.iter().any(|rule| rule["Prefix"].is_null() && rule["ExpiredObjectDeleteMarker"] == true);
        if !forgets(Value::Null, 7) || !clears {
            complaints.push(format!("{}: keeps what was erased, or a trace of it", bucket.id));
        }
        if !forgets(json!("incoming/"), 1) {
            complaints.push(format!("{}: keeps originals of photos, with the places in them", bucket.id));
        }
    }
    complaints
}

/// The one bucket of which whoever has an object's address may fetch it: pictures that residents are shown.
const OPEN: &str = "Pictures";

/// Nothing in a bucket is public or goes over an open line, and it outlives the stack. Pictures can be fetched, and nothing else
/// be done with them by strangers.
pub(crate) fn buckets_are_closed(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for bucket in template.of_kind("AWS::S3::Bucket") {
        let blocks: &[&str] = if bucket.id == OPEN {
            &["BlockPublicAcls", "IgnorePublicAcls"]
        } else {
            &["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"]
        };
        let shown = ["pictures", "released"].map(|what| json!({ "Fn::Sub": format!("${{Pictures.Arn}}/{what}/*") }));
        if bucket.id == OPEN && allowed_to_strangers(template, bucket.id) != [json!(shown)] {
            complaints.push(format!("{}: open for more than fetching pictures", bucket.id));
        }
        for block in blocks {
            if *bucket.property(&format!("/PublicAccessBlockConfiguration/{block}")) != true {
                complaints.push(format!("{}: no {block}", bucket.id));
            }
        }
        if !refuses_plain_http(template, bucket.id) {
            complaints.push(format!("{}: served over plain HTTP", bucket.id));
        }
        if bucket.property("/BucketEncryption").is_null() {
            complaints.push(format!("{}: not encrypted", bucket.id));
        }
        if bucket.body["UpdateReplacePolicy"] != "Retain" || !keeps(&bucket.body["DeletionPolicy"]) {
            complaints.push(format!("{}: goes with the stack", bucket.id));
        }
    }
    complaints
}

/// What strangers may fetch from a bucket; another thing they may do stands there as itself.
fn allowed_to_strangers(template: &Template, bucket: &str) -> Vec<Value> {
    let policies =
        template.of_kind("AWS::S3::BucketPolicy").filter(|policy| target(policy.property("/Bucket")) == Some(bucket));
    let statements = policies.flat_map(|policy| list(policy.property("/PolicyDocument/Statement")));
    let allowed = statements.filter(|statement| statement["Effect"] == "Allow");
    allowed
        .map(
            |statement| {
                if statement["Action"] == "s3:GetObject" { statement["Resource"].clone() } else { statement.clone() }
            },
        )
        .collect()
}

fn keeps(deletion_policy: &Value) -> bool {
    deletion_policy == "Retain" || deletion_policy == "RetainExceptOnCreate"
}

fn refuses_plain_http(template: &Template, bucket: &str) -> bool {
    let policies =
        template.of_kind("AWS::S3::BucketPolicy").filter(|policy| target(policy.property("/Bucket")) == Some(bucket));
    let mut statements = policies.flat_map(|policy| list(policy.property("/PolicyDocument/Statement")));
    statements.any(|statement| {
        let covered = list(&statement["Resource"]);
        let whole = covered.iter().any(|resource| resource["Fn::GetAtt"] == json!([bucket, "Arn"]));
        let objects = covered.iter().any(|resource| resource["Fn::Sub"] == format!("${{{bucket}.Arn}}/*").as_str());
        statement["Effect"] == "Deny"
            && statement["Principal"] == "*"
            && statement["Action"] == "s3:*"
            && statement["Condition"]["Bool"]["aws:SecureTransport"] == "false"
            && whole
            && objects
    })
}

/// Secrets stand in Secrets Manager, filled in by hand, and nowhere in parameters or variables.
pub(crate) fn secrets_are_secret(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, _) in template.parameters() {
        let words = ["secret", "token", "password", "credential", "key"];
        if words.iter().any(|word| name.to_lowercase().contains(word)) {
            complaints.push(format!("the parameter {name} asks for a secret"));
        }
    }
    for function in template.functions() {
        for (name, value) in function.variables() {
            let (name_lower, text) = (name.to_lowercase(), value.to_string());
            let holds =
                ["secret", "token", "password"].iter().any(|word| name_lower.contains(word)) && !name.ends_with("_ID");
            if holds || text.contains("{{resolve:") || text.contains("SecretString") {
                complaints.push(format!("{}: {name} holds a secret, not its name", function.resource.id));
            }
        }
    }
    for secret in template.of_kind("AWS::SecretsManager::Secret") {
        let initial = secret.property("/SecretString").as_str().unwrap_or("{}");
        let fields: Value = serde_json::from_str(initial).unwrap_or(Value::Null);
        let to_be_filled = fields.as_object().is_some_and(|fields| fields.values().all(|field| field == "FILL_IN"));
        if !to_be_filled {
            complaints.push(format!("{}: the template holds its value", secret.id));
        }
        if secret.body["UpdateReplacePolicy"] != "Retain" || !keeps(&secret.body["DeletionPolicy"]) {
            complaints.push(format!("{}: goes with the stack", secret.id));
        }
    }
    complaints
}
