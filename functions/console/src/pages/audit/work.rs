//! States of the staff's own work (broadcasts, templates, audiences) in words. What was cut off in the log is shown as it stands there.

use std::collections::BTreeMap;

use domain::broadcast::audience::Audience;
use domain::broadcast::content::Content;
use domain::broadcast::{Earnest, Lane, Origin, Remark, State, When};
use domain::ids::StaffId;
use domain::staff::Roster;
use domain::town::Town;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::kit;
use crate::pages::broadcasts::content_lines;
use crate::pages::people::actor::staff_name;
use crate::words::audience::{Names, sentence};
use crate::words::audit as words;
use crate::words::broadcasts as broadcast_words;

/// The kinds of which this knows the fields.
pub(super) const KINDS: [&str; 3] = ["broadcast", "template", "audience"];

/// A field in words; `None` where it is not known, or not what it was.
pub(super) fn readable(key: &str, value: &Value, town: &Town, roster: &Roster) -> Option<String> {
    match key {
        "state" => read::<State>(value).map(|known| state(&known)),
        "content" => read::<Content>(value).map(|known| content_lines(&known)),
        "audience" => {
            let names = Names { town, broadcasts: &BTreeMap::new() };
            read::<Audience>(value).map(|known| sentence(&known, &names))
        }
        "lane" => read::<Lane>(value).map(|known| broadcast_words::lane(known).to_owned()),
        "earnest" => read::<Earnest>(value).map(|known| words::earnest(known).to_owned()),
        "origin" => read::<Origin>(value).map(|known| words::origin(&known)),
        "when" => read::<When>(value).map(|known| match known {
            When::AtOnce => broadcast_words::AT_ONCE.to_owned(),
            When::At(at) => kit::moment_text(at),
        }),
        "remarks" => read::<Vec<Remark>>(value).map(|known| {
            let lines = known.iter().map(|remark| words::pair(staff_name(roster, &remark.by), &remark.text));
            lines.collect::<Vec<_>>().join("\n")
        }),
        "approval" => value.get("by").and_then(read::<StaffId>).map(|by| staff_name(roster, &by).to_owned()),
        "author" => read::<StaffId>(value).map(|by| staff_name(roster, &by).to_owned()),
        "saved_at" => read::<Timestamp>(value).map(kit::moment_text),
        _ => None,
    }
}

/// Where a broadcast stands, and what was fixed with that: when it goes, to how many, and the hashes of what goes.
fn state(state: &State) -> String {
    let mut lines = vec![broadcast_words::state(state).to_owned()];
    if let State::Approved { release_at, .. } = state {
        lines.push(words::pair(broadcast_words::TIME, &kit::moment_text(*release_at)));
    }
    if let State::AwaitingApproval { reach, .. } | State::Approved { reach, .. } | State::Sending { reach, .. } = state
    {
        lines.push(words::pair(broadcast_words::REACHES, &kit::count(reach.reached)));
    }
    if let State::Approved { plan, .. } = state {
        lines.extend(plan.variants.iter().map(|variant| words::variant(variant.language, &variant.digest)));
    }
    lines.join("\n")
}

fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}
