//! Files in and out: what an import shows, does and says of itself.

use super::*;

pub(super) fn preview(desk: &TownDesk, person: &Person, table: TownTable, text: &str, missing: Missing) -> Preview {
    now(desk.preview(&person.now(), table, text.as_bytes(), missing)).unwrap()
}

/// The one file of a table.
pub(super) fn file(snapshot: &Snapshot, table: TownTable) -> Vec<u8> {
    let mut files = export(snapshot, table).unwrap();
    assert_eq!(files.len(), 1);
    files.remove(0)
}

/// A table with `count` waste items more, each with a note of so many characters.
fn crowded(count: usize, note: usize) -> Snapshot {
    let mut records = records();
    let like = records.iter().find(|record| record.id == "kami").unwrap().clone();
    let text = "\"".repeat(note);
    records.extend((0..count).map(|number| {
        let mut record = TownRecord { id: format!("many-{number}"), ..like.clone() };
        record.body["id"] = record.id.as_str().into();
        record.body["note"] = text.as_str().into();
        record
    }));
    Snapshot::new(Revision(1), records)
}

#[test]
fn a_very_large_table_is_several_files_that_can_be_imported_again() {
    for (count, note, expected) in [(20_000, 0, 2), (45_000, 0, 3), (4_000, 400, 2), (20, 0, 1)] {
        let snapshot = crowded(count, note);
        let files = export(&snapshot, TownTable::WasteItems).unwrap();
        assert_eq!(files.len(), expected, "{count} items with {note}");
        let mut ids = Vec::new();
        for file in &files {
            assert!(file.len() < 4_100_000, "{}", file.len());
            let in_json = serde_json::to_string(std::str::from_utf8(file).unwrap()).unwrap();
            assert!(in_json.len() < 5_000_000, "Lambda's answer has at most 6 MB: {}", in_json.len());
            let text = std::str::from_utf8(file).unwrap().strip_prefix('\u{feff}').unwrap();
            assert!(text.starts_with("id,name,"), "each has its head");
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let rows: Vec<String> = reader.records().map(|row| row.unwrap()[0].to_owned()).collect();
            assert!((1..=20_000).contains(&rows.len()));
            ids.extend(rows);
        }
        let all: Vec<_> = snapshot.entries(TownTable::WasteItems).iter().map(|entry| entry.id.clone()).collect();
        assert_eq!(ids, all, "everything once");
    }
}

#[test]
fn an_exported_table_is_imported_without_a_change() {
    let (_, desk) = desk();
    let snapshot = now(desk.now()).unwrap();
    for table in TownTable::ALL {
        let bytes = file(&snapshot, table);
        for missing in [Missing::Keep, Missing::Remove] {
            let preview = now(desk.preview(&Person::administrator().now(), table, &bytes, missing)).unwrap();
            assert_eq!(preview.mistakes, [], "{table:?}");
            assert_eq!(preview.changes, [], "{table:?}");
        }
        assert!(bytes.starts_with("\u{feff}".as_bytes()));
    }
}

#[test]
fn no_exported_cell_is_a_formula_and_every_one_comes_back() {
    let (_, desk) = desk();
    let item = rows(&desk, TownTable::WasteItems, "bon");
    assert_eq!(item[0][1..7], row(&["+ボン", "ぼん", "-盆|=盆", "moeru", "'=a", "'b"])[..], "as the file meant it");
    let text = String::from_utf8(file(&now(desk.now()).unwrap(), TownTable::WasteItems)).unwrap();
    assert!(text.contains("bon,'+ボン,ぼん,'-盆|=盆,moeru,''=a,'b,"), "{text}");
    for cell in text.trim_start_matches('\u{feff}').split([',', '\n']) {
        assert!(!cell.trim_start_matches('"').starts_with(['=', '+', '-', '@']), "{cell}");
    }
}

#[test]
fn an_import_says_what_it_would_do_and_does_exactly_that() {
    let (store, desk) = desk();
    let person = Person::editor("kankyo");
    let file =
        "id,name,reading,aliases,category,how,note,name_en\nkami,紙,かみ,新聞|雑誌,moeru,,,\nito,糸,いと,,moeru,,,\n";
    let keep = preview(&desk, &person, TownTable::WasteItems, file, Missing::Keep);
    assert!(keep.can_be_taken(), "{keep:?}");
    assert_eq!((keep.counts.added, keep.counts.changed, keep.counts.removed, keep.missing), (1, 1, 0, 3));
    let remove = preview(&desk, &person, TownTable::WasteItems, file, Missing::Remove);
    assert_eq!(remove.counts.removed, 3);
    assert_eq!(remove.denied.len(), 2, "of other departments, and of the town");
    let import = |missing, agreed: &str| {
        now(desk.import(&person.now(), TownTable::WasteItems, file.as_bytes(), missing, agreed)).unwrap()
    };
    assert!(matches!(import(Missing::Remove, &remove.digest), Imported::Moved(_)), "denied");
    assert!(matches!(import(Missing::Keep, &remove.digest), Imported::Moved(_)), "another preview");
    let Imported::Done(revision) = import(Missing::Keep, &keep.digest) else { panic!("not imported") };
    assert_eq!(import(Missing::Keep, &keep.digest), Imported::Already);
    let act = store.acts().pop().unwrap();
    assert_eq!((act.action, act.subject.as_str()), (Action::ImportTown, "waste-items.csv"));
    assert!(matches!(now(desk.undo(&person.now(), revision)).unwrap(), Undone::Done(_)));
    assert!(rows(&desk, TownTable::WasteItems, "ito").is_empty());
}

#[test]
fn an_import_is_shown_again_when_what_it_touches_has_moved() {
    let (_, desk) = desk();
    let person = Person::administrator();
    let file = "id,name,reading,aliases,category,how,note,name_en\nkami,紙,かみ,雑誌,moeru,,,\n";
    let agreed = preview(&desk, &person, TownTable::WasteItems, file, Missing::Keep).digest;
    let import =
        || now(desk.import(&person.now(), TownTable::WasteItems, file.as_bytes(), Missing::Keep, &agreed)).unwrap();
    done(save(&desk, &person, &change(&desk, TownTable::WasteItems, "kami", "note", "一")));
    assert!(matches!(import(), Imported::Moved(_)));
    assert_eq!(rows(&desk, TownTable::WasteItems, "kami")[0][6], "一");
    done(save(&desk, &person, &change(&desk, TownTable::WasteItems, "kami", "note", "")));
    done(save(&desk, &person, &change(&desk, TownTable::WasteItems, "isu", "note", "")));
    assert!(matches!(import(), Imported::Done(_)), "what moved is something else");
}

#[test]
fn a_file_with_mistakes_changes_nothing_and_each_is_told_at_its_line() {
    let (_, desk) = desk();
    let person = Person::administrator();
    let file = "id,name,reading,aliases,category,how,note,name_en\nkami,,かみ,,moeru,,,\nito,糸,イト,椅子,nai,,,\nito,絹,きぬ,,moeru,,,\n";
    let found = preview(&desk, &person, TownTable::WasteItems, file, Missing::Keep);
    assert!(!found.can_be_taken() && found.changes.is_empty());
    let places: Vec<_> =
        found.mistakes.iter().map(|mistake| (mistake.line, mistake.column.as_deref().unwrap_or("-"))).collect();
    assert_eq!(places, [(2, "name"), (3, "reading"), (3, "category"), (3, "aliases"), (4, "id")]);
    assert!(found.mistakes[3].sentence.contains("「いす」"), "{:?}", found.mistakes[3]);
    assert!(found.mistakes[4].sentence.contains("3行目"), "{:?}", found.mistakes[4]);
    for (file, column) in [("id,name\n", "reading"), ("", "-"), ("\u{0}\u{ff}", "id")] {
        let found = preview(&desk, &person, TownTable::WasteItems, file, Missing::Remove);
        assert!(!found.can_be_taken(), "{file:?}");
        assert_eq!(found.mistakes[0].line, 1);
        let columns: Vec<_> = found.mistakes.iter().map(|m| m.column.as_deref().unwrap_or("-")).collect();
        assert!(columns.contains(&column), "{file:?}: {columns:?}");
    }
}

#[test]
fn an_import_that_removes_leaves_nothing_dangling_and_sets_the_order() {
    let (_, desk) = desk();
    let person = Person::administrator();
    let header = "id,name,reading,area\n";
    let areas = preview(&desk, &person, TownTable::Areas, "id,name,center\nnishi,西,\n", Missing::Remove);
    assert!(!areas.can_be_taken() && areas.broken.len() >= 2, "{areas:?}");
    let districts =
        preview(&desk, &person, TownTable::Districts, &format!("{header}yama,山,やま,higashi\n"), Missing::Remove);
    assert!(districts.can_be_taken(), "{districts:?}");
    let snapshot = now(desk.now()).unwrap();
    let text = String::from_utf8(file(&snapshot, TownTable::Topics)).unwrap();
    let mut lines: Vec<_> = text.lines().collect();
    lines.swap(1, 3);
    let preview = preview(&desk, &person, TownTable::Topics, &lines.join("\n"), Missing::Keep);
    assert_eq!(preview.counts.changed, 2, "the order of a file that has them all counts");
}

#[test]
fn a_word_becomes_an_alias_by_the_same_way() {
    let (_, desk) = desk();
    let person = Person::editor("kankyo");
    let alias = |item: &str, word: &str| now(desk.add_alias(&person.now(), item, word, Warnings::Tell)).unwrap();
    done(alias("kami", " 古紙|ふるがみ "));
    assert_eq!(rows(&desk, TownTable::WasteItems, "kami")[0][3], "新聞|古紙 ふるがみ");
    assert!(matches!(alias("kami", "新聞"), Saved::Already { .. }));
    assert!(matches!(alias("kami", "椅子"), Saved::Wrong(_)));
    assert_eq!(alias("isu", "腰掛け"), Saved::Denied);
    assert_eq!(alias("nai", "腰掛け"), Saved::Conflict(None));
}

#[test]
fn a_list_is_searched_as_a_question_is() {
    let (_, desk) = desk();
    let snapshot = now(desk.now()).unwrap();
    let found = |query: &str, columns: &[(&str, &str)]| -> Vec<String> {
        snapshot.search(TownTable::WasteItems, query, columns).map(|entry| entry.id.clone()).collect()
    };
    assert_eq!(found("ｲｽ", &[]), ["isu"]);
    assert_eq!(found("ちぇあ", &[]), ["isu"]);
    assert_eq!(found("chair", &[]), ["isu"]);
    assert_eq!(found("inugoya", &[]), ["inugoya"]);
    assert_eq!(found("", &[("category", "moeru")]), ["kami", "bon"]);
    assert_eq!(found("紙", &[("category", "sodai")]), [""; 0]);
    assert_eq!(found("！？", &[]), [""; 0], "nothing is written so");
}

#[test]
fn edits_of_a_load_are_told_apart() {
    let snapshot = Snapshot::new(Revision(1), records());
    let change = TownChange { kind: "profile".to_owned(), id: "profile".to_owned(), before: None, after: None };
    let difference = snapshot.difference(&change);
    assert_eq!((difference.table, difference.label.as_str()), (None, "まちの基本情報"));
}
