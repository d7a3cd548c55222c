//! Edits on a small town: who may, what clashes, what comes back.

mod changes;
mod imports;
mod reports;

use std::sync::Arc;

use async_trait::async_trait;
use domain::audit::{Act, Action, Actor};
use domain::staff::{Role, Roster, Staff, Standing};

use imports::preview;

use super::*;
use crate::error::Error;
use crate::ports::staff::{PhoneCode, RosterVersion, StaffStore, Written};
use crate::ports::{KeptUpload, TownRecord, Uploads};
use crate::town::records::to_records;
use crate::town::testing::{MemoryStore, now};
use crate::town::{Files, read};

const TOWN: [(&str, &str); 16] = [
    (
        "town.yaml",
        "id: ume\nname: うめ町\nreading: うめちょう\nphone: \"0000-00-0000\"\nwebsite: https://www.example.jp/\n\
         languages: [ja, en]\nblocked_resident_retention_days: 30\n\
         texts:\n  welcome: ようこそ\n  garbage_put_out_by: \"8:30\"\n  contact: 環境課へ\n",
    ),
    ("texts.yaml", "en:\n  welcome: Welcome.\n"),
    ("departments.csv", "id,name,phone\nkankyo,環境課,0000-00-0001\ndobutsu,動物課,0000-00-0002\n"),
    ("areas.csv", "id,name,center\nhigashi,東,ひがしセンター\nnishi,西,\n"),
    ("districts.csv", "id,name,reading,area\nyama,山,やま,nishi\nkawa,川,かわ,higashi\n"),
    (
        "topics.csv",
        "id,name,name_easy,name_en,description,department,default\nbosai,防災,,Safety,地震など,kankyo,on\n\
         inu,犬,,Dogs,犬のこと,dobutsu,off\nneko,猫,,Cats,,dobutsu,off\n",
    ),
    (
        "categories.csv",
        "id,name,name_easy,name_en,color,description,how,put_out_by,department\n\
         moeru,燃やす,,Burnable,#B3261E,生ごみ,袋に入れて,,kankyo\nsodai,粗大,,,#2E6B30,家具,予約して,,\n\
         esa,えさ,,,#2E6B30,,,,dobutsu\n",
    ),
    (
        "calendar.csv",
        "area,category,when,except,extra,note\nhigashi,moeru,水1 水3,2026-01-21,2026-01-24,\n\
         higashi,moeru,毎月末日,,,月末も\nnishi,moeru,木,,,\n",
    ),
    ("closures.csv", "center,from,to,effect,note\nひがしセンター,2026-01-01,2026-01-10,shift-week,年始\n"),
    (
        "waste-items.csv",
        "id,name,reading,aliases,category,how,note,name_en\nisu,いす,いす,椅子|チェア,sodai,,\"1行目\n2行目\",Chair\n\
         kami,紙,かみ,\"新聞\",moeru,'=しばる,,\nbon,'+ボン,ぼん,'-盆|=盆,moeru,''=a,'b,\n\
         inugoya,犬小屋,いぬごや,,esa,,,\n",
    ),
    (
        "changes.csv",
        "id,date,areas,categories,new_date,reason\nyuki,2026-02-04,higashi nishi,moeru,2026-02-06,'=大雪\n\
         kaze,2026-03-04,,,,\nesa,2025-12-01,nishi,esa,,\n",
    ),
    (
        "dates.csv",
        "id,name,name_easy,name_en,question,question_easy,question_en,direction\n\
         inu,犬が来た月,,Dog,いつですか,,,past\n",
    ),
    (
        "report-kinds.csv",
        "id,name,name_easy,name_en,description,description_easy,description_en,department,urgent,urgent_easy,\
         urgent_en,urgent_phone,duplicate_radius_m,due_days,closed,closed_easy,closed_en\n\
         michi,道路,みち,Road,'=穴,,,kankyo,陥没,,Caved in,0000-00-0001,50,14,,,\n\
         saku,犬の柵,,,,,,dobutsu,,,,,0,,工事中です,,Closed\n",
    ),
    (
        "report-questions.csv",
        "id,kind,question,question_easy,question_en,choices,choices_easy,choices_en\n\
         doko,michi,どこですか,,Where?,'=上|下,,Up|Down\nokisa,michi,大きさは,,,大|小,,\nitsu,saku,いつからですか,,,,,\n",
    ),
    (
        "report-answers.csv",
        "id,kind,occasion,name,text\nmita,michi,work,見ました,\"受付番号 {number}\n見に行きました\"\n\
         orei,,,お礼,ありがとうございます\nnaoshita,michi,done,'=直した,直しました\n",
    ),
    ("rich-menu.yaml", "tabs: []\n"),
];

#[derive(Default)]
struct NoUploads;

#[async_trait]
impl Uploads for NoUploads {
    async fn keep(&self, _: &KeptUpload) -> Result<(), Error> {
        Ok(())
    }

    async fn find(&self, _: &str) -> Result<Option<KeptUpload>, Error> {
        Ok(None)
    }
}

/// People who are read, and nothing else.
#[derive(Default)]
struct People(Vec<Staff>);

#[async_trait]
impl StaffStore for People {
    async fn roster(&self) -> Result<(Roster, RosterVersion), Error> {
        Ok((Roster(self.0.clone()), RosterVersion(1)))
    }

    async fn put(&self, _: RosterVersion, _: &Staff, _: &Act) -> Result<Written, Error> {
        Ok(Written::Raced)
    }

    async fn offer_code(&self, _: &PhoneCode, _: &StaffId, _: Timestamp) -> Result<Written, Error> {
        Ok(Written::Raced)
    }
}

fn records() -> Vec<TownRecord> {
    let files = TOWN.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()));
    let reading = read(&Files(files.collect()));
    assert_eq!(reading.problems.iter().map(ToString::to_string).collect::<Vec<_>>(), [""; 0]);
    to_records(&reading.data).unwrap()
}

fn desk() -> (Arc<MemoryStore>, TownDesk) {
    desk_of(People::default())
}

/// A desk in a town hall where somebody, kept out just now, has a role in a department.
fn desk_with_staff_of(department: &str) -> TownDesk {
    let person = Staff {
        id: "ueda".parse().unwrap(),
        name: "上田".parse().unwrap(),
        email: "ueda@city.example".parse().unwrap(),
        standing: Standing::Disabled,
        roles: Person::editor(department).1,
        identity: None,
        phone: None,
    };
    desk_of(People(vec![person])).1
}

fn desk_of(people: People) -> (Arc<MemoryStore>, TownDesk) {
    let store = Arc::new(MemoryStore::default());
    for TownRecord { kind, id, body } in records() {
        store.put(&kind, &id, body);
    }
    (Arc::clone(&store), TownDesk::new(store, Arc::new(NoUploads), Arc::new(people)))
}

struct Person(StaffId, Roles);

impl Person {
    fn with(roles: &[Role]) -> Self {
        Self("sato".parse().unwrap(), Roles(roles.iter().cloned().collect()))
    }

    fn administrator() -> Self {
        Self::with(&[Role::Administrator])
    }

    fn editor(department: &str) -> Self {
        Self::with(&[Role::Editor(department.parse().unwrap())])
    }

    fn now(&self) -> Editor<'_> {
        Editor { staff: &self.0, roles: &self.1, now: Timestamp::UNIX_EPOCH }
    }
}

fn row(cells: &[&str]) -> Cells {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn rows(desk: &TownDesk, table: TownTable, id: &str) -> Vec<Cells> {
    now(desk.now()).unwrap().entry(table, id).map(|entry| entry.rows.clone()).unwrap_or_default()
}

/// The draft that changes one column of the first row of a record as it is now.
fn change(desk: &TownDesk, table: TownTable, id: &str, column: &str, text: &str) -> Draft {
    let seen = rows(desk, table, id);
    let mut typed = seen.clone();
    let at = table.columns().iter().position(|name| *name == column).unwrap();
    text.clone_into(&mut typed[0][at]);
    Draft { table, id: Some(id.to_owned()), rows: typed, seen, warnings: Warnings::Tell }
}

fn new(table: TownTable, cells: &[&str]) -> Draft {
    Draft { table, id: None, rows: vec![row(cells)], seen: Vec::new(), warnings: Warnings::Tell }
}

fn save(desk: &TownDesk, person: &Person, draft: &Draft) -> Saved {
    now(desk.save(&person.now(), draft)).unwrap()
}

#[track_caller]
fn done(saved: Saved) -> (String, Revision) {
    match saved {
        Saved::Done { id, revision } => (id, revision),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn wrong(saved: Saved) -> Vec<(Option<String>, String)> {
    match saved {
        Saved::Wrong(mistakes) => mistakes.into_iter().map(|mistake| (mistake.column, mistake.sentence)).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_edit_is_written_with_its_act_and_its_place_in_the_history() {
    let (store, desk) = desk();
    let draft = change(&desk, TownTable::WasteItems, "isu", "note", "ねじを外す");
    let (id, revision) = done(save(&desk, &Person::administrator(), &draft));
    assert_eq!(id, "isu");
    assert_eq!(rows(&desk, TownTable::WasteItems, "isu"), draft.rows);
    let act = store.acts().pop().unwrap();
    assert_eq!((act.actor, act.action), (Actor::Staff("sato".parse().unwrap()), Action::EditTown));
    assert_eq!(act.subject, "waste-item/isu");
    assert!(act.before.contains(r#""note":"1行目\n2行目""#) && act.after.contains(r#""note":"ねじを外す""#));
    let history = now(desk.history(None, 10)).unwrap();
    assert_eq!((history[0].revision, history[0].label.as_str()), (revision, "いす"));
}

#[test]
fn what_is_typed_passes_the_checks_of_files_with_their_sentences() {
    let (_, desk) = desk();
    let administrator = Person::administrator();
    for (table, id, column, text, at, sentence) in [
        (TownTable::WasteItems, "isu", "name", "", "name", "空です。書いてください。"),
        (TownTable::WasteItems, "isu", "category", "nai", "category", "「nai」はcategories.csvにありません。"),
        (TownTable::WasteItems, "isu", "reading", "イス", "reading", "「イス」は読みではありません。"),
        (
            TownTable::WasteItems,
            "isu",
            "aliases",
            "新聞",
            "aliases",
            "「新聞」は、登録されている品目「紙」のことばでもあります。",
        ),
        (TownTable::WasteItems, "isu", "how", &"長".repeat(1_001), "how", "長すぎます（1001文字）。"),
        (TownTable::Districts, "yama", "name", "川", "name", "「川」は、登録されている「川」が使っています。"),
        (TownTable::Calendar, "nishi/moeru", "when", "水9", "when", "「水9」を読めません。"),
        (TownTable::Departments, "kankyo", "phone", "でんわ", "phone", "「でんわ」は電話番号ではありません。"),
        (TownTable::Topics, "bosai", "default", "たぶん", "default", "「たぶん」は書けません。"),
        (TownTable::Categories, "moeru", "color", "赤", "color", "「赤」は色ではありません。"),
    ] {
        let draft = change(&desk, table, id, column, text);
        let wrong = wrong(save(&desk, &administrator, &draft));
        assert!(wrong.len() == 1 && wrong[0].0.as_deref() == Some(at), "{column}={text}: {wrong:?}");
        assert!(wrong[0].1.starts_with(sentence), "{wrong:?}");
    }
}

#[test]
fn a_warning_is_told_once_and_can_be_accepted() {
    let (_, desk) = desk();
    let mut draft = change(&desk, TownTable::WasteItems, "isu", "aliases", "新聞");
    assert!(matches!(save(&desk, &Person::administrator(), &draft), Saved::Wrong(_)));
    draft.warnings = Warnings::Accept;
    done(save(&desk, &Person::administrator(), &draft));
    let mut wrong = change(&desk, TownTable::WasteItems, "isu", "name", "");
    wrong.warnings = Warnings::Accept;
    assert!(matches!(save(&desk, &Person::administrator(), &wrong), Saved::Wrong(_)), "an error is no warning");
}

#[test]
fn the_second_of_two_editors_is_told_and_nothing_is_overwritten() {
    let (_, desk) = desk();
    let (mine, theirs) = (Person::administrator(), Person::administrator());
    let first = change(&desk, TownTable::WasteItems, "kami", "note", "一");
    let mut second = change(&desk, TownTable::WasteItems, "kami", "note", "二");
    done(save(&desk, &mine, &first));
    let Saved::Conflict(Some(now_there)) = save(&desk, &theirs, &second) else { panic!("overwritten") };
    assert_eq!(now_there, first.rows);
    assert_eq!(rows(&desk, TownTable::WasteItems, "kami"), first.rows);
    second.seen = now_there;
    done(save(&desk, &theirs, &second));
    assert_eq!(rows(&desk, TownTable::WasteItems, "kami"), second.rows, "knowingly");
}

#[test]
fn edits_of_different_records_meet_and_both_are_made() {
    let (store, desk) = desk();
    let draft = change(&desk, TownTable::WasteItems, "kami", "note", "一");
    store.race(0);
    let other = change(&desk, TownTable::WasteItems, "isu", "note", "二");
    done(save(&desk, &Person::administrator(), &draft));
    done(save(&desk, &Person::administrator(), &other));
}

#[tokio::test(start_paused = true)]
async fn a_lost_race_is_decided_again_and_given_up_in_the_end() {
    let (store, desk) = desk();
    let person = Person::administrator();
    let snapshot = desk.now().await.unwrap();
    let seen = snapshot.entry(TownTable::WasteItems, "kami").unwrap().rows.clone();
    let mut typed = seen.clone();
    "一".clone_into(&mut typed[0][6]);
    let draft = Draft {
        table: TownTable::WasteItems,
        id: Some("kami".to_owned()),
        rows: typed,
        seen,
        warnings: Warnings::Tell,
    };
    store.race(usize::try_from(ATTEMPTS_MAX).unwrap());
    assert!(desk.save(&person.now(), &draft).await.is_err());
    store.race(3);
    done(desk.save(&person.now(), &draft).await.unwrap());
}

#[test]
fn a_form_that_is_sent_twice_is_saved_once() {
    let (store, desk) = desk();
    let person = Person::administrator();
    let draft = change(&desk, TownTable::WasteItems, "kami", "note", "一");
    done(save(&desk, &person, &draft));
    assert_eq!(save(&desk, &person, &draft), Saved::Already { id: "kami".to_owned() });
    let addition = new(TownTable::WasteItems, &["", "電池", "でんち", "", "sodai", "", "", ""]);
    let (id, _) = done(save(&desk, &person, &addition));
    assert_eq!(id, "denchi");
    assert_eq!(save(&desk, &person, &addition), Saved::Already { id });
    let line = new(TownTable::Calendar, &["nishi", "sodai", "月", "", "", "", ""]);
    done(save(&desk, &person, &line));
    assert!(matches!(save(&desk, &person, &line), Saved::Already { .. }));
    let seen = rows(&desk, TownTable::Calendar, "nishi/sodai");
    let remove = || now(desk.remove(&person.now(), TownTable::Calendar, "nishi/sodai", &seen)).unwrap();
    done(remove());
    assert!(matches!(remove(), Saved::Already { .. }));
    assert_eq!(store.acts().len(), 4);
}

#[test]
fn new_records_have_ids_that_nobody_has() {
    let (_, desk) = desk();
    let person = Person::administrator();
    let mut taken = new(TownTable::WasteItems, &["", "椅子の脚", "いす", "", "sodai", "", "", ""]);
    assert_eq!(done(save(&desk, &person, &taken)).0, "isu-2");
    "isu".clone_into(&mut taken.rows[0][0]);
    let wrong = wrong(save(&desk, &person, &taken));
    assert_eq!(wrong[0].0.as_deref(), Some("id"));
    let topic = new(TownTable::Topics, &["", "鳥", "", "Wild Birds", "", "dobutsu", "on"]);
    assert_eq!(done(save(&desk, &person, &topic)).0, "wild-birds");
    let snapshot = now(desk.now()).unwrap();
    let order: Vec<_> = snapshot.entries(TownTable::Topics).iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(order, ["bosai", "inu", "neko", "wild-birds"], "a new one stands at the end");
}

#[test]
fn the_calendar_of_an_area_and_a_category_is_changed_and_not_added_again() {
    let (_, desk) = desk();
    let person = Person::administrator();
    let again = new(TownTable::Calendar, &["nishi", "moeru", "月", "", "", "", ""]);
    assert_eq!(
        wrong(save(&desk, &person, &again))[0].1,
        "「西の燃やす」の収集日は、もう登録されています。一覧から選んで変更してください。"
    );
    let seen = rows(&desk, TownTable::Calendar, "higashi/moeru");
    assert_eq!(seen.len(), 2);
    let mut typed = seen.clone();
    typed.push(row(&["higashi", "moeru", "", "2026-02-01", "", "", ""]));
    let mut draft = Draft {
        table: TownTable::Calendar,
        id: Some("higashi/moeru".to_owned()),
        rows: typed,
        seen,
        warnings: Warnings::Tell,
    };
    let Saved::Wrong(mistakes) = save(&desk, &person, &draft) else { panic!("saved") };
    assert_eq!((mistakes[0].line, mistakes[0].column.as_deref()), (3, Some("when")));
    "水２".clone_into(&mut draft.rows[2][2]);
    done(save(&desk, &person, &draft));
    assert_eq!(rows(&desk, TownTable::Calendar, "higashi/moeru")[2][2], "水2", "as it is written plainly");
}

#[test]
fn a_closure_of_other_days_is_the_same_one_moved() {
    let (store, desk) = desk();
    let person = Person::administrator();
    let id = "ひがしセンター/2026-01-01..2026-01-10";
    let draft = change(&desk, TownTable::Closures, id, "to", "2026-01-12");
    let (new_id, revision) = done(save(&desk, &person, &draft));
    assert_eq!(new_id, "ひがしセンター/2026-01-01..2026-01-12");
    assert!(rows(&desk, TownTable::Closures, id).is_empty());
    assert!(matches!(now(desk.undo(&person.now(), revision)).unwrap(), Undone::Done(_)));
    assert_eq!(rows(&desk, TownTable::Closures, id).len(), 1);
    let [moved, undone] = &store.acts()[..] else { panic!("two acts") };
    assert!(moved.before.contains("2026-01-10") && moved.after.contains("2026-01-12"), "{moved:?}");
    assert!(undone.before.contains("2026-01-12") && undone.after.contains("2026-01-10"), "{undone:?}");
}

#[test]
fn days_of_every_year_and_holidays_come_back_as_they_were_typed() {
    let (_, desk) = desk();
    let person = Person::administrator();
    for (typed, id) in [
        (["ひがしセンター", "12-31", "01-03", "move", "01-04", ""], "ひがしセンター/12-31..01-03"),
        (["ひがしセンター", "08-13", "08-15", "skip", "", "お盆"], "ひがしセンター/08-13..08-15"),
        (
            ["ひがしセンター", "2026-12-31", "2027-01-03", "move", "2027-01-04", ""],
            "ひがしセンター/2026-12-31..2027-01-03",
        ),
    ] {
        assert_eq!(done(save(&desk, &person, &new(TownTable::Closures, &typed))).0, id);
        assert_eq!(rows(&desk, TownTable::Closures, id), [row(&typed)]);
    }
    let labels: Vec<_> =
        now(desk.now()).unwrap().entries(TownTable::Closures).iter().map(|it| it.label.clone()).collect();
    assert!(labels.contains(&"ひがしセンター（毎年12-31から01-03まで）".to_owned()), "{labels:?}");
    let line = ["nishi", "sodai", "平日1", "12-31..01-03", "12-30", "土", ""];
    done(save(&desk, &person, &new(TownTable::Calendar, &line)));
    assert_eq!(rows(&desk, TownTable::Calendar, "nishi/sodai"), [row(&line)]);
}

/// A gap in the places, left by a removal, is no reason to change everybody else's records.
#[test]
fn what_is_exported_after_a_removal_comes_back_without_a_change() {
    let (_, desk) = desk();
    let person = Person::administrator();
    let first = now(desk.now()).unwrap().entries(TownTable::Topics)[0].id.clone();
    let seen = rows(&desk, TownTable::Topics, &first);
    done(now(desk.remove(&person.now(), TownTable::Topics, &first, &seen)).unwrap());
    let file = String::from_utf8(imports::file(&now(desk.now()).unwrap(), TownTable::Topics)).unwrap();
    let again = preview(&desk, &person, TownTable::Topics, &file, Missing::Keep);
    assert_eq!(again.changes, [], "{again:?}");
}

/// Of two records the log never says the one before and the other after.
#[test]
fn an_import_of_two_records_is_recorded_by_its_numbers_and_its_digest() {
    let (store, desk) = desk();
    let person = Person::editor("kankyo");
    let file =
        "id,name,reading,aliases,category,how,note,name_en\nkami,紙,かみ,新聞|雑誌,moeru,,,\nito,糸,いと,,moeru,,,\n";
    let preview = preview(&desk, &person, TownTable::WasteItems, file, Missing::Keep);
    let editor = person.now();
    let import = desk.import(&editor, TownTable::WasteItems, file.as_bytes(), Missing::Keep, &preview.digest);
    assert!(matches!(now(import).unwrap(), Imported::Done(_)));
    let act = store.acts().pop().unwrap();
    assert_eq!((act.subject.as_str(), act.before.as_str()), ("waste-items.csv", ""));
    assert!(act.after.contains(r#""added":1"#) && act.after.contains(&preview.digest), "{}", act.after);
}

/// Only a closure is the same one under another name: a district that goes and one that comes are two.
#[test]
fn a_record_that_goes_and_one_that_comes_are_not_recorded_as_one_that_changed() {
    let (store, desk) = desk();
    let person = Person::administrator();
    let file = "id,name,reading,area\nkawa,川,かわ,higashi\ntani,谷,たに,nishi\n";
    let preview = preview(&desk, &person, TownTable::Districts, file, Missing::Remove);
    assert_eq!((preview.counts.added, preview.counts.changed, preview.counts.removed), (1, 0, 1));
    let editor = person.now();
    let import = desk.import(&editor, TownTable::Districts, file.as_bytes(), Missing::Remove, &preview.digest);
    assert!(matches!(now(import).unwrap(), Imported::Done(_)));
    let act = store.acts().pop().unwrap();
    assert_eq!(act.before, "");
    assert!(act.after.contains(r#""removed":1"#) && !act.after.contains("谷"), "{}", act.after);
}

/// Who may not touch a record is told so first, whatever else is wrong with the try.
#[test]
fn a_try_at_anothers_record_is_denied_before_anything_is_said_of_it() {
    let (_, desk) = desk();
    let (mine, theirs) = (Person::editor("kankyo"), Person::editor("dobutsu"));
    let mut draft = change(&desk, TownTable::WasteItems, "kami", "note", "一");
    draft.seen = Vec::new();
    assert!(matches!(save(&desk, &mine, &draft), Saved::Conflict(_)));
    assert_eq!(save(&desk, &theirs, &draft), Saved::Denied);
    draft.rows = rows(&desk, TownTable::WasteItems, "kami");
    assert_eq!(save(&desk, &theirs, &draft), Saved::Denied, "even what changes nothing");
    let removed = |person: &Person| now(desk.remove(&person.now(), TownTable::WasteItems, "kami", &[])).unwrap();
    assert!(matches!(removed(&mine), Saved::Conflict(_)));
    assert_eq!(removed(&theirs), Saved::Denied);
    let (_, revision) = done(save(&desk, &mine, &change(&desk, TownTable::WasteItems, "kami", "note", "一")));
    done(save(&desk, &mine, &change(&desk, TownTable::WasteItems, "kami", "note", "二")));
    assert_eq!(now(desk.undo(&theirs.now(), revision)).unwrap(), Undone::Denied);
}

#[test]
fn everybody_edits_what_is_theirs_and_moving_a_thing_needs_both() {
    let (_, desk) = desk();
    let (kankyo, dobutsu) = (Person::editor("kankyo"), Person::editor("dobutsu"));
    let both = Person::with(&[Role::Editor("kankyo".parse().unwrap()), Role::Approver("dobutsu".parse().unwrap())]);
    let reader = Person::with(&[Role::Reader("kankyo".parse().unwrap())]);
    for (draft, allowed) in [
        (change(&desk, TownTable::WasteItems, "kami", "note", "一"), [true, false, true, false]),
        (change(&desk, TownTable::WasteItems, "kami", "category", "esa"), [false, false, true, false]),
        (change(&desk, TownTable::WasteItems, "isu", "note", "一"), [false, false, false, false]),
        (change(&desk, TownTable::Calendar, "nishi/moeru", "when", "金"), [true, false, true, false]),
        (change(&desk, TownTable::Topics, "inu", "description", "一"), [false, true, true, false]),
        (change(&desk, TownTable::Topics, "inu", "department", "kankyo"), [false, false, true, false]),
        (change(&desk, TownTable::Categories, "esa", "department", ""), [false, false, false, false]),
        (change(&desk, TownTable::Districts, "yama", "area", "higashi"), [false, false, false, false]),
        (change(&desk, TownTable::Departments, "kankyo", "name", "環境部"), [false, false, false, false]),
        (new(TownTable::WasteItems, &["x", "糸", "いと", "", "moeru", "", "", ""]), [true, false, true, false]),
    ] {
        let saved = [&kankyo, &dobutsu, &both, &reader].map(|person| {
            let (store, desk) = super::tests::desk();
            let saved = save(&desk, person, &draft);
            assert_eq!(saved == Saved::Denied, store.acts().is_empty(), "{saved:?}");
            saved != Saved::Denied
        });
        assert_eq!(saved, allowed, "{draft:?}");
    }
}

#[test]
fn nothing_is_removed_to_which_something_refers() {
    let (_, desk) = desk();
    let person = Person::administrator();
    let remove = |table, id: &str| {
        let seen = rows(&desk, table, id);
        now(desk.remove(&person.now(), table, id, &seen)).unwrap()
    };
    for (table, id, holder) in [
        (TownTable::Categories, "sodai", "いす"),
        (TownTable::Areas, "nishi", "西の燃やす"),
        (TownTable::Departments, "dobutsu", "犬"),
    ] {
        let Saved::Held(broken) = remove(table, id) else { panic!("removed {id}") };
        assert!(
            broken.iter().any(|broken| matches!(broken, Broken::Record { label, .. } if label == holder)),
            "{broken:?}"
        );
    }
    let center = change(&desk, TownTable::Areas, "higashi", "center", "みなみセンター");
    let Saved::Held(broken) = save(&desk, &person, &center) else { panic!("the centre of a closure is gone") };
    let Broken::Record { table, missing, .. } = &broken[0] else { panic!("{broken:?}") };
    assert_eq!((*table, missing.as_str()), (TownTable::Closures, "ひがしセンター"));
    done(remove(TownTable::WasteItems, "isu"));
    done(remove(TownTable::Categories, "sodai"));
}

const PARKS: [&str; 3] = ["koen", "公園課", "0000-00-0003"];

fn parks_have_staff() -> Vec<Broken> {
    vec![Broken::Staff { department: "公園課".to_owned() }]
}

#[test]
fn a_department_with_staff_is_not_removed() {
    let person = Person::administrator();
    for (desk, expected) in
        [(desk_with_staff_of("koen"), Some(parks_have_staff())), (desk_with_staff_of("kankyo"), None)]
    {
        done(save(&desk, &person, &new(TownTable::Departments, &PARKS)));
        let seen = rows(&desk, TownTable::Departments, "koen");
        let removed = now(desk.remove(&person.now(), TownTable::Departments, "koen", &seen)).unwrap();
        match expected {
            Some(staff) => assert_eq!(removed, Saved::Held(staff)),
            None => assert!(matches!(removed, Saved::Done { .. }), "{removed:?}"),
        }
        let renamed = change(&desk, TownTable::Departments, "kankyo", "name", "環境部");
        done(save(&desk, &person, &renamed));
    }
}

#[test]
fn adding_a_department_is_not_undone_once_it_has_staff() {
    let person = Person::administrator();
    let undone = |desk: TownDesk| {
        let (_, revision) = done(save(&desk, &person, &new(TownTable::Departments, &PARKS)));
        now(desk.undo(&person.now(), revision)).unwrap()
    };
    assert_eq!(undone(desk_with_staff_of("koen")), Undone::Held(parks_have_staff()));
    assert!(matches!(undone(desk().1), Undone::Done(_)));
}

#[test]
fn a_file_without_a_department_that_has_staff_is_not_taken() {
    let person = Person::administrator();
    let file = "id,name,phone\nkankyo,環境課,0000-00-0001\ndobutsu,動物課,0000-00-0002\n";
    for (desk, expected) in [(desk_with_staff_of("koen"), parks_have_staff()), (desk().1, Vec::new())] {
        done(save(&desk, &person, &new(TownTable::Departments, &PARKS)));
        let kept = preview(&desk, &person, TownTable::Departments, file, Missing::Keep);
        assert_eq!(kept.broken, [], "nothing is removed");
        let preview = preview(&desk, &person, TownTable::Departments, file, Missing::Remove);
        assert_eq!((&preview.broken, preview.can_be_taken()), (&expected, expected.is_empty()));
        let (agreed, bytes) = (&preview.digest, file.as_bytes());
        let taken = now(desk.import(&person.now(), TownTable::Departments, bytes, Missing::Remove, agreed)).unwrap();
        assert_eq!(matches!(taken, Imported::Done(_)), expected.is_empty());
        assert_eq!(rows(&desk, TownTable::Departments, "koen").is_empty(), expected.is_empty());
    }
}

#[test]
fn an_edit_can_be_undone_and_that_too() {
    let (store, desk) = desk();
    let person = Person::administrator();
    let before = rows(&desk, TownTable::WasteItems, "kami");
    let draft = change(&desk, TownTable::WasteItems, "kami", "note", "一");
    let (_, revision) = done(save(&desk, &person, &draft));
    let Undone::Done(undone) = now(desk.undo(&person.now(), revision)).unwrap() else { panic!("not undone") };
    assert_eq!(rows(&desk, TownTable::WasteItems, "kami"), before);
    assert_eq!(now(desk.undo(&person.now(), revision)).unwrap(), Undone::Already);
    assert_eq!(store.acts().last().unwrap().action, Action::UndoTown);
    assert!(matches!(now(desk.undo(&person.now(), undone)).unwrap(), Undone::Done(_)));
    assert_eq!(rows(&desk, TownTable::WasteItems, "kami"), draft.rows);
    assert_eq!(now(desk.undo(&person.now(), Revision(9_999))).unwrap(), Undone::Unknown);
}

#[test]
fn what_was_changed_since_is_not_undone() {
    let (_, desk) = desk();
    let person = Person::administrator();
    let (_, revision) = done(save(&desk, &person, &change(&desk, TownTable::WasteItems, "kami", "note", "一")));
    done(save(&desk, &person, &change(&desk, TownTable::WasteItems, "kami", "note", "二")));
    let Undone::Conflict(changes) = now(desk.undo(&person.now(), revision)).unwrap() else { panic!("undone") };
    let difference = now(desk.now()).unwrap().difference(&changes[0]);
    assert_eq!(difference.label, "紙");
    assert_eq!(difference.fields[0].before.as_deref(), Some("一"));
    assert_eq!(difference.fields[0].after.as_deref(), Some("二"));
    assert_eq!(now(desk.undo(&Person::editor("dobutsu").now(), Revision(revision.0 + 1))).unwrap(), Undone::Denied);
}

#[test]
fn what_comes_back_must_find_what_it_refers_to() {
    let (_, desk) = desk();
    let person = Person::administrator();
    let remove = |table, id: &str| {
        let seen = rows(&desk, table, id);
        done(now(desk.remove(&person.now(), table, id, &seen)).unwrap()).1
    };
    let item = remove(TownTable::WasteItems, "isu");
    let category = remove(TownTable::Categories, "sodai");
    let Undone::Held(broken) = now(desk.undo(&person.now(), item)).unwrap() else { panic!("refers to nothing") };
    assert!(matches!(&broken[0], Broken::Record { missing, .. } if missing == "sodai"), "{broken:?}");
    assert!(matches!(now(desk.undo(&person.now(), category)).unwrap(), Undone::Done(_)));
    assert!(matches!(now(desk.undo(&person.now(), item)).unwrap(), Undone::Done(_)));
}
