//! Somebody else changed the same broadcast first: what theirs and mine have different.

use domain::broadcast::content::{Content, Does, Message};
use domain::broadcast::{Draft, Lane, When};
use maud::{Markup, html};

use super::department_name;
use crate::kit::{self, Change};
use crate::web::Call;
use crate::words::audience::{Names, sentence};
use crate::words::broadcasts as words;
use crate::words::content as content_words;

/// Theirs beside mine, field by field, but for those that are the same.
pub(super) fn differences(call: &Call, theirs: &Draft, mine: &Draft, names: &Names<'_>) -> Markup {
    let sides = [theirs, mine].map(|draft| said(call, draft, names));
    let [theirs, mine] = &sides;
    let pairs = theirs.iter().zip(mine).filter(|(theirs, mine)| theirs.1 != mine.1);
    let changes: Vec<Change<'_>> =
        pairs.map(|((label, theirs), (_, mine))| Change { label, before: Some(theirs), after: Some(mine) }).collect();
    html! {
        @if !changes.is_empty() {
            (kit::changes(words::DIFFERENCES, words::THEIRS, words::MINE, &changes))
        }
    }
}

/// A draft as it is read, field by field.
fn said(call: &Call, draft: &Draft, names: &Names<'_>) -> Vec<(&'static str, String)> {
    let Draft { title, department, content, audience, lane, when } = draft;
    let lane = match lane {
        Lane::Emergency => words::EMERGENCY,
        Lane::Routine => words::ROUTINE,
    };
    let when = match when {
        When::AtOnce => words::AT_ONCE.to_owned(),
        When::At(at) => kit::moment_text(*at),
    };
    vec![
        (words::TITLE, title.clone()),
        (words::DEPARTMENT, department_name(call, department).to_owned()),
        (words::WORDS, lines(content)),
        (words::WHOM, sentence(audience, names)),
        (words::LANE, lane.to_owned()),
        (words::GO, when),
    ]
}

/// What it says, line by line.
fn lines(content: &Content) -> String {
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
