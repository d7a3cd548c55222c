//! What residents type instead of tapping, in whatever language: words that are commands, and questions for a day.

use crate::conversation::{Command, ReportCommand};
use crate::garbage::waste::{readings, search_key};
use crate::ids::DateKindId;
use unicode_normalization::UnicodeNormalization;

/// Typed words, and the command that they stand for.
type Typed = (&'static [&'static str], fn() -> Command);

const TYPED: [Typed; 19] = [
    (
        &["ヘルプ", "使い方", "つかいかた", "メニュー", "help", "menu", "?", "こんにちは", "hello", "hi"],
        || Command::Help,
    ),
    (
        &["ごみ", "ゴミ", "ごみの出し方", "ゴミの出し方", "ごみの捨て方", "分別", "garbage", "trash"],
        || Command::Garbage,
    ),
    (
        &["収集日", "ごみの日", "ゴミの日", "次の収集日", "つぎの収集日", "次のごみの日", "いつ", "collection", "when"],
        || Command::NextCollection,
    ),
    (
        &[
            "ごみの日のお知らせ",
            "ゴミの日のお知らせ",
            "ごみの日のおしらせ",
            "ゴミの日のおしらせ",
            "ごみのお知らせ",
            "ごみの日を知らせて",
            "リマインド",
            "リマインダー",
            "garbagereminders",
            "garbagereminder",
            "reminders",
            "reminder",
        ],
        || Command::Reminders,
    ),
    (
        &[
            "ごみの日のお知らせを止める",
            "ごみの日のお知らせをとめる",
            "ごみのお知らせを止める",
            "stopgarbagereminders",
            "stopreminders",
        ],
        || Command::RemindersOff,
    ),
    (&["設定", "せってい", "設定変更", "設定を変える", "settings", "setting"], || Command::Settings),
    (
        &["地区", "ちく", "地区の設定", "地区をえらぶ", "地区を選ぶ", "住所", "引っ越し", "district"],
        || Command::Districts,
    ),
    (&["トピック", "受信設定", "お知らせ", "おしらせ", "配信設定", "topics", "topic"], || {
        Command::Topics
    }),
    (&["子ども", "こども", "子供", "子育て設定", "children", "child"], || {
        Command::Dates(DateKindId::child())
    }),
    (&["言語", "ことば", "言葉", "language", "english", "やさしい日本語"], || Command::Languages),
    (
        &[
            "配信を止める",
            "配信をとめる",
            "配信停止",
            "配信を停止",
            "配信を停止する",
            "ミュート",
            "mute",
            "unsubscribe",
        ],
        || Command::Mute,
    ),
    (
        &[
            "また受け取る",
            "またうけとる",
            "配信を再開",
            "配信再開",
            "配信を再開する",
            "ミュート解除",
            "unmute",
            "subscribe",
        ],
        || Command::Unmute,
    ),
    (&["設定を消す", "リセット", "初期化", "clear", "reset"], || Command::Clear),
    (&["地区を消す"], || Command::ForgetDistrict),
    (
        &[
            "報告",
            "ほうこく",
            "損傷報告",
            "損傷を報告",
            "損傷を報告する",
            "損傷の報告",
            "報告する",
            "通報",
            "つうほう",
            "こわれたものを知らせる",
            "report",
            "reportdamage",
            "damage",
        ],
        || Command::Report(ReportCommand::Start),
    ),
    (
        &[
            "報告の状況",
            "報告状況",
            "報告の状態",
            "報告のじょうきょう",
            "ほうこくのじょうきょう",
            "私の報告",
            "わたしの報告",
            "あなたの報告",
            "報告はいまどうか",
            "myreports",
            "myreport",
        ],
        || Command::Report(ReportCommand::Mine),
    ),
    (&["報告の続き", "報告のつづき", "continuethereport"], || Command::Report(ReportCommand::Resume)),
    (&["もどる", "戻る", "back"], || Command::Report(ReportCommand::Back)),
    (
        &["やめる", "キャンセル", "中止", "報告をやめる", "報告を中止", "cancel", "stop", "cancelthereport"],
        || Command::Cancel,
    ),
];

/// The command that a typed word stands for, in whatever language it was typed.
pub(in crate::conversation) fn typed_command(normalized: &str) -> Option<Command> {
    TYPED.iter().find(|(words, _)| words.contains(&normalized)).map(|(_, command)| command())
}

/// A question for collection days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::conversation) enum Asked {
    /// What one of our commands answers.
    Command(Command),
    /// When something is collected: what it may be, in the spelling of [`category_key`], the most likely first.
    Next(Vec<String>),
}

/// How today is written.
const TODAY: &[&str] = &["今日", "きょう", "本日", "today"];
/// How tomorrow is written.
const TOMORROW: &[&str] = &["明日", "あした", "あす", "tomorrow"];
/// What may follow such a day; the rest of a question is taken off before.
const OF_A_DAY: &[&str] =
    &["", "の", "ごみ", "のごみ", "はごみ", "の収集", "'s garbage", " garbage", "'s trash", " trash"];
/// What may stand before it.
const BEFORE_A_DAY: &[&str] = &["garbage ", "trash ", "collection ", "what is collected ", "what's collected "];
/// What begins a question for the next day of something.
const NEXT: &[&str] = &["次の", "つぎの", "次は", "つぎは", "next "];
/// What is in a question for a day.
const WHEN: &[&str] = &["いつ", "何曜", "なん曜", "なんよう", "何日", "の日", "収集日", "when "];
/// What such a question is about if it is about everything.
const ALL: &[&str] = &["ごみ", "収集", "収集日", "ごみの日", "garbage", "trash", "collection", "garbage day"];

/// What people and towns call differently and mean alike.
const SAME: &[(&str, &str)] = &[
    ("燃えない", "燃やさない"),
    ("燃やせない", "燃やさない"),
    ("もえない", "燃やさない"),
    ("もやせない", "燃やさない"),
    ("もやさない", "燃やさない"),
    ("不燃", "燃やさない"),
    ("燃える", "燃やす"),
    ("燃やせる", "燃やす"),
    ("もえる", "燃やす"),
    ("もやせる", "燃やす"),
    ("もやす", "燃やす"),
    ("可燃", "燃やす"),
];

/// The question for collection days that a text is, if it is one.
pub(in crate::conversation) fn asked(text: &str) -> Option<Asked> {
    let typed: String = text.trim().nfkc().flat_map(char::to_lowercase).collect();
    for (days, command) in [(TODAY, Command::Today), (TOMORROW, Command::Tomorrow)] {
        let forms = |day: &&str| {
            let after = OF_A_DAY.iter().map(move |rest| format!("{day}{rest}"));
            after.chain(BEFORE_A_DAY.iter().map(move |rest| format!("{rest}{day}"))).collect::<Vec<_>>()
        };
        let forms: Vec<String> = days.iter().flat_map(forms).map(|form| search_key(&form)).collect();
        if readings(&typed).iter().any(|reading| forms.contains(reading)) {
            return Some(Asked::Command(command));
        }
    }
    let next = NEXT.iter().find_map(|word| typed.strip_prefix(word));
    let thing = next.or_else(|| WHEN.iter().any(|word| typed.contains(word)).then_some(typed.as_str()))?;
    let things = readings(thing.strip_prefix("when is ").unwrap_or(thing));
    if things.iter().any(|thing| ALL.iter().any(|all| *thing == search_key(all))) {
        return Some(Asked::Command(Command::NextCollection));
    }
    let says_something = |thing: &String| 1 < thing.chars().count() || thing.starts_with(|char| '一' <= char);
    Some(Asked::Next(things.iter().map(|thing| category_key(thing)).filter(says_something).collect()))
}

/// The spelling in which the names of garbage categories are compared: what a town burns and what it does not has many names.
pub(in crate::conversation) fn category_key(name: &str) -> String {
    SAME.iter().fold(search_key(name), |key, (other, ours)| key.replace(other, ours))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_for_today_or_tomorrow_is_seen_however_it_is_typed() {
        for (command, texts) in [
            (
                Command::Today,
                &[
                    "今日",
                    "きょう",
                    "今日のごみ",
                    "今日のゴミは？",
                    "きょうは何ごみ？",
                    "今日は何のごみの日ですか",
                    "今日のごみの日",
                    "今日のごみは何ですか",
                    "本日の収集",
                    "Today",
                    "today's garbage",
                    "Todays trash",
                    "Garbage today?",
                ][..],
            ),
            (
                Command::Tomorrow,
                &[
                    "明日",
                    "あした",
                    "あした の ごみ",
                    "あすのごみ",
                    "明日は何ゴミ",
                    "明日の収集は？",
                    "tomorrow",
                    "Trash tomorrow",
                ],
            ),
            (
                Command::NextCollection,
                &[
                    "次のごみ",
                    "次のごみは？",
                    "つぎの ゴミの日",
                    "次の収集はいつ",
                    "ごみの日はいつですか",
                    "next garbage",
                    "When is garbage day?",
                ],
            ),
        ] {
            for text in texts {
                assert_eq!(asked(text), Some(Asked::Command(command.clone())), "{text}");
            }
        }
    }

    #[test]
    fn a_question_for_the_next_day_of_something_names_it() {
        for (text, thing) in [
            ("次の燃やさないごみ", "燃やさないごみ"),
            ("つぎの資源", "資源"),
            ("次の資源ごみの日はいつ？", "資源"),
            ("ペットボトルはいつですか", "ペットボトル"),
            ("next non-burnable?", "non-burnable"),
            ("When is plastics", "plastics"),
        ] {
            let Some(Asked::Next(things)) = asked(text) else { panic!("{text}: {:?}", asked(text)) };
            assert!(things.contains(&category_key(thing)), "{text}: {things:?}");
        }
    }

    #[test]
    fn other_texts_ask_for_no_day() {
        for text in ["", "乾電池", "明日香", "今日子", "次亜塩素酸", "粗大ごみ", "母が倒れました", "にちようび"]
        {
            assert_eq!(asked(text), None, "{text}");
        }
    }
}
