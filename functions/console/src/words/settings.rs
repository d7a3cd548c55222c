//! Words about the town's settings: its parts, their fields, the rich menu.

use app::town::data::MenuAction;
use app::town::edit::{NONE, SettingsPart};
use app::town::read::{OTHER_TEXT_CHARS_MAX, WELCOME_CHARS_MAX};
pub use app::town::words::settings as part;
use domain::conversation::{Command, ReportCommand};
use domain::language::Language;

use super::town::EMPTY;

/// What the section is for.
pub const LEAD: &str = "まち全体にかかわる設定です。変えると、LINEの返事には1分以内に反映されます。";
/// Files would bring back what they say.
pub const FILES: &str = "まちのファイル（town.yaml、texts.yaml）をコマンドで読み込みなおすと、ここで変えた内容はファイルの内容に戻ります。変えたときは、ファイルも直しておいてください。";
/// Leads to a form.
pub const CHANGE: &str = "変更する";
/// Leads back to the overview.
pub const BACK: &str = "設定に戻る";
/// Shows how a text looks, where no script does.
pub const SHOW: &str = "見え方を更新する";
/// Drops what was typed.
pub const TAKE_THEIRS: &str = super::town::TAKE_THEIRS;
/// The town's short name, which nobody changes.
pub const ID: &str = "まちの識別名";
/// Heads the texts.
pub const TEXTS: &str = "まちの文章";
/// What the texts are.
pub const TEXTS_ABOUT: &str =
    "住民に、書いたとおりに送る文章です。ことばごとに書きます。空のところは、日本語の文章を送ります。";
/// A language that residents cannot choose.
pub const NOT_OFFERED: &str = "住民が選べることばに入っていません";
/// A choice of one more thing.
pub const NEVER: &str = "消さない";
/// A choice of days.
pub const AFTER_DAYS: &str = "次の日数がたったら消す";
/// The days.
pub const DAYS: &str = "消すまでの日数";
/// How to fill it in.
pub const DAYS_HINT: &str = "「次の日数がたったら消す」を選んだときだけ使います。3650日までです。";
/// What the rules of sending are for.
pub const SENDING_ABOUT: &str =
    "急がないお知らせの送りかたです。緊急の配信は、時間帯と数の決まりにかかわらず、すぐ送ります。";

/// What the rules of reports are for.
pub const REPORTS_ABOUT: &str = "住民からの損傷報告の決まりです。種別と質問は「まちのデータ」で変えられます。";

/// The rich menu.
pub const MENU: &str = "リッチメニュー";
/// How the rich menu is changed.
pub const MENU_LEAD: &str = "トーク画面の下に出るメニューです。いま読み込まれている内容を表示しています。";
/// The same.
pub const MENU_HOW: &str = "LINEのメニューは、画像と押せる場所がひと組で、あとから一部だけを変えることができません。変えるときは、システムの担当者が、まちのファイル（rich-menu.yamlと画像）を直して、コマンドで読み込みます（town load に --line-secret を付けます）。";
/// There is none.
pub const NO_MENU: &str = "リッチメニューは、まだ読み込まれていません。";
/// Shows the rich menu.
pub const MENU_SHOW: &str = "リッチメニューを見る";
/// The tab that is shown first.
pub const FIRST_TAB: &str = "はじめに表示";
/// A fact of a tab.
pub const ALIAS: &str = "識別名";
/// A fact of a tab.
pub const CHAT_BAR: &str = "メニューを開くボタンの文字";
/// A fact of a tab.
pub const PICTURE: &str = "画像のファイル";
/// A column of the places.
pub const NUMBER: &str = "番号";
/// A column of the places.
pub const LABEL: &str = "読み上げることば";
/// A column of the places.
pub const ACTION: &str = "押したときの動き";
/// A column of the places.
pub const PLACE: &str = "場所（画素）";

/// Heads the places of a tab.
#[must_use]
pub fn places(tab: &str) -> String {
    format!("「{tab}」の押せる場所")
}

/// Where a place lies on the picture.
#[must_use]
pub fn place(x: u16, y: u16, width: u16, height: u16) -> String {
    format!("左から{x}、上から{y}、幅{width}、高さ{height}")
}

/// The name of a language.
#[must_use]
pub fn language(language: Language) -> &'static str {
    match language {
        Language::Japanese => "日本語",
        Language::EasyJapanese => "やさしい日本語",
        Language::English => "英語（English）",
    }
}

/// The title of a form.
#[must_use]
pub fn title(of: SettingsPart) -> String {
    format!("{}を変更する", part(of))
}

/// The name of a field, by its key in the files; `None` for what is no setting.
#[must_use]
pub fn known_field(key: &str) -> Option<&'static str> {
    Some(match key {
        "name" => "まちの名前",
        "reading" => "名前の読み",
        "phone" => "代表電話",
        "website" => "公式ウェブサイト",
        "portal" => "住民向けページのアドレス",
        "languages" => "住民が選べることば",
        "blocked_resident_retention_days" => "ブロックした住民の登録内容を消すまで",
        "quiet_from" => "送らない時間帯のはじまり",
        "quiet_to" => "送らない時間帯のおわり",
        "weekly_max" => "1人に7日間で送る数の上限",
        "public_page" => "全員に送ったお知らせのページ",
        "rule_minutes_max" => "自動の配信が遅れても送る時間（分）",
        "rule_hourly_max" => "1時間に同じ住民への自動の配信が何通目になったら止めるか",
        "boundary_tolerance_m" => "区域の境界の外でも受け付ける距離（メートル）",
        "erase_after_days" => "対応を終えた報告の個人情報を消すまでの日数",
        "erase_declined_after_days" => "「対応しない」の報告の個人情報を消すまでの日数",
        "erase_duplicate_after_days" => "「重複」の報告の個人情報を消すまでの日数",
        "welcome" => "友だち追加のあいさつ",
        "garbage_not_found_contact" => "品目が見つからないときの問い合わせ先",
        "emergency_note" => "119番・110番の代わりにならないことの注意",
        _ => return None,
    })
}

/// The same, or the key.
#[must_use]
pub fn field(key: &str) -> &str {
    known_field(key).unwrap_or(key)
}

/// What was typed, by the name of a form's field; what was chosen is not.
#[must_use]
pub fn typed(name: &str) -> Option<&'static str> {
    match name {
        "days" => Some(DAYS),
        "languages" | "public_page" => None,
        _ => known_field(name),
    }
}

/// The name of a field where the part to which it belongs has to be said.
#[must_use]
pub fn field_of(of: SettingsPart, key: &str) -> String {
    match of {
        SettingsPart::Town | SettingsPart::Sending | SettingsPart::Reports => field(key).to_owned(),
        SettingsPart::Texts(of) => format!("{}（{}）", field(key), language(of)),
    }
}

/// How a field is filled in.
#[must_use]
pub fn hint(key: &str) -> Option<String> {
    Some(match key {
        "name" => "住民へのメッセージに表示されます。".to_owned(),
        "reading" => "ひらがなと「ー」だけで書きます。".to_owned(),
        "phone" => "例：0000-00-0000".to_owned(),
        "website" => "「https://」から書きます。".to_owned(),
        "portal" => "入れると、トークのごみの日の表示から収集カレンダーを開けます。空でもかまいません。".to_owned(),
        "blocked_resident_retention_days" => {
            "地区や受け取るお知らせなどの登録内容です。個人情報の保管についてのまちの決まりに合わせてください。".to_owned()
        }
        "quiet_from" => {
            "24時間制で書きます。例：21:00　この間に送るものは、おわりの時刻まで待ちます。はじまりもおわりも空にすると、いつでも送ります。".to_owned()
        }
        "quiet_to" => "例：7:00　はじまりより早い時刻は、次の日の朝になります。".to_owned(),
        "weekly_max" => "急がないお知らせを数えます。上限に達した住民には送りません。空にすると、制限しません。".to_owned(),
        "rule_minutes_max" => "予定の時刻からこの時間を過ぎた自動の配信は、送らずに、職員が確かめるのを待ちます。空にすると30分です。".to_owned(),
        "rule_hourly_max" => "例：3　同じ住民に1時間で3通目になる自動の配信は、送らずに、職員が確かめるのを待ちます。空にすると3通です。".to_owned(),
        "boundary_tolerance_m" => "例：200　地図や携帯電話の位置のずれを見こんで、境界の少し外の報告も受け付けます。5000までです。空にすると200メートルです。".to_owned(),
        "erase_after_days" => "対応を終えた日から数えます（そのあとに書かれたことも、一緒に消します）。だれからの報告か、書かれたこと（職員のメモや回答も）、写真、くわしい場所を自動で消します。公開していたものも見えなくなります。種別、日付、状態、地区などは統計のために残ります。消したものは、もとにもどせません。対応が終わっていない報告は、何日たっても消えません。3650日までです。空にすると消しません。".to_owned(),
        "erase_declined_after_days" | "erase_duplicate_after_days" => "ほかの報告と変えるときだけ書きます。3650日までです。空にすると、ほかの報告と同じです。".to_owned(),
        "welcome" => format!("{WELCOME_CHARS_MAX}文字までです。友だちになった住民に、最初に送ります。"),
        "garbage_not_found_contact" => {
            format!("{OTHER_TEXT_CHARS_MAX}文字までです。品目が見つからないことを伝える文のあとに続けて送ります。")
        }
        "emergency_note" => {
            format!("{OTHER_TEXT_CHARS_MAX}文字までです。あいさつと、「使い方」のあとに送ります。")
        }
        _ => return None,
    })
}

/// What stands in a field, for people.
#[must_use]
pub fn value(key: &str, cell: &str) -> String {
    match (key, cell) {
        ("blocked_resident_retention_days", NONE) | ("erase_after_days", "") => NEVER.to_owned(),
        ("erase_declined_after_days" | "erase_duplicate_after_days", "") => "ほかの報告と同じ".to_owned(),
        (
            "blocked_resident_retention_days"
            | "erase_after_days"
            | "erase_declined_after_days"
            | "erase_duplicate_after_days",
            days,
        ) => format!("{days}日"),
        ("weekly_max", "") => "制限しない".to_owned(),
        ("weekly_max", max) => format!("{max}通"),
        ("rule_minutes_max", minutes) => format!("{minutes}分"),
        ("rule_hourly_max", count) => format!("{count}通目"),
        ("boundary_tolerance_m", metres) => format!("{metres}メートル"),
        ("quiet_from" | "quiet_to", "") => "（時間帯なし）".to_owned(),
        ("public_page", cell) => public(cell).to_owned(),
        ("languages", cell) => {
            let name = |tag: &str| tag.parse().map_or_else(|_| tag.to_owned(), |of| language(of).to_owned());
            cell.split_whitespace().map(name).collect::<Vec<_>>().join("、")
        }
        (_, "") => EMPTY.to_owned(),
        (_, cell) => cell.to_owned(),
    }
}

/// Whether there is a public page.
#[must_use]
pub fn public(cell: &str) -> &'static str {
    match cell {
        "on" => "だれでも読めるページを作る",
        "off" => "作らない",
        _ => "",
    }
}

/// What a tap on the rich menu does. `tab` gives the name of a tab.
#[must_use]
pub fn action(action: &MenuAction, tab: impl Fn(&str) -> String) -> String {
    match action {
        MenuAction::Command(command) => match self::command(command.command()) {
            Some(name) => format!("アカウントの機能「{name}」を呼び出す"),
            None => "アカウントの機能を呼び出す".to_owned(),
        },
        MenuAction::Say(text) => format!("「{text}」と送ったことにする"),
        MenuAction::Open(address) => match address.strip_prefix("tel:") {
            Some(number) => format!("{number}に電話をかける"),
            None => format!("ページを開く：{address}"),
        },
        MenuAction::Tab(alias) => format!("タブ「{}」に切り替える", tab(alias)),
    }
}

/// What a command shows; `None` for what no menu calls.
fn command(command: &Command) -> Option<&'static str> {
    Some(match command {
        Command::Garbage => "ごみのしらべ方",
        Command::NextCollection => "次の収集日",
        Command::Today => "今日のごみ",
        Command::Tomorrow => "明日のごみ",
        Command::Reminders => "ごみの日のお知らせ",
        Command::Settings => "設定",
        Command::Districts => "地区",
        Command::Topics => "お知らせ",
        Command::Dates(kind) if kind.is_child() => "お子さん",
        Command::Dates(_) => "登録する月",
        Command::Languages => "ことば",
        Command::Help => "使い方",
        Command::NextOf(_) => "次の収集日（ごみの種類ごと）",
        Command::Report(ReportCommand::Start | ReportCommand::Resume) => "損傷の報告",
        Command::Report(ReportCommand::Mine) => "報告の状況",
        Command::Waste(_)
        | Command::Remind(..)
        | Command::RemindEvening(_)
        | Command::RemindMorning(_)
        | Command::RemindersOff
        | Command::DistrictsInRow(_)
        | Command::SetDistrict(_)
        | Command::ForgetDistrict
        | Command::SwitchTopic(..)
        | Command::AddDate(_)
        | Command::AddDateIn(..)
        | Command::AddDateOf(..)
        | Command::RemoveDateOf(..)
        | Command::SetLanguage(_)
        | Command::Clear
        | Command::ClearNow
        | Command::Mute
        | Command::MuteNow
        | Command::Unmute
        | Command::Cancel
        | Command::Report(
            ReportCommand::Kind(_)
            | ReportCommand::GoOn
            | ReportCommand::Answer(..)
            | ReportCommand::Unknown(_)
            | ReportCommand::PhotosDone
            | ReportCommand::PhotosClear
            | ReportCommand::PhotoPlace
            | ReportCommand::NoComment
            | ReportCommand::Change(_)
            | ReportCommand::Send(_)
            | ReportCommand::Back
            | ReportCommand::Cancel,
        ) => return None,
    })
}
