//! What a tap asks for: each command has one short form that travels through the phone and back.

use crate::ids::{DistrictId, TopicId, WasteItemId};
use crate::language::Language;
use crate::resident::Switch;
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
    /// See the children's birth months.
    Children,
    /// Add a child: choose the year.
    AddChild,
    /// Add a child born in this year: choose the month.
    AddChildIn(i16),
    /// Add a child born in this month.
    AddChildOf(YearMonth),
    /// Take a child away.
    RemoveChildOf(YearMonth),
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
    /// Never mind.
    Cancel,
}

impl Command {
    /// The form that travels, at most 80 ASCII characters (and one kana).
    #[must_use]
    pub fn data(&self) -> String {
        match self {
            Self::Help => "help".to_owned(),
            Self::Garbage => "garbage".to_owned(),
            Self::Waste(id) => format!("waste:{id}"),
            Self::NextCollection => "next-collection".to_owned(),
            Self::Settings => "settings".to_owned(),
            Self::Districts => "district".to_owned(),
            Self::DistrictsInRow(row) => format!("districts-in-row:{row}"),
            Self::SetDistrict(id) => format!("set-district:{id}"),
            Self::ForgetDistrict => "forget-district".to_owned(),
            Self::Topics => "topics".to_owned(),
            Self::SwitchTopic(id, Switch::On) => format!("topic-on:{id}"),
            Self::SwitchTopic(id, Switch::Off) => format!("topic-off:{id}"),
            Self::Children => "children".to_owned(),
            Self::AddChild => "add-child".to_owned(),
            Self::AddChildIn(year) => format!("add-child-in:{year}"),
            Self::AddChildOf(month) => format!("add-child-of:{month}"),
            Self::RemoveChildOf(month) => format!("remove-child-of:{month}"),
            Self::Languages => "language".to_owned(),
            Self::SetLanguage(language) => format!("set-language:{language}"),
            Self::Mute => "mute".to_owned(),
            Self::MuteNow => "mute-now".to_owned(),
            Self::Unmute => "unmute".to_owned(),
            Self::Clear => "clear".to_owned(),
            Self::ClearNow => "clear-now".to_owned(),
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
            "settings" => Self::Settings,
            "district" => Self::Districts,
            "forget-district" => Self::ForgetDistrict,
            "topics" => Self::Topics,
            "children" => Self::Children,
            "add-child" => Self::AddChild,
            "language" => Self::Languages,
            "mute" => Self::Mute,
            "mute-now" => Self::MuteNow,
            "unmute" => Self::Unmute,
            "clear" => Self::Clear,
            "clear-now" => Self::ClearNow,
            "cancel" => Self::Cancel,
            _ => return None,
        })
    }

    fn parse_about(name: &str, about: &str) -> Option<Self> {
        Some(match name {
            "waste" => Self::Waste(about.parse().ok()?),
            "districts-in-row" => Self::DistrictsInRow(only_char(about)?),
            "set-district" => Self::SetDistrict(about.parse().ok()?),
            "topic-on" => Self::SwitchTopic(about.parse().ok()?, Switch::On),
            "topic-off" => Self::SwitchTopic(about.parse().ok()?, Switch::Off),
            "add-child-in" => Self::AddChildIn(about.parse().ok()?),
            "add-child-of" => Self::AddChildOf(about.parse().ok()?),
            "remove-child-of" => Self::RemoveChildOf(about.parse().ok()?),
            "set-language" => Self::SetLanguage(about.parse().ok()?),
            _ => return None,
        })
    }
}

fn only_char(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

#[cfg(test)]
mod tests {
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
            Command::Children,
            Command::AddChild,
            Command::AddChildIn(2024),
            Command::AddChildOf(month),
            Command::RemoveChildOf(month),
            Command::Languages,
            Command::SetLanguage(Language::EasyJapanese),
            Command::Mute,
            Command::MuteNow,
            Command::Unmute,
            Command::Clear,
            Command::ClearNow,
            Command::Cancel,
        ];
        for command in all {
            assert_eq!(Command::parse(&command.data()), Some(command.clone()), "{}", command.data());
        }
    }

    #[test]
    fn data_that_nobody_sent_is_no_command() {
        for odd in
            ["", ":", "waste", "waste:", "waste:A b", "add-child-in:x", "add-child-of:2024-13", "district:x", "月"]
        {
            assert_eq!(Command::parse(odd), None, "{odd}");
        }
    }
}
