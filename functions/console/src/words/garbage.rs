//! Words about the collection calendar: areas, months and years, what is odd in the rules, and days that fall out.

use domain::time::YearMonth;
use jiff::civil::Date;

use super::frame::Said;
use crate::kit::written;

/// What the section is for.
pub const LEAD: &str = "収集区域ごとの、ごみを集める日です。集める日の決まりは「まちのデータ」で変えます。";
/// A collection area.
pub const AREA: &str = "収集区域";
/// All of them.
pub const AREAS: &str = "収集区域の一覧";
/// There are none.
pub const NO_AREAS: &str = "収集区域がありません。言葉を短くしてさがしなおすか、「まちのデータ」で追加してください。";
/// Finds an area.
pub const SEARCH: &str = "収集区域・地区の名前でさがす";
/// The districts of an area.
pub const DISTRICTS: &str = "地区";
/// It has none.
pub const NO_DISTRICTS: &str = "（地区がありません）";
/// What is collected soon.
pub const TODAY_AND_TOMORROW: &str = "きょうとあした";
/// Today.
pub const TODAY: &str = "きょう";
/// Tomorrow.
pub const TOMORROW: &str = "あした";
/// Nothing is collected.
pub const NOTHING_COLLECTED: &str = "収集なし";
/// A category.
pub const CATEGORY: &str = "分別";
/// When it is collected next.
pub const NEXT_DAY: &str = "次の収集日";
/// When each is collected next.
pub const NEXT_DAYS: &str = "分別ごとの次の収集日";
/// There is no next day that is near enough.
pub const NO_NEXT_DAY: &str = "次の収集日なし";
/// Nothing is ever collected in an area.
pub const NOTHING_EVER: &str =
    "この区域には、集める日の決まりがありません。「まちのデータ」の収集日で追加してください。";
/// What the signs mean.
pub const LEGEND: &str = "記号と出す時刻";
/// On a day on which something is not collected that is otherwise.
pub const OUT_SIGN: &str = "休";
/// What that means.
pub const OUT_SIGN_MEANS: &str = "いつもの収集がない日";
/// A national holiday.
pub const HOLIDAY: &str = "祝日";
/// The centre is closed, and nobody said why.
pub const CLOSED: &str = "処理施設の休み";

/// Sunday to Saturday.
pub const WEEKDAYS: [&str; 7] = ["日", "月", "火", "水", "木", "金", "土"];

/// Another month.
pub const MONTH_BEFORE: &str = "前の月";
/// This month.
pub const THIS_MONTH: &str = "今月";
/// Another month.
pub const MONTH_AFTER: &str = "次の月";
/// Leads to the year.
pub const TO_YEAR: &str = "1年分を見る・印刷する";
/// Another year.
pub const YEAR_BEFORE: &str = "前の年";
/// This year.
pub const THIS_YEAR: &str = "今年度";
/// Another year.
pub const YEAR_AFTER: &str = "次の年";
/// How to print.
pub const PRINT_HINT: &str = "ブラウザの「印刷」で、A4の紙1枚に印刷できます。PDFにもできます。";
/// What departs from the rules in a year.
pub const NOTES: &str = "休みと変更";

/// What is odd in the rules.
pub const FINDINGS: &str = "確かめてほしいこと";
/// Nothing is.
pub const NO_FINDING: &str = "なし";
/// Heads them.
pub const FINDINGS_TITLE: &str = "集める日の決まりに、確かめてほしいことがあります";
/// Leads to the record.
pub const TO_RECORD: &str = "決まりを見る";
/// Leads to the change.
pub const TO_CHANGE: &str = "この変更を見る";
/// Leads to the closures.
pub const TO_CLOSURES: &str = "処理施設の休みを見る";

/// Days that fall out, and the page about them.
pub const CHANGES: &str = "収集の中止・変更";
/// What they are for.
pub const CHANGES_LEAD: &str = "大雪や台風などで取りやめる収集と、代わりに集める日です。収集カレンダー、LINEの返事、ごみの日のお知らせが、これに合わせて変わります。";
/// There are none.
pub const NO_CHANGES: &str = "まだありません。";
/// Closes a day.
pub const CANCEL: &str = "収集を中止・変更する";
/// How.
pub const CANCEL_LEAD: &str = "大雪や台風などで集められない日を選びます。登録する前に、どうなるかを確かめられます。";
/// The day.
pub const DATE: &str = "取りやめる日";
/// The days that are near.
pub const SOON: &str = "これから1週間の収集";
/// There are none.
pub const NOTHING_SOON: &str = "これから1週間に、あなたが変えられる収集はありません。";
/// Another day.
pub const OTHER_DAY: &str = "ほかの日を選ぶ";
/// Shows what is collected on it.
pub const SEE_DAY: &str = "この日の収集を見る";
/// It is no day.
pub const NO_DATE: &str = "日付を、2026-01-31のように入れてください。";
/// It is over.
pub const PAST: &str = "過ぎた日の収集は変えられません。今日か、これからの日を選んでください。";
/// Nothing is collected.
pub const NOTHING_THAT_DAY: &str = "この日に、あなたが変えられる収集はありません。別の日を選んでください。";
/// What falls out.
pub const WHAT: &str = "取りやめる分別";
/// Which are shown.
pub const WHAT_HINT: &str = "この日にどこかの区域で集めるものです。";
/// None was chosen.
pub const NO_WHAT: &str = "取りやめる分別を、1つ以上選んでください。";
/// Where.
pub const WHERE: &str = "どの区域か";
/// In all areas.
pub const EVERYWHERE: &str = "すべての区域";
/// In some.
pub const SOMEWHERE: &str = "下で選んだ区域だけ";
/// Not chosen.
pub const NO_WHERE: &str = "すべての区域か、選んだ区域だけかを選んでください。";
/// Which areas.
pub const AREAS_OF: &str = "取りやめる区域";
/// When that matters.
pub const AREAS_HINT: &str = "「下で選んだ区域だけ」のときに選びます。この日に収集のある区域です。";
/// None was chosen.
pub const NO_AREA: &str = "取りやめる区域を、1つ以上選んでください。";
/// The new day.
pub const NEW_DATE: &str = "代わりに集める日";
/// It may be empty.
pub const NEW_DATE_HINT: &str = "代わりの日がないときは、空のままにします。";
/// There is none.
pub const NO_NEW_DATE: &str = "なし";
/// It is not later.
pub const NEW_DATE_EARLY: &str = "取りやめる日より後の日を入れてください。";
/// It is too far away.
pub const NEW_DATE_LATE: &str = "取りやめる日から60日以内の日を入れてください。";
/// Its collections fall out, too.
pub const NEW_DATE_CLOSED: &str = "この日の収集も取りやめられています。別の日を入れてください。";
/// Why.
pub const REASON: &str = "理由";
/// An example.
pub const REASON_HINT: &str = "住民に伝えます。例：大雪のため";
/// Not said.
pub const NO_REASON: &str = "理由を入れてください。";
/// Nothing would fall out.
pub const NOTHING_FALLS_OUT: &str =
    "選んだ区域には、この日に選んだ分別の収集がありません。ほかの職員が、先に取りやめたのかもしれません。";
/// Shows what it does.
pub const LOOK: &str = "どうなるかを確かめる";
/// Nothing is written yet.
pub const LOOK_HINT: &str =
    "次の画面で確かめるまで、何も変わりません。何人に関係するかは、お知らせを書く画面で数えられます。";
/// Leads back.
pub const BACK: &str = "一覧に戻る";
/// What it does.
pub const EFFECTS: &str = "取りやめる収集と次の収集日";
/// It does nothing.
pub const NO_EFFECT: &str = "取りやめる収集はありません。";
/// A column of what falls out.
pub const FALLS_OUT: &str = "取りやめる分別と次の収集日";
/// What follows.
pub const CONSEQUENCES: [&str; 3] = [
    "収集カレンダーとLINEの返事が、1分以内に変わります。",
    "この日のごみの日のお知らせは、取りやめた分別については届きません。代わりの日があれば、その日の前に届きます。",
    "住民へのお知らせは、まだ送られません。登録したあとの画面で、お知らせを書いてください。",
];
/// Writes it.
pub const KEEP: &str = "この内容で登録する";
/// Changes what was typed.
pub const EDIT_AGAIN: &str = "入力をなおす";
/// It does something else by now.
pub const MOVED: Said = Said {
    title: "確かめたあとに、集める日が変わりました",
    text: "ほかの職員の変更により、取りやめる収集か次の収集日が、前の画面と違います。まだ登録していません。もう一度確かめてください。",
};
/// It may be too late.
pub const LATE: Said = Said {
    title: "もう、ごみを出す時刻を過ぎています",
    text: "ごみを出した住民がいるかもしれません。お知らせに、持ち帰ってもらうかどうかを書き足してください。",
};
/// The new day is a collection day already.
pub const NEW_DATE_TAKEN: Said = Said {
    title: "代わりに集める日は、もともと収集日の区域があります",
    text: "その区域では、収集が1回減ることになります。それでよいか確かめてください。",
};
/// Still to come.
pub const TO_COME: &str = "これから";
/// Over.
pub const OVER: &str = "終わりました";
/// Begins a broadcast about it.
pub const WRITE_NEWS: &str = "お知らせを書く";
/// Who gets it.
pub const WRITE_NEWS_HINT: &str = "お知らせは、収集がなくなる区域で、その分別のごみの日のお知らせを受け取る住民だけに届きます。下書きができるので、確かめてから承認を頼んでください。";
/// It does not go at once at all times, nor to all.
pub const NEWS_IS_ROUTINE: &str = "下書きは「通常」の配信です。夜間の配信を止めている時間には送らず、朝になってから送ります。1週間の上限に数え、上限に達している人には届きません。取りやめる日が今日や、あすの朝のときは、「緊急」の配信にするか、防災行政無線やホームページなど、ほかの方法でも知らせてください。";
/// Changes the record.
pub const EDIT: &str = "内容を変える";
/// Removes it.
pub const REMOVE: &str = "この変更を取り消す";
/// It is written.
pub const DONE_ADDED: Said = Said {
    title: "登録しました",
    text: "収集カレンダーとLINEの返事は、1分以内に変わります。住民には、下の「お知らせを書く」で知らせてください。",
};
/// It was so already.
pub const DONE_ALREADY: Said = Said {
    title: "すでに登録されています",
    text: "同じ内容の変更がすでにあるので、何も変えていません。",
};

/// A month.
#[must_use]
pub fn month(month: YearMonth) -> String {
    format!("{}年{}月", month.year(), month.month())
}

/// Twelve months from one on: a fiscal year by its number.
#[must_use]
pub fn year(first: YearMonth) -> String {
    if first.month() == 4 { format!("{}年度", first.year()) } else { format!("{}から1年", month(first)) }
}

/// The weekday beside a day.
#[must_use]
pub fn weekday_in_brackets(day: Date) -> String {
    let at = usize::from(day.weekday().to_sunday_zero_offset().unsigned_abs());
    format!("日（{}）", WEEKDAYS.get(at).unwrap_or(&""))
}

/// The title of an area's page.
#[must_use]
pub fn area_title(area: &str) -> String {
    format!("{area}の収集カレンダー")
}

/// The title of the year of an area.
#[must_use]
pub fn year_title(area: &str, first: YearMonth) -> String {
    format!("{area}の収集カレンダー　{}", year(first))
}

/// By when a category is put out.
#[must_use]
pub fn put_out_by(time: &str) -> String {
    format!("{time}まで")
}

/// More than are named.
#[must_use]
pub fn and_more(count: &str) -> String {
    format!("ほか{count}")
}

/// More findings than are told at once.
#[must_use]
pub fn and_more_findings(count: &str) -> String {
    format!("ほかに{count}件あります。上のものを直すと表示されます。")
}

/// So many findings.
#[must_use]
pub fn findings(count: &str) -> String {
    format!("{count}件")
}

/// Names, some of them; none are all.
#[must_use]
pub fn names(names: &[&str], shown: usize) -> String {
    if names.is_empty() {
        return super::town::ALL.to_owned();
    }
    let mut text = names.iter().take(shown).copied().collect::<Vec<_>>().join("、");
    if shown < names.len() {
        text.push('、');
        text.push_str(&and_more(&crate::kit::count_of(names.len() - shown)));
    }
    text
}

/// The title of the page about a change.
#[must_use]
pub fn change_title(date: &str) -> String {
    format!("{date}の収集の中止・変更")
}

/// The title of the broadcast about a change; only staff see it.
#[must_use]
pub fn news_title(date: &str) -> String {
    format!("{date}の収集の中止・変更のお知らせ")
}

/// Whether to make a change.
#[must_use]
pub fn change_question(date: &str) -> String {
    format!("{date}の収集を取りやめますか")
}

/// A collection that does not take place, with the reason and the new day where a change says them.
#[must_use]
pub fn missing(category: &str, change: Option<(&str, Option<Date>)>) -> String {
    let Some((reason, moved_to)) = change else { return format!("{category}の収集なし") };
    let why = in_brackets(reason);
    match moved_to {
        Some(day) => format!("{category}の収集なし{why}。{}に振り替え", written(day)),
        None => format!("{category}の収集なし{why}"),
    }
}

/// A collection that was moved here.
#[must_use]
pub fn moved_here(category: &str, from: Date, reason: &str) -> String {
    format!("{category}は{}から振り替え{}", written(from), in_brackets(reason))
}

fn in_brackets(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!("（{reason}）") }
}

/// Days, or one day.
fn days(first: Date, last: Date) -> String {
    if first == last { written(first) } else { format!("{}から{}まで", written(first), written(last)) }
}

/// Days on which the centre is closed, and why.
#[must_use]
pub fn closed(first: Date, last: Date, note: &str) -> String {
    format!("{}：{}", days(first, last), closed_for(note))
}

/// Why the centre is closed.
#[must_use]
pub fn closed_for(note: &str) -> &str {
    if note.is_empty() { CLOSED } else { note }
}

/// Something on a day.
#[must_use]
pub fn on_day(day: Date, text: &str) -> String {
    format!("{}：{text}", written(day))
}

/// What is odd in the rules.
pub mod finding {
    use super::{Date, written};
    use domain::garbage::calendar::QUIET_DAYS;

    /// No day in the next weeks.
    #[must_use]
    pub fn quiet(place: &str, next: Option<Date>) -> String {
        let next = next.map_or_else(
            || "その先も、しばらくありません。".to_owned(),
            |day| format!("その次は{}です。", written(day)),
        );
        format!("{place}は、これから{QUIET_DAYS}日のあいだ、集める日がありません。{next}")
    }

    /// A day that is lost.
    #[must_use]
    pub fn lost(place: &str, date: Date, moved_to: Date) -> String {
        format!(
            "{place}の{}の収集は、振り替え先の{}にも集められないため、なくなります。",
            written(date),
            written(moved_to)
        )
    }

    /// A day that is both.
    #[must_use]
    pub fn extra_excepted(place: &str, date: Date) -> String {
        format!(
            "{place}の{}は、集めない日と臨時に集める日の両方に書かれています。集める日として案内しています。",
            written(date)
        )
    }

    /// A line without effect.
    #[must_use]
    pub fn empty_line(place: &str, line: &str) -> String {
        format!("{place}の{line}行目の決まりは、休みなどですべてなくなり、集める日が1日もありません。")
    }

    /// Two closures that say different things.
    #[must_use]
    pub fn closures_differ(date: Date, first: &str, second: &str) -> String {
        format!("{}に重なる処理施設の休み（{first}と{second}）で、収集をどうするかが違います。", written(date))
    }

    /// A change that changes nothing.
    #[must_use]
    pub fn changes_nothing(date: Date, area: Option<&str>) -> String {
        let place = area.map_or_else(|| "どの区域にも".to_owned(), |area| format!("{area}に"));
        format!("{}の収集の変更は、{place}その日の収集がないため、何も変えていません。", written(date))
    }

    /// A change that moves a collection to a day on which there is one.
    #[must_use]
    pub fn change_meets(place: &str, date: Date) -> String {
        format!("{place}の代わりに集める日（{}）は、もともと収集日なので、収集が1回減ります。", written(date))
    }

    /// A category in an area.
    #[must_use]
    pub fn place(area: &str, category: &str) -> String {
        format!("{area}の{category}")
    }
}
