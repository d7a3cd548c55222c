//! Settings, typed well and badly.

use domain::ids::StaffId;
use domain::staff::{Role, Roles};
use jiff::Timestamp;

use super::*;
use crate::ports::Revision;
use crate::town::{Files, read};

const FILE: &str = "id: ume\nname: うめ町\nreading: うめちょう\nphone: \"0000-00-0000\"\nwebsite: https://www.example.jp/\n\
    languages: [en, ja]\nblocked_resident_retention_days: null\n\
    sending: {quiet_from: \"22:00\", quiet_to: \"6:30\", weekly_max: 3, public_page: on}\n";

fn snapshot() -> Snapshot {
    let texts = "ja:\n  welcome: ようこそ\nen:\n  welcome: Welcome.\n";
    let files = [("town.yaml", FILE), ("texts.yaml", texts)];
    let files = Files(files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).into());
    let data = TownData { profile: read(&files).data.profile, ..TownData::default() };
    Snapshot::new(Revision(1), to_records(&data).unwrap())
}

fn draft(snapshot: &Snapshot, part: SettingsPart, cells: &[&str]) -> SettingsDraft {
    let cells = cells.iter().map(|cell| (*cell).to_owned()).collect();
    SettingsDraft { part, cells, seen: part.cells(&snapshot.settings()), warnings: Warnings::Tell }
}

fn saved(snapshot: &Snapshot, draft: &SettingsDraft, role: Role) -> Result<TownProfile, Saved> {
    let (staff, roles): (StaffId, _) = ("sato".parse().unwrap(), Roles([role].into()));
    let editor = Editor { staff: &staff, roles: &roles, now: Timestamp::UNIX_EPOCH };
    let (_, edit) = save(snapshot, &editor, draft).unwrap()?;
    assert_eq!(edit.changes.len(), 1);
    Ok(TownProfile::deserialize(edit.changes[0].after.as_ref().unwrap()).unwrap())
}

#[test]
fn what_is_there_is_written_as_it_would_be_in_the_files() {
    let settings = snapshot().settings();
    let town = SettingsPart::Town.cells(&settings);
    assert_eq!(town, ["うめ町", "うめちょう", "0000-00-0000", "https://www.example.jp/", "", "en ja", "null"]);
    assert_eq!(SettingsPart::Sending.cells(&settings), ["22:00", "6:30", "3", "on", "30", "3"]);
    assert_eq!(SettingsPart::Reports.cells(&settings), ["200", "365", "", ""], "a town that says nothing of them");
    assert_eq!(SettingsPart::Texts(Language::EasyJapanese).cells(&settings), ["", "", ""]);
}

#[test]
fn one_part_changes_and_the_others_stay() {
    let snapshot = snapshot();
    let old = snapshot.settings();
    for part in SettingsPart::ALL {
        assert_eq!(SettingsPart::of(part.name()), Some(part));
        let mut cells = part.cells(&old);
        let at = if part == SettingsPart::Sending { 2 } else { 0 };
        cells[at] = "5".to_owned();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        let new = saved(&snapshot, &draft(&snapshot, part, &cells), Role::Administrator).unwrap();
        for other in SettingsPart::ALL {
            assert_eq!(other.cells(&new) == other.cells(&old), other != part, "{part:?} {other:?}");
        }
    }
}

#[test]
fn a_language_whose_texts_are_cleared_speaks_as_japanese() {
    let snapshot = snapshot();
    let english = SettingsPart::Texts(Language::English);
    let new = saved(&snapshot, &draft(&snapshot, english, &["", "", ""]), Role::Administrator).unwrap().profile;
    assert_eq!(new.texts.keys().collect::<Vec<_>>(), [&Language::Japanese]);
    assert_eq!(new.texts(Language::English).welcome, "ようこそ");
    let part = ["", "Call us.", ""];
    let new = saved(&snapshot, &draft(&snapshot, english, &part), Role::Administrator).unwrap().profile;
    let texts = new.texts(Language::English);
    assert_eq!((&*texts.welcome, &*texts.garbage_not_found_contact), ("ようこそ", "Call us."), "text by text");
}

#[test]
fn only_what_was_typed_is_judged() {
    let mut snapshot = snapshot();
    snapshot.data.profile.as_mut().unwrap().profile.phone = "no number".to_owned();
    let draft = draft(&snapshot, SettingsPart::Sending, &["", "", "", "off", "", "45"]);
    let new = saved(&snapshot, &draft, Role::Administrator).unwrap();
    assert_eq!(new.profile.sending, Sending { quiet_hours: None, rule_hourly_max: 45, ..Sending::default() });
}

#[test]
fn reports_are_taken_as_it_was_typed_or_as_most_do() {
    let snapshot = snapshot();
    for (typed, tolerance, [days, declined, duplicate]) in [
        (["０", "30", "", ""], 0, [Some(30), None, None]),
        (["", "", "", ""], 200, [None; 3]),
        (["5000", "", "90", "７"], 5_000, [None, Some(90), Some(7)]),
        (["5", "365", "", "30"], 5, [Some(365), None, Some(30)]),
    ] {
        let new = saved(&snapshot, &draft(&snapshot, SettingsPart::Reports, &typed), Role::Administrator).unwrap();
        let expected = Intake {
            boundary_tolerance_m: tolerance,
            erase_after_days: days,
            erase_declined_after_days: declined,
            erase_duplicate_after_days: duplicate,
        };
        assert_eq!(new.profile.reports, expected, "{typed:?}");
    }
    for (typed, column) in [
        (["5001", "30", "", ""], "boundary_tolerance_m"),
        (["200", "0", "", ""], "erase_after_days"),
        (["200", "", "0", ""], "erase_declined_after_days"),
        (["200", "", "", "3651"], "erase_duplicate_after_days"),
        (["x", "9", "", ""], "boundary_tolerance_m"),
    ] {
        let told = saved(&snapshot, &draft(&snapshot, SettingsPart::Reports, &typed), Role::Administrator);
        let Err(Saved::Wrong(mistakes)) = told else { panic!("{typed:?}: {told:?}") };
        assert_eq!(mistakes[0].column.as_deref(), Some(column), "{typed:?}");
    }
}

#[test]
fn nobody_but_administrators_may() {
    let snapshot = snapshot();
    let approver = Role::Approver("kankyo".parse().unwrap());
    let draft = draft(&snapshot, SettingsPart::Sending, &["", "", "", "off", "", "45"]);
    assert_eq!(saved(&snapshot, &draft, approver), Err(Saved::Denied));
}

#[test]
fn a_town_of_which_nothing_was_loaded_can_say_who_it_is() {
    let snapshot = Snapshot::new(Revision(0), Vec::new());
    let town = ["うめ町", "", "119", "https://www.example.jp/", "https://pages.example.jp/", "ja", "30"];
    let new = saved(&snapshot, &draft(&snapshot, SettingsPart::Town, &town), Role::Administrator).unwrap();
    assert_eq!((&*new.profile.name, &new.profile.sending), ("うめ町", &Sending::default()));
    assert_eq!(new.profile.portal, "https://pages.example.jp", "without the slash");
}
