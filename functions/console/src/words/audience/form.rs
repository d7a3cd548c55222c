//! Words of the form in which an audience is put together.

use domain::broadcast::audience::check::AGE_MONTHS_MAX;

/// Heads the sentence.
pub const SENTENCE: &str = "届く人";
/// How the form works.
pub const ABOUT: &str =
    "条件がなければ、すべての友だちに届きます。配信を止めている人と、ブロックしている人には、いつも届きません。";
/// Shows the sentence anew.
pub const SHOW: &str = "条件を文で確かめる";
/// The sentence cannot be shown.
pub const NOT_YET: &str = "条件の入力が終わると、ここに文で表示します。";
/// How the conditions of a group go together.
pub const MATCH: &str = "条件の組み合わせ";
/// How the groups go together.
pub const MATCH_GROUPS: &str = "まとまりの組み合わせ";
/// All of them.
pub const MATCH_ALL: &str = "すべてに当てはまる人";
/// One of them.
pub const MATCH_ANY: &str = "どれか一つ以上に当てはまる人";
/// Turns a condition into its contrary.
pub const EXCEPT: &str = "ここに当てはまる人をのぞく";
/// The new condition.
pub const NEW: &str = "足す条件";
/// Adds it.
pub const ADD: &str = "条件を足す";
/// Adds a group.
pub const ADD_GROUP: &str = "条件のまとまりを足す";
/// What groups are for.
pub const ADD_GROUP_ABOUT: &str = "「（地区が本町、またはことばが英語）の人で、お子さんがいる人」のように、組み合わせ方がちがう条件があるときに使います。";
/// A choice of a condition.
pub const OF: &str = "選ぶもの（いくつでも）";
/// The youngest.
pub const FROM: &str = "何歳から（何か月から）";
/// The oldest.
pub const TO: &str = "何歳まで（何か月まで）";
/// What an age is counted in.
pub const UNIT: &str = "年齢の数え方";
/// Years.
pub const YEARS: &str = "歳";
/// Months.
pub const MONTHS: &str = "か月";
/// How ages are counted.
pub const AGE_HINT: &str = "お預かりしているのは生まれた年と月だけなので、生まれ月の1日に年を取るものとして数えます。";
/// The kind of date.
pub const DATE_KIND: &str = "何の月か";
/// The kind that every town has.
pub const CHILD: &str = "お子さんが生まれた月";
/// The month.
pub const MONTH: &str = "年と月";
/// How a month is typed where the browser has no field for it.
pub const MONTH_HINT: &str = "2026-04 のように入力します。";
/// The areas of whom garbage is collected.
pub const IN_AREAS: &str = "収集区域（選ばなければ、すべて）";
/// The categories of which they are reminded.
pub const CATEGORIES: &str = "分別（選ばなければ、どれか一つでも）";
/// The day.
pub const DAY: &str = "友だちになった日（この日以降）";
/// The broadcast.
pub const BROADCAST: &str = "これまでの配信";

/// The kinds of conditions, with what stands in the list of them.
pub const KINDS: [(&str, &str); 11] = [
    ("districts", "地区"),
    ("areas", "ごみの収集区域"),
    ("topics-any", "受信トピック（どれかを受け取る）"),
    ("topics-all", "受信トピック（すべてを受け取る）"),
    ("child-age", "お子さんの年齢"),
    ("date-in", "登録した月"),
    ("garbage-reminded", "ごみの日のお知らせを受け取る人"),
    ("languages", "ことば"),
    ("joined-since", "友だちになった日"),
    ("not-received", "前の配信が届いていない人"),
    ("unclear-in", "前の配信が届いたかどうかわからない人"),
];

/// What a kind is called.
#[must_use]
pub fn kind(value: &str) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == value).map_or("", |(_, label)| label)
}

/// Heads a condition.
#[must_use]
pub fn row(number: usize, kind_value: &str) -> String {
    format!("条件{number}：{}", kind(kind_value))
}

/// Heads a group.
#[must_use]
pub fn group(number: usize) -> String {
    format!("まとまり{number}")
}

/// Takes a condition away.
#[must_use]
pub fn remove_row(number: usize) -> String {
    format!("条件{number}を消す")
}

/// Takes a group away.
#[must_use]
pub fn remove_group(number: usize) -> String {
    format!("まとまり{number}を消す")
}

/// A long list of choices, folded.
#[must_use]
pub fn chosen(number: usize) -> String {
    format!("一覧を開いて選びなおす（{number}件を選んでいます）")
}

/// Nothing is chosen.
pub const CHOOSE_SOME: &str = "一つ以上選んでください。";
/// What was chosen is gone.
pub const CHOOSE_AGAIN: &str = "選んだものが、いまの一覧にありません。もう一度選んでください。";
/// No number.
pub const NUMBER: &str = "数字で入力してください。";
/// The first is above the last.
pub const REVERSED: &str = "「から」が「まで」より大きくなっています。";
/// No day.
pub const NO_DAY: &str = "日付を入力してください。";
/// No month.
pub const NO_MONTH: &str = "年と月を入力してください。";
/// A group without conditions.
pub const EMPTY_GROUP: &str = "条件がありません。条件を足すか、このまとまりを消してください。";
/// Something else is wrong with the whole.
pub const TOO_MUCH: &str = "条件が多すぎます。条件を減らしてください。";

/// Too old.
#[must_use]
pub fn too_old() -> String {
    format!("{}歳までの数で入力してください。", AGE_MONTHS_MAX / 12)
}
