//! How far a long work has come: a bar that follows by itself where scripts run, and a link that loads the page again.

use maud::{Markup, html};

use super::values::count;
use crate::words::kit;

/// A long work under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// What is being done; also the bar's name.
    pub label: &'a str,
    /// Done so far.
    pub done: u64,
    /// To do in all; 0 while that is not known.
    pub total: u64,
    /// The address of this page, for those without scripts and for the end.
    pub page: &'a str,
    /// Asked every two seconds; answers `{"done": 3, "total": 10, "text": "...", "finished": false}` (`text` may be left out). With
    /// `"moved": true` the page is loaded again, unless something was typed into it; `"since"` comes back with the next question.
    pub poll: Option<&'a str>,
}

/// The bar, what it says in words, and the link.
#[must_use]
pub fn progress(progress: &Progress<'_>) -> Markup {
    let words = match progress.total {
        0 => kit::COUNTING.to_owned(),
        total => kit::done_of(&count(progress.done.min(total)), &count(total)),
    };
    progress_saying(progress, &words)
}

/// The same with words of its own, as they come with every answer, too.
#[must_use]
pub fn progress_saying(progress: &Progress<'_>, words: &str) -> Markup {
    let known = progress.total > 0;
    let done = progress.done.min(progress.total);
    html! {
        div.progress data-progress data-url=[progress.poll] data-words=(kit::DONE_OF)
            data-words-failed=(kit::POLL_FAILED) data-words-result=(kit::SEE_RESULT) {
            p.label { (progress.label) }
            progress.bar aria-label=(progress.label) value=[known.then_some(done)] max=[known.then_some(progress.total)] {}
            p.progress-text aria-live="polite" { (words) }
            p { a href=(progress.page) { (kit::RELOAD) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::testing::{EVIL, assert_tame};

    #[test]
    fn it_is_said_in_words_too() {
        let work = Progress { label: "送信", done: 3, total: 1_000, page: "/b/1", poll: Some("/b/1/progress") };
        let html = progress(&work).into_string();
        assert!(html.contains(r#"<progress class="bar" aria-label="送信" value="3" max="1000"></progress>"#), "{html}");
        assert!(html.contains(r#"aria-live="polite">1,000件中3件が完了しました</p>"#), "{html}");
        assert!(html.contains(r#"<a href="/b/1">"#) && html.contains(r#"data-url="/b/1/progress""#), "{html}");
    }

    #[test]
    fn what_is_not_known_is_not_claimed() {
        let html = progress(&Progress { label: "取込", done: 0, total: 0, page: "/", poll: None }).into_string();
        assert!(html.contains(r#"<progress class="bar" aria-label="取込"></progress>"#), "{html}");
        assert!(!html.contains("data-url"), "{html}");
    }

    #[test]
    fn nothing_breaks_out() {
        assert_tame(&progress(&Progress { label: EVIL, done: 9, total: 1, page: EVIL, poll: Some(EVIL) }));
    }
}
