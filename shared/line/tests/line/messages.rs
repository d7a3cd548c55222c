//! What replies look like in LINE's JSON: golden files, each shown to the oracle too.

use domain::reply::{Action, Badge, Card, Choice, Emphasis, Reply, Row};
use line::message::action::Action as LineAction;
use line::message::flex::{Bubble, ButtonStyle, Container, FlexBox, FlexButton, FlexImage, FlexSeparator, Part, Space};
use line::message::template::{Head, Template};
use line::message::text::{AltText, FlexLabel, ImageUrl, Label};
use line::message::{Message, MessageArray, QuickReply, Unfit};
use line::render::render;
use serde_json::Value;

use crate::oracle::Oracle;

fn documented(messages: &MessageArray) -> Value {
    documented_json(messages.as_str())
}

/// Messages, shown to the oracle.
pub(crate) fn documented_json(messages: &str) -> Value {
    let messages: Value = serde_json::from_str(messages).unwrap();
    if let Some(oracle) = Oracle::summon() {
        for message in messages.as_array().unwrap() {
            assert_eq!(oracle.message_errors(message), Vec::<String>::new(), "{message:#}");
        }
    }
    messages
}

/// The golden file `name`, its keys sorted whatever order the JSON library is built to keep.
pub(crate) fn golden(name: &str, messages: &Value) {
    insta::with_settings!({ sort_maps => true }, { insta::assert_json_snapshot!(name, messages) });
}

fn rendered(replies: &[Reply], choices: &[Choice]) -> Value {
    documented(&render(replies, choices).unwrap())
}

fn send(label: &str, emphasis: Emphasis) -> Choice {
    let action = Action::Send { data: format!("c={label}"), said: format!("{label}を見る") };
    Choice { label: label.to_owned(), action, emphasis }
}

fn battery() -> Card {
    Card {
        title: "乾電池".to_owned(),
        badge: Some(Badge { text: "有害ごみ".to_owned(), color: "#8a3b12".to_owned() }),
        rows: vec![
            Row::Text("透明な袋に入れて、ほかのごみと分けて出してください。".to_owned()),
            Row::Field { name: "次の収集日".to_owned(), value: "12月2日（水）".to_owned() },
            Row::Field { name: String::new(), value: "朝8時30分まで".to_owned() },
            Row::Note("ボタン電池は販売店へ。".to_owned()),
        ],
        buttons: vec![
            send("カレンダー", Emphasis::Main),
            Choice {
                label: "環境課に電話".to_owned(),
                action: Action::Open("tel:0591234567".to_owned()),
                emphasis: Emphasis::Plain,
            },
        ],
    }
}

fn cards(cards: Vec<Card>) -> Reply {
    Reply::Cards { summary: "乾電池は有害ごみです。次の収集日は12月2日です。".to_owned(), cards }
}

#[test]
fn a_text_with_choices_below() {
    let replies = [Reply::Text("こんにちは。".to_owned()), Reply::Text("お住まいの地区を選んでください。".to_owned())];
    golden(
        "a_text_with_choices_below",
        &rendered(&replies, &[send("本町", Emphasis::Main), send("港町", Emphasis::Plain)]),
    );
}

#[test]
fn what_the_phone_does_by_itself_is_offered_below() {
    let choice = |label: &str, action| Choice { label: label.to_owned(), action, emphasis: Emphasis::Plain };
    let choices = [
        choice("カメラで撮る", Action::Camera),
        choice("写真を選ぶ", Action::CameraRoll),
        choice("場所を送る", Action::Location),
        send("もどる", Emphasis::Plain),
    ];
    golden(
        "what_the_phone_does_by_itself_is_offered_below",
        &rendered(&[Reply::Text("写真を送ってください。".to_owned())], &choices),
    );
    for action in [Action::Camera, Action::CameraRoll, Action::Location] {
        let card = Card { buttons: vec![choice("a", action)], ..battery() };
        let refused = render(&[cards(vec![card])], &[]).unwrap_err();
        assert_eq!(refused, Unfit::Misplaced("what only a quick reply does"));
    }
}

#[test]
fn one_card_is_a_bubble() {
    golden("one_card_is_a_bubble", &rendered(&[cards(vec![battery()])], &[]));
}

#[test]
fn several_cards_are_a_carousel_with_choices_below() {
    let plain = Card { title: "電池ではない電池".to_owned(), ..Card::default() };
    golden(
        "several_cards_are_a_carousel_with_choices_below",
        &rendered(&[cards(vec![plain, battery()])], &[send("ほかの品目", Emphasis::Plain)]),
    );
}

#[test]
fn what_says_nothing_is_left_out() {
    let card = Card {
        title: " ".to_owned(),
        badge: Some(Badge { text: String::new(), color: "red".to_owned() }),
        rows: vec![
            Row::Text(String::new()),
            Row::Field { name: "備考".to_owned(), value: String::new() },
            Row::Note("残るのはこれだけ".to_owned()),
        ],
        buttons: vec![],
    };
    golden("what_says_nothing_is_left_out", &rendered(&[cards(vec![card])], &[]));
}

#[test]
fn our_other_builders_write_what_line_documents() {
    let action = || LineAction::message(Label::cut("はい").unwrap(), "はい").unwrap();
    let url = |name: &str| ImageUrl::new(format!("https://example.com/{name}.jpg")).unwrap();
    let quick = QuickReply::new(vec![
        LineAction::Location { label: Label::cut("場所を送る").unwrap() },
        LineAction::Camera { label: Label::cut("写真を撮る").unwrap() },
        LineAction::CameraRoll { label: Label::cut("写真を選ぶ").unwrap() },
        LineAction::uri(Label::cut("町の地図").unwrap(), "https://example.com/map").unwrap(),
        LineAction::postback(Label::cut("やめる").unwrap(), "stop", "").unwrap(),
    ]);
    let head = Head { image: Some(url("photo")), title: Some("損傷報告".to_owned()) };
    let alt = || AltText::cut("この内容で送りますか。").unwrap();
    let hero = FlexImage { url: url("hero"), size: "full", aspect_ratio: "20:13", aspect_mode: "cover" };
    let link = FlexButton::new(
        LineAction::uri(FlexLabel::cut("開く").unwrap(), "https://example.com/").unwrap(),
        ButtonStyle::Link,
        None,
    );
    let column = FlexBox::column(vec![Part::Separator(FlexSeparator { margin: Space::Md }), Part::Button(link)]);
    let bubble = Bubble { hero: Some(Part::Image(hero)), body: Some(Part::Box(column)), ..Bubble::default() };
    let messages = [
        Message::image(url("large"), url("small")),
        Message::flex(alt(), Container::new(vec![bubble]).unwrap()),
        Message::template(alt(), Template::buttons(head, "この内容で送りますか。", vec![action()]).unwrap()),
        Message::template(alt(), Template::confirm("送りますか。", action(), action()).unwrap())
            .with_quick_reply(quick.unwrap()),
    ];
    golden("our_other_builders_write_what_line_documents", &documented(&MessageArray::of(&messages).unwrap()));
}

#[test]
fn long_words_are_shortened_where_they_are_only_read() {
    let long = "長".repeat(7_000);
    let mut card = battery();
    card.rows = vec![Row::Text(long.clone()); 4];
    let choice = Choice { label: "長".repeat(50), ..send("a", Emphasis::Plain) };
    card.buttons = vec![choice.clone()];
    let reply = Reply::Cards { summary: long.clone(), cards: vec![card; 12] };
    let messages = rendered(&[Reply::Text(long), reply], &[choice]);
    let units = |pointer: &str| messages.pointer(pointer).unwrap().as_str().unwrap().encode_utf16().count();
    assert_eq!(units("/0/text"), 5_000);
    assert_eq!(units("/1/altText"), 1_500);
    // 400 units would be too many bytes for twelve such cards.
    assert_eq!(units("/1/contents/contents/11/body/contents/2/text"), 100);
    assert_eq!(units("/1/contents/contents/11/footer/contents/0/action/label"), 40);
    assert_eq!(units("/1/quickReply/items/0/action/label"), 20);
}

#[test]
fn what_would_do_something_else_when_shortened_is_refused() {
    let text = || Reply::Text("a".to_owned());
    let choice = |action| [Choice { label: "a".to_owned(), action, emphasis: Emphasis::Plain }];
    let data = choice(Action::Send { data: "d".repeat(301), said: String::new() });
    assert_eq!(render(&[text()], &data).unwrap_err(), Unfit::TooLong { what: "the postback data", max: 300 });
    let scheme = choice(Action::Open("javascript:alert(1)".to_owned()));
    assert_eq!(render(&[text()], &scheme).unwrap_err(), Unfit::Scheme("the address"));
    let many = vec![send("a", Emphasis::Plain); 14];
    assert_eq!(render(&[text()], &many).unwrap_err(), Unfit::TooMany { what: "quick replies", max: 13 });
    assert_eq!(render(&vec![text(); 6], &[]).unwrap_err(), Unfit::TooMany { what: "replies", max: 5 });
    assert_eq!(render(&[cards(vec![battery(); 13])], &[]).unwrap_err(), Unfit::TooMany { what: "bubbles", max: 12 });
}

#[test]
fn a_card_without_measure_is_refused() {
    let card = Card { rows: vec![Row::Text("長".repeat(1_000)); 100], ..battery() };
    let refused = render(&[cards(vec![card])], &[]).unwrap_err();
    assert_eq!(refused, Unfit::TooLarge { what: "a bubble", max: 30_000 });
}

#[test]
fn what_is_empty_is_refused() {
    assert_eq!(render(&[], &[]).unwrap_err(), Unfit::NotMessages);
    assert_eq!(render(&[], &[send("a", Emphasis::Plain)]).unwrap_err(), Unfit::Empty("the list of replies"));
    assert_eq!(render(&[Reply::Text(" ".to_owned())], &[]).unwrap_err(), Unfit::Empty("the text"));
    assert_eq!(render(&[cards(vec![])], &[]).unwrap_err(), Unfit::Empty("the carousel"));
    assert_eq!(render(&[cards(vec![Card::default()])], &[]).unwrap_err(), Unfit::Empty("a card"));
}
