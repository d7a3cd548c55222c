//! Words about the counts of residents.

use super::frame::Said;

/// Heads the page.
pub const TITLE: &str = "住民のようす";
/// What it is for.
pub const LEAD: &str = "友だちの数を、地区・受信トピック・ことばごとに見られます。一人ひとりの一覧はありません。";
/// Begins to count.
pub const COUNT_ANEW: &str = "数えなおす";
/// Begins to count for the first time.
pub const COUNT_FIRST: &str = "数える";
/// Nothing was counted yet.
pub const NEVER: &str = "まだ一度も数えていません。「数える」を押すと、すべての住民を数えます。";
/// Before the time of the count.
pub const COUNTED_AT: &str = "数えた日時：";
/// While it is counted.
pub const COUNTING: &str = "住民を数えています";
/// While it is counted, below the bar.
pub const COUNTING_HINT: &str =
    "この画面を開いている間だけ進みます。閉じたときは、1時間以内にもう一度開くと続きから数えます。";
/// It was begun (or joined).
pub const BEGUN: Said =
    Said { title: "数えはじめました", text: "終わると、この画面に結果が出ます。" };

/// A number of residents who follow.
pub const FOLLOWING: &str = "友だち";
/// A number of residents who blocked.
pub const BLOCKED: &str = "ブロック中";
/// A number of residents who came on the day of the count.
pub const CAME_TODAY: &str = "その日の新しい友だち";
/// The unit of residents.
pub const PEOPLE: &str = "人";

/// Heads the numbers by district.
pub const BY_DISTRICT: &str = "地区ごとの友だち";
/// Explains what is hidden in them.
pub const BY_DISTRICT_HINT: &str = "個人が分からないように、5人より少ない地区は「5人未満」と表示します。差し引きで分かってしまう地区は「非表示」にします。合計は正確な数です。";
/// A column of names.
pub const DISTRICT: &str = "地区";
/// A column of numbers.
pub const NUMBER: &str = "友だち（人）";
/// Those who chose no district.
pub const NO_DISTRICT: &str = "地区を選んでいない人";
/// Those whose district is gone.
pub const GONE_DISTRICTS: &str = "いまはない地区を選んでいる人";
/// The sum.
pub const TOTAL: &str = "合計";
/// Less than five.
pub const FEW: &str = "5人未満";
/// Not shown.
pub const WITHHELD: &str = "非表示";

/// Heads the numbers by topic.
pub const BY_TOPIC: &str = "受信トピックごとの友だち";
/// A column of names.
pub const TOPIC: &str = "受信トピック";
/// A column of numbers.
pub const HEAR: &str = "受け取る人（人）";
/// Where the town has no topics.
pub const NO_TOPICS: &str = "受信トピックがまだありません。「まちのデータ」で追加できます。";
/// Heads the numbers by language.
pub const BY_LANGUAGE: &str = "ことばごとの友だち";
/// A column of names.
pub const LANGUAGE: &str = "ことば";

/// Heads the last days.
pub const BY_DAY: &str = "この30日の動き";
/// Heads the last year.
pub const BY_MONTH: &str = "この1年の動き";
/// Explains both.
pub const MOVED_HINT: &str = "新しい友だちは、はじめて友だちになった日で数えます。ブロックは、いまもブロックしている人を、ブロックした日で数えます。ブロックのあとで消去された人は入りません。";
/// A column of days.
pub const DAY: &str = "日付";
/// A column of months.
pub const MONTH: &str = "月";
/// A column of numbers.
pub const CAME: &str = "新しい友だち（人）";
/// A column of numbers.
pub const LEFT: &str = "ブロック（人）";
/// Heads the counts of earlier days.
pub const HISTORY: &str = "これまでに数えた友だち";
/// A column of numbers.
pub const HISTORY_BLOCKED: &str = "ブロック中（人）";

/// What the bar says while it is counted.
#[must_use]
pub fn percent(percent: u16) -> String {
    format!("約{percent}%まで数えました")
}

/// A month.
#[must_use]
pub fn month(year: i16, month: i8) -> String {
    format!("{year}年{month}月")
}

/// The name of a language.
#[must_use]
pub fn language(language: domain::language::Language) -> &'static str {
    use domain::language::Language;
    match language {
        Language::Japanese => "日本語",
        Language::EasyJapanese => "やさしい日本語",
        Language::English => "英語",
    }
}
