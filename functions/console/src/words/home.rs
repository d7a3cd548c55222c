//! Words of the home page.

use crate::kit::count_of;

/// Heads the page.
pub const TITLE: &str = "ホーム";
/// Nothing waits.
pub const NOTHING: &str = "いま、あなたを待っている仕事はありません。";
/// Heads what waits.
pub const WAITING: &str = "あなたを待っていること";
/// Heads what is good to know.
pub const KNOWN: &str = "まちのようす";
/// A card that could not be made.
pub const NOT_SHOWN: &str = "一部を表示できません。しばらく待ってから、画面を読み込みなおしてください。";

/// Heads the numbers of residents.
pub const RESIDENTS: &str = "友だち";
/// Leads to them.
pub const TO_RESIDENTS: &str = "住民のようすを見る";
/// Nothing was counted yet.
pub const NOT_COUNTED: &str = "まだ数えていません。「住民のようす」で数えられます。";
/// Came today.
pub const CAME_TODAY: &str = "今日の新しい友だち";

/// Heads the card about the own phone.
pub const PHONE: &str = "スマートフォンをつなぐ";
/// Why.
pub const PHONE_WHY: &str =
    "あなたのLINEがまだつながっていません。つなぐと、送る文章を自分のスマートフォンで確かめられます。";
/// Leads there.
pub const TO_PHONE: &str = "スマートフォンをつなぐ";

/// Heads the card about people who never came.
pub const INVITED: &str = "招待した職員";
/// Leads there.
pub const TO_PEOPLE: &str = "職員と権限を見る";

/// Heads the card about broadcasts that wait for the person.
pub const BROADCASTS: &str = "あなたを待っている配信";
/// Too much is being written to look at all of it.
pub const NOT_ALL_BROADCASTS: &str =
    "下書きが多いため、新しいものだけを調べました。あなたの承認や確認を待っている配信が、ほかにあるかもしれません。";
/// Leads to all of them.
pub const TO_BROADCASTS: &str = "すべての配信を見る";

/// Heads the card about questions.
pub const QUESTIONS: &str = "答えられなかった質問";
/// It is not known yet how many there are.
pub const COUNTING_QUESTIONS: &str =
    "答えられなかった質問を数えています。「質問を見る」で、どこまで数えたかが分かります。";
/// Leads there.
pub const TO_QUESTIONS: &str = "質問を見る";

/// Heads the card about what is odd in the rules of the collection calendar.
pub const CALENDAR: &str = "収集カレンダー";
/// Leads there.
pub const TO_CALENDAR: &str = "収集カレンダーを見る";

/// Heads the card about the garbage reminders.
pub const REMINDERS: &str = "ごみの日のお知らせ";
/// They are not on.
pub const REMINDERS_OFF: &str =
    "ごみの日のお知らせが動いていません。住民はトークで時刻を選べますが、お知らせは届きません。";
/// Leads there.
pub const TO_REMINDERS: &str = "お知らせ予約を見る";

/// Heads the card about a log that does not hold.
pub const AUDIT: &str = "操作の記録の異常";
/// Leads there.
pub const TO_CHECK: &str = "調べた結果を見る";

/// A number.
#[must_use]
pub fn exactly(count: usize) -> String {
    format!("{}件", count_of(count))
}

/// A number that may be larger.
#[must_use]
pub fn at_least(count: usize) -> String {
    format!("{}件以上", count_of(count))
}

/// How many people were invited and never came.
#[must_use]
pub fn invited(count: usize) -> String {
    format!(
        "招待したまま、まだ一度もログインしていない職員が{}人います。招待が届いているか確かめてください。",
        count_of(count)
    )
}

/// How many broadcasts wait for the person.
#[must_use]
pub fn waiting_broadcasts(count: &str) -> String {
    format!("あなたの承認や確認を待っている配信が{count}あります。")
}

/// How much is odd in the rules of the collection calendar.
#[must_use]
pub fn findings(count: &str) -> String {
    format!("集める日の決まりに、確かめてほしいことが{count}あります。")
}

/// How many questions had no answer.
#[must_use]
pub fn questions(count: &str) -> String {
    format!("この30日に、答えられなかった質問が{count}あります。品目の別名として登録すると、次から答えられます。")
}
