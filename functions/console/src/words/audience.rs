//! An audience as a Japanese sentence that can be read in one way only: 「本町・緑町に住み、「子育て」を受け取る人」.
//!
//! Conditions that all hold stand one after the other, in the form that goes on (住み) and at last in the one before a noun
//! (受け取る). What is put together and stands in something else is put in 〔brackets〕; what is left out in （…をのぞく）.

pub mod form;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeMap;

use domain::broadcast::audience::Audience;
use domain::garbage::reminder::Side;
use domain::ids::{AreaId, BroadcastId, CategoryId};
use domain::town::Town;

use super::residents::language;
use crate::kit::written;

/// Everybody.
const EVERYBODY: &str = "すべての友だち";
/// Nothing is chosen yet.
const NOTHING: &str = "（未選択）";

/// Where the names in a sentence come from.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// Districts, areas and topics.
    pub town: &'a Town,
    /// The titles of earlier broadcasts.
    pub broadcasts: &'a BTreeMap<BroadcastId, String>,
}

/// What a condition says of a person, in the two forms that a sentence needs.
struct Verb {
    /// 住み
    going_on: String,
    /// 住む
    before_noun: String,
}

/// An audience as a sentence, without a full stop: the people who are in it.
#[must_use]
pub fn sentence(audience: &Audience, names: &Names<'_>) -> String {
    match audience {
        Audience::And(_) | Audience::Not(_) => all_of(audience, names),
        Audience::Or(_) => {
            let mut members = Vec::new();
            alternatives(audience, &mut members);
            match members.as_slice() {
                [] => NOTHING.to_owned(),
                [only] => sentence(only, names),
                members => {
                    let people: Vec<String> = members.iter().map(|member| part(member, names)).collect();
                    people.join("、または")
                }
            }
        }
        Audience::All => EVERYBODY.to_owned(),
        Audience::Districts(_)
        | Audience::Areas(_)
        | Audience::TopicsAny(_)
        | Audience::TopicsAll(_)
        | Audience::ChildAge { .. }
        | Audience::DateIn { .. }
        | Audience::GarbageDay { .. }
        | Audience::GarbageReminded { .. }
        | Audience::Languages(_)
        | Audience::JoinedSince(_)
        | Audience::NotReceived(_)
        | Audience::UnclearIn(_) => format!("{}人", verb(audience, names).before_noun),
    }
}

/// 「Aし、Bする人（Cする人をのぞく）」.
fn all_of(audience: &Audience, names: &Names<'_>) -> String {
    let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
    conjuncts(audience, &mut wanted, &mut unwanted);
    let people = match (wanted.as_slice(), unwanted.as_slice()) {
        ([], _) => EVERYBODY.to_owned(),
        ([only], []) => return sentence(only, names),
        ([before @ .., last], _) => {
            let mut said: Vec<String> = before.iter().map(|member| verb(member, names).going_on).collect();
            said.push(verb(last, names).before_noun);
            format!("{}人", said.join("、"))
        }
    };
    let without: Vec<String> = unwanted.iter().map(|member| format!("{}をのぞ", part(member, names))).collect();
    if without.is_empty() { people } else { format!("{people}（{}く）", without.join("き、")) }
}

/// What must hold and what must not, whatever "and" or double "not" it lies in. That everybody is meant says nothing more.
fn conjuncts<'a>(audience: &'a Audience, wanted: &mut Vec<&'a Audience>, unwanted: &mut Vec<&'a Audience>) {
    match audience {
        Audience::And(members) => members.iter().for_each(|member| conjuncts(member, wanted, unwanted)),
        Audience::Not(inner) => match inner.as_ref() {
            Audience::Not(twice) => conjuncts(twice, wanted, unwanted),
            inner => unwanted.push(inner),
        },
        Audience::All => {}
        other => wanted.push(other),
    }
}

/// The members of an "or", whatever "or" they lie in.
fn alternatives<'a>(audience: &'a Audience, members: &mut Vec<&'a Audience>) {
    match audience {
        Audience::Or(inner) => inner.iter().for_each(|inner| alternatives(inner, members)),
        other => members.push(other),
    }
}

/// The people of a condition as a part of a longer sentence: in brackets, if there is more than one condition.
fn part(audience: &Audience, names: &Names<'_>) -> String {
    let said = sentence(audience, names);
    if is_single(audience) { said } else { format!("〔{said}〕") }
}

fn is_single(audience: &Audience) -> bool {
    match audience {
        Audience::And(members) | Audience::Or(members) if members.len() == 1 => is_single(&members[0]),
        Audience::And(_) | Audience::Or(_) | Audience::Not(_) => false,
        Audience::All
        | Audience::Districts(_)
        | Audience::Areas(_)
        | Audience::TopicsAny(_)
        | Audience::TopicsAll(_)
        | Audience::ChildAge { .. }
        | Audience::DateIn { .. }
        | Audience::GarbageDay { .. }
        | Audience::GarbageReminded { .. }
        | Audience::Languages(_)
        | Audience::JoinedSince(_)
        | Audience::NotReceived(_)
        | Audience::UnclearIn(_) => true,
    }
}

fn verb(audience: &Audience, names: &Names<'_>) -> Verb {
    let Names { town, broadcasts } = names;
    let forms = |object: String, going_on: &str, before_noun: &str| Verb {
        going_on: format!("{object}{going_on}"),
        before_noun: format!("{object}{before_noun}"),
    };
    let title = |id: &BroadcastId| quoted(broadcasts.get(id).map_or(id.as_str(), String::as_str));
    match audience {
        Audience::Districts(ids) => {
            let name = |id| town.district(id).map(|district| district.name.clone());
            forms(listed(ids.iter().map(|id| name(id).unwrap_or_else(|| gone(id.as_str())))), "に住み", "に住む")
        }
        Audience::Areas(ids) => {
            let name = |id| town.areas.get(id).map(|area| area.name.clone());
            let areas = listed(ids.iter().map(|id| name(id).unwrap_or_else(|| gone(id.as_str()))));
            forms(format!("収集区域が{areas}"), "で", "の")
        }
        Audience::TopicsAny(ids) => {
            forms(topics(ids.iter().map(|id| topic(id, town)), "のどれか"), "を受け取り", "を受け取る")
        }
        Audience::TopicsAll(ids) => {
            forms(topics(ids.iter().map(|id| topic(id, town)), "のすべて"), "を受け取り", "を受け取る")
        }
        Audience::ChildAge { from_months, to_months } => {
            forms(format!("{}の子が", ages(*from_months, *to_months)), "いて", "いる")
        }
        Audience::DateIn { kind, month } => {
            let of = format!("{}年{}月", month.year(), month.month());
            if kind.is_child() {
                forms(format!("{of}生まれの子が"), "いて", "いる")
            } else {
                let name = town.date_kind(kind).map_or_else(|| gone(kind.as_str()), |kind| kind.name.ja.clone());
                forms(format!("{}に{of}を", quoted(&name)), "登録しており", "登録している")
            }
        }
        Audience::GarbageDay { day, slot } => {
            let side = match slot.side {
                Side::Evening => "前の日",
                Side::Morning => "当日",
            };
            let when = format!("{}の{side}{}:{:02}", written(*day), slot.at.hour(), slot.at.minute());
            forms(format!("{when}に、ごみの日のお知らせ"), "を受け取り", "を受け取る")
        }
        Audience::GarbageReminded { areas, categories } => {
            let area = |id| town.areas.get(id).map_or_else(|| gone(AreaId::as_str(id)), |area| area.name.clone());
            let category = |id| {
                town.category(id).map_or_else(|| gone(CategoryId::as_str(id)), |category| category.name.ja.clone())
            };
            let place = match areas.len() {
                0 => String::new(),
                _ => format!("収集区域が{}で、", listed(areas.iter().map(area))),
            };
            let what = match categories.len() {
                0 => "ごみの日".to_owned(),
                _ => listed(categories.iter().map(category)),
            };
            forms(format!("{place}{what}のお知らせ"), "を受け取り", "を受け取る")
        }
        Audience::Languages(languages) => {
            forms(format!("ことばが{}", listed(languages.iter().map(|it| language(*it).to_owned()))), "で", "の")
        }
        Audience::JoinedSince(day) => forms(format!("{}以降に友だちに", written(*day)), "なり", "なった"),
        Audience::NotReceived(id) => forms(format!("配信{}が", title(id)), "届いておらず", "届いていない"),
        Audience::UnclearIn(id) => forms(format!("配信{}が届いたかどうか", title(id)), "わからず", "わからない"),
        Audience::All | Audience::And(_) | Audience::Or(_) | Audience::Not(_) => {
            forms(format!("〔{}〕に", sentence(audience, names)), "当てはまり", "当てはまる")
        }
    }
}

/// 本町・緑町.
fn listed(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    if names.is_empty() { NOTHING.to_owned() } else { names.join("・") }
}

/// 「子育て」, or 「子育て」「ごみ」のどれか.
fn topics(names: impl Iterator<Item = String>, of_several: &str) -> String {
    let names: Vec<String> = names.map(|name| quoted(&name)).collect();
    match names.as_slice() {
        [] => NOTHING.to_owned(),
        [only] => only.clone(),
        _ => format!("{}{of_several}", names.concat()),
    }
}

fn topic(id: &domain::ids::TopicId, town: &Town) -> String {
    town.topic(id).map_or_else(|| gone(id.as_str()), |topic| topic.name.ja.clone())
}

fn quoted(name: &str) -> String {
    format!("「{name}」")
}

/// Something that the town has given up.
fn gone(id: &str) -> String {
    format!("{id}（いまはありません）")
}

/// 2歳から3歳 where whole years are meant, else 4か月から1歳6か月.
fn ages(from: u16, to: u16) -> String {
    let is_years = from.is_multiple_of(12) && to % 12 == 11;
    let (first, last) =
        if is_years { (format!("{}歳", from / 12), format!("{}歳", to / 12)) } else { (age(from), age(to)) };
    if first == last { first } else { format!("{first}から{last}") }
}

fn age(months: u16) -> String {
    match (months / 12, months % 12) {
        (0, months) => format!("{months}か月"),
        (years, months) => format!("{years}歳{months}か月"),
    }
}
