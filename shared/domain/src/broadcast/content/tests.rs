//! Contents that can go out, and what is said of those that cannot.

use super::check::{Fault, Part, Place, Problem};
use super::limits::CONTENT_BYTES_MAX;
use super::*;
use crate::broadcast::Earnest;
use crate::text::count::Unit;
use crate::town::{Department, Profile, Town};

const JA: Language = Language::Japanese;

fn town() -> Town {
    let department =
        Department { id: "bosai".parse().unwrap(), name: "防災課".to_owned(), phone: "000-000-0002".to_owned() };
    Town {
        profile: Profile { name: "みどり市".to_owned(), phone: "000-000-0001".to_owned(), ..Profile::default() },
        departments: [(department.id.clone(), department)].into(),
        ..Town::default()
    }
}

fn placeholders() -> Placeholders {
    Placeholders::of(&town(), &"bosai".parse().unwrap())
}

fn says(text: &str) -> Message {
    Message::Text(text.to_owned())
}

fn picture() -> Message {
    Message::Picture(PictureId::of([7; 32]))
}

fn open(label: &str, address: &str) -> Button {
    Button { label: label.to_owned(), does: Does::Open(address.to_owned()) }
}

fn buttons(title: &str, text: &str, buttons: &[Button]) -> Message {
    Message::Buttons { title: title.to_owned(), text: text.to_owned(), buttons: buttons.to_vec() }
}

fn flex(contents: &str) -> Message {
    Message::Flex { alt: "避難所の一覧".to_owned(), contents: contents.to_owned() }
}

fn japanese(messages: Vec<Message>) -> Content {
    Content { wordings: [(JA, Wording { messages })].into() }
}

fn problems(content: &Content, earnest: Earnest) -> Vec<(Option<usize>, Part, Fault)> {
    let problems = content.check(&placeholders(), earnest).err().unwrap_or_default();
    problems.into_iter().map(|Problem { place, fault }| (place.message, place.part, fault)).collect()
}

fn fault(message: Message) -> Option<(Part, Fault)> {
    let mut found = problems(&japanese(vec![message]), Earnest::Real);
    assert!(found.len() <= 1, "{found:?}");
    found.pop().map(|(_, part, fault)| (part, fault))
}

fn utf16(is: usize, max: usize) -> Fault {
    Fault::TooLong { is, max, unit: Unit::Utf16 }
}

#[test]
fn everything_that_a_broadcast_can_have_goes_out() {
    let four = [
        open("避難所の地図", "https://example.jp/map?a=1&b=%E7%94%BA#here"),
        open("市役所に電話", "tel:{phone}"),
        Button { label: "収集日".to_owned(), does: Does::Say("収集日".to_owned()) },
        open("{department}", "tel:+81-00-000-0000"),
    ];
    let bubble =
        r#"{"type":"bubble","body":{"type":"box","layout":"vertical","contents":[{"type":"text","text":"{town}"}]}}"#;
    let messages =
        vec![says("{town} {department} {department_phone}"), picture(), buttons("", "文", &four), flex(bubble)];
    for earnest in [Earnest::Real, Earnest::Drill] {
        assert_eq!(japanese(messages.clone()).check(&placeholders(), earnest), Ok(()));
    }
}

#[test]
fn japanese_is_wanted_and_other_languages_are_not() {
    let english = (Language::English, Wording { messages: vec![says("Hello")] });
    let missing = Content { wordings: [english.clone()].into() }.check(&placeholders(), Earnest::Real).unwrap_err();
    let place = Place { language: JA, message: None, part: Part::Whole };
    assert_eq!(missing, [Problem { place, fault: Fault::NoJapanese }]);
    let both = [(JA, Wording { messages: vec![says("こんにちは")] }), english].into();
    assert_eq!(Content { wordings: both }.check(&placeholders(), Earnest::Real), Ok(()));
}

#[test]
fn a_problem_names_the_language_the_message_and_the_part() {
    let mut content = japanese(vec![says("こんにちは")]);
    let label = "長".repeat(21);
    let messages = vec![picture(), buttons("T", "t", &[open("a", "tel:119"), open(&label, "tel:119")])];
    content.wordings.insert(Language::English, Wording { messages });
    let place = Place { language: Language::English, message: Some(1), part: Part::Label(1) };
    let fault = Fault::TooLong { is: 21, max: 20, unit: Unit::Graphemes };
    assert_eq!(content.check(&placeholders(), Earnest::Real), Err(vec![Problem { place, fault }]));
}

#[test]
fn one_unit_above_a_limit_is_too_much() {
    let long = |units: usize| "🍎".repeat(units / 2);
    let one = [open("開く", "tel:119")];
    for (good, bad, part, expected) in [
        (says(&long(5_000)), says(&long(5_002)), Part::Text, utf16(5_002, 5_000)),
        (buttons(&long(60), "t", &one), buttons(&long(62), "t", &one), Part::Title, utf16(62, 60)),
        (buttons("", &long(1_500), &one), buttons("", &long(1_502), &one), Part::Text, utf16(1_502, 1_500)),
        (
            buttons("", "t", &[open(&"👨‍👩‍👧".repeat(20), "tel:119")]),
            buttons("", "t", &[open(&"👨‍👩‍👧".repeat(21), "tel:119")]),
            Part::Label(0),
            Fault::TooLong { is: 21, max: 20, unit: Unit::Graphemes },
        ),
        (
            buttons("", "t", &[open(&format!("あ{}", "\u{3099}".repeat(299)), "tel:119")]),
            buttons("", "t", &[open(&format!("あ{}", "\u{3099}".repeat(300)), "tel:119")]),
            Part::Label(0),
            utf16(301, 300),
        ),
        (
            buttons("", "t", &[open("a", &format!("https://example.jp/{}", "a".repeat(981)))]),
            buttons("", "t", &[open("a", &format!("https://example.jp/{}", "a".repeat(982)))]),
            Part::Does(0),
            utf16(1_001, 1_000),
        ),
        (
            buttons("", "t", &[Button { label: "a".to_owned(), does: Does::Say(long(300)) }]),
            buttons("", "t", &[Button { label: "a".to_owned(), does: Does::Say(long(302)) }]),
            Part::Does(0),
            utf16(302, 300),
        ),
        (
            Message::Flex { alt: long(1_500), contents: r#"{"type":"bubble"}"#.to_owned() },
            Message::Flex { alt: long(1_502), contents: r#"{"type":"bubble"}"#.to_owned() },
            Part::Alt,
            utf16(1_502, 1_500),
        ),
    ] {
        assert_eq!(fault(good), None);
        assert_eq!(fault(bad), Some((part, expected)));
    }
}

#[test]
fn what_is_counted_is_what_goes_out() {
    // "{town}" is six units, its value four.
    assert_eq!(fault(says(&format!("{}{{town}}", "あ".repeat(4_996)))), None);
    assert_eq!(fault(says(&format!("{}{{town}}", "あ".repeat(4_997)))), Some((Part::Text, utf16(5_001, 5_000))));
    let just_short_enough = japanese(vec![says(&"あ".repeat(4_987)), picture()]);
    assert_eq!(problems(&just_short_enough, Earnest::Drill), []);
    let too_long_with_the_stamp = japanese(vec![picture(), says(&"あ".repeat(4_988))]);
    assert_eq!(problems(&too_long_with_the_stamp, Earnest::Real), []);
    assert_eq!(
        problems(&too_long_with_the_stamp, Earnest::Drill),
        [(Some(1), Part::Text, utf16(5_001, 5_000))],
        "the place is the one in the form"
    );
}

#[test]
fn a_stamp_before_all_does_not_shift_the_places() {
    let content = japanese(vec![picture(), flex("{")]);
    let path = Part::Contents(String::new());
    let expected = [(Some(1), path, Fault::NotJson { line: 1, column: 1 })];
    assert_eq!(problems(&content, Earnest::Real), expected);
    assert_eq!(problems(&content, Earnest::Drill), expected);
}

#[test]
fn there_are_one_to_five_messages_and_one_to_four_buttons() {
    for (count, expected) in [(1, None), (5, None), (6, Some(Fault::TooMany { max: 5 })), (0, Some(Fault::Empty))] {
        let found = problems(&japanese(vec![says("a"); count]), Earnest::Real).pop();
        assert_eq!(found, expected.map(|fault| (None, Part::Whole, fault)), "{count}");
    }
    let one = open("a", "tel:119");
    for (count, expected) in [(4, None), (5, Some(Fault::TooMany { max: 4 })), (0, Some(Fault::Empty))] {
        let message = buttons("", "t", &vec![one.clone(); count]);
        assert_eq!(fault(message), expected.map(|fault| (Part::Whole, fault)), "{count}");
    }
    // Five pictures leave no room for the stamp.
    let pictures = japanese(vec![picture(); 5]);
    assert_eq!(problems(&pictures, Earnest::Real), []);
    assert_eq!(problems(&pictures, Earnest::Drill), [(None, Part::Whole, Fault::TooMany { max: 4 })]);
    assert_eq!(problems(&japanese(vec![picture(); 4]), Earnest::Drill), []);
}

#[test]
fn all_wordings_together_have_their_measure_and_the_largest_message_is_named() {
    let mut content = japanese(vec![says("一"), says("")]);
    let largest = Wording { messages: vec![says(""), says("x")] };
    content.wordings.insert(Language::English, largest);
    let room = CONTENT_BYTES_MAX - serde_json::to_vec(&content).unwrap().len();
    let messages = |content: &mut Content, units: usize| {
        content.wordings.get_mut(&Language::English).unwrap().messages[1] = says(&"x".repeat(units));
    };
    messages(&mut content, room + 1);
    assert_eq!(content.too_large(), None);
    messages(&mut content, room + 2);
    let place = Place { language: Language::English, message: Some(1), part: Part::Whole };
    let fault = Fault::AllTooLarge { is: CONTENT_BYTES_MAX + 1, max: CONTENT_BYTES_MAX };
    let problem = Problem { place, fault };
    assert_eq!(content.too_large(), Some(problem.clone()));
    assert!(content.check(&placeholders(), Earnest::Real).unwrap_err().contains(&problem));
}

#[test]
fn what_is_empty_says_nothing() {
    assert_eq!(fault(says(" \n　")), Some((Part::Text, Fault::Empty)));
    assert_eq!(fault(buttons("題", " ", &[open("a", "tel:119")])), Some((Part::Text, Fault::Empty)));
    assert_eq!(fault(buttons("", "t", &[open(" ", "tel:119")])), Some((Part::Label(0), Fault::Empty)));
    assert_eq!(fault(buttons("", "t", &[open("a", "")])), Some((Part::Does(0), Fault::Empty)));
    let silent = Message::Flex { alt: String::new(), contents: r#"{"type":"bubble"}"#.to_owned() };
    assert_eq!(fault(silent), Some((Part::Alt, Fault::Empty)));
}

#[test]
fn a_placeholder_that_stands_for_nothing_is_told_wherever_it_is() {
    let nothing = |part, name: &str| (Some(0), part, Fault::Placeholder(name.to_owned()));
    assert_eq!(
        problems(&japanese(vec![says("{town} {towm} {電話}")]), Earnest::Real),
        [nothing(Part::Text, "towm"), nothing(Part::Text, "電話")]
    );
    // The town has no web site: what would go out is empty, too.
    let site = buttons("{a}", "{b}", &[open("{c}", "{website}")]);
    let found = problems(&japanese(vec![site]), Earnest::Real);
    for expected in [
        nothing(Part::Title, "a"),
        nothing(Part::Text, "b"),
        nothing(Part::Label(0), "c"),
        nothing(Part::Does(0), "website"),
        (Some(0), Part::Does(0), Fault::Empty),
    ] {
        assert!(found.contains(&expected), "{expected:?} in {found:?}");
    }
    let layout = Message::Flex { alt: "{x}".to_owned(), contents: r#"{"type":"bubble","size":"{y}"}"#.to_owned() };
    assert_eq!(
        problems(&japanese(vec![layout]), Earnest::Real),
        [nothing(Part::Alt, "x"), nothing(Part::Contents(String::new()), "y")]
    );
}

#[test]
fn a_phone_opens_and_dials_only_plain_addresses() {
    for good in
        ["https://example.jp", "https://example.jp:8443/a?b=c#d", "https://example.jp/~a/(b)", "tel:119", "tel:#7119"]
    {
        assert_eq!(fault(buttons("", "t", &[open("a", good)])), None, "{good}");
    }
    for bad in [
        "http://example.jp/",
        "javascript:alert(1)",
        "example.jp",
        "https://",
        "https:///a",
        "https://localhost",
        "https://example.jp@evil.example/",
        "https://example.jp/避難所",
        "https://example.jp/a b",
        "https://example.jp/\"",
        "tel:",
        "tel:-",
        "tel:abc",
        " https://example.jp/",
    ] {
        assert_eq!(fault(buttons("", "t", &[open("a", bad)])), Some((Part::Does(0), Fault::Address)), "{bad}");
    }
}

#[test]
fn a_drill_says_so_first_in_every_wording() {
    let wordings = [
        (JA, vec![picture(), says("津波です"), says("二つ目"), buttons("高台へ", "t", &[open("a", "tel:119")])]),
        (Language::EasyJapanese, vec![says("つなみです"), buttons("", "たかいところへ", &[])]),
        (Language::English, vec![picture(), flex("{}")]),
    ];
    let content = Content { wordings: wordings.map(|(language, messages)| (language, Wording { messages })).into() };
    assert_eq!(content.stamped(Earnest::Real), content);
    let stamped = content.stamped(Earnest::Drill);
    assert_eq!(
        stamped.wordings[&JA].messages,
        [
            picture(),
            says("【訓練】これは訓練です。\n津波です"),
            says("二つ目"),
            buttons("【訓練】高台へ", "t", &[open("a", "tel:119")]),
        ]
    );
    assert_eq!(
        stamped.wordings[&Language::EasyJapanese].messages,
        [says("【くんれん】これは れんしゅうです。\nつなみです"), buttons("", "【くんれん】たかいところへ", &[]),]
    );
    let alt = "[DRILL] 避難所の一覧".to_owned();
    assert_eq!(
        stamped.wordings[&Language::English].messages,
        [says("[DRILL] This is only a drill."), picture(), Message::Flex { alt, contents: "{}".to_owned() },]
    );
}

proptest::proptest! {
    #[test]
    fn no_wording_of_a_drill_lacks_the_stamp(kinds in proptest::collection::vec(0_usize..4, 1..6)) {
        let one = |kind: &usize| match kind {
            0 => says("a"),
            1 => picture(),
            2 => buttons("", "t", &[]),
            _ => flex("{}"),
        };
        let wording = Wording { messages: kinds.iter().map(one).collect() };
        let wordings = Language::ALL.map(|language| (language, wording.clone())).into();
        let stamped = Content { wordings }.stamped(Earnest::Drill);
        for (language, stamp) in [(JA, "【訓練】"), (Language::EasyJapanese, "【くんれん】"), (Language::English, "[DRILL]")] {
            let carries = |message: &Message| matches!(message, Message::Text(text) if text.starts_with(stamp));
            proptest::prop_assert!(stamped.wordings[&language].messages.iter().any(carries));
        }
    }
}

#[test]
fn filled_in_nothing_is_left_to_the_town() {
    let content = japanese(vec![
        says("{town}"),
        buttons("{department}", "{phone}", &[open("{town}へ", "tel:{department_phone}")]),
        Message::Flex { alt: "{town}".to_owned(), contents: r#"{"type":"{town}"}"#.to_owned() },
    ]);
    assert_eq!(
        content.filled(&placeholders()),
        japanese(vec![
            says("みどり市"),
            buttons("防災課", "000-000-0001", &[open("みどり市へ", "tel:000-000-0002")]),
            Message::Flex { alt: "みどり市".to_owned(), contents: r#"{"type":"みどり市"}"#.to_owned() },
        ])
    );
}

#[test]
fn a_pictures_id_is_64_hex_digits() {
    let id = PictureId::of([0xab; 32]);
    assert_eq!(id.as_str(), "ab".repeat(32));
    assert_eq!(serde_json::from_str::<PictureId>(&serde_json::to_string(&id).unwrap()).unwrap(), id);
    for bad in [String::new(), "a".repeat(63), "A".repeat(64), "../".repeat(22)[..64].to_owned()] {
        assert_eq!(PictureId::try_from(bad), Err(NoPictureId));
    }
}

mod flexible {
    use super::*;

    fn flaws(contents: &str) -> Vec<(String, Fault)> {
        flex::flaws(contents).into_iter().map(|flaw| (flaw.path, flaw.fault)).collect()
    }

    fn with_action(action: &str) -> String {
        format!(
            r#"{{"type":"bubble","footer":{{"type":"box","contents":[{{"type":"text"}},{{"type":"button","action":{action}}}]}}}}"#
        )
    }

    #[test]
    fn what_is_no_layout_is_told_with_its_place() {
        for (contents, path, fault) in [
            ("", "", Fault::Empty),
            ("{\n  \"type\": bubble\n}", "", Fault::NotJson { line: 2, column: 11 }),
            (r#"{"type":"bubble"} x"#, "", Fault::NotJson { line: 1, column: 19 }),
            ("[]", "", Fault::NotFlex),
            ("5", "", Fault::NotFlex),
            (r#"{"type":"text","text":"a"}"#, "", Fault::NotFlex),
            (r#"{"type":"carousel"}"#, "", Fault::NotFlex),
            (r#"{"type":"carousel","contents":[]}"#, "contents", Fault::Empty),
            (r#"{"type":"carousel","contents":[{"type":"bubble"},{"type":"box"}]}"#, "contents[1]", Fault::NotFlex),
        ] {
            assert_eq!(flaws(contents), [(path.to_owned(), fault)], "{contents}");
        }
    }

    #[test]
    fn json_without_end_is_refused_before_it_is_walked() {
        let deep = format!(r#"{{"type":"bubble","a":{}{}}}"#, "[".repeat(50_000), "]".repeat(50_000));
        assert!(matches!(flaws(&deep)[..], [(_, Fault::NotJson { line: 1, .. })]));
        let huge = format!(r#"{{"type":"bubble"}}{}"#, " ".repeat(200_000));
        assert_eq!(flaws(&huge), [(String::new(), Fault::TooLarge { is: 200_017, max: 50_000 })]);
    }

    #[test]
    fn sizes_are_counted_without_white_space() {
        let bubble = |letters: usize| format!(r#"{{"type":"bubble","a":"{}"}}"#, "a".repeat(letters));
        assert_eq!(bubble(29_976).len(), 30_000);
        let spacious = bubble(29_976).replace(',', ",\n                         ");
        assert_eq!(flaws(&spacious), []);
        assert_eq!(flaws(&bubble(29_977)), [(String::new(), Fault::TooLarge { is: 30_001, max: 30_000 })]);
        let carousel = |bubbles: &[String]| format!(r#"{{"contents":[{}],"type":"carousel"}}"#, bubbles.join(","));
        assert_eq!(flaws(&carousel(&[bubble(24_959), bubble(24_959)])), []);
        let over = [bubble(24_959), bubble(24_960)];
        assert_eq!(flaws(&carousel(&over)), [(String::new(), Fault::TooLarge { is: 50_001, max: 50_000 })]);
        let one_large = [bubble(1), bubble(29_977)];
        assert_eq!(
            flaws(&carousel(&one_large)),
            [("contents[1]".to_owned(), Fault::TooLarge { is: 30_001, max: 30_000 })]
        );
        assert_eq!(flaws(&carousel(&vec![bubble(1); 13])), [("contents".to_owned(), Fault::TooMany { max: 12 })]);
    }

    #[test]
    fn actions_open_or_speak_and_do_nothing_else() {
        const ACTION: &str = "footer.contents[1].action";
        for good in [
            r#"{"type":"uri","label":"開く","uri":"https://example.jp/"}"#,
            r#"{"type":"uri","uri":"tel:119","altUri":{"desktop":"https://example.jp/"}}"#,
            r#"{"type":"message","label":"a","text":"収集日"}"#,
            r#"{"type":"clipboard","clipboardText":"a"}"#,
        ] {
            assert_eq!(flaws(&with_action(good)), [], "{good}");
        }
        for (bad, path, fault) in [
            (r#"{"type":"uri","uri":"http://example.jp/"}"#, ".uri", Fault::Address),
            (r#"{"type":"uri"}"#, ".uri", Fault::Empty),
            (
                r#"{"type":"uri","uri":"tel:119","altUri":{"desktop":"javascript:1"}}"#,
                ".altUri.desktop",
                Fault::Address,
            ),
            (r#"{"type":"postback","data":"x"}"#, "", Fault::Action("postback".to_owned())),
            (r#"{"type":"richmenuswitch"}"#, "", Fault::Action("richmenuswitch".to_owned())),
            (r#""https://example.jp/""#, "", Fault::Action(String::new())),
        ] {
            assert_eq!(flaws(&with_action(bad)), [(format!("{ACTION}{path}"), fault)], "{bad}");
        }
        let label = format!(r#"{{"type":"uri","uri":"tel:119","label":"{}"}}"#, "長".repeat(41));
        let fault = Fault::TooLong { is: 41, max: 40, unit: Unit::Graphemes };
        assert_eq!(flaws(&with_action(&label)), [(format!("{ACTION}.label"), fault)]);
        let said = format!(r#"{{"type":"message","text":"{}"}}"#, "長".repeat(301));
        assert_eq!(flaws(&with_action(&said)), [(format!("{ACTION}.text"), utf16(301, 300))]);
    }

    #[test]
    fn pictures_come_by_https_only() {
        for (url, expected) in [("https://example.jp/a.png", None), ("http://example.jp/a.png", Some(Fault::Address))] {
            let bubble = format!(r#"{{"type":"bubble","hero":{{"type":"image","url":"{url}"}}}}"#);
            let found = flaws(&bubble).pop();
            assert_eq!(found, expected.map(|fault| ("hero.url".to_owned(), fault)));
        }
    }

    #[test]
    fn not_every_flaw_of_a_bad_layout_is_told() {
        let image = r#"{"type":"image","url":"a"}"#;
        let images = format!(r#"{{"type":"bubble","contents":[{}]}}"#, vec![image; 50].join(","));
        assert_eq!(flaws(&images).len(), 20);
    }

    #[test]
    fn json_is_kept_packed_and_laid_out_to_be_read_and_nothing_else_of_it_changes() {
        let typed = "{ \"b\" : [ 1.50 , {} , [ ] ],\n\t\"a\": \"a , { \\\" } \\\\\", \"c\":null }";
        let packed = r#"{"b":[1.50,{},[]],"a":"a , { \" } \\","c":null}"#;
        assert_eq!(flex::packed(typed), packed);
        let laid_out =
            "{\n  \"b\": [\n    1.50,\n    {},\n    []\n  ],\n  \"a\": \"a , { \\\" } \\\\\",\n  \"c\": null\n}";
        assert_eq!(flex::laid_out(packed), laid_out);
        assert_eq!(flex::packed(laid_out), packed);
        // What is still being written stays as it is.
        for unfinished in ["", " { ", "{\"a\": }", "[1] 2"] {
            assert_eq!(
                (flex::packed(unfinished), flex::laid_out(unfinished)),
                (unfinished.to_owned(), unfinished.to_owned())
            );
        }
    }
}
