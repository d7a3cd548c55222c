//! Changes of collections and kinds of dates: whose they are, what they are called, and what holds them.

use super::*;

const CHANGES: TownTable = TownTable::Changes;

/// As the form sends it: in the order of the boxes.
fn snow(areas: &str, categories: &str) -> Draft {
    new(CHANGES, &["", "2027-01-20", areas, categories, "", "大雪のため"])
}

#[test]
fn a_change_belongs_to_the_department_that_has_all_of_its_categories() {
    let (store, desk) = desk();
    let (waste, animals, admin) = (Person::editor("kankyo"), Person::editor("dobutsu"), Person::administrator());
    assert_eq!(save(&desk, &animals, &snow("higashi", "moeru")), Saved::Denied);
    done(save(&desk, &waste, &snow("higashi", "moeru")));
    assert_eq!(store.acts().last().unwrap().department, Some("kankyo".parse().unwrap()));
    // Of two departments, of nobody, of all that there is: the town's.
    for categories in ["moeru esa", "sodai", ""] {
        for person in [&waste, &animals] {
            assert_eq!(save(&desk, person, &snow("nishi", categories)), Saved::Denied, "{categories}");
        }
        done(save(&desk, &admin, &snow("nishi", categories)));
        assert_eq!(store.acts().last().unwrap().department, None, "{categories}");
    }
    // To make it everybody's is to take it from the others.
    let widened = change(&desk, CHANGES, "yuki", "categories", "");
    assert_eq!(save(&desk, &waste, &widened), Saved::Denied);
    let seen = rows(&desk, CHANGES, "yuki");
    assert_eq!(now(desk.remove(&animals.now(), CHANGES, "yuki", &seen)).unwrap(), Saved::Denied);
    done(now(desk.remove(&waste.now(), CHANGES, "yuki", &seen)).unwrap());
}

#[test]
fn the_chats_town_and_the_desk_agree_whose_a_change_is() {
    let (_, desk) = desk();
    let snapshot = now(desk.now()).unwrap();
    let town = snapshot.data.clone().into_town();
    for (table, id) in [(CHANGES, "yuki"), (CHANGES, "kaze"), (CHANGES, "esa"), (TownTable::Dates, "inu")] {
        let owner = snapshot.owner(table, id);
        assert!(owner.is_some() && owner == Owner::in_town(&town, table, id), "{id}: {owner:?}");
    }
    assert_eq!(snapshot.owner(CHANGES, "kaze"), Some(Owner::Town), "all categories, of several departments");
    assert_eq!(snapshot.owner(CHANGES, "esa"), Some(Owner::Department("dobutsu".parse().unwrap())));
    assert_eq!(Owner::in_town(&town, CHANGES, "nai"), None);
}

#[test]
fn dates_are_the_towns() {
    let (_, desk) = desk();
    let kind = new(TownTable::Dates, &["", "猫が来た月", "", "The cat came", "いつですか", "", "", "past"]);
    assert_eq!(save(&desk, &Person::editor("dobutsu"), &kind), Saved::Denied);
    assert_eq!(done(save(&desk, &Person::administrator(), &kind)).0, "the-cat-came");
    let snapshot = now(desk.now()).unwrap();
    let order: Vec<_> = snapshot.entries(TownTable::Dates).iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(order, ["inu", "the-cat-came"], "a new one stands at the end");
    let reserved = new(TownTable::Dates, &["child", "子", "", "", "いつですか", "", "", "past"]);
    let wrong = wrong(save(&desk, &Person::administrator(), &reserved));
    assert_eq!(wrong[0].0.as_deref(), Some("id"));
    assert!(wrong[0].1.starts_with("「child」は、お子さんの生まれた月"), "{wrong:?}");
}

#[test]
fn a_change_is_named_by_its_day_and_found_the_latest_first() {
    let (_, desk) = desk();
    let admin = Person::administrator();
    let draft = snow("nishi higashi", "sodai moeru");
    let (id, _) = done(save(&desk, &admin, &draft));
    assert_eq!(id, "2027-01-20");
    assert_eq!(save(&desk, &admin, &draft), Saved::Already { id: id.clone() }, "sent twice, whatever the order of ids");
    assert_eq!(done(save(&desk, &admin, &snow("", ""))).0, "2027-01-20-2");
    let snapshot = now(desk.now()).unwrap();
    let list: Vec<_> =
        snapshot.entries(CHANGES).iter().map(|entry| (entry.id.as_str(), entry.label.as_str())).collect();
    assert_eq!(
        list,
        [
            ("2027-01-20", "2027-01-20の東ほか1区域・燃やすほか1分別"),
            ("2027-01-20-2", "2027-01-20のすべての区域・すべての分別"),
            ("kaze", "2026-03-04のすべての区域・すべての分別"),
            ("yuki", "2026-02-04の東ほか1区域・燃やす"),
            ("esa", "2025-12-01の西・えさ"),
        ]
    );
    let found = |query| snapshot.search(CHANGES, query, &[]).map(|entry| entry.id.as_str()).collect::<Vec<_>>();
    assert_eq!(found("大雪"), ["2027-01-20", "2027-01-20-2", "yuki"]);
    assert_eq!(found("2026-02-04"), ["yuki"]);
}

#[test]
fn what_is_typed_into_a_change_passes_the_checks_of_files() {
    let (_, desk) = desk();
    for (column, text, sentence) in [
        ("new_date", "2026-02-04", "代わりの日が、取りやめる日と同じか、それより前です。"),
        ("new_date", "2026-02-03", "代わりの日が、取りやめる日と同じか、それより前です。"),
        ("date", "2026-02-30", "「2026-02-30」は日付ではありません。"),
        ("areas", "minami", "「minami」はareas.csvにありません。"),
        ("categories", "燃やす", "「燃やす」は識別名に使えません。"),
    ] {
        let draft = change(&desk, CHANGES, "yuki", column, text);
        let wrong = wrong(save(&desk, &Person::administrator(), &draft));
        assert!(wrong.len() == 1 && wrong[0].0.as_deref() == Some(column), "{column}={text}: {wrong:?}");
        assert!(wrong[0].1.starts_with(sentence), "{wrong:?}");
    }
}

#[test]
fn what_a_change_names_is_not_removed() {
    let (_, desk) = desk();
    let admin = Person::administrator();
    let removed = |table, id: &str| {
        let seen = rows(&desk, table, id);
        now(desk.remove(&admin.now(), table, id, &seen)).unwrap()
    };
    for (table, id, in_the_way) in [
        (TownTable::WasteItems, "inugoya", None),
        (TownTable::Categories, "esa", Some("2025-12-01の西・えさ")),
        (CHANGES, "esa", None),
        (TownTable::Categories, "esa", None),
    ] {
        match (removed(table, id), in_the_way) {
            (Saved::Done { .. }, None) => {}
            (Saved::Held(broken), Some(expected)) => {
                assert!(
                    matches!(&broken[..], [Broken::Record { table: CHANGES, label, column: "categories", missing }]
                        if label == expected && missing == "esa"),
                    "{broken:?}"
                );
            }
            (other, _) => panic!("{table:?} {id}: {other:?}"),
        }
    }
    // The second of two areas that a change names counts like the first.
    let Saved::Held(broken) = removed(TownTable::Areas, "nishi") else { panic!("removed") };
    let is_the_change = |one: &Broken| matches!(one, Broken::Record { table: CHANGES, column: "areas", missing, .. } if missing == "nishi");
    assert!(broken.iter().any(is_the_change), "{broken:?}");
}
