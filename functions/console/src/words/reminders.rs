//! Words of the pages of reminders: the rules that write broadcasts by themselves.

use app::trial::Outcome as Trial;
use domain::dates::{Months, OnHoliday, Recurrence, Rule, weekday_name};
use domain::garbage::reminder::{EVENING_DEFAULT, EVENINGS, MORNINGS};
use domain::reminder::{Became, GRACE_MINUTES_MAX, Kind, MONTHS_AFTER_MAX, Problem, Refusal, State};

use super::frame::Said;
use crate::kit::{NoticeKind, time_of_day, written};

/// What the pages are for.
pub const LEAD: &str = "決めた日に、決めた内容を自動で配信します。承認は、お知らせ予約ごとに一度だけ受けます。";
/// Begins one on dates of the town.
pub const NEW_TOWN: &str = "まちの日付で予約を作る";
/// Begins one on dates of residents.
pub const NEW_RESIDENT: &str = "住民が登録した月で予約を作る";
/// Heads the new form.
pub const NEW: &str = "お知らせ予約を作る";
/// Heads the form of one that is there.
pub const EDIT: &str = "内容を変える";
/// The list.
pub const LIST: &str = "お知らせ予約";
/// The list is empty.
pub const EMPTY: &str = "お知らせ予約はまだありません。";
/// What staff call it.
pub const NAME: &str = "予約の名前";
/// Who sees it.
pub const NAME_HINT: &str = "職員だけが見る名前です。日付は自動で付きます。";
/// It has none.
pub const NO_NAME: &str = "名前を1行、60文字までで入力してください。";
/// Where it stands.
pub const STATE: &str = "状態";
/// Whose it is.
pub const DEPARTMENT: &str = "所管課";
/// When it is due next.
pub const NEXT: &str = "次に配信する日時";
/// On which dates.
pub const DATES: &str = "配信する日";

/// Heads the part about names.
pub const BASICS: &str = "基本";
/// Heads the words.
pub const WORDS: &str = "内容";
/// How dates are put into the words.
pub const WORDS_HINT: &str = "文の中に {date} と書くと配信する日、{month} と書くとその月に置きかわります。";
/// Heads the audience.
pub const WHOM: &str = "配信対象";
/// Heads the further condition.
pub const WHOM_ELSE: &str = "配信対象（さらにしぼる条件）";
/// Saves.
pub const SAVE: &str = "下書きを保存する";
/// What saving means.
pub const SAVE_HINT: &str =
    "承認を受けた予約の内容・日付・配信対象を変えると、もう一度承認が必要です。名前だけの変更なら必要ありません。";

/// Heads the part of the residents' dates.
pub const RESIDENTS_DATE: &str = "住民が登録した月";
/// Of which kind.
pub const KIND: &str = "何の月か";
/// None is chosen.
pub const NO_KIND: &str = "何の月かを選んでください。";
/// So many months later.
pub const MONTHS_AFTER: &str = "その月から何か月後";
/// How months are counted.
pub const MONTHS_AFTER_HINT: &str =
    "0 は登録した月と同じ月です。たとえば4か月児健診なら「お子さんが生まれた月」の4か月後です。";

/// Heads the part about dates.
pub const WHEN: &str = "日付と時刻";
/// How dates are named.
pub const HOW: &str = "日の決め方";
/// Shows the fields of another way.
pub const SHOW_HOW: &str = "この決め方にする";
/// Ways to name dates, as they are sent and as they are read.
pub const WAYS: [(&str, &str); 10] = [
    ("once", "1回だけ"),
    ("daily", "毎日"),
    ("working-days", "平日（土・日・祝日をのぞく毎日）"),
    ("weekly", "毎週の曜日"),
    ("every-days", "何日ごと（2週間ごとは14日ごと）"),
    ("nth-weekday", "毎月の第何曜日"),
    ("month-day", "毎月の日"),
    ("month-end", "毎月の末日"),
    ("nth-working-day", "毎月の何番目かの平日"),
    ("notation", "書き方で指定する（くわしい人向け）"),
];
/// The one date.
pub const DATE: &str = "日付";
/// Days of the week.
pub const WEEKDAYS: &str = "曜日（いくつでも）";
/// One of them.
pub const WEEKDAY: &str = "曜日";
/// How many days.
pub const STEP: &str = "何日ごと";
/// From when they are counted.
pub const START: &str = "数え始める日";
/// Which of the month's.
pub const NTH: &str = "第何";
/// Those that there can be, as they are sent and as they are read.
pub const NTHS: [(&str, &str); 6] =
    [("1", "第1"), ("2", "第2"), ("3", "第3"), ("4", "第4"), ("5", "第5（ない月もあります）"), ("last", "最終")];
/// Which working day.
pub const NTH_WORKING_DAY: &str = "何番目の平日";
/// How the last one is typed.
pub const NTH_WORKING_DAY_HINT: &str = "1 から 23 までの数です。月の最後の平日なら「末」と入力します。";
/// The day of the month.
pub const MONTH_DAY: &str = "毎月何日";
/// The rules themselves.
pub const NOTATION: &str = "日の書き方";
/// How they are written.
pub const NOTATION_HINT: &str =
    "「まちのデータ」の収集日と同じ書き方です。例：月 木、水2:4-9、最終金、隔週火@2026-04-07、毎月15日、平日1";
/// The months.
pub const MONTHS: &str = "月（選ばなければ、すべての月）";
/// On holidays.
pub const HOLIDAYS: &str = "祝日に当たるとき";
/// What can be done then, as it is sent and as it is read.
pub const ON_HOLIDAY: [(&str, &str); 4] = [
    ("", "配信する"),
    ("skip", "配信しない"),
    ("next", "次の、祝日でない日に配信する"),
    ("previous", "前の、祝日でない日に配信する"),
];
/// Dates that fall out.
pub const EXCEPT: &str = "のぞく日";
/// Dates that are added.
pub const EXTRA: &str = "足す日";
/// How they are written.
pub const PERIODS_HINT: &str =
    "空白で区切ります。例：2026-12-29..2027-01-03 2027-05-01。毎年の日は 12-31 のように書きます。";
/// The time.
pub const TIME: &str = "時刻";
/// What the night does.
pub const TIME_HINT: &str = "夜間の配信を止めている時間に当たるときは、朝になってから配信します。";
/// Not before.
pub const FROM: &str = "この日から";
/// Not after.
pub const UNTIL: &str = "この日まで";
/// There need be none.
pub const UNTIL_HINT: &str = "空のままなら、終わりを決めません。";
/// How late it may be.
pub const GRACE: &str = "遅れたとき、何分までなら配信するか";
/// What becomes of what is later.
pub const GRACE_HINT: &str = "障害などで遅れたときの決まりです。これより遅れた回は配信せず、記録に残します。";

/// No number.
pub const NUMBER: &str = "数字で入力してください。";
/// No date.
pub const NO_DATE: &str = "日付を入力してください。";
/// No time.
pub const NO_TIME: &str = "時刻を入力してください。";
/// Nothing is chosen.
pub const CHOOSE: &str = "選んでください。";
/// What cannot be read.
pub const UNREADABLE: &str = "読み取れません。書き方を確かめてください。";
/// No date in these months.
pub const NO_SUCH_DAY: &str = "選んだ月に、その日がありません。";
/// It would end before it begins.
pub const ENDS_BEFORE: &str = "「この日まで」が「この日から」より前です。";

/// What a rule costs.
pub const EACH_TIME: &str =
    "配信のたびに、届く人数と同じくらいの通数を使います。1か月の回数をかけて、足りるかどうかを確かめてください。";
/// What the garbage reminders cost.
pub const EACH_DAY: &str = "一人につき、その人が選んだごみを集める日ごとに1通（前の日と当日の両方を選んだ人は2通）を使います。上の人数は、お知らせを受け取る設定の人の合計です。";
/// Heads the dates to come.
pub const PREVIEW: &str = "これからの配信";
/// How many are shown.
pub const PREVIEW_LEAD: &str = "いまの内容だと、次の日時に配信します（10回分まで）。";
/// There are none.
pub const NO_DATES: &str = "配信する日がありません。";
/// A moment.
pub const DUE: &str = "日時";
/// What it says.
pub const SAYS: &str = "内容（日本語）";
/// Heads what it says next.
pub const NEXT_WORDS: &str = "次の回の内容";
/// Heads what became of earlier dates.
pub const OUTCOMES: &str = "これまでの回";
/// What became of one.
pub const BECAME: &str = "結果";
/// It has not been due.
pub const NO_OUTCOMES: &str = "まだ配信の日が来ていません。";
/// The broadcast of a date.
pub const TO_BROADCAST: &str = "配信を作りました（どうなったかを見る）";

/// Asks for approval.
pub const ASK: &str = "承認を依頼する";
/// Approves.
pub const APPROVE: &str = "承認して始める";
/// Takes back.
pub const TAKE_BACK: &str = "下書きにもどす";
/// Pauses.
pub const PAUSE: &str = "休ませる";
/// Goes on.
pub const GO_ON: &str = "再開する";
/// Ends.
pub const END: &str = "終わりにする";
/// Removes.
pub const REMOVE: &str = "消す";
/// Tries it out.
pub const TRY: &str = "自分のスマートフォンに送ってみる";
/// Is it to end?
pub const END_QUESTION: &str = "このお知らせ予約を終わりにしますか";
/// Is it to be removed?
pub const REMOVE_QUESTION: &str = "この下書きを消しますか";
/// What that means.
pub const REMOVE_CONSEQUENCES: [&str; 1] = ["消すと、もとにもどせません。"];

/// Heads the garbage reminders.
pub const GARBAGE: &str = "ごみの日のお知らせ";
/// They are not there yet.
pub const GARBAGE_NONE: &str = "ごみの日のお知らせは、まだ始まっていません。";
/// How they begin again.
pub const GARBAGE_AGAIN: &str =
    "もう一度使うときは、「お知らせ予約」の一覧で「ごみの日のお知らせを準備する」を押し、承認を受けなおします。";
/// Begins them.
pub const GARBAGE_BEGIN: &str = "ごみの日のお知らせを準備する";
/// What is said of a kind of rule.
pub const KIND_TOWN: &str = "まちの日付";
/// The kind of residents' dates.
pub const KIND_RESIDENT: &str = "住民が登録した月";

/// What the garbage reminders are.
#[must_use]
pub fn garbage_lead() -> String {
    let all = |times: &[jiff::civil::Time]| times.iter().map(|time| time_of_day(*time)).collect::<Vec<_>>().join("・");
    format!(
        concat!(
            "地区を登録した人に、あした（または今日）出すごみを一つのメッセージで知らせます。分別と時刻は、住民がトークで選びます（前の日の{}、当日の{}）。",
            "何も選んでいない人には、毎週は集めない分別だけを、前の日の{}に知らせます。選んだ時刻に届き、夜間の休止や1週間の上限には入りません。"
        ),
        all(&EVENINGS),
        all(&MORNINGS),
        time_of_day(EVENING_DEFAULT),
    )
}

/// What it means that a rule ends.
#[must_use]
pub fn end_consequences(kind: &Kind) -> [&'static str; 2] {
    let again = if kind.is_garbage() {
        GARBAGE_AGAIN
    } else {
        "もう一度使うときは、内容を変えて保存し、承認を受けなおします。"
    };
    ["これからは配信しません。", again]
}

/// Where a rule stands.
#[must_use]
pub fn state(state: &State) -> &'static str {
    match state {
        State::Draft => "下書き",
        State::Awaiting { .. } => "承認待ち",
        State::On { .. } => "動いています",
        State::Paused { .. } => "休んでいます",
        State::Ended { .. } => "終わりました",
    }
}

/// What is to be done next.
#[must_use]
pub fn next_step(state: &State) -> &'static str {
    match state {
        State::Draft => "下書きです。まだ配信しません。内容と日付を確かめて、承認を依頼してください。",
        State::Awaiting { .. } => "承認を待っています。承認すると、決めた日から自動で配信します。",
        State::On { .. } => "決めた日に、自動で配信します。",
        State::Paused { .. } => "休んでいます。その間に来た日の分は、再開しても配信しません。",
        State::Ended { .. } => "終わりました。もう配信しません。",
    }
}

/// What became of a date.
#[must_use]
pub fn became(became: &Became) -> &'static str {
    match became {
        Became::Went(_) => TO_BROADCAST,
        Became::Stuck => "配信できていません。内容を確かめてください。",
        Became::Missed => "間に合わなかったので、配信しませんでした。",
    }
}

/// On which dates, in words.
#[must_use]
pub fn recurrence(dates: &Recurrence) -> String {
    let rules: Vec<String> = dates.rules.iter().map(|rule| one(*rule)).collect();
    let mut said = vec![rules.join("、")];
    if !dates.except.is_empty() {
        said.push(format!("のぞく日：{}", listed(&dates.except)));
    }
    if !dates.extra.is_empty() {
        said.push(format!("足す日：{}", listed(&dates.extra)));
    }
    match dates.holidays {
        OnHoliday::Stay => {}
        OnHoliday::Skip => said.push("祝日は配信しない".to_owned()),
        OnHoliday::Next => said.push("祝日なら次の、祝日でない日".to_owned()),
        OnHoliday::Previous => said.push("祝日なら前の、祝日でない日".to_owned()),
        OnHoliday::MoveTo(weekday) => said.push(format!("祝日なら次の{}曜日", weekday_name(weekday))),
    }
    said.retain(|part| !part.is_empty());
    said.join("。")
}

fn listed<T: ToString>(periods: &[T]) -> String {
    periods.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")
}

fn one(rule: Rule) -> String {
    match rule {
        Rule::Daily { months } => format!("{}毎日", of(months)),
        Rule::WorkingDays { months } => format!("{}平日", of(months)),
        Rule::Weekly { weekday, months } => format!("{}毎週{}曜日", of(months), weekday_name(weekday)),
        Rule::NthWeekday { nth, weekday, months } => {
            format!("{}毎月第{}{}曜日", of(months), nth.number(), weekday_name(weekday))
        }
        Rule::LastWeekday { weekday, months } => format!("{}毎月最終{}曜日", of(months), weekday_name(weekday)),
        Rule::NthWorkingDay { nth, months } => format!("{}毎月{}番目の平日", of(months), nth.number()),
        Rule::LastWorkingDay { months } => format!("{}毎月最後の平日", of(months)),
        Rule::EveryOtherWeek { start, months } => format!("{}{}から2週間ごと", of(months), written(start)),
        Rule::EveryDays { step, start, months } => {
            format!("{}{}から{}日ごと", of(months), written(start), step.days())
        }
        Rule::MonthDay(rule) => format!("{}毎月{}日", of(rule.months()), rule.day()),
        Rule::MonthEnd { months } => format!("{}毎月末日", of(months)),
        Rule::On(date) => written(date),
    }
}

fn of(months: Months) -> String {
    if months == Months::ALL {
        return String::new();
    }
    let numbers: Vec<String> = months.numbers().map(|month| month.to_string()).collect();
    format!("{}月の", numbers.join("・"))
}

/// So many months after a date of a resident.
#[must_use]
pub fn months_after(kind: &str, months: u16) -> String {
    match months {
        0 => format!("「{kind}」と同じ月"),
        months => format!("「{kind}」の{months}か月後の月"),
    }
}

/// What a field is called where all that was typed is shown; nothing for what was chosen.
#[must_use]
pub fn typed(name: &str) -> Option<&'static str> {
    match name.strip_prefix("rule-")? {
        "name" => Some(NAME),
        "months-after" => Some(MONTHS_AFTER),
        "date" => Some(DATE),
        "step" => Some(STEP),
        "start" => Some(START),
        "day" => Some(MONTH_DAY),
        "notation" => Some(NOTATION),
        "except" => Some(EXCEPT),
        "extra" => Some(EXTRA),
        "time" => Some(TIME),
        "from" => Some(FROM),
        "until" => Some(UNTIL),
        "grace" => Some(GRACE),
        _ => None,
    }
}

/// What is wrong with a rule.
#[must_use]
pub fn problem(problem: Problem) -> String {
    match problem {
        Problem::NoDates => "これから配信する日がありません。日付を確かめてください。".to_owned(),
        Problem::GraceTooLong => grace_too_long(),
        Problem::TooManyMonths => too_many_months(),
        Problem::EarlierBroadcast => {
            "お知らせ予約の配信対象には、「前の配信が届いていない人」などの条件を使えません。条件を変えてください。"
                .to_owned()
        }
    }
}

/// The grace is too long.
#[must_use]
pub fn grace_too_long() -> String {
    format!("{GRACE_MINUTES_MAX}分までで入力してください。")
}

/// More months than are counted.
#[must_use]
pub fn too_many_months() -> String {
    format!("{MONTHS_AFTER_MAX}か月までで入力してください。")
}

/// In the address after something was refused.
#[must_use]
pub fn refusal_code(why: Refusal) -> &'static str {
    match why {
        Refusal::WrongState => "wrong-state",
        Refusal::OwnWork => "own-work",
        Refusal::NoDates => "no-dates",
        Refusal::OtherKind => "other-kind",
    }
}

/// What was done, or why it was not, by the code in the address.
#[must_use]
pub fn done(code: &str) -> Option<(NoticeKind, Said)> {
    let good = |title, text| Some((NoticeKind::Success, Said { title, text }));
    let bad = |title, text| Some((NoticeKind::Error, Said { title, text }));
    match code {
        "saved" => good("保存しました", "下書きです。承認を受けるまで、配信しません。"),
        "saved-anew" => good(
            "保存しました",
            "下書きです。承認を受けるまで、配信しません。まだ出ていなかった配信は、下書きにもどしました。",
        ),
        "saved-name" => good("保存しました", "名前だけを変えました。動き方は、いままでと同じです。"),
        "asked" => good("承認を依頼しました", "承認する人に知らせてください。"),
        "approved" => good("承認しました", "決めた日に、自動で配信します。"),
        "taken-back" => good("下書きにもどしました", "配信しません。"),
        "paused" => {
            good("休ませました", "再開するまで、配信しません。まだ出ていなかった配信は、下書きにもどしました。")
        }
        "resumed" => good("再開しました", "休んでいた間の分は配信しません。"),
        "ended" => good("終わりにしました", "もう配信しません。まだ出ていなかった配信は、下書きにもどしました。"),
        "removed" => good("消しました", "下書きを消しました。"),
        "tried" => good("送りました", "自分のスマートフォンを確かめてください。"),
        "counting" => Some((
            NoticeKind::Info,
            Said {
                title: "届く人を数えています",
                text: "数え終わったら、もう一度「承認を依頼する」を押してください。",
            },
        )),
        "wrong-state" => bad("いまはできません", "ほかの人が先に変えたようです。いまの状態を確かめてください。"),
        "own-work" => bad("承認できません", "ほとんどの人に届く予約は、作った人とは別の人が承認します。"),
        "no-dates" => bad("配信する日がありません", "日付を変えてから、もう一度試してください。"),
        "other-kind" => bad("変えられません", "ごみの日のお知らせは、ほかの予約に変えられません。"),
        _ => None,
    }
}

/// Why a test did not go out, where that has words of its own here.
#[must_use]
pub fn trial(outcome: Trial) -> Option<&'static str> {
    match outcome {
        Trial::Sent | Trial::AlreadySent => Some("tried"),
        Trial::TooOld
        | Trial::NoPhone
        | Trial::Blocked
        | Trial::QuotaUsedUp
        | Trial::Busy
        | Trial::Refused
        | Trial::NotLetIn
        | Trial::Unclear => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::dates::{parse_periods, parse_rules};

    use super::*;

    #[test]
    fn dates_are_said_in_words() {
        let said = |rules: &str| recurrence(&parse_rules(rules).unwrap().into());
        for (rules, expected) in [
            ("毎日", "毎日"),
            ("平日:4-6", "4・5・6月の平日"),
            ("月 木", "毎週月曜日、毎週木曜日"),
            ("水2 最終金", "毎月第2水曜日、毎月最終金曜日"),
            ("平日1 平日末", "毎月1番目の平日、毎月最後の平日"),
            ("隔週火@2026-04-07", "2026年4月7日（火）から2週間ごと"),
            ("3日ごと@2026-04-01", "2026年4月1日（水）から3日ごと"),
            ("毎月15日 毎月末日", "毎月15日、毎月末日"),
            ("2026-12-28", "2026年12月28日（月）"),
        ] {
            assert_eq!(said(rules), expected, "{rules}");
        }
        let dates = Recurrence {
            except: parse_periods("2026-12-29..2027-01-03").unwrap(),
            extra: parse_periods("2027-01-04").unwrap(),
            holidays: OnHoliday::Next,
            ..parse_rules("月").unwrap().into()
        };
        assert_eq!(
            recurrence(&dates),
            "毎週月曜日。のぞく日：2026-12-29..2027-01-03。足す日：2027-01-04。祝日なら次の、祝日でない日"
        );
    }
}
