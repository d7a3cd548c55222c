//! Kinds of reports, what is asked about them, and boundaries: whose they are, what holds them, how their history reads.

use serde_json::json;

use super::*;
use crate::ports::TownChange;

const KINDS: TownTable = TownTable::ReportKinds;
const QUESTIONS: TownTable = TownTable::ReportQuestions;
const ANSWERS: TownTable = TownTable::ReportAnswers;

/// A new question about a kind.
fn question(id: &str, kind: &str) -> Draft {
    new(QUESTIONS, &[id, kind, "色は何ですか", "", "", "赤|青", "", "Red|Blue"])
}

#[test]
fn a_kind_is_its_departments_and_so_is_what_is_asked_about_it() {
    let (store, desk) = desk();
    let (roads, animals, admin) = (Person::editor("kankyo"), Person::editor("dobutsu"), Person::administrator());
    assert_eq!(save(&desk, &animals, &question("", "michi")), Saved::Denied);
    let (id, _) = done(save(&desk, &roads, &question("", "michi")));
    assert_eq!(
        (id.as_str(), store.acts().last().unwrap().department.clone()),
        ("report-question-2", "kankyo".parse().ok())
    );
    done(save(&desk, &animals, &question("", "saku")));
    let moved = change(&desk, QUESTIONS, "doko", "kind", "saku");
    for person in [&roads, &animals] {
        assert_eq!(save(&desk, person, &moved), Saved::Denied, "to move it takes both");
    }
    done(save(&desk, &admin, &moved));
    let closed = change(&desk, KINDS, "michi", "closed", "工事中です");
    assert_eq!(save(&desk, &animals, &closed), Saved::Denied);
    done(save(&desk, &roads, &closed));
    let given = change(&desk, KINDS, "michi", "department", "dobutsu");
    assert_eq!(save(&desk, &roads, &given), Saved::Denied);
    done(save(&desk, &admin, &given));
    done(save(&desk, &animals, &change(&desk, QUESTIONS, "okisa", "question", "どのくらいですか")));
}

#[test]
fn a_template_of_answers_is_its_kinds_departments_or_the_towns() {
    let (_, desk) = desk();
    let (roads, animals, admin) = (Person::editor("kankyo"), Person::editor("dobutsu"), Person::administrator());
    let template = |kind: &str| new(ANSWERS, &["", kind, "", "確認中", "確認しています"]);
    for (person, kind) in [(&animals, "michi"), (&roads, ""), (&animals, "")] {
        assert_eq!(save(&desk, person, &template(kind)), Saved::Denied, "{kind}");
    }
    done(save(&desk, &roads, &template("michi")));
    done(save(&desk, &admin, &template("")));
    let taken = change(&desk, ANSWERS, "orei", "kind", "michi");
    assert_eq!(save(&desk, &roads, &taken), Saved::Denied, "nobody takes what is the town's");
    let changed = change(&desk, ANSWERS, "mita", "occasion", "done");
    done(save(&desk, &roads, &changed));
}

#[test]
fn the_chats_town_and_the_desk_agree_whose_a_kind_and_a_question_are() {
    let (_, desk) = desk();
    let snapshot = now(desk.now()).unwrap();
    let town = snapshot.data.clone().into_town();
    for (table, id, department) in [
        (KINDS, "michi", "kankyo"),
        (KINDS, "saku", "dobutsu"),
        (QUESTIONS, "doko", "kankyo"),
        (QUESTIONS, "itsu", "dobutsu"),
        (ANSWERS, "mita", "kankyo"),
    ] {
        let owner = Some(Owner::Department(department.parse().unwrap()));
        assert_eq!((snapshot.owner(table, id), Owner::in_town(&town, table, id)), (owner.clone(), owner), "{id}");
    }
    let towns = Some(Owner::Town);
    let of_all_kinds = (snapshot.owner(ANSWERS, "orei"), Owner::in_town(&town, ANSWERS, "orei"));
    assert_eq!((of_all_kinds, Owner::in_town(&town, ANSWERS, "nai")), ((towns.clone(), towns), None));
    assert_eq!((Owner::in_town(&town, KINDS, "nai"), Owner::in_town(&town, QUESTIONS, "nai")), (None, None));
}

#[test]
fn what_is_typed_into_a_kind_or_a_question_passes_the_checks_of_files() {
    let (_, desk) = desk();
    let admin = Person::administrator();
    for (table, id, column, text, begins) in [
        (KINDS, "michi", "urgent_phone", "", "すぐ電話してほしいこと（urgent）と電話番号"),
        (KINDS, "michi", "duplicate_radius_m", "2001", "0から2000までの整数"),
        (KINDS, "saku", "name", "道路", "「道路」は、登録されている「道路」が使っています。"),
        (QUESTIONS, "doko", "choices_en", "Up", "選択肢が1個あります（日本語は2個）。"),
    ] {
        let told = wrong(save(&desk, &admin, &change(&desk, table, id, column, text)));
        assert_eq!(told[0].0.as_deref(), Some(column), "{told:?}");
        assert!(told[0].1.starts_with(begins), "{told:?}");
    }
    for id in ["third", "fourth", "fifth"] {
        done(save(&desk, &admin, &question(id, "michi")));
    }
    let sixth = wrong(save(&desk, &admin, &question("sixth", "michi")));
    assert!(sixth[0].1.starts_with("「michi」の行が多すぎます。"), "{sixth:?}");
    done(save(&desk, &admin, &question("sixth", "saku")));
}

#[test]
fn a_kind_of_which_something_is_asked_is_not_removed() {
    let (_, desk) = desk();
    let admin = Person::administrator();
    let remove = |table, id: &str| {
        let seen = rows(&desk, table, id);
        now(desk.remove(&admin.now(), table, id, &seen)).unwrap()
    };
    let Saved::Held(broken) = remove(KINDS, "saku") else { panic!("removed") };
    let held = Broken::Record {
        table: QUESTIONS,
        label: "いつからですか".to_owned(),
        column: "kind",
        missing: "saku".to_owned(),
    };
    assert_eq!(broken, [held]);
    done(remove(QUESTIONS, "itsu"));
    done(remove(KINDS, "saku"));
    let Saved::Held(broken) = remove(TownTable::Departments, "kankyo") else { panic!("removed") };
    assert!(
        broken.iter().any(|broken| matches!(broken, Broken::Record { table: KINDS, label, .. } if label == "道路"))
    );
}

#[test]
fn the_history_and_the_log_say_of_a_boundary_how_much_it_is() {
    let (store, desk) = desk();
    let part = |text: &str| json!({"number": 1, "of": 2, "districts": 3, "points": 1_200, "text": text});
    store.put("boundary", "001", part("[1,2,3]"));
    let snapshot = now(desk.now()).unwrap();
    let loaded = TownChange {
        kind: "boundary".to_owned(),
        id: "001".to_owned(),
        before: Some(part("[1,2]")),
        after: Some(part("[1,2,3]")),
    };
    let difference = snapshot.difference(&loaded);
    assert_eq!((difference.table, difference.label.as_str()), (None, "区域の境界（001）"));
    let [field] = &difference.fields[..] else { panic!("{difference:?}") };
    let before = field.before.as_deref().unwrap();
    assert!(before.starts_with("3地区、1200点（2つに分けたうちの1つめ、内容の記号 "), "{before}");
    assert_ne!(field.before, field.after, "whether they are the same is seen");
    let act = super::super::decide::edit_of(&snapshot, &Person::administrator().now(), vec![loaded], Action::UndoTown);
    let act = act.unwrap().act;
    assert!(act.before.starts_with(r#"{"boundary":"3地区、"#) && !act.after.contains("[1,2"), "{act:?}");
    assert_eq!(snapshot.owner(KINDS, "001"), None);
}
