//! `discovery`: what there is, for programs that find their way by themselves (<https://wiki.open311.org/Service_Discovery>).

use super::PATH;
use super::node::Node;
use crate::feed::second;
use crate::public::Look;
use crate::words::public::key_service;

pub(super) fn discovery(look: &Look<'_>) -> Node {
    let profile = &look.town.profile;
    let contact: Vec<&str> = [&profile.name, &profile.phone, &profile.website].map(String::as_str).to_vec();
    let contact: Vec<&str> = contact.into_iter().filter(|part| !part.is_empty()).collect();
    // The services are the town's data.
    let changeset = second(look.town.revised);
    let endpoint = vec![
        ("specification", "http://wiki.open311.org/GeoReport_v2".into()),
        ("url", format!("{}{PATH}", look.origin).into()),
        ("changeset", changeset.clone().into()),
        ("type", "production".into()),
        ("formats", Node::Texts("format", vec!["text/xml", "application/json"])),
    ];
    Node::Record(
        "discovery",
        vec![
            ("changeset", changeset.into()),
            ("contact", contact.join(" ").into()),
            ("key_service", key_service(&profile.name, &profile.phone).into()),
            ("endpoints", Node::List("endpoints", vec![Node::Record("endpoint", endpoint)])),
        ],
    )
}
