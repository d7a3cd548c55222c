//! Words about what a broadcast says: its messages, and what is wrong with them.

use domain::broadcast::content::check::{Fault, Problem};
use domain::language::Language;
use domain::text::count::Unit;

use crate::kit::count_of;

/// Heads the list of placeholders.
pub const PLACEHOLDERS: &str = "町のデータを入れる書き方";
/// How they are used.
pub const PLACEHOLDERS_LEAD: &str = "文章の中に次のように書くと、承認したときの町のデータに置き換わります。";
/// The town's data does not say it.
pub const NO_VALUE: &str = "（登録されていません。使えません）";

/// Shows the form again.
pub const SHOW: &str = "見え方を更新する";
/// Heads the buttons that add a message.
pub const ADD: &str = "メッセージを追加する";
/// No more can be added.
pub const FULL: &str = "1回の配信で送れるメッセージは5通までです。";
/// A text.
pub const TEXT: &str = "本文";
/// A title.
pub const TITLE: &str = "見出し";
/// How long it may be.
pub const TITLE_HINT: &str = "なくてもかまいません。60文字までです。";
/// A picture.
pub const PICTURE: &str = "画像";
/// Which files are pictures.
pub const PICTURE_HINT: &str = "JPEG、PNG、WebPのファイルを選び、「アップロード」を押してください。4MBまでです。大きさは自動で合わせ、撮影場所などの情報は消します。";
/// Sends a picture.
pub const UPLOAD: &str = "アップロード";
/// What a screen reader says for the picture.
pub const PICTURE_NOW: &str = "いまの画像";
/// None was chosen.
pub const NO_PICTURE: &str = "画像を選んで、アップロードしてください。";
/// It is another kind of file.
pub const OTHER_FORMAT: &str = "画像として読めません。JPEG、PNG、WebPのファイルを選んでください。";
/// It has too many pixels.
pub const TOO_MANY_PIXELS: &str = "画像が大きすぎます。2,500万画素までに縮めてから、もう一度選んでください。";
/// It breaks off.
pub const BROKEN_PICTURE: &str = "ファイルが壊れているようです。画像を開けるか確かめて、もう一度選んでください。";
/// A button's label.
pub const LABEL: &str = "ボタンの文字";
/// How long it may be.
pub const LABEL_HINT: &str = "20文字までです。";
/// Chooses what a button does.
pub const WAY: &str = "押したときの動き";
/// It opens something.
pub const WAY_OPEN: &str = "ページを開く・電話をかける";
/// It says something.
pub const WAY_SAY: &str = "住民の発言としてトークに送る";
/// What it opens or says.
pub const DOES: &str = "開くアドレス・送る言葉";
/// How addresses are written.
pub const DOES_HINT: &str = "アドレスは https:// か tel: で始めます（例：tel:{phone}）。送る言葉は300文字までです。";
/// What is read where a message cannot be shown.
pub const ALT: &str = "通知に出る文章";
/// The JSON of a flex message.
pub const JSON: &str = "Flex MessageのJSON";
/// How it is made.
pub const JSON_HINT: &str =
    "contentsに入れるbubbleかcarouselを貼り付けてください。LINEのFlex Message Simulatorで作れます。";

/// A layout that is none.
pub const NO_LAYOUT: &str = "（Flex MessageのJSONを入れると、ここに形が出ます）";

/// A language.
#[must_use]
pub fn language(language: Language) -> &'static str {
    super::residents::language(language)
}

/// Unfolds another language.
#[must_use]
pub fn add_language(of: Language) -> String {
    format!("{}の文章を追加する（なければ日本語の文章が届きます）", language(of))
}

/// Adds a message of a kind.
#[must_use]
pub fn add(kind: &str) -> &'static str {
    match kind {
        "picture" => "画像",
        "buttons" => "ボタン付きの文章",
        "flex" => "Flex（JSON）",
        _ => "文章",
    }
}

/// Heads a message.
#[must_use]
pub fn legend(at: usize, kind: &str) -> String {
    format!("{}通目：{}", at + 1, add(kind))
}

/// Moves it.
#[must_use]
pub fn up(at: usize) -> String {
    format!("{}通目を上へ", at + 1)
}

/// Moves it.
#[must_use]
pub fn down(at: usize) -> String {
    format!("{}通目を下へ", at + 1)
}

/// Takes it away.
#[must_use]
pub fn remove(at: usize) -> String {
    format!("{}通目を削除", at + 1)
}

/// Heads a button.
#[must_use]
pub fn button(row: usize) -> String {
    format!("ボタン{}", row + 1)
}

/// A message.
#[must_use]
pub fn message(of: Language, at: usize) -> String {
    format!("{} {}通目", language(of), at + 1)
}

/// A field of a message.
#[must_use]
pub fn place(of: Language, at: usize, field: &str) -> String {
    format!("{} {field}", message(of, at))
}

/// A field of a button.
#[must_use]
pub fn of_button(row: usize, field: &str) -> String {
    format!("{}の{field}", button(row))
}

/// A place in the JSON.
#[must_use]
pub fn at_path(path: &str) -> String {
    format!("{JSON}の「{path}」")
}

/// What is wrong, and where, in one line.
#[must_use]
pub fn problem(problem: &Problem) -> String {
    let language = problem.place.language;
    let place = problem.place.message.map_or_else(|| self::language(language).to_owned(), |at| message(language, at));
    format!("{place}：{}", fault(&problem.fault))
}

/// What is wrong, and what to do.
#[must_use]
pub fn fault(fault: &Fault) -> String {
    match fault {
        Fault::NoJapanese => "日本語の文章がありません。1通以上書いてください。".to_owned(),
        Fault::Empty => "空です。入力してください。".to_owned(),
        Fault::TooLong { is, max, unit } => {
            let counted = match unit {
                Unit::Utf16 => "絵文字は2文字以上に数えます。",
                Unit::Graphemes => "",
            };
            format!("{}文字多すぎます。{}文字までに短くしてください。{counted}", count_of(is - max), count_of(*max))
        }
        Fault::TooMany { max } => format!("多すぎます。{}つまでに減らしてください。", count_of(*max)),
        Fault::Placeholder(name) => {
            format!(
                "「{{{name}}}」に入る町のデータがありません。書き方を確かめてください（かっこは全角の｛｝ならそのまま届きます）。"
            )
        }
        Fault::Address => {
            "スマートフォンで開けません。https:// か tel: で始まる、半角のアドレスにしてください。".to_owned()
        }
        Fault::NotJson { line, column } => {
            format!(
                "JSONとして読めません。{}行目の{}文字目あたりを直してください。",
                count_of(*line),
                count_of(*column)
            )
        }
        Fault::NotFlex => "bubbleでもcarouselでもありません。Flex Messageのcontentsを貼り付けてください。".to_owned(),
        Fault::TooLarge { is, max } => {
            format!("大きすぎます（{}バイト）。{}バイトまでに減らしてください。", count_of(*is), count_of(*max))
        }
        Fault::AllTooLarge { is, max } => {
            format!(
                "配信の内容が、すべてのことばを合わせて大きすぎます（{}バイト）。{}バイトまでに減らさないと、保存できません。",
                count_of(*is),
                count_of(*max)
            )
        }
        Fault::Action(name) => {
            format!("「{name}」の動きは使えません。uri、message、clipboardのどれかにしてください。")
        }
    }
}
