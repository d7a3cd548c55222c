//! The stamp of a drill (訓練): it stands where a phone's notification, its list of chats and its chat begin.

use super::{Content, Message, Wording};
use crate::broadcast::Earnest;
use crate::language::Language;

/// What titles, and texts that are read in place of a message, begin with in a drill.
fn stamp(language: Language) -> &'static str {
    match language {
        Language::Japanese => "【訓練】",
        Language::EasyJapanese => "【くんれん】",
        Language::English => "[DRILL] ",
    }
}

/// The line with which the first text of a drill begins.
fn stamp_line(language: Language) -> &'static str {
    match language {
        Language::Japanese => "【訓練】これは訓練です。",
        Language::EasyJapanese => "【くんれん】これは れんしゅうです。",
        Language::English => "[DRILL] This is only a drill.",
    }
}

impl Content {
    /// The same as it goes out: a drill says that it is one, in every wording.
    #[must_use]
    pub fn stamped(&self, earnest: Earnest) -> Self {
        match earnest {
            Earnest::Real => self.clone(),
            Earnest::Drill => {
                let stamped = |(language, wording): (&Language, &Wording)| (*language, wording.stamped(*language));
                Self { wordings: self.wordings.iter().map(stamped).collect() }
            }
        }
    }
}

impl Wording {
    /// Whether a message with the stamp has to stand before all others: no text of its own can carry it.
    pub(super) fn lacks_text(&self) -> bool {
        !self.messages.iter().any(|message| matches!(message, Message::Text(_)))
    }

    pub(super) fn stamped(&self, language: Language) -> Self {
        let (stamp, line) = (stamp(language), stamp_line(language));
        let mut messages = self.messages.clone();
        if self.lacks_text() {
            messages.insert(0, Message::Text(line.to_owned()));
        } else if let Some(Message::Text(first)) =
            messages.iter_mut().find(|message| matches!(message, Message::Text(_)))
        {
            *first = format!("{line}\n{first}");
        }
        for message in &mut messages {
            match message {
                Message::Buttons { title, .. } if !title.trim().is_empty() => title.insert_str(0, stamp),
                Message::Buttons { text: head, .. } | Message::Flex { alt: head, .. } => head.insert_str(0, stamp),
                Message::Text(_) | Message::Picture(_) => {}
            }
        }
        Self { messages }
    }
}
