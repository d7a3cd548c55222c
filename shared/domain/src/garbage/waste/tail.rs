//! What people write after the name of a thing: "…の捨て方", "…はいつ?", "…はどうやって捨てるの".

use std::sync::LazyLock;

use super::normal::{is_kanji, plain};

/// Words that make a question of what stands before them.
const ASKING: &[&str] = &[
    "捨て方",
    "捨てかた",
    "すて方",
    "すてかた",
    "捨てる",
    "すてる",
    "捨てるには",
    "捨てたい",
    "すてたい",
    "捨てて",
    "すてて",
    "捨てたら",
    "すてたら",
    "捨てれば",
    "すてれば",
    "捨てます",
    "捨てられる",
    "捨てられます",
    "捨てるとき",
    "捨てる日",
    "捨てるひ",
    "捨てるもの",
    "出し方",
    "出しかた",
    "だし方",
    "だしかた",
    "出す",
    "だす",
    "出すには",
    "出したい",
    "だしたい",
    "出したら",
    "だしたら",
    "出せば",
    "だせば",
    "出せる",
    "だせる",
    "出せます",
    "出します",
    "出す日",
    "分け方",
    "分けかた",
    "わけかた",
    "分別",
    "分別方法",
    "ぶんべつ",
    "処分",
    "しょぶん",
    "処分方法",
    "処分の仕方",
    "処分する",
    "処分する方法",
    "処分したい",
    "処分するには",
    "処分したら",
    "処分すれば",
    "処理",
    "処理方法",
    "廃棄",
    "廃棄方法",
    "廃棄したい",
    "回収",
    "回収日",
    "収集",
    "収集日",
    "ゴミの日",
    "の日",
    "の曜日",
    "どうする",
    "どうすれば",
    "どうしたら",
    "どうやって",
    "どうやったら",
    "どうやる",
    "はどう",
    "をどう",
    "っどう",
    "どのように",
    "いつ",
    "何曜日",
    "なんようび",
    "何日",
    "何時",
    "どこ",
    "どちら",
    "どっち",
    "何ゴミ",
    "なにごみ",
    "なんごみ",
    "どのゴミ",
    "どんなゴミ",
    "はなに",
    "は何",
    "って何",
    "ってなに",
    "とは",
    "は",
    "って",
    "について",
    "教えて",
    "おしえて",
    "知りたい",
    "しりたい",
    "わからない",
    "分からない",
    "わかりません",
    "分かりません",
    "ください",
    "下さい",
    "お願いします",
    "おねがいします",
];

/// Words that join the thing to what is asked of it.
const PARTICLES: &[&str] = &["を", "は", "が", "の", "も", "に", "って", "とか", "なんて", "なら"];

/// Words that may stand between or after asking words; by themselves they may be part of a name.
const LINKING: &[&str] = &[
    "を",
    "は",
    "が",
    "の",
    "も",
    "に",
    "へ",
    "で",
    "と",
    "って",
    "とか",
    "なんて",
    "なら",
    "か",
    "かな",
    "かしら",
    "ね",
    "よ",
    "な",
    "です",
    "ですか",
    "んですか",
    "のですか",
    "でしょう",
    "でしょうか",
    "いい",
    "いいの",
    "よい",
    "良い",
    "いいです",
    "いいですか",
    "よいですか",
    "なる",
    "なります",
    "なの",
    "になる",
    "になります",
    "方法",
    "ほうほう",
    "こと",
    "する",
    "します",
    "して",
    "したい",
    "とき",
];

/// At most this many words are taken off.
const STEPS_MAX: usize = 12;
/// At most this many linking words may stand before the next asking word.
const LINKS_MAX: usize = 3;

static WORDS: LazyLock<Words> = LazyLock::new(|| Words {
    asking: longest_first(ASKING),
    particles: longest_first(PARTICLES),
    linking: longest_first(LINKING),
});

struct Words {
    asking: Vec<String>,
    particles: Vec<String>,
    linking: Vec<String>,
}

fn longest_first(words: &[&str]) -> Vec<String> {
    let mut words: Vec<String> = words.iter().map(|word| plain(word)).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
}

/// What a [`plain`] question may be about: all of it, or what stands before its asking words, with and without the
/// particle between them (`きもの` ends like one), and without the お of お皿. The longest comes first.
pub(super) fn readings(question: &str) -> Vec<&str> {
    let mut readings = vec![question];
    let (mut rest, mut links) = (question, 0);
    for _ in 0..STEPS_MAX {
        if let Some(shorter) = without(rest, &WORDS.asking) {
            readings.push(shorter);
            readings.extend(without(shorter, &WORDS.particles));
            (rest, links) = (shorter, 0);
        } else if let Some(shorter) = without(rest, &WORDS.linking).filter(|_| links < LINKS_MAX) {
            (rest, links) = (shorter, links + 1);
        } else {
            break;
        }
    }
    let polite = readings.last().and_then(|last| last.strip_prefix(['お', 'ご', '御']));
    readings.extend(polite.filter(|rest| rest.starts_with(is_kanji)));
    readings
}

fn without<'a>(text: &'a str, words: &[String]) -> Option<&'a str> {
    words.iter().find_map(|word| text.strip_suffix(word.as_str())).filter(|rest| !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_of_a_question_is_taken_off() {
        for (question, thing) in [
            ("乾電池の捨て方", "乾電池"),
            ("乾電池はいつ？", "乾電池"),
            ("乾電池捨てたい", "乾電池"),
            ("乾電池を捨てたいです", "乾電池"),
            ("乾電池はどうやって捨てるの", "乾電池"),
            ("乾電池はどうやって捨てたらいいですか？", "乾電池"),
            ("乾電池って何ごみ？", "乾電池"),
            ("乾電池は何ゴミになりますか", "乾電池"),
            ("乾電池はどこに出せばいいの？", "乾電池"),
            ("乾電池の分別方法を教えてください。", "乾電池"),
            ("かんでんちのすてかたがわからない", "かんでんち"),
            ("鍋いつ捨てる？", "鍋"),
            ("乾電池は何曜日", "乾電池"),
            ("乾電池は？", "乾電池"),
            ("スイカの捨て方", "すいか"),
        ] {
            assert_eq!(readings(&plain(question)).last(), Some(&thing), "{question}");
        }
    }

    #[test]
    fn a_name_is_left_alone() {
        for name in ["すいか", "いか", "きもの", "ぶどう", "はさみ", "捨て方", "とけい"] {
            assert_eq!(readings(name), [name]);
        }
    }

    #[test]
    fn politeness_is_taken_off() {
        assert_eq!(readings("お皿の捨て方").last(), Some(&"皿"));
        assert_eq!(readings("おむつ"), ["おむつ"]);
    }

    #[test]
    fn a_name_that_ends_like_a_particle_is_tried_with_it_first() {
        assert_eq!(readings("きもの捨て方"), ["きもの捨て方", "きもの", "きも"]);
    }
}
