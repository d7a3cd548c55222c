//! The oracle: LINE's own OpenAPI files, asked whether a request of ours is one that LINE describes.
//!
//! The files are no part of this project. `LINE_OPENAPI_DIR` names a folder that holds `messaging-api.yml` and
//! `channel-access-token.yml` of <https://github.com/line/line-openapi>; without it nothing is checked, and stderr says so.

mod schema;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

const DIR: &str = "LINE_OPENAPI_DIR";
const FILES: [&str; 2] = ["messaging-api.yml", "channel-access-token.yml"];
const RETRY_KEY: &str = "X-Line-Retry-Key";

/// A request as it left us, with the name of the host that it was meant for.
pub(crate) struct Sent {
    pub(crate) host: &'static str,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) content_type: Option<String>,
    pub(crate) has_retry_key: bool,
    pub(crate) body: Vec<u8>,
}

/// LINE's OpenAPI files.
pub(crate) struct Oracle(Vec<Value>);

impl Oracle {
    /// The oracle, if the environment says where the files are.
    #[expect(clippy::disallowed_methods, reason = "tests have no edge crate that reads the environment for them")]
    pub(crate) fn summon() -> Option<Self> {
        let Ok(dir) = std::env::var(DIR) else {
            eprintln!("{DIR} is not set: nothing is checked against LINE's OpenAPI files");
            return None;
        };
        Some(Self(FILES.map(|file| read(&Path::new(&dir).join(file))).to_vec()))
    }

    /// What is wrong with a request; empty if LINE describes such requests.
    pub(crate) fn errors(&self, sent: &Sent) -> Vec<String> {
        let Some((spec, path, operation)) = self.0.iter().find_map(|spec| operation(spec, sent)) else {
            return vec![format!("{} {} is no call of LINE's", sent.method, sent.path)];
        };
        let mut errors = Vec::new();
        let servers = [&operation["servers"], &path["servers"], &spec["servers"]];
        let server = servers.into_iter().find_map(|servers| servers[0]["url"].as_str()).unwrap_or_default();
        if server.trim_start_matches("https://") != sent.host {
            errors.push(format!("{} is served by {server}, not by {}", sent.path, sent.host));
        }
        parameters(spec, operation, sent, &mut errors);
        body(spec, operation, sent, &mut errors);
        errors
    }

    /// What is wrong with a value that should be one of LINE's messages.
    pub(crate) fn message_errors(&self, message: &Value) -> Vec<String> {
        schema::errors(&self.0[0], &self.0[0]["components"]["schemas"]["Message"], message)
    }
}

fn read(file: &Path) -> Value {
    let yaml = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_saphyr::from_str(&yaml).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The operation of a request: a path without parameters goes before one with.
fn operation<'a>(spec: &'a Value, sent: &Sent) -> Option<(&'a Value, &'a Value, &'a Value)> {
    let paths = spec["paths"].as_object()?;
    let mut matching: Vec<_> = paths.iter().filter(|(template, _)| is_of(template, &sent.path)).collect();
    matching.sort_by_key(|(template, _)| template.matches('{').count());
    let method = sent.method.to_lowercase();
    matching.into_iter().find_map(|(_, path)| path.get(&method).map(|operation| (spec, path, operation)))
}

fn is_of(template: &str, path: &str) -> bool {
    let (mut left, mut right) = (template.split('/'), path.split('/'));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(part), Some(segment)) if part == segment || (part.starts_with('{') && !segment.is_empty()) => {}
            _ => return false,
        }
    }
}

fn parameters(spec: &Value, operation: &Value, sent: &Sent, errors: &mut Vec<String>) {
    let known = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    let find = |place: &str, name: &str| known.iter().find(|known| known["in"] == place && known["name"] == name);
    if sent.has_retry_key && find("header", RETRY_KEY).is_none() {
        errors.push(format!("{} {} takes no retry key", sent.method, sent.path));
    }
    for (name, text) in &sent.query {
        match find("query", name) {
            None => errors.push(format!("{} has no parameter {name}", sent.path)),
            Some(parameter) => {
                let value = match parameter["schema"]["type"].as_str() {
                    Some("integer") => text.parse::<i64>().map_or(Value::Null, Value::from),
                    _ => Value::from(text.as_str()),
                };
                errors.extend(schema::errors(spec, &parameter["schema"], &value));
            }
        }
    }
    for parameter in known.iter().filter(|parameter| parameter["in"] == "query" && parameter["required"] == true) {
        if !sent.query.iter().any(|(name, _)| parameter["name"] == name.as_str()) {
            errors.push(format!("{} lacks the parameter {}", sent.path, parameter["name"]));
        }
    }
}

fn body(spec: &Value, operation: &Value, sent: &Sent, errors: &mut Vec<String>) {
    let Some(contents) = operation["requestBody"]["content"].as_object() else {
        if !sent.body.is_empty() {
            errors.push(format!("{} {} takes no body", sent.method, sent.path));
        }
        return;
    };
    let content_type = sent.content_type.as_deref().unwrap_or_default();
    let Some(content) = contents.get(content_type).or_else(|| contents.get("*/*")) else {
        errors.push(format!("{} {} takes no {content_type:?}", sent.method, sent.path));
        return;
    };
    match content_type {
        "application/json" => match serde_json::from_slice(&sent.body) {
            Ok(value) => errors.extend(schema::errors(spec, &content["schema"], &value)),
            Err(error) => errors.push(format!("the body is not JSON: {error}")),
        },
        "application/x-www-form-urlencoded" => {
            let form: BTreeMap<String, String> = form(&sent.body);
            let value = serde_json::to_value(form).unwrap();
            errors.extend(schema::errors(spec, &content["schema"], &value));
        }
        _ => {}
    }
}

fn form(body: &[u8]) -> BTreeMap<String, String> {
    let query = String::from_utf8_lossy(body);
    let url = reqwest::Url::parse(&format!("http://form/?{query}")).unwrap();
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}
