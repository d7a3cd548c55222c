//! `services`: the kinds of reports, and what is asked about each.

use domain::report::kind::{Question, ReportKind};
use http::StatusCode;

use super::Refused;
use super::node::Node;
use crate::public::Look;

/// Those that are taken at the moment.
pub(super) fn services(look: &Look<'_>) -> Node {
    let open = look.town.report_kinds.iter().filter(|kind| kind.closed.ja.is_empty());
    Node::List("services", open.map(|kind| service_of(look, kind)).collect())
}

fn service_of(look: &Look<'_>, kind: &ReportKind) -> Node {
    let department = look.town.departments.get(&kind.department).map_or("", |department| department.name.as_str());
    Node::Record(
        "service",
        vec![
            ("service_code", kind.id.as_str().into()),
            ("service_name", kind.name.in_language(look.language).into()),
            ("description", Node::text(kind.description.in_language(look.language))),
            ("metadata", Node::flag(!kind.questions.is_empty())),
            ("type", "realtime".into()),
            ("keywords", Node::Null),
            ("group", Node::text(department)),
        ],
    )
}

/// What is asked about one; also about one that is closed, of which there are requests.
pub(super) fn service(look: &Look<'_>, code: &str) -> Result<Node, Refused> {
    let kind = code.parse().ok().and_then(|id| look.town.report_kind(&id));
    let kind = kind.ok_or_else(|| Refused::new(StatusCode::NOT_FOUND, "service_code was not found."))?;
    let attributes = kind.questions.iter().zip(1_u16..).map(|(question, order)| attribute(look, question, order));
    Ok(Node::Record(
        "service_definition",
        vec![("service_code", kind.id.as_str().into()), ("attributes", Node::List("attributes", attributes.collect()))],
    ))
}

fn attribute(look: &Look<'_>, question: &Question, order: u16) -> Node {
    // As the town's data says it in Japanese: so an answer is kept.
    let value = |choice: &str, name: &str| Node::Record("value", vec![("key", choice.into()), ("name", name.into())]);
    let values = question.choices.iter().map(|choice| value(&choice.ja, choice.in_language(look.language)));
    let datatype = if question.choices.is_empty() { "string" } else { "singlevaluelist" };
    Node::Record(
        "attribute",
        vec![
            ("variable", Node::flag(true)),
            ("code", question.id.as_str().into()),
            ("datatype", datatype.into()),
            // Other systems may not have the answer.
            ("required", Node::flag(false)),
            ("datatype_description", Node::Null),
            ("order", order.into()),
            ("description", question.question.in_language(look.language).into()),
            ("values", Node::List("values", values.collect())),
        ],
    )
}
