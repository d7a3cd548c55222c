//! Somebody else changed the same broadcast first: what theirs and mine have different.

use domain::broadcast::content::{Content, Does, Message};
use domain::broadcast::{Draft, When};
use maud::{Markup, html};

use super::department_name;
use crate::kit::{self, Change};
use crate::web::Call;
use crate::words::audience::{Names, sentence};
use crate::words::broadcasts as words;
use crate::words::content as content_words;

/// Theirs beside mine, field by field, but for those that are the same.
pub(super) fn differences(call: &Call, theirs: &Draft, mine: &Draft, names: &Names<'_>) -> Markup {
    let [theirs, mine] = [theirs, mine].map(|draft| said(call, draft, names));
    compared(words::DIFFERENCES, (words::THEIRS, &theirs), (words::MINE, &mine))
}

/// Something as it is read, field by field: their names and what stands in them.
pub(in crate::pages) type Said = Vec<(&'static str, String)>;

/// The fields in which two sides differ, each under its head; nothing where they do not.
pub(in crate::pages) fn compared(caption: &str, before: (&str, &Said), after: (&str, &Said)) -> Markup {
    let pairs = before.1.iter().zip(after.1).filter(|(before, after)| before.1 != after.1);
    let changes: Vec<Change<'_>> =
        pairs.map(|((label, before), (_, after))| Change { label, before: Some(before), after: Some(after) }).collect();
    html! { @if !changes.is_empty() { (kit::changes(caption, before.0, after.0, &changes)) } }
}

/// A draft as it is read, field by field.
fn said(call: &Call, draft: &Draft, names: &Names<'_>) -> Said {
    let Draft { title, department, content, audience, lane, when } = draft;
    let when = match when {
        When::AtOnce => words::AT_ONCE.to_owned(),
        When::At(at) => kit::moment_text(*at),
    };
    vec![
        (words::TITLE, title.clone()),
        (words::DEPARTMENT, department_name(call, department).to_owned()),
        (words::WORDS, lines(content)),
        (words::WHOM, sentence(audience, names)),
        (words::LANE, words::lane(*lane).to_owned()),
        (words::GO, when),
    ]
}

/// What it says, line by line.
pub(in crate::pages) fn lines(content: &Content) -> String {
    let mut lines = Vec::new();
    for (language, wording) in &content.wordings {
        lines.push(format!("【{}】", content_words::language(*language)));
        for message in &wording.messages {
            match message {
                Message::Text(text) => lines.push(text.clone()),
                Message::Picture(id) => lines.push(format!("{} {}", content_words::PICTURE, id.as_str())),
                Message::Buttons { title, text, buttons } => {
                    lines.extend([title.clone(), text.clone()]);
                    lines.extend(buttons.iter().map(|button| {
                        let (Does::Open(does) | Does::Say(does)) = &button.does;
                        format!("[{}] {does}", button.label)
                    }));
                }
                Message::Flex { alt, contents } => lines.extend([alt.clone(), contents.clone()]),
            }
        }
    }
    lines.join("\n")
}
