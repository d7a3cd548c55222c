//! All words that the account says to residents, one file a language. Code chooses and fills; no word stands elsewhere.
//!
//! A blank is written `{name}` and filled by [`fill`]; every language has the same blanks in the same words (tested).

mod easy;
mod en;
mod ja;

use jiff::civil::Date;

use crate::language::Language;

/// The words of a language.
#[must_use]
pub(super) fn words(language: Language) -> &'static Words {
    match language {
        Language::Japanese => &ja::WORDS,
        Language::EasyJapanese => &easy::WORDS,
        Language::English => &en::WORDS,
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// The words of one language.
        pub(super) struct Words {
            $($(#[$doc])* pub(super) $name: &'static str,)+
            /// Sunday to Saturday, as short as a calendar has them.
            pub(super) weekdays: [&'static str; 7],
            /// January to December.
            pub(super) months: [&'static str; 12],
        }

        #[cfg(test)]
        impl Words {
            fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name),)+]
            }
        }
    };
}

words! {
    /// Between the parts of a list.
    list_comma,
    /// A day: {month} {day} {weekday}.
    day,
    /// Today, before a day: {day}.
    today,
    /// Tomorrow, before a day: {day}.
    tomorrow,
    /// A year and a month: {year} {month}.
    year_month,
    /// A time of day: {hour} {minute}.
    clock,
    /// A full hour: {hour}.
    clock_full,

    /// First words after a follow: where to begin.
    start_title,
    /// And why.
    start_text,
    /// What the account can do: {town}.
    help_text,
    /// A tap on something that this version does not know.
    old_button,
    /// After "never mind".
    cancelled,

    /// Button: settings.
    button_settings,
    /// Button: help.
    button_help,
    /// Button: how to throw things away.
    button_garbage,
    /// Button: next collection days.
    button_next_collection,
    /// Button: choose the district.
    button_district,
    /// Button: choose topics.
    button_topics,
    /// Button: children.
    button_children,
    /// Button: language.
    button_language,
    /// Button: get no more broadcasts.
    button_mute,
    /// Button: yes, no more.
    button_mute_now,
    /// Button: get broadcasts again.
    button_unmute,
    /// Button: clear all settings.
    button_clear,
    /// Button: yes, clear.
    button_clear_now,
    /// Button: never mind.
    button_cancel,
    /// Button: call by telephone.
    button_call,

    /// Heading of the settings.
    settings_title,
    /// Name of a field: district.
    field_district,
    /// Name of a field: topics.
    field_topics,
    /// Name of a field: children.
    field_children,
    /// Name of a field: language.
    field_language,
    /// Name of a field: broadcasts.
    field_broadcasts,
    /// Its value: they come.
    broadcasts_heard,
    /// Its value: they are stopped.
    broadcasts_muted,
    /// Value of a field that has none.
    nothing_chosen,
    /// Asks before stopping all broadcasts: {town}.
    mute_ask,
    /// They are stopped now.
    muted,
    /// They come again.
    unmuted,
    /// Topics are chosen while all broadcasts are stopped.
    muted_still,
    /// Asks before clearing.
    clear_ask,
    /// All settings were cleared.
    cleared,

    /// Heading of the choice of a district.
    district_title,
    /// How to choose.
    district_how,
    /// Heading of a row of the kana table: {row}.
    district_row_title,
    /// The name of a row on a button: {row} {count}.
    district_row,
    /// A first character that is no kana, on a button: {row} {count}.
    district_initial,
    /// There are more than can be shown.
    more_than_shown,
    /// The district is now: {district}.
    district_set,
    /// No district is set now.
    district_forgotten,
    /// Several districts fit: {text}.
    district_many,
    /// No district fits: {text}.
    district_none,
    /// A typed word is the name of a district: {district}.
    district_offer,
    /// Button: live in this district.
    button_set_district,
    /// Button: forget the district.
    button_forget_district,
    /// The district of an old button is gone.
    district_gone,

    /// Heading of the topics.
    topics_title,
    /// How to switch.
    topics_how,
    /// A topic that is on, on a button: {topic}.
    topic_on,
    /// A topic that is off, on a button: {topic}.
    topic_off,
    /// The topic is now heard: {topic}.
    topic_switched_on,
    /// The topic is no longer heard: {topic}.
    topic_switched_off,
    /// The topic of an old button is gone.
    topic_gone,

    /// Heading of the children.
    children_title,
    /// What the birth months are for.
    children_why,
    /// No child is registered.
    children_none,
    /// Button: add a child.
    button_add_child,
    /// Button: take this child away: {month}.
    button_remove_child,
    /// Which year?
    child_year_ask,
    /// A year on a button: {year} {era}.
    child_year,
    /// Which month of {year}?
    child_month_ask,
    /// A child was added: {month}.
    child_added,
    /// A child was taken away: {month}.
    child_removed,
    /// A typed text is no birth month.
    child_unclear,
    /// A birth month in the future or too long ago.
    child_unlikely,
    /// Too many children: {max}.
    children_full,

    /// Heading of the languages.
    language_title,
    /// The language is now set.
    language_set,

    /// How to ask for a thing.
    garbage_how,
    /// Heading of what was found: {text}.
    waste_found,
    /// One line on what was found: {item} {category}.
    waste_summary,
    /// Name of a field: next collection day.
    field_next_day,
    /// Name of a field: put out by.
    field_put_out_by,
    /// A time by which garbage is put out: {time}.
    put_out_by,
    /// Choose a district to see the day.
    next_day_needs_district,
    /// Nothing was found: {text}.
    waste_none,
    /// What is written alike.
    waste_nearest,
    /// The question is kept.
    waste_kept,
    /// The question was too long.
    waste_too_long,
    /// The item of an old button is gone.
    waste_gone,
    /// Heading of the next collection days: {district}.
    next_title,
    /// No day is known.
    next_none,
    /// A district is needed first.
    next_needs_district,

    /// A one-time code of the staff was right: this phone is connected.
    code_right,
    /// It was wrong, too old, or one of too many.
    code_wrong,

    /// A photo came.
    got_photo,
    /// A place came.
    got_place,
    /// A sticker came.
    got_sticker,
    /// A video, a voice message or a file came.
    got_file,
    /// Something came that this version does not know.
    got_unknown,
}

impl Words {
    /// A date as a resident reads it, with today and tomorrow named.
    pub(super) fn date(&self, date: Date, today: Date) -> String {
        let weekday = self.weekdays[usize::from(date.weekday().to_sunday_zero_offset().unsigned_abs())];
        let month = self.month_name(date.month());
        let day = fill(self.day, &[("month", &month), ("day", &date.day().to_string()), ("weekday", weekday)]);
        if date == today {
            fill(self.today, &[("day", &day)])
        } else if today.tomorrow().is_ok_and(|tomorrow| tomorrow == date) {
            fill(self.tomorrow, &[("day", &day)])
        } else {
            day
        }
    }

    /// The name of a month, 1 to 12.
    pub(super) fn month_name(&self, month: i8) -> String {
        let index = usize::from(month.unsigned_abs()).saturating_sub(1).min(11);
        self.months[index].to_owned()
    }

    /// A time of day as the town's data has it, such as `8:30`; any other text as it is.
    pub(super) fn time(&self, time: &str) -> String {
        match time.split_once(':').map(|(hour, minute)| (hour, minute, hour.parse::<u8>(), minute.parse::<u8>())) {
            Some((hour, _, Ok(_), Ok(0))) => fill(self.clock_full, &[("hour", hour)]),
            Some((hour, minute, Ok(_), Ok(_))) => fill(self.clock, &[("hour", hour), ("minute", minute)]),
            Some(_) | None => time.to_owned(),
        }
    }

    /// A list of names.
    pub(super) fn list<'a>(&self, names: impl Iterator<Item = &'a str>) -> String {
        let names: Vec<&str> = names.collect();
        if names.is_empty() { self.nothing_chosen.to_owned() } else { names.join(self.list_comma) }
    }
}

/// Fills the blanks `{name}` of a word.
pub(super) fn fill(word: &str, blanks: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(word.len() + 32);
    let mut rest = word;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        if let Some((_, value)) = blanks.iter().find(|(blank, _)| *blank == name) {
            filled.push_str(value);
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The command that a typed word stands for, in whatever language it was typed.
pub(super) fn typed_command(normalized: &str) -> Option<super::Command> {
    use super::Command;
    let tables: [(&[&str], Command); 13] = [
        (
            &["ヘルプ", "使い方", "つかいかた", "メニュー", "help", "menu", "?", "こんにちは", "hello", "hi"],
            Command::Help,
        ),
        (
            &["ごみ", "ゴミ", "ごみの出し方", "ゴミの出し方", "ごみの捨て方", "分別", "garbage", "trash"],
            Command::Garbage,
        ),
        (
            &[
                "収集日",
                "ごみの日",
                "ゴミの日",
                "次の収集日",
                "つぎの収集日",
                "次のごみの日",
                "いつ",
                "collection",
                "when",
            ],
            Command::NextCollection,
        ),
        (&["設定", "せってい", "設定変更", "設定を変える", "settings", "setting"], Command::Settings),
        (
            &["地区", "ちく", "地区の設定", "地区をえらぶ", "地区を選ぶ", "住所", "引っ越し", "district"],
            Command::Districts,
        ),
        (&["トピック", "受信設定", "お知らせ", "おしらせ", "配信設定", "topics", "topic"], Command::Topics),
        (&["子ども", "こども", "子供", "子育て設定", "children", "child"], Command::Children),
        (&["言語", "ことば", "言葉", "language", "english", "やさしい日本語"], Command::Languages),
        (
            &[
                "配信を止める",
                "配信をとめる",
                "配信停止",
                "配信を停止",
                "配信を停止する",
                "ミュート",
                "mute",
                "unsubscribe",
            ],
            Command::Mute,
        ),
        (
            &[
                "また受け取る",
                "またうけとる",
                "配信を再開",
                "配信再開",
                "配信を再開する",
                "ミュート解除",
                "unmute",
                "subscribe",
            ],
            Command::Unmute,
        ),
        (&["設定を消す", "リセット", "初期化", "clear", "reset"], Command::Clear),
        (&["地区を消す"], Command::ForgetDistrict),
        (&["やめる", "キャンセル", "中止", "もどる", "戻る", "cancel", "stop"], Command::Cancel),
    ];
    tables.into_iter().find(|(words, _)| words.contains(&normalized)).map(|(_, command)| command)
}

/// A language's name in that language.
pub(super) fn language_name(language: Language) -> &'static str {
    match language {
        Language::Japanese => "日本語",
        Language::EasyJapanese => "やさしい日本語",
        Language::English => "English",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::date;

    use super::*;

    fn blanks(word: &str) -> BTreeSet<&str> {
        word.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn every_language_has_every_word_with_the_same_blanks() {
        let japanese = words(Language::Japanese).all();
        for language in Language::ALL {
            for ((name, ours), (_, word)) in japanese.iter().zip(words(language).all()) {
                assert!(!word.is_empty(), "{language}: {name} is empty");
                assert_eq!(blanks(ours), blanks(word), "{language}: {name}");
            }
        }
    }

    #[test]
    fn buttons_fit_on_a_phone() {
        for language in Language::ALL {
            for (name, word) in words(language).all() {
                if name.starts_with("button_") && blanks(word).is_empty() {
                    assert!(word.chars().count() <= crate::reply::LABEL_GRAPHEMES_MAX, "{language}: {name}: {word}");
                }
            }
        }
    }

    #[test]
    fn today_and_tomorrow_are_named() {
        let japanese = words(Language::Japanese);
        let today = date(2026, 12, 31);
        assert_eq!(japanese.date(today, today), "今日 12月31日(木)");
        assert_eq!(japanese.date(date(2027, 1, 1), today), "明日 1月1日(金)");
        assert_eq!(japanese.date(date(2027, 1, 2), today), "1月2日(土)");
        assert_eq!(words(Language::English).date(date(2027, 1, 3), today), "Sun 3 January");
    }

    #[test]
    fn a_time_of_day_is_said_in_each_language_and_other_texts_are_left() {
        let japanese = words(Language::Japanese);
        for (time, said) in [("8:30", "8時30分"), ("17:00", "17時"), ("朝のうち", "朝のうち"), ("a:b", "a:b"), ("", "")]
        {
            assert_eq!(japanese.time(time), said);
        }
        assert_eq!(words(Language::English).time("8:05"), "8:05");
    }

    #[test]
    fn blanks_are_filled_once_and_values_are_not_read_again() {
        assert_eq!(fill("{a} と {b}", &[("a", "{b}"), ("b", "2")]), "{b} と 2");
        assert_eq!(fill("開いた{a", &[("a", "1")]), "開いた1");
    }
}
