//! Words of the frame: the parts of the console, and what is said when a request does not get through.

use app::town::table::TownTable;
use domain::language::Language;
use domain::staff::{Act, Staff};

use super::audience::form;
use super::content;

/// A part of the console, as its navigation has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// What waits for me.
    Home,
    /// Messages to very many.
    Broadcasts,
    /// The rules that write broadcasts.
    Reminders,
    /// Damage reports.
    Reports,
    /// Counts of residents.
    Residents,
    /// Questions that nothing answered.
    Questions,
    /// The collection calendar.
    Garbage,
    /// The town's data.
    Town,
    /// A message to oneself.
    Trial,
    /// The town's settings.
    Settings,
    /// People and roles.
    People,
    /// Who did what.
    Audit,
    /// Whether all runs.
    Watch,
    /// None of them: errors, sign-in.
    Nowhere,
}

impl Section {
    /// Those that the navigation shows, in its order.
    pub const SHOWN: [Self; 13] = [
        Self::Home,
        Self::Broadcasts,
        Self::Reminders,
        Self::Reports,
        Self::Residents,
        Self::Questions,
        Self::Garbage,
        Self::Town,
        Self::Trial,
        Self::Settings,
        Self::People,
        Self::Audit,
        Self::Watch,
    ];

    /// Its name.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Home => "ホーム",
            Self::Broadcasts => "配信",
            Self::Reminders => "お知らせ予約",
            Self::Reports => "損傷の報告",
            Self::Residents => "住民のようす",
            Self::Questions => "答えられなかった質問",
            Self::Garbage => "収集カレンダー",
            Self::Town => "まちのデータ",
            Self::Trial => "テスト送信",
            Self::Settings => "設定",
            Self::People => "職員と権限",
            Self::Audit => "操作の記録",
            Self::Watch => "稼働状況",
            Self::Nowhere => "",
        }
    }

    /// Where it begins.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Home | Self::Nowhere => "/",
            Self::Broadcasts => "/broadcasts",
            Self::Reminders => "/reminders",
            Self::Reports => "/reports",
            Self::Residents => "/residents",
            Self::Questions => "/questions",
            Self::Garbage => "/garbage",
            Self::Town => "/town",
            Self::Trial => "/trial",
            Self::Settings => "/settings",
            Self::People => "/people",
            Self::Audit => "/audit",
            Self::Watch => "/watch",
        }
    }
}

impl Section {
    /// Whether somebody has anything to do there.
    #[must_use]
    pub fn is_for(self, staff: &Staff) -> bool {
        match self {
            Self::Home
            | Self::Broadcasts
            | Self::Reminders
            | Self::Reports
            | Self::Residents
            | Self::Garbage
            | Self::Town => true,
            // What residents typed may say who they are.
            Self::Questions | Self::Trial => staff.roles.allow(Act::Write),
            Self::Settings => staff.roles.allow(Act::EditTown),
            Self::People => staff.roles.allow(Act::ManagePeople),
            Self::Audit => staff.roles.allow(Act::ReadAudit),
            Self::Watch => staff.roles.allow(Act::Watch),
            Self::Nowhere => false,
        }
    }
}

/// A sentence, and what to do.
#[derive(Debug, Clone, Copy)]
pub struct Said {
    /// What happened.
    pub title: &'static str,
    /// What it means, and what to do.
    pub text: &'static str,
}

/// There is no such page.
pub const NOT_FOUND: Said = Said {
    title: "ページが見つかりません",
    text: "アドレスがまちがっているか、ページがなくなっています。メニューから選びなおしてください。",
};

/// An address that only a form goes to.
pub const FORM_ONLY: Said = Said {
    title: "このアドレスは直接開けません",
    text: "画面のボタンを押したときだけ使うアドレスです。メニューから選びなおしてください。",
};

/// The roles do not allow it.
pub const DENIED: Said = Said {
    title: "この操作の権限がありません",
    text: "あなたの権限では、このページを見たり変えたりすることができません。必要なときは、管理者に権限の追加を頼んでください。この操作は記録されました。",
};

/// A request that none of our pages sends.
pub const BAD_REQUEST: Said = Said {
    title: "受け付けられない送信です",
    text: "送られた内容を読み取れませんでした。前のページに戻って、もう一度やりなおしてください。",
};

/// A request from another site.
pub const FOREIGN: Said = Said {
    title: "ほかのサイトからの送信は受け付けません",
    text: "安全のため、この管理画面の中から送られたものだけを受け付けます。管理画面を開きなおして、もう一度やりなおしてください。",
};

/// Too much at once.
pub const TOO_LARGE: Said = Said {
    title: "送られた内容が大きすぎます",
    text: "文章やファイルを小さくして、もう一度送ってください。ファイルは4MBまでです。何も変更されていません。",
};

/// Something of ours did not work.
pub const BROKEN: Said = Said {
    title: "いま処理できませんでした",
    text: "しばらく待ってから、もう一度やりなおしてください。続くときは、システムの担当者に、この時刻とページの名前を伝えてください。",
};

/// The session ended while a form was open.
pub const EXPIRED: Said = Said {
    title: "ログインの期限が切れました",
    text: "しばらく操作がなかったため、ログインが終わりました。入力した内容は、この画面に残っています。下のボタンで別の画面を開いてログインし、この画面に戻って「入力した内容を送信する」を押してください。",
};

/// The form belongs to an earlier session.
pub const RESEND: Said = Said {
    title: "もう一度、送信を確かめてください",
    text: "ログインしなおしたため、念のため確認しています。下の内容でよければ「この内容で送信する」を押してください。まだ何も変更されていません。",
};

/// Signed in, in a window of its own.
pub const SIGNED_IN: Said = Said {
    title: "ログインしました",
    text: "この画面を閉じて、もとの画面に戻り、「入力した内容を送信する」を押してください。",
};

/// A file is not kept by a page.
pub const FILE_AGAIN: &str = "選んだファイルは残せませんでした。ログインしてから、もう一度選んでください。";
/// The same where there is more than a file, which is sent first.
pub const FILE_LATER: &str =
    "選んだファイルは残せませんでした。下の内容を送信したあとで、その内容を開き、もう一度選んでください。";
/// Leads back to the form with the file.
pub const TO_FORM: &str = "ファイルを選びなおす";
/// Opens the sign-in in another window.
pub const SIGN_IN_ELSEWHERE: &str = "別の画面でログインする";
/// Sends what was typed.
pub const SEND_TYPED: &str = "入力した内容を送信する";
/// Sends what was typed, after a look.
pub const SEND_THIS: &str = "この内容で送信する";
/// Above the fields that were typed.
pub const TYPED: &str = "入力した内容";
/// What a field is called where all that was typed is shown; nothing for what was chosen, and for what no person reads.
#[must_use]
pub fn typed(name: &str) -> Option<String> {
    if let Some(label) = of_message(name) {
        return Some(label);
    }
    let label = match name {
        "text" => Some(super::trial::TEXT),
        "email" => Some(super::people::EMAIL),
        "question" => Some(super::questions::QUESTION),
        "alias" => Some(super::questions::ALIAS_FIELD),
        "title" => Some(super::broadcasts::TITLE),
        "day" => Some(super::broadcasts::DAY),
        "time" => Some(super::broadcasts::CLOCK),
        "remark" => Some(super::broadcasts::REMARK),
        "audience-name" => Some(super::templates::AUDIENCE_NAME),
        // When a broadcast goes is chosen; when garbage is collected is a field of a line, and has its number.
        "when" => None,
        _ => of_condition(name)
            .or_else(|| super::reminders::typed(name))
            .or_else(|| super::reports::typed(name))
            .or_else(|| of_town(name)),
    };
    label.map(str::to_owned)
}

/// A field of a message of a broadcast, such as `ja-0-text`, and its place.
fn of_message(name: &str) -> Option<String> {
    Language::ALL.into_iter().find_map(|language| {
        let (at, part) = name.strip_prefix(language.tag())?.strip_prefix('-')?.split_once('-')?;
        let button = |row: &str, label| Some(content::of_button(row.parse().ok()?, label));
        let label = match part {
            "title" => content::TITLE.to_owned(),
            "text" => content::TEXT.to_owned(),
            "alt" => content::ALT.to_owned(),
            "json" => content::JSON.to_owned(),
            _ => match (part.strip_prefix("label"), part.strip_prefix("does")) {
                (Some(row), _) => button(row, content::LABEL)?,
                (None, Some(row)) => button(row, content::DOES)?,
                (None, None) => return None,
            },
        };
        Some(content::place(language, at.parse().ok()?, &label))
    })
}

/// A field of a condition of an audience, such as `audience-0-1-from`.
fn of_condition(name: &str) -> Option<&'static str> {
    match name.strip_prefix("audience-")?.rsplit_once('-')?.1 {
        "from" => Some(form::FROM),
        "to" => Some(form::TO),
        "day" => Some(form::DAY),
        _ => None,
    }
}

/// A field of the town's data or settings. A form of several lines numbers its fields.
fn of_town(name: &str) -> Option<&'static str> {
    let name = name.split_once('-').map_or(name, |(name, _)| name);
    let chosen =
        ["id", "category", "area", "categories", "areas", "department", "default", "effect", "direction", "kind"];
    if chosen.contains(&name) {
        return None;
    }
    let table = TownTable::ALL.into_iter().rev().find(|table| table.columns().contains(&name));
    table.map(|table| super::town::column(table, name)).or_else(|| super::settings::typed(name))
}

/// Leads home.
pub const TO_HOME: &str = "ホームへ";

#[cfg(test)]
mod tests {
    use super::typed;

    #[test]
    fn what_was_typed_is_called_by_its_name_and_nothing_else_is_shown() {
        for (name, expected) in [
            ("name", Some("名前")),
            ("text", Some("本文")),
            ("note", Some("備考")),
            ("when-2", Some("集める日")),
            ("when", None),
            ("title", Some("件名（職員用）")),
            ("day", Some("日付")),
            ("remark", Some("コメント")),
            ("ja-0-text", Some("日本語 1通目 本文")),
            ("ja-easy-1-title", Some("やさしい日本語 2通目 見出し")),
            ("en-4-json", Some("英語 5通目 Flex MessageのJSON")),
            ("ja-2-label3", Some("日本語 3通目 ボタン4のボタンの文字")),
            ("ja-2-does0", Some("日本語 3通目 ボタン1の開くアドレス・送る言葉")),
            ("ja-0-kind", None),
            ("ja-0-way1", None),
            ("ja-0-picture", None),
            ("ja-x-text", None),
            ("audience-name", Some("配信対象の名前")),
            ("audience-0-1-from", Some("何歳から（何か月から）")),
            ("audience-0-1-day", Some("友だちになった日（この日以降）")),
            ("audience-0-1-of", None),
            ("rule-name", Some("予約の名前")),
            ("rule-except", Some("のぞく日")),
            ("rule-weekdays", None),
            ("audience-0-new", None),
            ("audience-join", None),
            ("do", None),
            ("seen", None),
            ("id", None),
            ("role-environment", None),
            ("category", None),
        ] {
            assert_eq!(typed(name).as_deref(), expected, "{name}");
        }
    }
}
