//! The guide in Japanese names only what the template has, so that whoever follows it in a hurry finds everything.

use std::collections::BTreeSet;

use crate::template::Template;

/// The pages that name something of the template.
const PAGES: &[(&str, &str)] = &[
    ("README.md", include_str!("../../infra/guide/README.md")),
    ("console.md", include_str!("../../infra/guide/console.md")),
    ("restore.md", include_str!("../../infra/guide/restore.md")),
    ("runbook.md", include_str!("../../infra/guide/runbook.md")),
];
/// How the guide begins the name of a function or queue, which bears the stack's.
const STACK: &str = "スタックの名前-";
/// What stands in a command before a logical id.
const LOGICAL_ID: &str = "--logical-resource-id ";
/// Words of AWS that the guide writes like an id of the template.
const FOREIGN: &[&str] = &["Events", "LimitExceededException", "MfaConfiguration", "PendingConfirmation"];

/// Functions and queues, by their names; parameters, resources and outputs, by their ids.
pub(crate) fn names_what_there_is(template: &Template) -> Vec<String> {
    let (names, ids) = (names(template), ids(template));
    let mut complaints = Vec::new();
    for (page, text) in PAGES {
        for name in after(text, STACK, |c| c.is_ascii_lowercase() || c == '-' || c == '.') {
            if !names.contains(name) {
                complaints.push(format!("{page}: there is no {STACK}{name}"));
            }
        }
        let alone = text.split('`').skip(1).step_by(2).filter(|word| is_like_an_id(word));
        for id in alone.chain(after(text, LOGICAL_ID, |c| c.is_ascii_alphanumeric())) {
            if !ids.contains(id) && !FOREIGN.contains(&id) {
                complaints.push(format!("{page}: there is no {id}"));
            }
        }
    }
    complaints
}

/// What follows a mark, wherever it stands, as far as the characters belong to it.
fn after<'a>(text: &'a str, mark: &'a str, belongs: fn(char) -> bool) -> impl Iterator<Item = &'a str> {
    text.split(mark).skip(1).map(move |rest| rest.split(|c: char| !belongs(c)).next().unwrap_or_default())
}

/// Whether a word is written as ids are: `TableName`, not `FILL_IN` or `town`.
fn is_like_an_id(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.contains(|c: char| c.is_ascii_lowercase())
        && word.chars().all(|c| c.is_ascii_alphanumeric())
}

/// What comes after the stack's name in those of its functions and queues.
fn names(template: &Template) -> BTreeSet<&str> {
    let named = template
        .resources()
        .flat_map(|resource| ["/FunctionName", "/QueueName"].map(|property| resource.property(property)));
    named.filter_map(|name| name["Fn::Sub"].as_str()?.strip_prefix("${AWS::StackName}-")).collect()
}

fn ids(template: &Template) -> BTreeSet<&str> {
    let parameters = template.parameters().map(|(id, _)| id);
    let resources = template.resources().map(|resource| resource.id);
    let outputs = template.0["Outputs"].as_object().into_iter().flatten().map(|(id, _)| id.as_str());
    parameters.chain(resources).chain(outputs).collect()
}
