//! Every step: back, out, mending, and what nobody can make sense of.

use super::*;

/// What leads through all steps of a street light's report, with the step that each leads to.
fn path() -> Vec<(Deed, Step)> {
    let question = |id: &str| Step::Question(id.parse().unwrap());
    vec![
        (tap(ReportCommand::Start), Step::Kind),
        (choose("light"), question("what")),
        (tap(ReportCommand::Answer("what".parse().unwrap(), 1)), question("pole")),
        (said("12の3"), Step::Photos),
        (tap(ReportCommand::PhotosDone), Step::Place),
        (place(35.05, 139.02), Step::Comment),
        (tap(ReportCommand::NoComment), Step::Summary),
    ]
}

/// Somebody who has gone so many steps of it.
fn walked(steps: usize) -> Walk {
    let mut walk = Walk::new();
    for (deed, step) in path().into_iter().take(steps) {
        walk.hear(deed);
        assert_eq!(walk.step(), step);
    }
    walk
}

#[test]
fn at_every_step_there_is_a_way_back_and_nothing_said_is_lost_by_it() {
    for back in [tap(ReportCommand::Back), said("もどる"), said("戻る"), said("Back")] {
        let mut walk = walked(7);
        let whole = walk.draft().unwrap().clone();
        let steps: Vec<Step> = path().into_iter().map(|(_, step)| step).collect();
        for step in steps.iter().rev().skip(1) {
            let turn = walk.hear(back.clone());
            assert_eq!(walk.step(), *step);
            assert_eq!(turn.replies.len(), 1, "it is asked again: {}", spoken(&turn));
        }
        assert_eq!(walk.hear(back).replies.len(), 1);
        assert_eq!(walk.step(), Step::Kind, "there is nothing before the first");
        let draft = walk.draft().unwrap();
        assert_eq!((&draft.answers, &draft.place), (&whole.answers, &whole.place));
        // Forward again: what is known is not asked again, and neither is what was passed over on purpose asked twice in a row.
        walk.hear(choose("light"));
        assert_eq!(walk.step(), Step::Photos);
        walk.hear(tap(ReportCommand::PhotosDone));
        walk.hear(tap(ReportCommand::NoComment));
        assert_eq!(walk.step(), Step::Summary);
    }
}

#[test]
fn at_every_step_there_is_a_way_out() {
    let ways = ["やめる", "中止", "キャンセル", "cancel", "報告をやめる"].map(said);
    for way in ways.into_iter().chain([tap(ReportCommand::Cancel)]) {
        for steps in 1..=7 {
            let mut walk = walked(steps);
            walk.hear(photo("p1"));
            walk.hear(photo("p2"));
            let turn = walk.hear(way.clone());
            assert_eq!(walk.draft(), None, "{steps}");
            assert_eq!(withdrawn(&turn), 2, "its photos go with it");
            assert!(spoken(&turn).contains("報告をやめました"));
            let again = walk.hear(way.clone());
            assert!(spoken(&again).contains("中止しました"), "{}", spoken(&again));
        }
    }
}

#[test]
fn out_and_back_are_offered_at_every_step() {
    for (count, (_, step)) in path().into_iter().enumerate() {
        let mut walk = walked(count + 1);
        let turn = walk.hear(tap(ReportCommand::Resume));
        assert!(spoken(&turn).starts_with("作成中の報告の続きです。"));
        let offers = offered(&turn);
        assert!(offers.contains(&Command::Report(ReportCommand::Cancel)), "{step:?}");
        assert_eq!(offers.contains(&Command::Report(ReportCommand::Back)), step != Step::Kind, "{step:?}");
    }
}

#[test]
fn every_part_can_be_mended_at_the_end_and_leads_back_there() {
    for (part, deeds, shown) in [
        (Part::Kind, vec![choose("other")], "その他"),
        (Part::Kind, vec![choose("road"), tap(ReportCommand::GoOn)], "道路"),
        (Part::Answers, vec![said("わからない"), said("9の9")], "9の9"),
        (Part::Photos, vec![photo("p7"), photo("p8"), tap(ReportCommand::PhotosDone)], "2枚"),
        (Part::Photos, vec![photo("p7"), tap(ReportCommand::PhotosClear), tap(ReportCommand::PhotosDone)], "写真なし"),
        (Part::Place, vec![said("35.06 139.09")], "35.06000,139.09000"),
        (Part::Comment, vec![said("足もとが見えません")], "足もとが見えません"),
        (Part::Place, vec![tap(ReportCommand::Back)], "35.05000,139.02000"),
    ] {
        let mut walk = walked(7);
        let mut last = walk.hear(tap(ReportCommand::Change(part)));
        assert_ne!(walk.step(), Step::Summary, "{part:?}");
        for deed in deeds {
            last = walk.hear(deed);
        }
        assert_eq!(walk.step(), Step::Summary, "{part:?}");
        assert!(spoken(&last).contains(shown), "{part:?}: {}", spoken(&last));
        assert!(filed(&walk.send()).is_some(), "{part:?}");
    }
}

#[test]
fn another_kind_asks_its_own_questions_before_it_is_sent() {
    let mut walk = Walk::at_summary();
    walk.hear(tap(ReportCommand::Change(Part::Kind)));
    walk.hear(choose("light"));
    assert_eq!(walk.step(), Step::Question("what".parse().unwrap()));
    // Who sends the old card has still to answer.
    let turn = walk.send();
    assert!(filed(&turn).is_none() && spoken(&turn).contains("次のことを教えてください"), "{}", spoken(&turn));
    walk.hear(said("消えている"));
    walk.hear(tap(ReportCommand::Unknown("pole".parse().unwrap())));
    let turn = walk.send();
    assert_eq!(filed(&turn).unwrap().answers.len(), 2);
}

#[test]
fn nobody_is_led_astray_by_what_makes_no_sense() {
    for (steps, deed, said_again) in [
        (1, said("よくわからないもの"), "種別を選んで"),
        (1, tap(ReportCommand::GoOn), "種別を選んで"),
        (2, said("ついたり消えたり"), "下のボタンから選んで"),
        (2, tap(ReportCommand::Answer("what".parse().unwrap(), 9)), "どうなっていますか"),
        (2, tap(ReportCommand::Answer("gone".parse().unwrap(), 0)), "どうなっていますか"),
        (2, tap(ReportCommand::Unknown("gone".parse().unwrap())), "どうなっていますか"),
        (3, said(&"長".repeat(201)), "200文字以内"),
        (3, said("　"), "電柱の番号"),
        (4, said("写真はあとで"), "写真を送ってください"),
        (4, tap(ReportCommand::NoComment), "写真を送ってください"),
        (5, said("駅の近く"), "場所を読み取れませんでした"),
        (5, said("35, 139"), "場所を読み取れませんでした"),
        (5, said("135.1, 139.1"), "場所を読み取れませんでした"),
        (5, place(35.5, 139.5), "ためし町の外"),
        (5, said("0.0, 0.0"), "ためし町の外"),
        (5, Deed::Sent(Thing::Place), "場所を読み取れませんでした"),
        (5, tap(ReportCommand::PhotosDone), "場所を教えてください"),
        (6, said(&"長".repeat(TEXT_CHARS_MAX + 1)), "1000文字以内"),
        (4, Deed::Sent(Thing::Photo), "この写真は受け取れませんでした"),
        (4, Deed::Sent(Thing::Video), "写真として送ってください"),
        (4, Deed::Sent(Thing::File), "写真として送ってください"),
        (7, said("これでいいのかな"), "この内容で報告します"),
        (7, tapped(&Command::Report(ReportCommand::Send("another".parse().unwrap()))), "この内容で報告します"),
    ] {
        let mut walk = walked(steps);
        let before = walk.draft().unwrap().clone();
        let turn = walk.hear(deed.clone());
        assert_eq!(walk.draft(), Some(&before), "{steps} {deed:?}");
        assert!(spoken(&turn).contains(said_again), "{steps} {deed:?}: {}", spoken(&turn));
        assert!(turn.choices.iter().any(|choice| choice.label == "報告をやめる"), "{steps} {deed:?}");
        assert_eq!(turn.effects, []);
    }
}

#[test]
fn the_longest_words_that_are_taken_are_taken() {
    let mut walk = walked(3);
    walk.hear(said(&"長".repeat(200)));
    assert_eq!(walk.step(), Step::Photos);
    let mut walk = walked(6);
    walk.hear(said(&"長".repeat(TEXT_CHARS_MAX)));
    assert_eq!(filed(&walk.send()).unwrap().comment.chars().count(), TEXT_CHARS_MAX);
}

#[test]
fn a_place_just_outside_the_line_is_taken() {
    let mut walk = walked(5);
    // A thousandth of a degree of latitude is some 110 metres.
    walk.hear(place(35.1009, 139.02));
    assert_eq!(walk.step(), Step::Comment);
    assert_eq!(walk.draft().unwrap().place.as_ref().unwrap().district.as_ref().unwrap().as_str(), "minami");
    let mut walk = walked(5);
    walk.hear(place(35.103, 139.02));
    assert_eq!(walk.step(), Step::Place);
}

#[test]
fn photos_and_a_place_come_at_any_step() {
    for steps in 1..=7 {
        let mut walk = walked(steps);
        let step = walk.step();
        let turn = walk.hear(photo("p1"));
        assert_eq!(walk.step(), step, "{steps}");
        assert!(spoken(&turn).contains("受け取りました"), "{steps}");
        let turn = walk.hear(place(35.01, 139.01));
        assert_eq!(walk.draft().unwrap().place.as_ref().unwrap().point, point(35.01, 139.01));
        assert!(!turn.replies.is_empty() && (walk.step() == step || step == Step::Place));
    }
    // What was sent before it was asked for is not asked for again.
    let mut walk = walked(1);
    walk.hear(photo("p1"));
    walk.hear(place(35.01, 139.01));
    walk.hear(choose("other"));
    assert_eq!(walk.step(), Step::Comment);
}

#[test]
fn a_word_of_the_menu_is_answered_and_the_report_waits() {
    for steps in 1..=7 {
        for word in ["設定", "収集日", "ごみ", "ヘルプ", "報告の状況"] {
            let mut walk = walked(steps);
            let before = walk.draft().unwrap().clone();
            let deed = if word == "報告の状況" { Deed::AskedReports(Vec::new()) } else { said(word) };
            let turn = walk.hear(deed);
            assert_eq!(walk.draft(), Some(&before), "{word}");
            let first = turn.choices.first().map(|choice| choice.label.as_str());
            assert_eq!(first, Some("報告の続き"), "{word}: {}", spoken(&turn));
            assert_eq!(turn.choices.iter().filter(|choice| choice.label == "報告の続き").count(), 1);
            let on = walk.hear(said("報告の続き"));
            assert!(spoken(&on).contains("作成中の報告の続き"), "{}", spoken(&on));
        }
    }
}

#[test]
fn a_question_in_between_is_answered_first_and_given_up_alone() {
    let mut walk = walked(6);
    walk.hear(tapped(&Command::Districts));
    let turn = walk.hear(said("やめる"));
    assert!(walk.draft().is_some() && spoken(&turn).contains("中止しました"), "{}", spoken(&turn));
    walk.hear(tapped(&Command::Districts));
    walk.hear(said("南町"));
    assert_eq!(walk.chat.settings().district().unwrap().as_str(), "minami");
    assert_eq!(walk.draft().unwrap().comment, "");
    walk.hear(said("もう一か所あります"));
    assert_eq!(walk.draft().unwrap().comment, "もう一か所あります");
}

#[test]
fn what_is_no_thing_to_throw_away_is_not_kept_as_a_question() {
    for steps in 1..=7 {
        let mut walk = walked(steps);
        let turn = walk.hear(said("かんでんち"));
        assert!(!turn.effects.iter().any(|effect| matches!(effect, Effect::KeepQuestion(_))), "{steps}");
        assert!(!spoken(&turn).contains("有害ごみ"), "{steps}");
    }
}
