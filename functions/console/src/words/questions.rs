//! Words about questions that nothing answered.

use super::frame::Said;

/// What the section is for.
pub const LEAD: &str = "住民の質問のうち、品目が見つからず答えられなかったものです。だれの質問かは記録していません。別名や品目を加えると、次から答えられます。";
/// There are none.
pub const NONE: &str = "この月に、まだ対応していない質問はありません。";
/// A column: the words.
pub const QUESTION: &str = "質問";
/// A column: how often.
pub const TIMES: &str = "回数";
/// A column: when last.
pub const LAST: &str = "最後の日時";
/// A column: what can be done.
pub const DO: &str = "対応";
/// Makes it an alias.
pub const ALIAS: &str = "別名にする";
/// Makes it an item.
pub const ITEM: &str = "新しい品目にする";
/// Does nothing about it.
pub const IGNORE: &str = "対応しない";
/// Leads to what was decided.
pub const SHOW_HANDLED: &str = "対応を決めた質問を見る";
/// Leads back.
pub const SHOW_OPEN: &str = "まだ対応していない質問を見る";
/// Heads what was decided.
pub const HANDLED: &str = "対応を決めた質問";
/// Nothing was decided.
pub const NONE_HANDLED: &str = "対応を決めた質問はありません。";
/// A column: what was decided.
pub const HOW: &str = "決めたこと";
/// A column: who decided.
pub const WHO: &str = "職員";
/// A column: when.
pub const WHEN: &str = "日時";
/// Takes a decision back.
pub const REOPEN: &str = "一覧に戻す";
/// To the month before.
pub const MONTH_BEFORE: &str = "前の月";
/// To the present month.
pub const THIS_MONTH: &str = "今月";

/// The questions are being counted.
pub const COUNTING: &str = "質問を数えています";

/// That there are more than the list shows.
#[must_use]
pub fn unlisted(count: &str) -> String {
    format!("回数の少ない質問が、ほかに{count}種類あります。上の質問への対応を決めると、かわりに表示されます。")
}

/// The page that makes it an alias.
pub const ALIAS_TITLE: &str = "質問を品目の別名にする";
/// The field of the words.
pub const ALIAS_FIELD: &str = "別名にする言葉";
/// How to fill it in.
pub const ALIAS_HINT: &str = "質問の言葉がそのまま入っています。「の捨て方は？」などの余分な言葉は消してください。";
/// The field of the item.
pub const WHICH: &str = "どの品目の別名にしますか";
/// Where the search found nothing.
pub const WHICH_NONE: &str = "近い品目が見つかりません。下の欄で品目をさがしてください。";
/// Where the search found only what others keep.
pub const WHICH_THEIRS: &str = "近い品目は、ほかの課が受け持っているため、別名を加えられません。受け持つ課か管理者に頼むか、下の欄で、ほかの品目をさがしてください。";
/// Finds an item.
pub const FIND: &str = "品目をさがす（名前・読み・別名）";
/// Saves.
pub const ADD_ALIAS: &str = "別名に加える";
/// Saves although there are warnings.
pub const ADD_ANYWAY: &str = "注意を確かめたうえで加える";
/// No item was chosen.
pub const CHOOSE_ITEM: &str = "品目を選んでください。";
/// No words.
pub const WRITE_ALIAS: &str = "別名にする言葉を書いてください。";
/// The item is there no more.
pub const ITEM_GONE: &str = "その品目は、もうありません。選びなおしてください。";
/// Leads back to the list.
pub const BACK: &str = "質問の一覧に戻る";

/// Something was done.
pub const DONE_ALIAS: Said = Said {
    title: "別名に加えました",
    text: "1分以内に、この言葉で答えられるようになります。",
};
/// See [`DONE_ALIAS`].
pub const DONE_ITEM: Said = Said {
    title: "品目に加えました", text: "1分以内に、この言葉で答えられるようになります。"
};
/// See [`DONE_ALIAS`].
pub const DONE_IGNORED: Said = Said {
    title: "対応しないことにしました",
    text: "「対応を決めた質問を見る」から、一覧に戻せます。",
};
/// See [`DONE_ALIAS`].
pub const DONE_REOPENED: Said = Said { title: "一覧に戻しました", text: "" };

/// Somebody else was faster.
pub const MEANWHILE: Said = Said {
    title: "ほかの職員が、先にこの質問への対応を変えました",
    text: "まだ何も上書きしていません。下の「いまの対応」を確かめて、よければ、もう一度ボタンを押してください。",
};
/// How it stands.
pub const NOW: &str = "いまの対応";
/// A decision was taken back.
pub const NOT_DECIDED: &str = "一覧に戻されました（まだ対応していません）";
/// Leaves it as it stands.
pub const LEAVE: &str = "いまの対応のままにする";
/// The words are in the town's data now, but somebody else decided about the question meanwhile.
pub const THEIRS: Said = Said {
    title: "データには加えましたが、質問への対応は、ほかの職員が先に決めていました",
    text: "その決定は変えていません。「対応を決めた質問を見る」で確かめてください。",
};

/// The heading of a month.
#[must_use]
pub fn month(year: i16, month: i8, count: &str) -> String {
    format!("{year}年{month}月の質問（{count}種類）")
}

/// What was decided.
#[must_use]
pub fn how(item: Option<&str>) -> String {
    item.map_or_else(|| IGNORE.to_owned(), |item| format!("品目「{item}」で答える"))
}
