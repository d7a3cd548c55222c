//! Words about the log of what was done.

use domain::audit::{Action, Broken};
use domain::broadcast::{Earnest, Origin};
use domain::language::Language;

use super::broadcasts;
use super::frame::Said;
use crate::kit::{count, count_of};

/// What the list is for.
pub const LEAD: &str =
    "だれが、いつ、何をしたかの記録です。新しいものから並びます。記録を消したり書きかえたりすることはできません。";
/// Heads the conditions.
pub const FILTER: &str = "条件をつけてさがす";
/// The first day.
pub const FIRST: &str = "この日から";
/// The last day.
pub const LAST: &str = "この日まで";
/// Who.
pub const WHO: &str = "操作した人";
/// What.
pub const WHAT: &str = "操作";
/// To what.
pub const SUBJECT: &str = "対象";
/// For which department.
pub const DEPARTMENT: &str = "所管課";
/// A text.
pub const TEXT: &str = "対象や内容に含まれる言葉";
/// No condition.
pub const ALL: &str = "すべて";
/// Applies the conditions.
pub const SEARCH: &str = "この条件でさがす";
/// Takes the conditions away.
pub const CLEAR: &str = "条件を消す";
/// The day does not exist.
pub const BAD_DAY: &str = "日付を選びなおしてください。";
/// The days stand the wrong way round.
pub const WRONG_ORDER: &str = "「この日まで」を、「この日から」と同じ日か、それよりあとの日にしてください。";

/// A column: the time of day.
pub const TIME: &str = "時刻";
/// A column: the difference.
pub const CONTENT: &str = "内容";
/// Nothing was found at all.
pub const NOTHING: &str = "条件に合う記録はありません。条件を減らして、もう一度さがしてください。";
/// Nothing was found so far.
pub const NOTHING_YET: &str = "ここまでに、条件に合う記録はありません。";
/// Goes on to earlier entries.
pub const EARLIER: &str = "さらに前をさがす";
/// Goes back to the latest entries.
pub const LATEST: &str = "最新の記録に戻る";

/// The page of one entry.
pub const ENTRY: &str = "操作の記録（1件）";
/// When.
pub const WHEN: &str = "日時";
/// Its place in the log.
pub const PLACE: &str = "記録の番号";
/// The chain's part of an entry.
pub const HASHES: &str = "改ざんを見つけるための値";
/// The entry's own hash.
pub const HASH: &str = "この記録の値";
/// The hash of the entry before.
pub const PREVIOUS: &str = "一つ前の記録の値";
/// Heads a difference.
pub const CHANGED: &str = "変更の内容";
/// How it was.
pub const BEFORE: &str = "変更前";
/// How it is.
pub const AFTER: &str = "変更後";
/// A state that is a text.
pub const STATE: &str = "内容";
/// Leads to the page of one entry.
pub const DETAILS: &str = "くわしく見る";
/// Stands for states that the list does not show.
pub const HIDDEN: &str =
    "個人情報を含むことがあるため、ここには表示しません。「くわしく見る」で表示すると、見たことが記録されます。";
/// Was recorded.
pub const LOOK_RECORDED: &str = "この内容は個人情報を含むことがあります。表示したことを記録しました。";
/// More fields than the list shows.
pub const MORE_FIELDS: &str = "ほかにも変更があります。「くわしく見る」ですべて表示します。";

/// Somebody whose id is not in the log: nothing of it is ever erased.
pub const ONE_RESIDENT: &str = "住民1人";

/// How many fields differ.
#[must_use]
pub fn changes(count: usize) -> String {
    format!("{CHANGED}（{}項目）", count_of(count))
}

/// An entry's place in the log.
#[must_use]
pub fn place(day: &str, number: u64) -> String {
    format!("{day}の{number}番")
}

/// How far the log was looked through.
#[must_use]
pub fn looked_until(day: &str) -> String {
    format!("{day}までさがしました。続きは「{EARLIER}」を押してください。")
}

/// An action.
#[must_use]
pub fn action(action: Action) -> &'static str {
    match action {
        Action::SignIn => "ログイン",
        Action::SignInRefused => "ログインを断りました",
        Action::SignOut => "ログアウト",
        Action::SignOutElsewhere => "ほかの端末からのログアウト",
        Action::Denied => "権限のない操作を断りました",
        Action::Invite => "職員の招待",
        Action::ChangePerson => "職員の登録内容の変更",
        Action::DisablePerson => "職員の利用の停止",
        Action::EnablePerson => "職員の停止の解除",
        Action::ConnectPhone => "本人のLINEをつなぐ",
        Action::DisconnectPhone => "本人のLINEをつなぐのをやめる",
        Action::EditTown => "まちのデータの変更",
        Action::ImportTown => "まちのデータの取り込み",
        Action::UndoTown => "まちのデータの変更の取り消し",
        Action::OfferCode => "LINEをつなぐためのコードの表示",
        Action::CountResidents => "住民の数の数えなおし",
        Action::ImportFollowers => "以前からの友だちの取り込み",
        Action::SendTrial => "テスト送信",
        Action::WriteBroadcast => "配信の作成・変更",
        Action::AskApproval => "配信の承認依頼",
        Action::ApproveBroadcast => "配信の承認",
        Action::TakeBackBroadcast => "配信の取り消し",
        Action::StopBroadcast => "配信の停止",
        Action::ResumeBroadcast => "配信の再開",
        Action::RemarkBroadcast => "配信へのコメント",
        Action::SaveTemplate => "ひな形の作成・変更",
        Action::RemoveTemplate => "ひな形の削除",
        Action::SaveAudience => "配信対象の保存",
        Action::RemoveAudience => "保存した配信対象の削除",
        Action::WriteReminder => "お知らせ予約の作成・変更",
        Action::AskReminder => "お知らせ予約の承認依頼",
        Action::ApproveReminder => "お知らせ予約の承認",
        Action::TakeBackReminder => "お知らせ予約の承認依頼の取り消し",
        Action::PauseReminder => "お知らせ予約の一時停止",
        Action::ResumeReminder => "お知らせ予約の再開",
        Action::EndReminder => "お知らせ予約の終了",
        Action::RemoveReminder => "お知らせ予約の下書きの削除",
        Action::EnterReport => "電話などで受けた損傷報告の入力",
        Action::WorkOnReport => "損傷報告への対応",
        Action::MergeReports => "重複した損傷報告のまとめ",
        Action::ReleaseReport => "損傷報告の公開",
        Action::HideReport => "損傷報告の公開の取りやめ",
        Action::EraseResident => "住民の個人情報の消去",
        Action::AddApiKey => "外部システムのAPIキーの作成",
        Action::RemoveApiKey => "外部システムのAPIキーの取り消し",
        Action::AddHook => "変化を知らせる宛先の追加",
        Action::RemoveHook => "変化を知らせる宛先の取り除き",
        Action::Redrive => "失敗したものの出しなおし",
        Action::RestoreTable => "バックアップから取り出した表への移しかえ",
        Action::HandleQuestion => "答えられなかった質問への対応",
        Action::ViewPersonalData => "個人情報の表示",
        Action::Export => "ファイルへの書き出し",
    }
}

/// All actions, in the order in which they are offered.
pub const ACTIONS: [Action; 52] = [
    Action::SignIn,
    Action::SignInRefused,
    Action::SignOut,
    Action::SignOutElsewhere,
    Action::Denied,
    Action::Invite,
    Action::ChangePerson,
    Action::DisablePerson,
    Action::EnablePerson,
    Action::ConnectPhone,
    Action::DisconnectPhone,
    Action::EditTown,
    Action::ImportTown,
    Action::UndoTown,
    Action::OfferCode,
    Action::CountResidents,
    Action::ImportFollowers,
    Action::SendTrial,
    Action::WriteBroadcast,
    Action::AskApproval,
    Action::ApproveBroadcast,
    Action::TakeBackBroadcast,
    Action::StopBroadcast,
    Action::ResumeBroadcast,
    Action::RemarkBroadcast,
    Action::SaveTemplate,
    Action::RemoveTemplate,
    Action::SaveAudience,
    Action::RemoveAudience,
    Action::WriteReminder,
    Action::AskReminder,
    Action::ApproveReminder,
    Action::TakeBackReminder,
    Action::PauseReminder,
    Action::ResumeReminder,
    Action::EndReminder,
    Action::RemoveReminder,
    Action::EnterReport,
    Action::WorkOnReport,
    Action::MergeReports,
    Action::ReleaseReport,
    Action::HideReport,
    Action::AddApiKey,
    Action::RemoveApiKey,
    Action::AddHook,
    Action::RemoveHook,
    Action::Redrive,
    Action::RestoreTable,
    Action::HandleQuestion,
    Action::EraseResident,
    Action::ViewPersonalData,
    Action::Export,
];

/// What was done to a damage report, by its name in the log; empty for a name that is not known.
#[must_use]
pub fn done_to_report(name: &str) -> &'static str {
    match name {
        "filed" => "受け付けました",
        "state" => "状態を変えました",
        "answered" => "返信しました",
        "noted" => "メモを残しました",
        "assigned" => "担当者を変えました",
        "moved" => "所管課を変えました",
        "kind-changed" => "種別を変えました",
        "priority" => "優先度を変えました",
        "due" => "期限を変えました",
        "placed" => "場所を直しました",
        "merged" => "ほかの報告をまとめました",
        "released" => "一般に公開しました",
        "hidden" => "公開をやめました",
        _ => "",
    }
}

/// The name of a field in a state; a field without one is called as in the data.
#[must_use]
pub fn field(key: &str) -> &str {
    match key {
        "name" => "名前",
        "email" => "メールアドレス",
        "standing" => "状態",
        "roles" => "権限",
        "phone" => "電話番号",
        "website" => "ウェブサイト",
        "portal" => "住民向けページ",
        "languages" => "言語",
        "texts" => "文面",
        "place" => "並び順",
        "ja" => "日本語",
        "ja-easy" => "やさしい日本語",
        "en" => "英語",
        "entries" | "letters" => "件数",
        "first" => "この日から",
        "last" => "この日まで",
        "department" => DEPARTMENT,
        "who" => "操作した人",
        "what" => "操作",
        "text" => "言葉",
        "units" => "文字数",
        "added" => "追加",
        "changed" => "変更",
        "removed" => "削除",
        other => other,
    }
}

/// The name of a field of a broadcast, a template or an audience.
#[must_use]
pub fn field_of_work(key: &str) -> Option<&'static str> {
    Some(match key {
        "title" => broadcasts::TITLE,
        "state" => broadcasts::STATE,
        "lane" => broadcasts::LANE,
        "when" => broadcasts::GO,
        "content" => broadcasts::WORDS,
        "audience" => broadcasts::WHOM,
        "remarks" => broadcasts::REMARKS,
        "department" => broadcasts::DEPARTMENT,
        "earnest" => "本番か訓練か",
        "origin" => "もとにしたもの",
        "author" => "最後に書いた職員",
        "approval" => "承認した職員",
        "saved_at" => "保存した日時",
        "id" => "識別",
        _ => return None,
    })
}

/// Whether something is meant.
#[must_use]
pub fn earnest(earnest: Earnest) -> &'static str {
    match earnest {
        Earnest::Real => "本番",
        Earnest::Drill => broadcasts::DRILL,
    }
}

/// Where a broadcast comes from.
#[must_use]
pub fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Staff => "はじめから書いたもの".to_owned(),
        Origin::CopyOf(id) => format!("配信のコピー（識別 {id}）"),
        Origin::FromTemplate(id) => format!("ひな形（識別 {id}）"),
        Origin::Rule { rule, .. } => format!("自動の決まり（{rule}）"),
    }
}

/// The hash of the words that go out in a language.
#[must_use]
pub fn variant(language: Language, digest: &str) -> String {
    format!("送る内容の値（{}）：{digest}", super::residents::language(language))
}

/// A field within a line.
#[must_use]
pub fn pair(field: &str, value: &str) -> String {
    format!("{field}：{value}")
}

/// A change of the town's data, by its number.
#[must_use]
pub fn revision(number: &str) -> String {
    format!("まちのデータの変更（{number}回目）")
}

/// An account of nobody known.
#[must_use]
pub fn account(fingerprint: &str) -> String {
    format!("職員として登録されていないアカウント（識別 {fingerprint}）")
}

/// A page that somebody wanted to see, or a form that they wanted to send.
#[must_use]
pub fn page(method: &str, path: &str) -> String {
    let verb = if method == "GET" { "表示" } else { "送信" };
    format!("画面 {path} の{verb}")
}

/// The whole log, or a part of it.
pub const LOG: &str = "操作の記録";
/// A question that nothing answered; its words are not in the log.
pub const QUESTION: &str = "答えられなかった質問";
/// Before the title of a broadcast.
pub const BROADCAST: &str = "配信";
/// Before the name of a template.
pub const TEMPLATE: &str = "配信のひな形";
/// Before the name of an audience.
pub const AUDIENCE: &str = "保存した配信対象";
/// Stands for a title that is empty.
pub const UNNAMED: &str = "（件名なし）";
/// A trial message.
pub const TRIAL: &str = "自分あてのテスト送信";

/// Heads the export.
pub const EXPORT: &str = "CSVに書き出す";
/// What an export holds.
pub const EXPORT_LEAD: &str = "上の条件に合う記録を、表計算ソフトで開けるファイルにします。一度に31日分まで書き出せます。書き出したことも記録されます。";
/// Writes the file.
pub const DO_EXPORT: &str = "CSVファイルを書き出す";
/// Too many days.
pub const TOO_LONG: &str = "一度に書き出せるのは31日分までです。期間を短くして、何回かに分けてください。";
/// There is nothing to write.
pub const NOTHING_TO_EXPORT: Said = Said {
    title: "書き出す記録がありません",
    text: "条件に合う記録がありませんでした。期間や条件を変えてください。",
};
/// The file would be too large.
pub const TOO_LARGE: Said = Said {
    title: "一つのファイルに収まりません",
    text: "記録が多いため、まだ書き出していません。下のボタンで、新しいほうから順に、いくつかのファイルに分けて書き出してください。",
};
/// The later part.
pub const EXPORT_LATER: &str = "1. 新しいほうを書き出す";
/// The earlier part.
pub const EXPORT_EARLIER: &str = "2. 残りを書き出す";
/// Leads back to the list.
pub const BACK: &str = "操作の記録に戻る";
/// The columns of the file.
pub const COLUMNS: [&str; 13] = [
    "日",
    "番号",
    "日時（日本時間）",
    "操作した人の番号",
    "操作した人",
    "操作の記号",
    "操作",
    "対象",
    "所管課",
    "変更前",
    "変更後",
    "一つ前の記録の値",
    "この記録の値",
];

/// Heads the check.
pub const CHECK: &str = "記録が変えられていないか調べる";
/// What the check does.
pub const CHECK_LEAD: &str = "記録は、一つ一つが前の記録とつながる形で保存されています。あとから消したり書きかえたりすると、つながりが切れるので見つけられます。";
/// Begins the check.
pub const DO_CHECK: &str = "調べる";
/// Heads the choice of days.
pub const CHECK_DAYS: &str = "調べる期間";
/// A check that is under way.
pub const CHECKING: &str = "記録を調べています";
/// That the page can be left.
pub const CHECKING_HINT: &str =
    "この画面を開いているあいだ、少しずつ進みます。閉じても、次に開いたときに続きから進みます。";
/// Heads the results.
pub const RESULTS: &str = "最後に調べた結果";
/// Which days were checked.
pub const CHECKED_DAYS: &str = "調べた期間";
/// Between the first day and the last.
pub const TO: &str = "から";
/// How much was checked.
pub const CHECKED: &str = "調べた記録";
/// When.
pub const CHECKED_AT: &str = "調べ終えた日時";
/// Heads the days that do not hold.
pub const BROKEN_DAYS: &str = "異常のある日";
/// A column: the day.
pub const DAY: &str = "日";
/// A column: what is wrong.
pub const BROKEN: &str = "異常";
/// No entries in the range.
pub const NO_DAYS: &str = "この期間には記録がありません。";
/// All holds.
pub const WHOLE: Said = Said {
    title: "消されたり書きかえられたりした記録は見つかりませんでした",
    text: "調べた期間のすべての記録が、書かれたときのままつながっています。",
};
/// Something does not hold.
pub const NOT_WHOLE: Said = Said {
    title: "記録が消されたか、書きかえられたおそれがあります",
    text: "下の「異常」の日を確かめ、次のことをしてください。",
};
/// An earlier check has found what this one has not looked at.
pub const STILL_NOT_WHOLE: Said = Said {
    title: "前に調べた日に、異常が見つかったままです",
    text: "最後に調べた期間には異常がありませんでしたが、前に調べた期間に、記録が消されたか、書きかえられたおそれのある日があります。下の「異常」の日を確かめてください。その日を含む期間を調べなおして異常がなければ、この表示は消えます。",
};
/// What to do then.
pub const NOT_WHOLE_DO: [&str; 4] = [
    "この画面を印刷するか保存し、情報セキュリティの責任者にすぐ知らせてください。",
    "データベースを直したり消したりしないでください。調べるための証拠になります。",
    "システムの担当者に、データベースを直接変えられる人の一覧と、その操作の記録（AWSのCloudTrail）を確かめてもらってください。",
    "システムの担当者は、データベースの復元機能（ポイントインタイムリカバリ）で、異常が起きる前の状態を別の表に復元し、見くらべることができます。手順は手引き「バックアップからもどす」にあります。",
];
/// Heads the last hash.
pub const LAST_HASH: &str = "最後の記録の値";
/// What the last hash is good for.
pub const LAST_HASH_ABOUT: &str =
    "この値を紙などに書きとめておくと、ここまでの記録が全部作りなおされた場合にも、あとで気づくことができます。";

/// How much was checked.
#[must_use]
pub fn extent(days: u64, entries: u64) -> String {
    format!("記録のある{}日分、{}件", count(days), count(entries))
}

/// That more days do not hold than are named, and from when to when.
#[must_use]
pub fn more_broken(first: &str, last: &str) -> String {
    format!("新しいほうだけを表示しています。ほかに、{first}から{last}までのあいだにも異常のある日があります。")
}

/// What is wrong with a day.
#[must_use]
pub fn broken(why: Broken) -> String {
    match why {
        Broken::Number(number) => format!("{number}番の記録がなくなっているか、別の記録に入れかわっています。"),
        Broken::Altered(number) => format!("{number}番の記録が、書かれたときと違っています。"),
        Broken::Unlinked(number) => format!("{number}番の記録が、その前の記録とつながっていません。"),
        Broken::End => {
            "この日の最後の記録が、書かれたときと違っています。記録が消されたか、足されています。".to_owned()
        }
        Broken::Days => {
            "前か後の日とのつながりが切れています。日ごと消されたか、日全体が作りかえられています。".to_owned()
        }
    }
}
