//! The words of the garbage calendar, in each language. Where one stands in braces, something is filled in.

use domain::dates::weekday_name;
use domain::garbage::calendar::Cancelled;
use domain::language::Language;
use domain::text::fill;
use domain::time::YearMonth;
use domain::town::Category;
use jiff::civil::Date;

/// The words of one language.
pub(crate) struct Words {
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
    row: &'static str,
    pub(crate) other_row: &'static str,
    pub(crate) without_district: &'static str,
    of_area: &'static str,
    of_category: &'static str,
    districts: &'static str,
    pub(crate) comma: &'static str,
    pub(crate) back: &'static str,
    pub(crate) next: &'static str,
    pub(crate) none: &'static str,
    by: &'static str,
    pub(crate) changes: &'static str,
    falls_out: &'static str,
    moves: &'static str,
    moved: &'static str,
    reason: &'static str,
    pub(crate) subscribe: &'static str,
    pub(crate) subscribe_how: &'static str,
    pub(crate) subscribe_all: &'static str,
    pub(crate) subscribe_address: &'static str,
    pub(crate) subscribe_alarm: &'static str,
    pub(crate) subscribe_one: &'static str,
    year: &'static str,
    year_short: &'static str,
    pub(crate) years: &'static str,
    pub(crate) months: &'static str,
    pub(crate) print: &'static str,
    pub(crate) rare: &'static str,
    may_change: &'static str,
    pub(crate) day: &'static str,
    pub(crate) what: &'static str,
    pub(crate) cancelled: &'static str,
    pub(crate) how: &'static str,
    pub(crate) table: &'static str,
    pub(crate) open_data: &'static str,
    open_data_part: &'static str,
    pub(crate) open_data_lead: &'static str,
    alarm: &'static str,
    summary_cancelled: &'static str,
}

const JAPANESE: Words = Words {
    title: "ごみの収集日",
    lead: "お住まいの地区を選んでください。",
    row: "{row}行",
    other_row: "その他",
    without_district: "収集区域",
    of_area: "{area}のごみの収集日",
    of_category: "{category}の収集日（{area}）",
    districts: "地区: {districts}",
    comma: "、",
    back: "地区を選びなおす",
    next: "次の収集日",
    none: "収集日は、まだ登録されていません。",
    by: "{time}までに出してください。",
    changes: "収集の変更",
    falls_out: "{day}の{category}は、収集しません{reason}。",
    moves: "代わりに{day}に収集します。",
    moved: "{day}の分です{reason}。",
    reason: "（{reason}）",
    subscribe: "スマートフォンのカレンダーに入れる",
    subscribe_how: "一度登録すると、収集日が変わったときも、カレンダーに反映されます。",
    subscribe_all: "すべてのごみを登録する",
    subscribe_address: "開かないときは、カレンダーのアプリの「URLで追加」に、次のアドレスを入れてください。",
    subscribe_alarm: "前の日の19時に通知が出ます。アプリの設定によっては、出ないことがあります。",
    subscribe_one: "1種類だけ登録する",
    year: "{year}年度の収集日（{year}年4月から{next}年3月まで）",
    year_short: "{year}年度",
    years: "年度",
    months: "月",
    print: "印刷すると、A4の横向き1枚になります。",
    rare: "太字は、毎週は収集しないごみです。",
    may_change: "天候などで変わることがあります。最新の収集日: {address}",
    day: "日",
    what: "出せるごみ",
    cancelled: "（収集なし）",
    how: "出し方",
    table: "この年度の収集日（Excelなどで開けるCSVファイル）",
    open_data: "すべての収集区域の収集日（CSVファイル）",
    open_data_part: "すべての収集区域の収集日（CSVファイル）{parts}つのうち{part}つ目",
    open_data_lead: "オープンデータ",
    alarm: "あしたは「{category}」の日です。",
    summary_cancelled: "【収集なし】{category}",
};

const EASY: Words = Words {
    title: "ごみを 出す 日",
    lead: "あなたが すんでいる ところを えらんで ください。",
    row: "{row}行",
    other_row: "ほか",
    without_district: "ごみを あつめる ところ",
    of_area: "{area}の ごみを 出す 日",
    of_category: "{category}を 出す 日（{area}）",
    districts: "地区（ちく）: {districts}",
    comma: "、",
    back: "ほかの ところを えらぶ",
    next: "つぎの 日",
    none: "ごみを 出す 日は まだ わかりません。",
    by: "{time}までに 出して ください。",
    changes: "かわった こと",
    falls_out: "{day}の {category}は、あつめません{reason}。",
    moves: "かわりに {day}に あつめます。",
    moved: "{day}に あつめなかった ごみを あつめます{reason}。",
    reason: "（{reason}）",
    subscribe: "スマートフォンの カレンダーに 入れる",
    subscribe_how: "1回 入れると、日が かわった ときも カレンダーが かわります。",
    subscribe_all: "ぜんぶの ごみを 入れる",
    subscribe_address: "ひらかない ときは、カレンダーの アプリの「URLで追加」に この アドレスを 入れて ください。",
    subscribe_alarm: "前の 日の 19時に お知らせが 出ます。アプリに よっては 出ません。",
    subscribe_one: "1つだけ 入れる",
    year: "{year}年4月から {next}年3月までの ごみを 出す 日",
    year_short: "{year}年4月から",
    years: "年",
    months: "月",
    print: "印刷（いんさつ）すると、A4の 紙 1枚に なります。",
    rare: "太い 字は、毎週（まいしゅう）は あつめない ごみです。",
    may_change: "雪や 台風で かわる ことが あります。新しい お知らせ: {address}",
    day: "日",
    what: "出せる ごみ",
    cancelled: "（あつめません）",
    how: "出し方",
    table: "この 年の ごみを 出す 日（CSVファイル）",
    open_data: "ぜんぶの ところの ごみを 出す 日（CSVファイル）",
    open_data_part: "ぜんぶの ところの ごみを 出す 日（CSVファイル）{parts}つの うち {part}つ目",
    open_data_lead: "オープンデータ",
    alarm: "あしたは {category}を 出す 日です。",
    summary_cancelled: "【あつめません】{category}",
};

const ENGLISH: Words = Words {
    title: "Garbage collection days",
    lead: "Choose the district where you live.",
    row: "{row}",
    other_row: "Others",
    without_district: "Collection areas",
    of_area: "Garbage collection days: {area}",
    of_category: "{category}: {area}",
    districts: "Districts: {districts}",
    comma: ", ",
    back: "Choose another district",
    next: "Next collection",
    none: "There are no collection days yet.",
    by: "Put it out by {time}.",
    changes: "Changes",
    falls_out: "{category}: no collection on {day}{reason}.",
    moves: "It will be collected on {day} instead.",
    moved: "Instead of {day}{reason}.",
    reason: " ({reason})",
    subscribe: "Add to the calendar of your phone",
    subscribe_how: "Add it once, and your calendar will also show when a day changes.",
    subscribe_all: "Add all garbage",
    subscribe_address: "If this does not open, give this address to \"Add by URL\" of your calendar app.",
    subscribe_alarm: "You are notified at 19:00 on the evening before, if your app allows it.",
    subscribe_one: "Add one kind only",
    year: "Collection days from April {year} to March {next}",
    year_short: "{year}/{next}",
    years: "Years",
    months: "Months",
    print: "Printed, it is one A4 page (landscape).",
    rare: "Bold: not collected every week.",
    may_change: "Days may change by storm or snow. Latest: {address}",
    day: "Day",
    what: "What is collected",
    cancelled: " (no collection)",
    how: "How to put it out",
    table: "The days of this year (CSV file, for Excel and others)",
    open_data: "The days of all collection areas (CSV file)",
    open_data_part: "The days of all collection areas (CSV file), part {part} of {parts}",
    open_data_lead: "Open data",
    alarm: "Tomorrow: {category}.",
    summary_cancelled: "No collection: {category}",
};

/// The columns of the file of one area.
pub(crate) const TABLE_COLUMNS: [&str; 4] = ["日付", "曜日", "収集するごみ", "備考"];
/// The columns of the open data.
pub(crate) const OPEN_DATA_COLUMNS: [&str; 9] =
    ["収集日", "曜日", "収集区域ID", "収集区域名", "地区名", "分別ID", "分別名", "出す時刻", "備考"];

/// The words of a language.
pub(crate) fn words(language: Language) -> &'static Words {
    match language {
        Language::Japanese => &JAPANESE,
        Language::EasyJapanese => &EASY,
        Language::English => &ENGLISH,
    }
}

impl Words {
    /// The heading of the districts whose readings begin in a row of the kana table.
    pub(crate) fn row(&self, row: char) -> String {
        fill(self.row, &[("row", &row.to_string())])
    }

    /// The name of an area's calendar, or of one category in it.
    pub(crate) fn name(&self, area: &str, category: Option<&str>) -> String {
        match category {
            Some(category) => fill(self.of_category, &[("area", area), ("category", category)]),
            None => fill(self.of_area, &[("area", area)]),
        }
    }

    /// Which districts an area has.
    pub(crate) fn districts(&self, districts: &[&str]) -> String {
        fill(self.districts, &[("districts", &districts.join(self.comma))])
    }

    /// By when a category is put out; `None` where the town does not say.
    pub(crate) fn by(&self, category: &Category) -> Option<String> {
        let time = &category.put_out_by;
        (!time.is_empty()).then(|| fill(self.by, &[("time", time)]))
    }

    /// The heading of a fiscal year.
    pub(crate) fn year(&self, first: YearMonth) -> String {
        Self::of_year(self.year, first)
    }

    /// The same in a word.
    pub(crate) fn year_short(&self, first: YearMonth) -> String {
        Self::of_year(self.year_short, first)
    }

    fn of_year(words: &str, first: YearMonth) -> String {
        let (year, next) = (first.year().to_string(), (first.year() + 1).to_string());
        fill(words, &[("year", &year), ("next", &next)])
    }

    /// Where a paper says that newer days may be found.
    pub(crate) fn may_change(&self, address: &str) -> String {
        fill(self.may_change, &[("address", address)])
    }

    /// What a calendar program says on the evening before.
    pub(crate) fn alarm(&self, category: &str) -> String {
        fill(self.alarm, &[("category", category)])
    }

    /// What stands in a calendar in place of a collection that falls out.
    pub(crate) fn summary_cancelled(&self, category: &str) -> String {
        fill(self.summary_cancelled, &[("category", category)])
    }

    /// That a collection falls out, and when it is made instead.
    pub(crate) fn falls_out(&self, category: &str, change: &Cancelled<'_>, language: Language) -> String {
        let on = day(change.date, language);
        let reason = self.reason(change);
        let said = fill(self.falls_out, &[("day", &on), ("category", category), ("reason", &reason)]);
        let Some(instead) = change.moved_to else { return said };
        let gap = if language == Language::Japanese { "" } else { " " };
        format!("{said}{gap}{}", fill(self.moves, &[("day", &day(instead, language))]))
    }

    /// In place of which collection this one is made.
    pub(crate) fn moved(&self, change: &Cancelled<'_>, language: Language) -> String {
        fill(self.moved, &[("day", &day(change.date, language)), ("reason", &self.reason(change))])
    }

    fn reason(&self, change: &Cancelled<'_>) -> String {
        if change.reason.is_empty() { String::new() } else { fill(self.reason, &[("reason", change.reason)]) }
    }

    /// Which file of how many.
    pub(crate) fn open_data(&self, part: usize, parts: usize) -> String {
        if parts < 2 {
            return self.open_data.to_owned();
        }
        fill(self.open_data_part, &[("part", &part.to_string()), ("parts", &parts.to_string())])
    }
}

/// A day: `11月24日（火）`, in English `Tue 24 November`.
pub(crate) fn day(day: Date, language: Language) -> String {
    match language {
        Language::Japanese | Language::EasyJapanese => {
            format!("{}月{}日（{}）", day.month(), day.day(), weekday_name(day.weekday()))
        }
        Language::English => day.strftime("%a %-d %B").to_string(),
    }
}

/// A day within its month: `24日（火）`, in English `Tue 24`.
pub(crate) fn day_of_month(day: Date, language: Language) -> String {
    match language {
        Language::Japanese | Language::EasyJapanese => format!("{}日（{}）", day.day(), weekday_name(day.weekday())),
        Language::English => day.strftime("%a %-d").to_string(),
    }
}

/// A month: `2026年11月`, in English `November 2026`.
pub(crate) fn month(month: YearMonth, language: Language) -> String {
    match language {
        Language::Japanese | Language::EasyJapanese => format!("{}年{}月", month.year(), month.month()),
        Language::English => Date::new(month.year(), month.month(), 1)
            .map_or_else(|_| month.to_string(), |first| first.strftime("%B %Y").to_string()),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn change(moved_to: Option<Date>, reason: &str) -> Cancelled<'_> {
        Cancelled { date: date(2026, 11, 24), moved_to, reason }
    }

    #[test]
    fn a_change_says_what_falls_out_why_and_when_it_is_made() {
        let (with, without) = (change(Some(date(2026, 11, 25)), "大雪のため"), change(None, ""));
        let said = |language, change| words(language).falls_out("古紙", change, language);
        assert_eq!(
            said(Language::Japanese, &with),
            "11月24日（火）の古紙は、収集しません（大雪のため）。代わりに11月25日（水）に収集します。"
        );
        assert_eq!(said(Language::Japanese, &without), "11月24日（火）の古紙は、収集しません。");
        assert_eq!(
            said(Language::English, &with),
            "古紙: no collection on Tue 24 November (大雪のため). It will be collected on Wed 25 November instead."
        );
        assert_eq!(
            words(Language::Japanese).moved(&with, Language::Japanese),
            "11月24日（火）の分です（大雪のため）。"
        );
    }

    #[test]
    fn what_is_filled_in_stays_as_it_is_and_no_blank_stays_empty() {
        let evil = "{area}{category}{{}";
        for language in Language::ALL {
            let words = words(language);
            assert!(words.name(evil, Some(evil)).matches(evil).count() == 2, "{}", words.name(evil, Some(evil)));
            let first = YearMonth::new(2026, 4).unwrap();
            let filled = [
                words.row('あ'),
                words.name("東", None),
                words.districts(&["本町", "港町"]),
                words.year(first),
                words.year_short(first),
                words.may_change("https://a.example"),
                words.alarm("古紙"),
                words.summary_cancelled("古紙"),
                words.moved(&change(None, "大雪"), language),
                words.falls_out("古紙", &change(Some(date(2026, 11, 30)), ""), language),
                words.open_data(1, 1),
                words.open_data(2, 3),
                month(first, language),
            ];
            for said in filled {
                assert!(!said.is_empty() && !said.contains(['{', '}']), "{said}");
            }
        }
    }

    #[test]
    fn days_and_months_are_written_as_their_readers_do() {
        let at = date(2026, 11, 3);
        assert_eq!(
            (day(at, Language::Japanese), day_of_month(at, Language::English)),
            ("11月3日（火）".into(), "Tue 3".into())
        );
        assert_eq!(
            (day(at, Language::English), day_of_month(at, Language::EasyJapanese)),
            ("Tue 3 November".into(), "3日（火）".into())
        );
        assert_eq!(month(YearMonth::new(2027, 1).unwrap(), Language::English), "January 2027");
    }
}
