//! What becomes of a table that was restored from a backup: compared with the one that is in use, and given what must not go back in
//! time with it (`infra/decisions/restoring.md`).
//!
//! Both read all items of a table, page by page, and keep sums or one page of them. A restored table says so itself:
//!
//! | what | `PK` | `SK` |
//! | --- | --- | --- |
//! | from which table it was restored | `RESTORED` | `RESTORED` |

use std::collections::BTreeMap;

use app::error::{Error, Kind};
use app::ports::checkup::Heartbeats as _;
use app::ports::staff::Written;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::ids::ResidentId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::checkup::TableCheckups;
use crate::conversations::merge_residents;
use crate::reports::found_by_steps;
use crate::table::{Condition, Entity, Item, Key, STEPS_MAX, Step, Table, Updated, Write, decode, encode};

pub use crate::table::{Backup, Stands};

const COMPARING: &str = "compare tables";
const CARRYING: &str = "carry items into a restored table";
const NOTING: &str = "note from where a table was restored";

/// Where a restored table says from where it is.
const RESTORED: &str = "RESTORED";

/// Where broadcasts stand that are being sent (`GSI1PK`).
const UNDER_WAY: &str = "BROADCASTS#sending";

#[derive(Serialize, Deserialize)]
struct OriginItem {
    from: String,
    noted: Timestamp,
}

impl Entity for OriginItem {
    const KIND: &'static str = "restored";
    const V: u64 = 1;
}

/// Notes in a restored table from which one it is, so that nobody takes the one in use for it.
pub async fn note_origin(table: &Table, from: &str, now: Timestamp) -> Result<(), Error> {
    let origin = OriginItem { from: from.to_owned(), noted: now };
    let item = encode(NOTING, &Key::new(RESTORED, RESTORED), &origin)?;
    table.put_or_show(NOTING, Write { item, condition: Condition::None }).await.map(|_| ())
}

/// The table from which one was restored, as it says itself.
pub async fn origin(table: &Table, now: Timestamp) -> Result<Option<String>, Error> {
    let item = table.get(NOTING, &Key::new(RESTORED, RESTORED)).await?;
    Ok(decode::<OriginItem>(NOTING, item, now)?.map(|origin| origin.from))
}

/// When a function that runs every minute last gave a sign of life in a table: it does so every five minutes in the one in use alone.
/// `None` if none ever has.
pub async fn last_in_use(table: &Table) -> Result<Option<Timestamp>, Error> {
    let beats = TableCheckups::new(table.clone()).all().await?;
    Ok(beats.into_iter().map(|beat| beat.at).max())
}

/// What is in a table, by kind: the partition key up to its first `#`, but residents by their 256 partitions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Survey(pub BTreeMap<String, Tally>);

/// How many items there are, and a sum over what is in them, in which their order plays no part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many.
    pub items: u64,
    sum: u128,
}

/// Counts all items of a table that have not expired, but for what it says of its own origin.
pub async fn survey(table: &Table, now: Timestamp) -> Result<Survey, Error> {
    let mut survey = Survey::default();
    let mut after = None;
    // Bounded by the table: each page begins where the last one ended.
    loop {
        let (items, next) = table.some_of_all(COMPARING, after).await?;
        for item in items.iter().filter(|item| !has_expired(item, now) && partition(item) != RESTORED) {
            let tally = survey.0.entry(kind(item)).or_default();
            tally.items += 1;
            tally.sum = tally.sum.wrapping_add(digest(item));
        }
        if next.is_none() {
            return Ok(survey);
        }
        after = next;
    }
}

/// Whether the restored table is in use yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// Nobody writes it but us: what was written to the other one since is right.
    Ahead,
    /// It is in use, and nobody writes the other one any more: what was written to it since is right.
    Done,
}

/// What may be carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// What was said and sent: handled events, broadcasts with their ledgers. It happened, whatever a table says.
    Said,
    /// Residents with their settings, conversations, questions.
    Residents,
    /// Damage reports and their photos. By what a report is found, and what everybody sees of it, is written anew with it.
    Reports,
}

impl Group {
    /// What this item belongs to; `None` for what goes back in time: the town's data, staff, templates, rules, the audit log.
    fn of(item: &Item) -> Option<Self> {
        match family(partition(item)) {
            "EVENT" | "BROADCAST" | "SENDING" => Some(Self::Said),
            "RESIDENT" | "CHAT" | "QUESTION" | "UNFOLLOWS" => Some(Self::Residents),
            "REPORT" | "PHOTO" => Some(Self::Reports),
            _ => None,
        }
    }
}

/// What was carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Carried {
    /// Items that were written.
    pub written: u64,
    /// Items that had been changed in both tables: the restored one's stand.
    pub left: u64,
    /// Broadcasts that are being sent in the table from which was carried.
    pub under_way: u64,
}

/// Carries what must not be lost from the table that was or is in use into the restored one, but for the groups in `without`. Doing it
/// again writes only what has changed since.
pub async fn carry(
    from: &Table,
    to: &Table,
    switch: Switch,
    without: &[Group],
    now: Timestamp,
) -> Result<Carried, Error> {
    let mut carried = Carried::default();
    let mut after = None;
    // Bounded by the table: each page begins where the last one ended.
    loop {
        let (items, next) = from.some_of_all(CARRYING, after).await?;
        let wanted =
            |item: &Item| !has_expired(item, now) && Group::of(item).is_some_and(|group| !without.contains(&group));
        let items: Vec<Item> = items.into_iter().filter(wanted).collect();
        let under_way = items.iter().filter(|item| text_of(item, "GSI1PK") == UNDER_WAY).count();
        carried.under_way += u64::try_from(under_way).unwrap_or(u64::MAX);
        let keys: Vec<Key> = items.iter().filter_map(Key::of).collect();
        let there = to.get_all(CARRYING, keys).await?;
        for (item, there) in items.iter().zip(&there) {
            carry_one(to, switch, (item, there.as_ref()), now, &mut carried).await?;
        }
        if next.is_none() {
            return Ok(carried);
        }
        after = next;
    }
}

/// Residents whom one table knows and the other does not: ahead of the switch, whom the restored one brings back, because they asked to be
/// erased since, or their time was over, or the mishap took them. At most `most`, and how many there are.
pub async fn residents_only_in(
    table: &Table,
    other: &Table,
    most: usize,
    now: Timestamp,
) -> Result<(Vec<ResidentId>, usize), Error> {
    let (mut ids, mut many, mut after) = (Vec::new(), 0, None);
    // Bounded by the table: each page begins where the last one ended.
    loop {
        let (items, next) = table.some_of_all(COMPARING, after).await?;
        let wanted = |item: &&Item| family(partition(item)) == "RESIDENT" && !has_expired(item, now);
        let keys: Vec<Key> = items.iter().filter(wanted).filter_map(Key::of).collect();
        let there = other.get_all(COMPARING, keys.clone()).await?;
        for (key, there) in keys.into_iter().zip(there) {
            if there.is_some_and(|there| !has_expired(&there, now)) {
                continue;
            }
            many += 1;
            if ids.len() < most {
                let id = key.sk.parse::<ResidentId>();
                ids.push(id.map_err(|error| Error::new(Kind::Permanent, COMPARING, error))?);
            }
        }
        if next.is_none() {
            return Ok((ids, many));
        }
        after = next;
    }
}

/// How often an item is tried that somebody else is writing.
const ROUNDS_MAX: u32 = 3;

async fn carry_one(
    to: &Table,
    switch: Switch,
    (item, there): (&Item, Option<&Item>),
    now: Timestamp,
    carried: &mut Carried,
) -> Result<(), Error> {
    let mut there = there.cloned();
    for _ in 0..ROUNDS_MAX {
        let write = match decide(switch, item, there.as_ref(), now)? {
            Deed::Nothing => return Ok(()),
            Deed::Leave => break,
            Deed::Write(write) => write,
        };
        match put(to, write, there.as_ref()).await? {
            Updated::Written => {
                carried.written += 1;
                return Ok(());
            }
            Updated::Refused(shown) => there = shown,
        }
    }
    carried.left += 1;
    Ok(())
}

/// Writes an item over what is there. With a report goes by what it is found and what everybody sees of it, lest one be shown of which
/// staff have taken that back.
async fn put(to: &Table, write: Write, there: Option<&Item>) -> Result<Updated, Error> {
    let Some(key) = Key::of(&write.item).filter(|key| family(&key.pk) == "REPORT") else {
        return to.put_or_show(CARRYING, write).await;
    };
    let mut steps = found_by_steps(CARRYING, &write.item, there)?;
    // Who hears of it may be more people than one transaction takes. Those that have no room come before it, as in any writing of a report.
    let beyond = steps.split_off(steps.len().min(STEPS_MAX - 1));
    steps.push(Step::Put(write));
    for some in beyond.chunks(STEPS_MAX).map(<[Step<'static>]>::to_vec).chain([steps]) {
        match to.write(CARRYING, some).await? {
            Written::Done => {}
            Written::Raced => return Ok(Updated::Refused(to.get(CARRYING, &key).await?)),
        }
    }
    Ok(Updated::Written)
}

/// What is to be done about one item.
#[derive(Debug)]
enum Deed {
    Nothing,
    Write(Write),
    Leave,
}

fn decide(switch: Switch, item: &Item, there: Option<&Item>, now: Timestamp) -> Result<Deed, Error> {
    let put = |condition| Deed::Write(Write { item: item.clone(), condition });
    let Some(there) = there.filter(|there| !has_expired(there, now)) else { return Ok(put(Condition::Absent(now))) };
    if item == there {
        return Ok(Deed::Nothing);
    }
    let over = version(there).map_or(Condition::None, Condition::Version);
    Ok(match family(partition(item)) {
        // Who was erased and wrote again began anew: what they had chosen before stays erased.
        "RESIDENT" if switch == Switch::Ahead && since(there) < since(item) => put(over),
        // Each setting carries its event: both together are right at any time.
        "RESIDENT" => match merge_residents(CARRYING, (there, item), now)? {
            Some((item, condition)) => Deed::Write(Write { item, condition }),
            None => Deed::Nothing,
        },
        // What was said is said.
        "EVENT" if text_of(item, "progress") == "confirmed" => put(Condition::None),
        "EVENT" => Deed::Nothing,
        _ => match switch {
            Switch::Ahead => put(over),
            Switch::Done => match (version(item), version(there)) {
                (Some(theirs), Some(ours)) if ours < theirs => put(over),
                (Some(theirs), Some(ours)) if theirs < ours => Deed::Nothing,
                // Where somebody goes on talking the conversation is that one. It is forgotten after a day.
                _ if family(partition(item)) == "CHAT" => Deed::Nothing,
                _ => Deed::Leave,
            },
        },
    })
}

fn partition(item: &Item) -> &str {
    text_of(item, "PK")
}

fn family(partition: &str) -> &str {
    partition.split('#').next().unwrap_or(partition)
}

fn kind(item: &Item) -> String {
    let partition = partition(item);
    let family = family(partition);
    if family == "RESIDENT" { partition.to_owned() } else { family.to_owned() }
}

fn text_of<'a>(item: &'a Item, name: &str) -> &'a str {
    item.get(name).and_then(|value| value.as_s().ok()).map_or("", String::as_str)
}

/// Since when a resident is known.
fn since(item: &Item) -> Option<Timestamp> {
    text_of(item, "since").parse().ok()
}

fn version(item: &Item) -> Option<u64> {
    item.get("version")?.as_n().ok()?.parse().ok()
}

fn has_expired(item: &Item, now: Timestamp) -> bool {
    let expires = item.get("expires").and_then(|expires| expires.as_n().ok());
    expires.and_then(|expires| expires.parse::<i64>().ok()).is_some_and(|expires| expires <= now.as_second())
}

/// A number that stands for what is in an item.
fn digest(item: &Item) -> u128 {
    let mut bytes = Vec::new();
    write_map(item.iter(), &mut bytes);
    let hash = Sha256::digest(&bytes);
    hash.iter().take(16).fold(0, |sum, byte| (sum << 8) | u128::from(*byte))
}

fn write_map<'a>(map: impl Iterator<Item = (&'a String, &'a AttributeValue)>, into: &mut Vec<u8>) {
    let sorted: BTreeMap<&String, &AttributeValue> = map.collect();
    write_length(sorted.len(), into);
    for (name, value) in sorted {
        write_bytes(b'k', name.as_bytes(), into);
        write_value(value, into);
    }
}

/// Writes a value so that no two values are written alike.
fn write_value(value: &AttributeValue, into: &mut Vec<u8>) {
    match value {
        AttributeValue::S(text) => write_bytes(b's', text.as_bytes(), into),
        AttributeValue::N(number) => write_bytes(b'n', number.as_bytes(), into),
        AttributeValue::B(blob) => write_bytes(b'b', blob.as_ref(), into),
        AttributeValue::Bool(is) => into.extend([b'o', u8::from(*is)]),
        AttributeValue::Ss(texts) => write_set(b'S', texts.iter().map(String::as_bytes), into),
        AttributeValue::Ns(numbers) => write_set(b'N', numbers.iter().map(String::as_bytes), into),
        AttributeValue::Bs(blobs) => write_set(b'B', blobs.iter().map(AsRef::as_ref), into),
        AttributeValue::L(values) => {
            into.push(b'l');
            write_length(values.len(), into);
            for value in values {
                write_value(value, into);
            }
        }
        AttributeValue::M(map) => {
            into.push(b'm');
            write_map(map.iter(), into);
        }
        // Null, and what the service may invent.
        _ => into.push(b'0'),
    }
}

fn write_set<'a>(sign: u8, values: impl Iterator<Item = &'a [u8]>, into: &mut Vec<u8>) {
    let mut values: Vec<&[u8]> = values.collect();
    values.sort_unstable();
    into.push(sign);
    write_length(values.len(), into);
    for value in values {
        write_bytes(sign, value, into);
    }
}

fn write_bytes(sign: u8, bytes: &[u8], into: &mut Vec<u8>) {
    into.push(sign);
    write_length(bytes.len(), into);
    into.extend(bytes);
}

fn write_length(length: usize, into: &mut Vec<u8>) {
    into.extend(length.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use crate::table::{number, text};

    use super::*;

    fn item(pk: &str, attributes: &[(&str, AttributeValue)]) -> Item {
        let attributes = attributes.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        Key::new(pk, "S").attributes().into_iter().chain(attributes).collect()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_sum_does_not_know_the_order_but_every_value() {
        let list = |values: &[&str]| AttributeValue::L(values.iter().map(|value| text(value)).collect());
        let set = |values: &[&str]| AttributeValue::Ss(values.iter().map(|value| (*value).to_owned()).collect());
        let one = item("P", &[("a", list(&["x", "y"])), ("b", set(&["x", "y"]))]);
        assert_eq!(digest(&one), digest(&item("P", &[("b", set(&["y", "x"])), ("a", list(&["x", "y"]))])));
        for other in [
            item("Q", &[("a", list(&["x", "y"])), ("b", set(&["x", "y"]))]),
            item("P", &[("a", list(&["y", "x"])), ("b", set(&["x", "y"]))]),
            item("P", &[("a", list(&["xy"])), ("b", set(&["x", "y"]))]),
            item("P", &[("a", list(&["x", "y"]))]),
            item("P", &[("a", list(&["x", "y"])), ("b", set(&["x"]))]),
            item("P", &[("a", list(&["x", "y"])), ("b", number(1))]),
        ] {
            assert_ne!(digest(&one), digest(&other), "{other:?}");
        }
    }

    #[test]
    fn residents_are_told_apart_by_partition_and_all_else_by_kind() {
        assert_eq!(kind(&item("RESIDENT#4a", &[])), "RESIDENT#4a");
        assert_eq!(kind(&item("REPORT#x", &[])), "REPORT");
        assert_eq!(kind(&item("STAFF", &[])), "STAFF");
    }

    #[test]
    fn what_was_said_and_what_residents_wrote_is_carried_and_what_staff_keep_goes_back() {
        for (pk, group) in [
            ("EVENT#e", Some(Group::Said)),
            ("BROADCAST#b", Some(Group::Said)),
            ("SENDING", Some(Group::Said)),
            ("RESIDENT#4a", Some(Group::Residents)),
            ("CHAT#U", Some(Group::Residents)),
            ("REPORT#r", Some(Group::Reports)),
            ("RELEASED", None),
            ("NEAR#5", None),
            ("RESIDENT-SESSION#x", None),
            ("STAFF", None),
            ("AUDIT#2026-11-22", None),
            ("TOWN#waste-item", None),
            ("API-KEYS", None),
        ] {
            assert_eq!(Group::of(&item(pk, &[])), group, "{pk}");
        }
    }

    /// What is decided: the version over which is written, 0 where none is asked for; `None` where nothing is written.
    fn decided(switch: Switch, item: &Item, there: Option<&Item>) -> Option<u64> {
        match decide(switch, item, there, at(100)).unwrap() {
            Deed::Nothing | Deed::Leave => None,
            Deed::Write(Write { condition: Condition::Version(version), .. }) => Some(version),
            Deed::Write(_) => Some(0),
        }
    }

    #[test]
    fn ahead_of_the_switch_the_table_in_use_is_right_and_after_it_what_has_more_changes() {
        let report = |version: u64, words: &str| item("REPORT#r", &[("version", number(version)), ("x", text(words))]);
        for (switch, theirs, ours, expected) in [
            (Switch::Ahead, report(2, "a"), None, Some(0)),
            (Switch::Ahead, report(2, "a"), Some(report(1, "b")), Some(1)),
            (Switch::Ahead, report(1, "a"), Some(report(2, "b")), Some(2)),
            (Switch::Ahead, report(1, "a"), Some(report(1, "a")), None),
            (Switch::Done, report(2, "a"), None, Some(0)),
            (Switch::Done, report(3, "a"), Some(report(2, "b")), Some(2)),
            (Switch::Done, report(2, "a"), Some(report(3, "b")), None),
            (Switch::Done, report(2, "a"), Some(report(2, "b")), None),
        ] {
            assert_eq!(decided(switch, &theirs, ours.as_ref()), expected, "{switch:?} {theirs:?} {ours:?}");
        }
    }

    #[test]
    fn a_ledger_without_a_version_is_the_one_in_use_ahead_of_the_switch_only() {
        let run = |words: &str| item("BROADCAST#b", &[("x", text(words))]);
        assert_eq!(decided(Switch::Ahead, &run("sent"), Some(&run("open"))), Some(0));
        assert_eq!(decided(Switch::Done, &run("sent"), Some(&run("open"))), None);
        assert_eq!(decided(Switch::Done, &run("sent"), None), Some(0));
    }

    #[test]
    fn an_answer_that_was_said_stays_said() {
        let event = |progress: &str| item("EVENT#e", &[("progress", text(progress))]);
        for switch in [Switch::Ahead, Switch::Done] {
            assert_eq!(decided(switch, &event("confirmed"), Some(&event("unconfirmed"))), Some(0));
            assert_eq!(decided(switch, &event("unconfirmed"), Some(&event("confirmed"))), None);
            assert_eq!(decided(switch, &event("confirmed"), None), Some(0));
        }
    }

    #[test]
    fn who_was_erased_and_wrote_again_has_only_what_they_chose_since() {
        let resident =
            |since: &str, version: u64| item("RESIDENT#4a", &[("since", text(since)), ("version", number(version))]);
        let (before, after) = (resident("2026-11-01T00:00:00Z", 7), resident("2026-11-22T00:00:00Z", 1));
        assert_eq!(decided(Switch::Ahead, &after, Some(&before)), Some(7));
    }

    #[test]
    fn what_has_expired_is_not_there() {
        let ended = item("CHAT#U", &[("expires", number(100)), ("version", number(9))]);
        assert!(has_expired(&ended, at(100)) && !has_expired(&ended, at(99)));
        let chat = item("CHAT#U", &[("expires", number(200)), ("version", number(1))]);
        let other = item("CHAT#U", &[("expires", number(300)), ("version", number(1))]);
        assert!(matches!(decide(Switch::Done, &chat, Some(&other), at(100)).unwrap(), Deed::Nothing));
        assert_eq!(decided(Switch::Done, &chat, Some(&ended)), Some(0));
    }
}
