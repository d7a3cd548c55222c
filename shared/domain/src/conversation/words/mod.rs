//! All words that the account says to residents, one file a language. Code chooses and fills; no word stands elsewhere.
//!
//! A blank is written `{name}` and filled by [`fill`]; every language has the same blanks in the same words (tested).

mod easy;
mod en;
mod ja;
mod report;
mod typed;

use jiff::civil::{Date, Time};

use crate::language::Language;

pub(super) use crate::text::fill;
pub(super) use report::typed_in_report;
pub(super) use typed::{Asked, asked, category_key, typed_command};

/// The words of a language.
#[must_use]
pub(super) fn words(language: Language) -> &'static Words {
    match language {
        Language::Japanese => &ja::WORDS,
        Language::EasyJapanese => &easy::WORDS,
        Language::English => &en::WORDS,
    }
}

/// A struct of words, and beside them of what is no single word.
macro_rules! wordbook {
    (
        $(#[$outer:meta])* $words:ident { $($(#[$doc:meta])* $name:ident,)+ }
        $($(#[$other_doc:meta])* $other:ident: $type:ty,)*
    ) => {
        $(#[$outer])*
        pub(in crate::conversation) struct $words {
            $($(#[$doc])* pub(in crate::conversation) $name: &'static str,)+
            $($(#[$other_doc])* pub(in crate::conversation) $other: $type,)*
        }

        #[cfg(test)]
        impl $words {
            /// Each word with its name.
            pub(in crate::conversation::words) fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name),)+]
            }
        }
    };
}
use wordbook;

wordbook! {
    /// The words of one language.
    Words {
        /// Between the parts of a list.
        list_comma,
        /// Between two things.
        and,
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
        /// A full hour of the morning: {hour}.
        morning_hour,
        /// Any other time of the morning: {hour} {minute}.
        morning_clock,
        /// A full hour before the night: {hour}, 1 to 6.
        dusk_hour,
        /// A full hour of the night: {hour}, 7 to 11.
        night_hour,
        /// Something that is chosen, on a button: {name}.
        ticked,
        /// Something that is not, on a button: {name}.
        unticked,

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
        /// Button: what is collected today.
        button_today,
        /// Button: what is collected tomorrow.
        button_tomorrow,
        /// Button: the next day of a garbage category: {category}.
        button_next_of,
        /// Button: garbage reminders.
        button_reminders,
        /// Button: remind of no garbage day.
        button_reminders_off,
        /// Button: remind of garbage days again.
        button_reminders_on,
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
        button_calendar,
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
        /// Button: add a child.
        button_add_child,
        /// In which year was the child born?
        child_year_ask,
        /// In which month of {year}?
        child_month_ask,
        /// A child was added: {month}.
        child_added,
        /// A child was taken away: {month}.
        child_removed,
        /// Too many children: {max}.
        children_full,
        /// Heading of the kinds of months that a resident can give.
        dates_title,
        /// What the months are for.
        dates_why,
        /// No month of the kind is there.
        dates_none,
        /// The kind of an old button is gone.
        dates_gone,
        /// Button: add a month.
        button_add_date,
        /// Button: take this month away: {month}.
        button_remove_date,
        /// The town's question, and how to answer it: {question}.
        date_year_ask,
        /// A year on a button: {year} {era}.
        date_year,
        /// In which month of {year}?
        date_month_ask,
        /// A month was added: {name} {month}.
        date_added,
        /// A month was taken away: {name} {month}.
        date_removed,
        /// A typed text is no year and month.
        date_unclear,
        /// A month that cannot be: in the future, or too far away.
        date_unlikely,
        /// Too many months: {max}.
        dates_full,

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
        /// The garbage category of an old button is gone.
        category_gone,

        /// Heading of what is collected on a day: {day}.
        day_title,
        /// Nothing is.
        day_none,
        /// What comes next after such a day: {day} {categories}.
        day_next,
        /// It is too late for today: {time}.
        day_over,
        /// And when it is collected next: {day}.
        day_over_next,
        /// It is collected, and no time is known.
        day_collected,
        /// A collection falls out: {categories} {day} {reason}.
        change_out,
        /// The reason in it: {reason}.
        change_reason,
        /// Another day takes its place: {day}.
        change_moved,
        /// No other day does.
        change_not_moved,
        /// All of it as a message of its own: {day} {reason}; the categories follow.
        change_message,

        /// Heading of the garbage reminders.
        reminders_title,
        /// How to choose.
        reminders_how,
        /// A district is needed first.
        reminders_need_district,
        /// What somebody is reminded of, in the settings: {categories} {when}.
        reminders_value,
        /// What somebody is reminded of, said after a change: {categories} {when}.
        reminders_hold,
        /// Of this they are not reminded: {category}.
        reminders_not_of,
        /// They would be, but no time is chosen: {categories}.
        reminders_no_time,
        /// No category is chosen, but a time is: {when}.
        reminders_no_category,
        /// They are reminded of nothing any more.
        reminders_stopped,
        /// Heading of the times of the evening before.
        evening_title,
        /// What they are.
        evening_how,
        /// Heading of the times of the morning.
        morning_title,
        /// What they are.
        morning_how,
        /// Not at that side of the night, on a button.
        remind_never,
        /// When somebody is reminded: in the evening before at {time}.
        when_evening,
        /// When somebody is reminded: in the morning at {time}.
        when_morning,

        /// Today in a reminder: {day}.
        reminder_today,
        /// Tomorrow in a reminder: {day}.
        reminder_tomorrow,
        /// A reminder of garbage to be put out: {day} {time}; the categories follow.
        reminder_by,
        /// The same, where no time is known or several: {day}.
        reminder_day,
        /// A time of the morning in it: {time}.
        reminder_morning,
        /// Above what is to be put out by one of several times: {time}.
        reminder_group,
        /// A garbage category in a message: {name}.
        reminder_item,
        /// How to change or stop reminders.
        reminder_change,

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
    /// Those about damage reports.
    report: report::ReportWords,
    /// Sunday to Saturday, as short as a calendar has them.
    weekdays: [&'static str; 7],
    /// January to December.
    months: [&'static str; 12],
}

impl Words {
    /// A date as a resident reads it, with today and tomorrow named.
    pub(super) fn date(&self, date: Date, today: Date) -> String {
        let day = self.plain_date(date);
        if date == today {
            fill(self.today, &[("day", &day)])
        } else if today.tomorrow().is_ok_and(|tomorrow| tomorrow == date) {
            fill(self.tomorrow, &[("day", &day)])
        } else {
            day
        }
    }

    /// A date as a resident reads it on any day.
    pub(super) fn plain_date(&self, date: Date) -> String {
        let weekday = self.weekdays[usize::from(date.weekday().to_sunday_zero_offset().unsigned_abs())];
        let month = self.month_name(date.month());
        fill(self.day, &[("month", &month), ("day", &date.day().to_string()), ("weekday", weekday)])
    }

    /// A time at which somebody is reminded, as people say it.
    pub(super) fn hour(&self, time: Time) -> String {
        let (hour, minute) = (time.hour(), time.minute());
        match (hour, minute) {
            (..=11, 0) => fill(self.morning_hour, &[("hour", &hour.to_string())]),
            (..=11, _) => fill(self.morning_clock, &[("hour", &hour.to_string()), ("minute", &format!("{minute:02}"))]),
            (13..=18, 0) => fill(self.dusk_hour, &[("hour", &(hour - 12).to_string())]),
            (19.., 0) => fill(self.night_hour, &[("hour", &(hour - 12).to_string())]),
            _ => self.time(&format!("{hour}:{minute:02}")),
        }
    }

    /// Why a collection falls out, as it stands in a sentence.
    pub(super) fn reason(&self, reason: &str) -> String {
        if reason.is_empty() { String::new() } else { fill(self.change_reason, &[("reason", reason)]) }
    }

    /// On which day it is collected instead.
    pub(super) fn moved(&self, to: Option<Date>) -> String {
        to.map_or_else(
            || self.change_not_moved.to_owned(),
            |day| fill(self.change_moved, &[("day", &self.plain_date(day))]),
        )
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

    fn all_words(language: Language) -> Vec<(&'static str, &'static str)> {
        let words = words(language);
        [words.all(), words.report.all()].concat()
    }

    #[test]
    fn every_language_has_every_word_with_the_same_blanks() {
        let japanese = all_words(Language::Japanese);
        for language in Language::ALL {
            for ((name, ours), (_, word)) in japanese.iter().zip(all_words(language)) {
                assert!(!word.is_empty(), "{language}: {name} is empty");
                assert_eq!(blanks(ours), blanks(word), "{language}: {name}");
            }
        }
    }

    #[test]
    fn buttons_fit_on_a_phone() {
        for language in Language::ALL {
            for (name, word) in all_words(language) {
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
    fn the_times_of_reminders_are_said_as_people_say_them() {
        let said = |language, hour, minute| words(language).hour(jiff::civil::time(hour, minute, 0, 0));
        assert_eq!(said(Language::Japanese, 19, 0), "夜7時");
        assert_eq!(said(Language::Japanese, 17, 0), "夕方5時");
        assert_eq!(said(Language::Japanese, 5, 30), "朝5時30分");
        assert_eq!(said(Language::EasyJapanese, 6, 0), "あさ 6時");
        assert_eq!(said(Language::English, 21, 0), "9 pm");
        assert_eq!(said(Language::English, 6, 30), "6:30 am");
        assert_eq!(said(Language::Japanese, 19, 15), "19時15分", "whatever a newer program may have stored");
    }

    #[test]
    fn blanks_are_filled_once_and_values_are_not_read_again() {
        assert_eq!(fill("{a} と {b}", &[("a", "{b}"), ("b", "2")]), "{b} と 2");
        assert_eq!(fill("開いた{a", &[("a", "1")]), "開いた1");
    }
}
