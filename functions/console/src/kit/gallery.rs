//! A page with every part of the kit, to check what only shows where parts meet.

use jiff::civil;
use maud::{Markup, html};

use super::testing::{assert_labelled, tags};
use super::{
    BadgeKind, Bars, ButtonKind, Change, Choice, Column, Confirm, Errors, Field, Form, InputKind, NoticeKind, Pager,
    Progress, Tile, actions, badge, bar_chart, breadcrumbs, card, changes, checkboxes, compose, confirm, count, date,
    definitions, error_summary, file, form, heading, input, link_button, moment, notice, pager, post_button, progress,
    radios, search, section, select, submit, table, tabs, text, tiles,
};
use crate::frame::{Frame, NavEntry, Notice, Person, page};

/// The page.
pub(crate) fn sample() -> Markup {
    let path = "/town/waste/7";
    let entries = [
        ("ホーム", "/"),
        ("住民", "/residents"),
        ("質問", "/questions"),
        ("町のデータ", "/town"),
        ("設定", "/settings"),
    ];
    let frame = Frame {
        title: "部品の見本".to_owned(),
        town: "回覧市".to_owned(),
        nav: entries.iter().map(|(label, href)| NavEntry::new(*label, *href, path)).collect(),
        person: Some(Person { name: "山田 花子".to_owned() }),
        csrf: "token".to_owned(),
        notices: vec![Notice {
            kind: NoticeKind::Success,
            title: "保存しました".to_owned(),
            text: "「乾電池」の分別を変更しました。".to_owned(),
        }],
    };
    page(&frame, &html! { (glance(path)) (fields()) (lists()) (work()) (question()) })
}

fn glance(path: &str) -> Markup {
    let tab = |label, href| NavEntry::new(label, href, path);
    html! {
        (breadcrumbs(&[("ホーム", "/"), ("町のデータ", "/town")], "部品の見本"))
        (heading("部品の見本", Some("この画面には、管理画面で使う部品がすべて並んでいます。表示と読み上げの確認に使います。")))
        (tabs("町のデータ", &[tab("ごみの品目", "/town/waste"), tab("収集日", "/town/calendar"), tab("地区", "/town/districts")]))
        (tiles(&[
            Tile { label: "友だち", value: count(1_720_000), unit: "人", href: Some("/residents") },
            Tile { label: "回答待ちの質問", value: count(12), unit: "件", href: Some("/questions") },
            Tile { label: "新しい損傷報告", value: count(0), unit: "件", href: None },
        ]))
        (notice(NoticeKind::Info, "次の収集日は変更されています", &html! { p { "年末年始は " (date(civil::date(2026, 1, 5))) " からです。" } }))
        (notice(NoticeKind::Warning, "まもなくログアウトします", &html! { p { "続けるときは、画面を表示し直してください。" } }))
        (notice(NoticeKind::Error, "取り込めませんでした", &html! { p { "3行目の地区名を直して、もう一度選んでください。" } }))
        (card("最終更新", &definitions(&[
            ("更新した人", html! { "鈴木 一郎" }),
            ("更新日時", moment(jiff::Timestamp::UNIX_EPOCH)),
            ("状態", html! {
                (badge(BadgeKind::Neutral, "下書き")) " " (badge(BadgeKind::Active, "配信中")) " "
                (badge(BadgeKind::Good, "完了")) " " (badge(BadgeKind::Caution, "承認待ち")) " " (badge(BadgeKind::Bad, "停止"))
            }),
        ])))
    }
}

fn fields() -> Markup {
    let mut errors = Errors::default();
    errors.add("name", "氏名を入力してください。");
    errors.add("role", "役割を一つ選んでください。");
    errors.add("department", "所管課を選んでください。");
    let roles = [Choice::new("editor", "編集者").hint("文章を書き、承認を頼みます。"), Choice::new("reader", "閲覧者")];
    let departments = [Choice::new("kankyo", "環境課"), Choice::new("bosai", "防災課")];
    let message = "明日は燃やすごみの日です。\n朝8時30分までに出してください。😀";
    html! {
        (error_summary(&errors))
        (section("入力欄", &form(&Form::post("/sample", "token").with_files().still_unsaved(), &html! {
            (text(&Field::new("name", "氏名").hint("姓と名の間を空けてください。").error(errors.of("name")).required().autocomplete("name")))
            (input(InputKind::Email, &Field::new("mail", "メールアドレス").value("hanako@example.jp").autocomplete("email")))
            (input(InputKind::Date, &Field::new("day", "収集日").value("2026-01-31")))
            (input(InputKind::Digits, &Field::new("code", "確認コード").autocomplete("one-time-code")))
            (select(&Field::new("department", "所管課").error(errors.of("department")).required(), &departments))
            (radios(&Field::new("role", "役割").error(errors.of("role")).required(), &roles))
            (checkboxes(&Field::new("topics", "受信トピック").hint("いくつでも選べます。"), &departments, &["bosai"]))
            (file(&Field::new("table", "取り込むファイル").hint("CSV（UTF-8またはShift_JIS）、5MBまで"), ".csv,text/csv"))
            (actions(&[submit(ButtonKind::Primary, "保存する"), link_button(ButtonKind::Secondary, "戻る", "/town")]))
        })))
        (section("テスト送信", &form(&Form::post("/test-message", "token").warn_unsaved(), &html! {
            (compose(&Field::new("text", "本文").value(message).units_max(5_000).rows(10).required(), "回覧市"))
            (actions(&[submit(ButtonKind::Primary, "自分に送る")]))
        })))
    }
}

fn lists() -> Markup {
    let columns = [Column::row_head("品目"), Column::text("分別"), Column::number("質問（回）"), Column::text("操作")];
    let row = |name: &str, kind: &str, times: u64| {
        let undo = post_button(ButtonKind::Plain, "元に戻す", &Form::post("/undo", "token"), &[("id", name)]);
        vec![html! { a href="/town/waste/1" { (name) } }, html! { (kind) }, html! { (count(times)) }, undo]
    };
    let rows = [
        row("乾電池", "有害・危険ごみ", 1_284),
        row("羽毛布団（シングル・ダブル）", "粗大ごみ", 37),
        row("傘", "燃やさないごみ", 8),
    ];
    let edits = [
        Change { label: "分別", before: Some("燃やすごみ"), after: Some("資源ごみ") },
        Change {
            label: "説明",
            before: Some("洗ってください。\nふたは外します。"),
            after: Some("洗ってください。\nラベルも外します。"),
        },
        Change { label: "別名", before: Some("ペットボトル"), after: Some("ペットボトル") },
        Change { label: "備考", before: None, after: Some("2026年4月から") },
    ];
    let days = [("1月29日（木）", 41, 2), ("1月30日（金）", 128, 5), ("1月31日（土）", 12, 0)];
    let bars: Vec<Bars> =
        days.iter().map(|(day, new, gone)| Bars { label: (*day).to_owned(), counts: vec![*new, *gone] }).collect();
    html! {
        (section("一覧", &html! {
            (search("/town/waste", "品目をさがす", "電池", &[("kind", "all")]))
            (table("ごみの品目", &columns, &rows, &html! {}))
            (pager(&Pager::numbered("/town/waste", &[("q", "電池")], 2, 34)))
            (table("回答待ちの質問", &columns, &[], &html! { p { "回答待ちの質問はありません。" } }))
        }))
        (section("ほかの職員が変更しました", &changes("変更の違い", "保存されている内容", "あなたの入力", &edits)))
        (section("友だちの増減", &bar_chart("日ごとの友だちの数", "日付", &["追加（人）", "ブロック（人）"], &bars)))
    }
}

fn work() -> Markup {
    let known = Progress {
        label: "取り込み",
        done: 1_200,
        total: 3_440,
        page: "/imports/1",
        poll: Some("/imports/1/progress"),
    };
    let unknown = Progress { label: "配信対象を数えています", done: 0, total: 0, page: "/b/1", poll: None };
    section("進み具合", &html! { (progress(&known)) (progress(&unknown)) })
}

fn question() -> Markup {
    let about = definitions(&[("氏名", html! { "山田 花子" }), ("所管課", html! { "環境課" })]);
    confirm(&Confirm {
        question: "山田 花子さんを無効にしますか",
        about: &about,
        consequences: &["すぐにログアウトされ、以後ログインできません。", "これまでの記録は残ります。"],
        form: Form::post("/people/7/disable", "token"),
        values: &[("version", "3")],
        button: "無効にする",
        cancel: "/people/7",
    })
}

#[test]
fn parts_do_not_get_in_each_others_way() {
    let page = sample();
    assert_labelled(&page);
    for tag in tags(&page.0) {
        for (name, _) in &tag.attributes {
            assert!(name != "style" && !name.starts_with("on"), "{name} in <{}>", tag.name);
        }
    }
}

#[test]
fn every_post_form_carries_the_token() {
    let html = sample().into_string();
    let forms: Vec<&str> = html.split("<form ").skip(1).filter(|form| form.contains(r#"method="post""#)).collect();
    assert!(forms.len() > 5);
    for form in forms {
        assert!(form.contains(r#"name="csrf" value="token""#), "{form}");
    }
}
