//! The chain: whatever is done to it is found.

use jiff::SignedDuration;
use jiff::civil::date;
use proptest::prelude::*;

use super::*;

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

fn act(at: Timestamp, subject: &str) -> Act {
    Act {
        at,
        actor: Actor::Staff("chief".parse().unwrap()),
        action: Action::EditTown,
        subject: subject.to_owned(),
        department: Some("kankyo".parse().unwrap()),
        before: "前".to_owned(),
        after: "後".to_owned(),
    }
}

/// A log, written by the rules.
#[derive(Debug, Clone, Default)]
struct Log {
    days: Vec<DayEnd>,
    entries: Vec<Entry>,
}

impl Log {
    fn append(&mut self, act: Act) {
        let next = next(self.days.last(), act);
        if let Some(closed) = next.closed {
            *self.days.last_mut().unwrap() = closed;
        }
        if self.days.last().is_some_and(|end| end.day == next.end.day) {
            self.days.pop();
        }
        self.days.push(next.end);
        self.entries.push(next.entry);
    }

    fn check(&self) -> Result<(), Broken> {
        let mut earlier = None;
        for end in &self.days {
            check_days(earlier, Some(end))?;
            let day: Vec<_> = self.entries.iter().filter(|entry| entry.day == end.day).cloned().collect();
            check(&day, end)?;
            earlier = Some(end);
        }
        check_days(earlier, None)
    }
}

#[test]
fn a_day_in_japan_is_a_chain_that_goes_on_over_midnight() {
    let mut log = Log::default();
    assert_eq!(log.check(), Ok(()));
    for time in ["2026-11-20T14:59:59Z", "2026-11-20T15:00:00Z", "2026-11-21T03:00:00Z", "2026-11-25T00:00:00Z"] {
        log.append(act(at(time), "x"));
    }
    let numbers: Vec<_> = log.entries.iter().map(|entry| (entry.day, entry.number)).collect();
    let day = |day| date(2026, 11, day);
    assert_eq!(numbers, [(day(20), 1), (day(21), 1), (day(21), 2), (day(25), 1)]);
    assert_eq!(log.entries[0].previous, Hash::beginning());
    for pair in log.entries.windows(2) {
        assert_eq!(pair[1].previous, pair[0].hash, "also from day to day");
    }
    let ends: Vec<_> = log.days.iter().map(|end| (end.day, end.entries, end.next)).collect();
    assert_eq!(ends, [(day(20), 1, Some(day(21))), (day(21), 2, Some(day(25))), (day(25), 1, None)]);
    assert_eq!(log.check(), Ok(()));
}

#[test]
fn what_is_written_late_stands_in_the_day_that_has_begun() {
    let mut log = Log::default();
    log.append(act(at("2026-11-20T15:00:00Z"), "after midnight"));
    log.append(act(at("2026-11-20T14:59:59Z"), "before midnight"));
    assert_eq!((log.entries[1].day, log.entries[1].number), (date(2026, 11, 21), 2));
    assert_eq!(log.entries[1].act.at, at("2026-11-20T14:59:59Z"), "with its own time");
    assert_eq!(log.check(), Ok(()));
}

#[test]
fn endless_texts_are_cut_before_they_are_hashed() {
    let mut endless = act(at("2026-11-20T00:00:00Z"), &"あ".repeat(SUBJECT_CHARS_MAX + 1));
    endless.before = "い".repeat(STATE_CHARS_MAX);
    endless.after = "う".repeat(STATE_CHARS_MAX * 2);
    let mut log = Log::default();
    log.append(endless);
    let kept = &log.entries[0].act;
    assert_eq!(kept.subject, format!("{}…", "あ".repeat(SUBJECT_CHARS_MAX)));
    assert_eq!(kept.before, "い".repeat(STATE_CHARS_MAX), "what just fits stays whole");
    assert_eq!(kept.after.chars().count(), STATE_CHARS_MAX + 1);
    assert_eq!(log.check(), Ok(()));
}

#[test]
fn a_hash_never_changes_from_one_program_to_the_next() {
    let mut log = Log::default();
    log.append(act(at("2026-11-20T00:00:00.5Z"), "waste-item/kandenchi"));
    log.append(Act { actor: Actor::Stranger, department: None, ..act(at("2026-11-20T00:00:01Z"), "") });
    let hashes: Vec<_> = log.entries.iter().map(|entry| entry.hash.0.as_str()).collect();
    // Computed by another program.
    assert_eq!(
        hashes,
        [
            "15178221deac2086bf7580ea4a429202de8da0882d6af0698fd110d247b1b8ac",
            "13e334db01a3c730906afcdde02dbdbbe04cdef6013c3361067321d6f29840f9"
        ]
    );
}

#[test]
fn texts_that_move_from_field_to_field_make_another_hash() {
    let entry = |subject: &str, before: &str, after: &str| {
        let mut act = act(at("2026-11-20T00:00:00Z"), subject);
        (act.before, act.after) = (before.to_owned(), after.to_owned());
        next(None, act).entry.hash
    };
    let hashes = [entry("ab", "c", ""), entry("a", "bc", ""), entry("ab", "", "c"), entry("", "abc", "")];
    let different: std::collections::BTreeSet<_> = hashes.iter().map(|hash| &hash.0).collect();
    assert_eq!(different.len(), hashes.len());
}

#[test]
fn an_action_s_name_is_how_it_is_stored() {
    for action in [Action::SignIn, Action::ChangePerson, Action::ViewPersonalData, Action::ImportTown] {
        assert_eq!(serde_json::to_string(&action).unwrap(), format!("{:?}", action.name()));
    }
}

/// Every field of an entry, and what else may stand there.
fn alter(entry: &mut Entry, field: usize) {
    let other = Hash("f".repeat(64));
    match field {
        0 => entry.day = entry.day.yesterday().unwrap(),
        1 => entry.number += 1,
        2 => entry.previous = other,
        3 => entry.hash = other,
        4 => entry.act.at += SignedDuration::from_nanos(1),
        5 => entry.act.actor = Actor::CommandLine,
        6 => entry.act.action = Action::Export,
        7 => entry.act.subject.push(' '),
        8 => entry.act.department = None,
        9 => entry.act.before.clear(),
        _ => entry.act.after.push('!'),
    }
}

const FIELDS: usize = 11;

/// A log of some days with at least two entries in all, each a little different.
fn any_log() -> impl Strategy<Value = Log> {
    prop::collection::vec((0..30_i64, "[a-z]{0,3}"), 2..20).prop_map(|steps| {
        let mut log = Log::default();
        let mut now = at("2026-11-20T00:00:00Z");
        for (hours, subject) in steps {
            now += SignedDuration::from_hours(hours);
            log.append(act(now, &subject));
        }
        log
    })
}

proptest! {
    #[test]
    fn an_untouched_log_holds(log in any_log()) {
        prop_assert_eq!(log.check(), Ok(()));
    }

    #[test]
    fn an_altered_entry_is_found_and_named(log in any_log(), which: prop::sample::Index, field in 0..FIELDS) {
        let mut broken = log.clone();
        let which = which.index(log.entries.len());
        alter(&mut broken.entries[which], field);
        prop_assert!(broken.check().is_err(), "field {}", field);
        if field >= 3 {
            prop_assert_eq!(broken.check(), Err(Broken::Altered(log.entries[which].number)));
        }
    }

    #[test]
    fn an_entry_written_anew_with_a_hash_that_fits_is_found_at_the_next_one(log in any_log(), which: prop::sample::Index) {
        let mut broken = log.clone();
        let which = which.index(log.entries.len());
        let old = log.entries[which].clone();
        let before = DayEnd {
            day: old.day,
            entries: old.number - 1,
            begins_after: Hash::beginning(),
            last: old.previous.clone(),
            next: None,
        };
        broken.entries[which] = next(Some(&before), Act { after: "改".to_owned(), ..old.act.clone() }).entry;
        prop_assert_eq!((broken.entries[which].number, broken.entries[which].day), (old.number, old.day));
        let is_last = log.entries.get(which + 1).is_none_or(|next| next.day != old.day);
        let found = if is_last { Broken::End } else { Broken::Unlinked(old.number + 1) };
        prop_assert_eq!(broken.check(), Err(found));
    }

    #[test]
    fn an_altered_end_of_a_day_is_found(log in any_log(), which: prop::sample::Index, field in 0..5_usize) {
        let mut broken = log.clone();
        let which = which.index(log.days.len());
        let end = &mut broken.days[which];
        match field {
            0 => end.day = end.day.yesterday().unwrap(),
            1 => end.entries += 1,
            2 => end.begins_after = Hash("f".repeat(64)),
            3 => end.last = Hash("f".repeat(64)),
            _ => end.next = end.next.map_or_else(|| end.day.tomorrow().ok(), |_| None),
        }
        prop_assert!(broken.check().is_err(), "field {}", field);
    }

    #[test]
    fn a_removed_entry_is_found(log in any_log(), which: prop::sample::Index) {
        let mut broken = log.clone();
        broken.entries.remove(which.index(log.entries.len()));
        prop_assert!(broken.check().is_err());
    }

    #[test]
    fn a_log_that_ends_too_early_is_found(log in any_log(), left: prop::sample::Index) {
        let mut broken = log.clone();
        broken.entries.truncate(left.index(log.entries.len()));
        prop_assert!(broken.check().is_err());
    }

    #[test]
    fn two_entries_in_each_other_s_place_are_found(log in any_log(), one: prop::sample::Index, other: prop::sample::Index) {
        let (one, other) = (one.index(log.entries.len()), other.index(log.entries.len()));
        prop_assume!(one != other);
        let mut broken = log.clone();
        broken.entries.swap(one, other);
        // As above, and the numbers are put right.
        let mut renumbered = broken.clone();
        renumbered.entries[one].number = log.entries[one].number;
        renumbered.entries[one].day = log.entries[one].day;
        renumbered.entries[other].number = log.entries[other].number;
        renumbered.entries[other].day = log.entries[other].day;
        prop_assert!(renumbered.check().is_err());
        let same_day = log.entries[one].day == log.entries[other].day;
        prop_assert!(!same_day || broken.check().is_err());
    }

    #[test]
    fn an_entry_twice_or_a_foreign_one_is_found(log in any_log(), which: prop::sample::Index, place: prop::sample::Index) {
        let entry = log.entries[which.index(log.entries.len())].clone();
        let place = place.index(log.entries.len() + 1);
        let mut doubled = log.clone();
        doubled.entries.insert(place, entry.clone());
        prop_assert!(doubled.check().is_err());

        // A forged one that follows the entry before it in every way.
        let end = DayEnd { day: entry.day, entries: entry.number, begins_after: Hash::beginning(), last: entry.hash.clone(), next: None };
        let forged = next(Some(&end), act(at("1999-01-01T00:00:00Z"), "forged")).entry;
        let mut inserted = log.clone();
        let after = inserted.entries.iter().position(|written| *written == entry).unwrap() + 1;
        inserted.entries.insert(after, forged);
        prop_assert!(inserted.check().is_err());
    }

    #[test]
    fn a_day_that_was_removed_or_written_anew_is_found(log in any_log(), which: prop::sample::Index) {
        prop_assume!(log.days.len() > 1);
        let which = which.index(log.days.len());
        let day = log.days[which].day;
        let mut removed = log.clone();
        removed.days.remove(which);
        removed.entries.retain(|entry| entry.day != day);
        prop_assert!(removed.check().is_err(), "the last day too");

        // A whole day written anew, by the rules, after an entry was altered: the next day still follows the old one.
        prop_assume!(which + 1 < log.days.len());
        let mut anew = Log { days: log.days[..which].to_vec(), entries: Vec::new() };
        if let Some(before) = anew.days.last_mut() {
            before.next = None;
        }
        for entry in log.entries.iter().filter(|entry| entry.day == day) {
            anew.append(Act { after: "改".to_owned(), ..entry.act.clone() });
        }
        let mut rewritten = log.clone();
        rewritten.days[which] = DayEnd { next: log.days[which].next, ..anew.days[which].clone() };
        rewritten.entries.retain(|entry| entry.day != day);
        rewritten.entries.extend(anew.entries);
        prop_assert_eq!(rewritten.check(), Err(Broken::Days));
    }

    #[test]
    fn a_day_is_checked_some_entries_at_a_time(log in any_log(), size in 1..5_usize) {
        for end in &log.days {
            let day: Vec<_> = log.entries.iter().filter(|entry| entry.day == end.day).cloned().collect();
            let mut check = DayCheck::new(end.clone());
            for some in day.chunks(size) {
                prop_assert_eq!(check.entries(some), Ok(()));
            }
            prop_assert_eq!(check.finish(), Ok(()));
        }
    }
}
