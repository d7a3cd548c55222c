//! What residents type, and what they must find.

use proptest::prelude::*;

use super::*;

/// A small list: name, reading, aliases, English name.
const LIST: &[(&str, &str, &[&str], &str)] = &[
    ("電池ケース", "でんちけーす", &[], "Battery case"),
    ("乾電池（筒型）", "かんでんち（つつがた）", &["アルカリ電池", "マンガン電池"], "Dry batteries"),
    ("ボタン電池", "ぼたんでんち", &["コイン電池"], "Button cells"),
    ("モバイルバッテリー", "もばいるばってりー", &["充電池"], "Mobile battery (lithium-ion)"),
    ("椅子", "いす", &["チェア"], "Chair"),
    ("アイスクリームのふた", "あいすくりーむのふた", &[], "Ice cream lid"),
    ("本", "ほん", &["書籍", "雑誌"], "Books"),
    ("本棚", "ほんだな", &[], "Bookshelf"),
    ("日本人形", "にほんにんぎょう", &[], "Japanese doll"),
    ("缶（アルミ・スチール）", "かん（あるみ・すちーる）", &["空き缶"], "Cans"),
    ("蛍光灯", "けいこうとう", &[], "Fluorescent lamp"),
    ("LED電球", "えるいーでぃーでんきゅう", &[], "LED bulb"),
    ("コーヒーメーカー", "こーひーめーかー", &[], "Coffee maker"),
    ("電子レンジ", "でんしれんじ", &["レンジ"], "Microwave oven"),
    ("バイオリン", "ばいおりん", &[], "Violin"),
    ("発泡スチロール", "はっぽうすちろーる", &["発泡トレイ"], "Styrofoam"),
    ("着物", "きもの", &[], "Kimono"),
    ("琴", "こと", &[], "Koto"),
    ("コート", "こーと", &["オーバー"], "Coat"),
    ("計器", "けいき", &[], "Gauge"),
    ("ケーキの箱", "けーきのはこ", &[], "Cake box"),
    ("土鍋", "どなべ", &[], "Earthen pot"),
    ("フライパン", "ふらいぱん", &[], "Frying pan"),
    ("アートパネル（金属製）", "あーとぱねる（きんぞくせい）", &[], ""),
    ("アートパネル（木製）", "あーとぱねる（もくせい）", &[], ""),
    ("液晶テレビ", "えきしょうてれび", &["液晶TV"], "LCD television"),
    ("皿", "さら", &[], "Dishes"),
];

fn item(place: usize, name: &str, reading: &str, aliases: &[&str], name_en: &str) -> WasteItem {
    WasteItem {
        id: format!("item-{place}").parse().unwrap(),
        name: name.to_owned(),
        reading: reading.to_owned(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        category: "burnable".parse().unwrap(),
        how: String::new(),
        note: String::new(),
        name_en: name_en.to_owned(),
    }
}

fn index() -> WasteIndex {
    let items =
        LIST.iter().enumerate().map(|(place, (name, reading, aliases, en))| item(place, name, reading, aliases, en));
    WasteIndex::new(items.collect())
}

fn names<'a>(lookup: &Lookup<'a>) -> Vec<&'a str> {
    match lookup {
        Lookup::Found(items) | Lookup::Nearest(items) => items.iter().map(|item| item.name.as_str()).collect(),
        Lookup::Nothing => Vec::new(),
    }
}

/// The question finds this item first.
#[track_caller]
fn check(question: &str, name: &str) {
    let index = index();
    let lookup = index.find(question);
    let is_first = matches!(&lookup, Lookup::Found(items) if items[0].name == name);
    assert!(is_first, "{question} should find {name}: {lookup:?}", lookup = (lookup_kind(&lookup), names(&lookup)));
}

fn lookup_kind(lookup: &Lookup<'_>) -> &'static str {
    match lookup {
        Lookup::Found(_) => "found",
        Lookup::Nearest(_) => "nearest",
        Lookup::Nothing => "nothing",
    }
}

/// The question finds just these, in this order.
#[track_caller]
fn check_all(question: &str, kind: &str, expected: &[&str]) {
    let index = index();
    let lookup = index.find(question);
    assert_eq!((lookup_kind(&lookup), names(&lookup)), (kind, expected.to_vec()), "{question}");
}

#[test]
fn any_spelling_of_a_name_finds_it() {
    check("乾電池", "乾電池（筒型）");
    check("かんでんち", "乾電池（筒型）");
    check("カンデンチ", "乾電池（筒型）");
    check("ｶﾝﾃﾞﾝﾁ", "乾電池（筒型）");
    check(" 乾 電 池 ", "乾電池（筒型）");
    check("「乾電池」", "乾電池（筒型）");
    check("アルカリ電池", "乾電池（筒型）");
    check("ﾎﾞﾀﾝﾃﾞﾝﾁ", "ボタン電池");
    check("ＬＥＤ電球", "LED電球");
    check("led電球", "LED電球");
    check("コオヒイメエカア", "コーヒーメーカー");
    check("こーひーめーかー", "コーヒーメーカー");
    check("ヴァイオリン", "バイオリン");
    check("けいこーとー", "蛍光灯");
    check("チェアー", "椅子");
    check("きもの", "着物");
}

#[test]
fn half_kana_half_kanji_finds_it() {
    check("かん電池", "乾電池（筒型）");
    check("乾でんち", "乾電池（筒型）");
    check("けい光灯", "蛍光灯");
    check("はっ泡スチロール", "発泡スチロール");
    check("ほん棚", "本棚");
}

#[test]
fn slips_of_the_finger_are_forgiven() {
    check("かんでち", "乾電池（筒型）");
    check("乾電地", "乾電池（筒型）");
    check("ぼたんでんt", "ボタン電池");
    check("けいこうろう", "蛍光灯");
    check("コーヒメーカ", "コーヒーメーカー");
    check("けーこーとー", "蛍光灯");
    check("はっぽすちろる", "発泡スチロール");
    check("もいばるばってりー", "モバイルバッテリー");
    check("florescent lamp", "蛍光灯");
    check("でんしれんじい", "電子レンジ");
}

#[test]
fn a_sentence_around_the_name_does_no_harm() {
    check("乾電池の捨て方", "乾電池（筒型）");
    check("乾電池はいつ?", "乾電池（筒型）");
    check("乾電池捨てたい", "乾電池（筒型）");
    check("乾電池はどうやって捨てるの", "乾電池（筒型）");
    check("かんでちの捨て方を教えてください", "乾電池（筒型）");
    check("古い乾電池が３本あるんだけど", "乾電池（筒型）");
    check("すみません、壊れた電子レンジなんですが", "電子レンジ");
    check("きもの捨て方", "着物");
    check("きものの捨て方", "着物");
    check("お皿を捨てたい", "皿");
    check("いすはどこに出せばいいの？", "椅子");
    check("how do I throw away a microwave oven?", "電子レンジ");
    check("old television", "液晶テレビ");
}

#[test]
fn what_is_asked_about_a_thing_is_not_taken_for_another_thing() {
    let list = [
        ("テレビ", "てれび"),
        ("テレビのリモコン", "てれびのりもこん"),
        ("針金", "はりがね"),
        ("針金ハンガー", "はりがねはんがー"),
        ("テント", "てんと"),
        ("点灯管", "てんとうかん"),
        ("本棚の板", "ほんだなのいた"),
    ];
    let items = list.iter().enumerate().map(|(place, (name, reading))| item(place, name, reading, &[], ""));
    let index = WasteIndex::new(items.collect());
    for (question, name) in [
        ("テレビの捨て方", "テレビ"),
        ("針金はいつ", "針金"),
        ("てんとを捨てたい", "テント"),
        ("テレビの", "テレビのリモコン"),
        // Where nothing is called so, the name that goes on is the best there is.
        ("本棚の捨て方", "本棚の板"),
    ] {
        assert_eq!(names(&index.find(question)).first(), Some(&name), "{question}");
    }
}

#[test]
fn a_piece_of_a_katakana_word_comes_after_a_whole_word() {
    let list = [("スキー板", "すきーいた", &["スキー"][..]), ("飲み物のびん", "のみもののびん", &["空き瓶"])];
    let items = list.iter().enumerate().map(|(place, (name, reading, more))| item(place, name, reading, more, ""));
    let index = WasteIndex::new(items.collect());
    for (question, expected) in [
        ("ウイスキーの空き瓶", &["飲み物のびん", "スキー板"][..]),
        ("ｳｲｽｷｰの空き瓶", &["飲み物のびん", "スキー板"]),
        ("スキーと空き瓶", &["スキー板", "飲み物のびん"]),
        ("古いスキーウエア", &["スキー板"]),
    ] {
        assert_eq!(names(&index.find(question)), expected, "{question}");
    }
}

#[test]
fn english_is_understood() {
    check("battery", "電池ケース");
    check("Dry Battery", "乾電池（筒型）");
    check("DRY-BATTERIES", "乾電池（筒型）");
    check("book", "本");
    check("can", "缶（アルミ・スチール）");
    check("dish", "皿");
    check("TV", "液晶テレビ");
    check("lithium ion", "モバイルバッテリー");
}

#[test]
fn the_best_answer_comes_first() {
    check_all("電池", "found", &["電池ケース", "ボタン電池", "乾電池（筒型）", "モバイルバッテリー"]);
    check_all("アートパネル", "found", &["アートパネル（木製）", "アートパネル（金属製）"]);
    check_all("本", "found", &["本", "本棚"]);
    check_all("ほん", "found", &["本"]);
    // A question in the very spelling of a name prefers it to names that only sound alike.
    check_all("ケーキ", "found", &["ケーキの箱"]);
    check_all("けいき", "found", &["計器"]);
    check_all("コート", "found", &["コート"]);
    check_all("こと", "found", &["琴"]);
}

#[test]
fn chance_is_not_taken_for_an_answer() {
    // いす stands in アイスクリーム, 本 in 日本人形, can in lithium-ion's neighbours, かん in かんでんち.
    check_all("いす", "found", &["椅子"]);
    check_all("price of advice", "nothing", &[]);
    check_all("scent", "nothing", &[]);
    check_all("こんにちは", "nothing", &[]);
    check_all("ありがとうございます", "nothing", &[]);
    check_all("🔋", "nothing", &[]);
    check_all("", "nothing", &[]);
    check_all("？", "nothing", &[]);
    check_all("捨て方", "nothing", &[]);
    let root = WasteIndex::new(vec![item(0, "根", "こん", &[], "")]);
    assert_eq!(root.find("こんにちは"), Lookup::Nothing);
}

#[test]
fn one_character_finds_only_what_it_names() {
    check_all("皿", "found", &["皿"]);
    check_all("鍋", "found", &["土鍋"]);
    check_all("か", "nothing", &[]);
    check_all("a", "nothing", &[]);
    check_all("ん", "nothing", &[]);
}

#[test]
fn what_is_only_near_is_offered_as_such() {
    check_all("灰皿", "nearest", &["皿"]);
    check_all("日本皿", "nearest", &["皿"]);
    check_all("液晶テレ皿", "nearest", &["皿", "液晶テレビ"]);
    check_all("どなけ", "nearest", &["土鍋"]);
    check_all("どな", "found", &["土鍋"]);
    check_all("さり", "nothing", &[]);
}

#[test]
fn a_long_question_is_cut_and_still_answered() {
    check(&format!("乾電池{}", "あ".repeat(200)), "乾電池（筒型）");
    check_all(&format!("{}乾電池", "ぬ".repeat(100)), "nothing", &[]);
}

#[test]
fn an_item_is_found_by_its_id() {
    let index = index();
    for (place, (name, ..)) in LIST.iter().enumerate() {
        let id = format!("item-{place}").parse().unwrap();
        assert_eq!(index.item(&id).map(|item| item.name.as_str()), Some(*name));
    }
    assert_eq!(index.item(&"no-such-item".parse().unwrap()), None);
    assert_eq!(WasteIndex::default().find("乾電池"), Lookup::Nothing);
}

#[test]
fn answers_are_bounded() {
    let many = (0..100).map(|place| item(place, &format!("電池{place}"), "", &[], "")).collect();
    let index = WasteIndex::new(many);
    let Lookup::Found(found) = index.find("電池") else { panic!("nothing found") };
    assert_eq!(found.iter().map(|item| item.name.as_str()).collect::<Vec<_>>()[..3], ["電池0", "電池1", "電池2"]);
    assert_eq!(found.len(), 10);
    let alike = (0..100).map(|place| item(place, "かだん", "", &[], "")).collect();
    let index = WasteIndex::new(alike);
    let Lookup::Nearest(nearest) = index.find("かたん") else { panic!("nothing near") };
    assert_eq!(nearest.len(), 5);
}

proptest! {
    #[test]
    fn no_question_panics_and_answers_keep_their_bounds(question in "\\PC{0,120}") {
        let index = index();
        match index.find(&question) {
            Lookup::Found(items) => prop_assert!((1..=10).contains(&items.len())),
            Lookup::Nearest(items) => prop_assert!((1..=5).contains(&items.len())),
            Lookup::Nothing => {}
        }
    }

    #[test]
    fn no_list_panics(names in prop::collection::vec("\\PC{0,40}", 0..8), question in "\\PC{0,40}") {
        let items = names.iter().enumerate().map(|(place, name)| item(place, name, name, &[name], name));
        let index = WasteIndex::new(items.collect());
        prop_assert_eq!(index.find(&question), index.find(&question));
    }

    #[test]
    fn an_exact_name_comes_first(names in prop::collection::vec("[あ-んア-ンー一-三電池a-cA-C（）・]{1,8}", 1..12), pick in any::<prop::sample::Index>()) {
        let items = names.iter().enumerate().map(|(place, name)| item(place, name, "", &[], ""));
        let index = WasteIndex::new(items.collect());
        let name = pick.get(&names);
        if !normal::key(name).is_empty() {
            let Lookup::Found(found) = index.find(name) else { return Err(TestCaseError::fail("nothing found")) };
            prop_assert_eq!(normal::plain(&found[0].name), normal::plain(name));
        }
    }

    #[test]
    fn the_order_of_the_list_changes_no_answer_but_ties(question in "[かんでちのすてる電池乾本棚 ]{1,8}") {
        let index = index();
        let mut reversed = index.items().to_vec();
        reversed.reverse();
        let reversed = WasteIndex::new(reversed);
        let lengths = |lookup: &Lookup<'_>| names(lookup).iter().map(|name| name.chars().count()).collect::<Vec<_>>();
        let (one, other) = (index.find(&question), reversed.find(&question));
        prop_assert_eq!((lookup_kind(&one), lengths(&one)), (lookup_kind(&other), lengths(&other)));
    }
}
