//! What a tap asks for: each command has one short form that travels through the phone and back.

use std::str::FromStr;

use super::report::ReportCommand;
use crate::ids::{CategoryId, DateKindId, DistrictId, TopicId, WasteItemId};
use crate::language::Language;
use crate::resident::{RemindAt, Switch};
use crate::time::YearMonth;

/// Something a resident asks for by a tap or a typed word.
///
/// Its data form is the name, and what it is about after a colon: `settings`, `set-district:honcho`. It is part of old
/// messages on phones for years: a form that was once sent keeps its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// What this account can do.
    Help,
    /// How to ask for a thing to throw away.
    Garbage,
    /// One waste item.
    Waste(WasteItemId),
    /// The next collection days where the resident lives.
    NextCollection,
    /// What is collected today where the resident lives.
    Today,
    /// What is collected tomorrow where the resident lives.
    Tomorrow,
    /// The next collection day of one garbage category where the resident lives.
    NextOf(CategoryId),
    /// See and change what the resident is reminded of on garbage days, and when.
    Reminders,
    /// Switch reminding of one garbage category.
    Remind(CategoryId, Switch),
    /// Be reminded at this time of the evening before a garbage day, or not in the evening.
    RemindEvening(RemindAt),
    /// Be reminded at this time of the morning of a garbage day, or not in the morning.
    RemindMorning(RemindAt),
    /// Be reminded of no garbage day at all.
    RemindersOff,
    /// What the resident has chosen.
    Settings,
    /// Choose the district.
    Districts,
    /// The districts whose reading begins in a row of the kana table, named by its first kana (あ か さ た な は ま や ら わ), or
    /// whose name begins with this character where no reading is known.
    DistrictsInRow(char),
    /// Live in this district.
    SetDistrict(DistrictId),
    /// Live nowhere in particular.
    ForgetDistrict,
    /// Choose topics.
    Topics,
    /// Switch one topic.
    SwitchTopic(TopicId, Switch),
    /// See the months of a kind, such as the children's birth months.
    Dates(DateKindId),
    /// Add a month of a kind: choose the year.
    AddDate(DateKindId),
    /// Add a month of this year: choose the month.
    AddDateIn(DateKindId, i16),
    /// Add this month.
    AddDateOf(DateKindId, YearMonth),
    /// Take this month away.
    RemoveDateOf(DateKindId, YearMonth),
    /// Choose the language.
    Languages,
    /// Speak this language.
    SetLanguage(Language),
    /// Get no more broadcasts: ask first.
    Mute,
    /// Get no more broadcasts: yes.
    MuteNow,
    /// Get broadcasts again.
    Unmute,
    /// Clear all settings: ask first.
    Clear,
    /// Clear all settings: yes.
    ClearNow,
    /// Something about damage reports.
    Report(ReportCommand),
    /// Never mind.
    Cancel,
}

impl Command {
    /// The form that travels, at most 150 ASCII characters (or a few and a kana).
    #[must_use]
    pub fn data(&self) -> String {
        match self {
            Self::Help => "help".to_owned(),
            Self::Garbage => "garbage".to_owned(),
            Self::Waste(id) => format!("waste:{id}"),
            Self::NextCollection => "next-collection".to_owned(),
            Self::Today => "today".to_owned(),
            Self::Tomorrow => "tomorrow".to_owned(),
            Self::NextOf(id) => format!("next-of:{id}"),
            Self::Reminders => "reminders".to_owned(),
            Self::Remind(id, Switch::On) => format!("remind:{id}:on"),
            Self::Remind(id, Switch::Off) => format!("remind:{id}:off"),
            Self::RemindEvening(at) => format!("remind-evening:{at}"),
            Self::RemindMorning(at) => format!("remind-morning:{at}"),
            Self::RemindersOff => "reminders-off".to_owned(),
            Self::Settings => "settings".to_owned(),
            Self::Districts => "district".to_owned(),
            Self::DistrictsInRow(row) => format!("districts-in-row:{row}"),
            Self::SetDistrict(id) => format!("set-district:{id}"),
            Self::ForgetDistrict => "forget-district".to_owned(),
            Self::Topics => "topics".to_owned(),
            Self::SwitchTopic(id, Switch::On) => format!("topic-on:{id}"),
            Self::SwitchTopic(id, Switch::Off) => format!("topic-off:{id}"),
            // Children were there before there were other kinds, and their forms with them.
            Self::Dates(kind) if kind.is_child() => "children".to_owned(),
            Self::AddDate(kind) if kind.is_child() => "add-child".to_owned(),
            Self::AddDateIn(kind, year) if kind.is_child() => format!("add-child-in:{year}"),
            Self::AddDateOf(kind, month) if kind.is_child() => format!("add-child-of:{month}"),
            Self::RemoveDateOf(kind, month) if kind.is_child() => format!("remove-child-of:{month}"),
            Self::Dates(kind) => format!("dates:{kind}"),
            Self::AddDate(kind) => format!("add-date:{kind}"),
            Self::AddDateIn(kind, year) => format!("add-date-in:{kind}:{year}"),
            Self::AddDateOf(kind, month) => format!("add-date-of:{kind}:{month}"),
            Self::RemoveDateOf(kind, month) => format!("remove-date-of:{kind}:{month}"),
            Self::Languages => "language".to_owned(),
            Self::SetLanguage(language) => format!("set-language:{language}"),
            Self::Mute => "mute".to_owned(),
            Self::MuteNow => "mute-now".to_owned(),
            Self::Unmute => "unmute".to_owned(),
            Self::Clear => "clear".to_owned(),
            Self::ClearNow => "clear-now".to_owned(),
            Self::Report(command) => command.data(),
            Self::Cancel => "cancel".to_owned(),
        }
    }

    /// Reads the form that travels; `None` for anything that no version of ours has sent.
    #[must_use]
    pub fn parse(data: &str) -> Option<Self> {
        let (name, about) = data.split_once(':').map_or((data, None), |(name, about)| (name, Some(about)));
        match about {
            None => Self::parse_plain(name),
            Some(about) => Self::parse_about(name, about),
        }
    }

    fn parse_plain(name: &str) -> Option<Self> {
        Some(match name {
            "help" => Self::Help,
            "garbage" => Self::Garbage,
            "next-collection" => Self::NextCollection,
            "today" => Self::Today,
            "tomorrow" => Self::Tomorrow,
            "reminders" => Self::Reminders,
            "reminders-off" => Self::RemindersOff,
            "settings" => Self::Settings,
            "district" => Self::Districts,
            "forget-district" => Self::ForgetDistrict,
            "topics" => Self::Topics,
            "children" => Self::Dates(DateKindId::child()),
            "add-child" => Self::AddDate(DateKindId::child()),
            "language" => Self::Languages,
            "mute" => Self::Mute,
            "mute-now" => Self::MuteNow,
            "unmute" => Self::Unmute,
            "clear" => Self::Clear,
            "clear-now" => Self::ClearNow,
            "cancel" => Self::Cancel,
            _ => Self::Report(ReportCommand::parse_plain(name)?),
        })
    }

    fn parse_about(name: &str, about: &str) -> Option<Self> {
        Some(match name {
            "waste" => Self::Waste(about.parse().ok()?),
            "districts-in-row" => Self::DistrictsInRow(only_char(about)?),
            "next-of" => Self::NextOf(about.parse().ok()?),
            "remind" => two(about, |id, Travelling(switch)| Self::Remind(id, switch))?,
            "remind-evening" => Self::RemindEvening(about.parse().ok()?),
            "remind-morning" => Self::RemindMorning(about.parse().ok()?),
            "set-district" => Self::SetDistrict(about.parse().ok()?),
            "topic-on" => Self::SwitchTopic(about.parse().ok()?, Switch::On),
            "topic-off" => Self::SwitchTopic(about.parse().ok()?, Switch::Off),
            "add-child-in" => Self::AddDateIn(DateKindId::child(), about.parse().ok()?),
            "add-child-of" => Self::AddDateOf(DateKindId::child(), about.parse().ok()?),
            "remove-child-of" => Self::RemoveDateOf(DateKindId::child(), about.parse().ok()?),
            "dates" => Self::Dates(about.parse().ok()?),
            "add-date" => Self::AddDate(about.parse().ok()?),
            "add-date-in" => two(about, Self::AddDateIn)?,
            "add-date-of" => two(about, Self::AddDateOf)?,
            "remove-date-of" => two(about, Self::RemoveDateOf)?,
            "set-language" => Self::SetLanguage(about.parse().ok()?),
            _ => Self::Report(ReportCommand::parse_about(name, about)?),
        })
    }
}

/// A command about two things, with a colon between them.
fn two<A: FromStr, B: FromStr>(about: &str, command: impl Fn(A, B) -> Command) -> Option<Command> {
    let (one, other) = about.split_once(':')?;
    Some(command(one.parse().ok()?, other.parse().ok()?))
}

/// A switch as it travels: `on` or `off`.
struct Travelling(Switch);

impl FromStr for Travelling {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "on" => Ok(Self(Switch::On)),
            "off" => Ok(Self(Switch::Off)),
            _ => Err(()),
        }
    }
}

fn only_char(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::super::report::Part;
    use super::*;

    #[test]
    fn every_command_comes_back_as_it_went_out() {
        let month = YearMonth::new(2024, 5).unwrap();
        let all = [
            Command::Help,
            Command::Garbage,
            Command::Waste("kandenchi".parse().unwrap()),
            Command::NextCollection,
            Command::Settings,
            Command::Districts,
            Command::DistrictsInRow('か'),
            Command::SetDistrict("honcho".parse().unwrap()),
            Command::ForgetDistrict,
            Command::Topics,
            Command::SwitchTopic("crime".parse().unwrap(), Switch::On),
            Command::SwitchTopic("crime".parse().unwrap(), Switch::Off),
            Command::Today,
            Command::Tomorrow,
            Command::NextOf("burnable".parse().unwrap()),
            Command::Reminders,
            Command::Remind("burnable".parse().unwrap(), Switch::On),
            Command::Remind("burnable".parse().unwrap(), Switch::Off),
            Command::RemindEvening(RemindAt::At(jiff::civil::time(19, 0, 0, 0))),
            Command::RemindMorning(RemindAt::At(jiff::civil::time(5, 30, 0, 0))),
            Command::RemindMorning(RemindAt::Never),
            Command::RemindersOff,
            Command::Dates("dog".parse().unwrap()),
            Command::AddDate("dog".parse().unwrap()),
            Command::AddDateIn("dog".parse().unwrap(), 2024),
            Command::AddDateOf("dog".parse().unwrap(), month),
            Command::RemoveDateOf("dog".parse().unwrap(), month),
            Command::Languages,
            Command::SetLanguage(Language::EasyJapanese),
            Command::Mute,
            Command::MuteNow,
            Command::Unmute,
            Command::Clear,
            Command::ClearNow,
            Command::Report(ReportCommand::Start),
            Command::Report(ReportCommand::Resume),
            Command::Report(ReportCommand::Kind("street-light".parse().unwrap())),
            Command::Report(ReportCommand::GoOn),
            Command::Report(ReportCommand::Answer("pole".parse().unwrap(), 9)),
            Command::Report(ReportCommand::Unknown("pole".parse().unwrap())),
            Command::Report(ReportCommand::PhotosDone),
            Command::Report(ReportCommand::PhotosClear),
            Command::Report(ReportCommand::NoComment),
            Command::Report(ReportCommand::Send("0199aabb-ccdd-7000-8000-000000000000".parse().unwrap())),
            Command::Report(ReportCommand::Back),
            Command::Report(ReportCommand::Cancel),
            Command::Report(ReportCommand::Mine),
            Command::Cancel,
        ];
        let parts = Part::ALL.map(|part| Command::Report(ReportCommand::Change(part)));
        for command in all.into_iter().chain(parts) {
            assert_eq!(Command::parse(&command.data()), Some(command.clone()), "{}", command.data());
        }
    }

    #[test]
    fn a_form_that_was_once_sent_keeps_its_meaning() {
        let month = YearMonth::new(2024, 5).unwrap();
        let child = DateKindId::child;
        for (form, command) in [
            ("children", Command::Dates(child())),
            ("add-child", Command::AddDate(child())),
            ("add-child-in:2024", Command::AddDateIn(child(), 2024)),
            ("add-child-of:2024-05", Command::AddDateOf(child(), month)),
            ("remove-child-of:2024-05", Command::RemoveDateOf(child(), month)),
            ("remind:non-burnable:on", Command::Remind("non-burnable".parse().unwrap(), Switch::On)),
            ("remind-evening:19:00", Command::RemindEvening(RemindAt::At(jiff::civil::time(19, 0, 0, 0)))),
            ("remind-morning:off", Command::RemindMorning(RemindAt::Never)),
            ("add-date-of:dog:2024-05", Command::AddDateOf("dog".parse().unwrap(), month)),
            ("report", Command::Report(ReportCommand::Start)),
            ("report-kind:road", Command::Report(ReportCommand::Kind("road".parse().unwrap()))),
            ("my-reports", Command::Report(ReportCommand::Mine)),
        ] {
            assert_eq!(Command::parse(form).as_ref(), Some(&command), "{form}");
            assert_eq!(command.data(), form);
        }
    }

    #[test]
    fn data_that_nobody_sent_is_no_command() {
        for odd in [
            "",
            ":",
            "waste",
            "waste:",
            "waste:A b",
            "add-child-in:x",
            "add-child-of:2024-13",
            "district:x",
            "月",
            "remind:burnable",
            "remind:burnable:maybe",
            "remind:burnable:on:off",
            "remind-evening:25:00",
            "add-date-in:2024",
            "add-date-of:dog:2024",
            "report:",
            "report-kind",
            "report-kind:道路",
            "report-answer:pole",
            "report-answer:pole:256",
            "report-answer:pole:-1",
            "report-change:all",
            "report-send:",
        ] {
            assert_eq!(Command::parse(odd), None, "{odd}");
        }
    }
}
