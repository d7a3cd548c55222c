//! How many messages the month has left, where somebody is about to use them.

use app::broadcast::quota::Left;
use domain::broadcast::{Broadcast, Lane, State};
use maud::{Markup, html};

use super::desk;
use crate::kit::{self, NoticeKind};
use crate::web::{Call, Failure};
use crate::words::quota as words;

/// What is left, in a sentence.
pub(in crate::pages) async fn left(call: &Call) -> Result<Markup, Failure> {
    let left = desk(call).quota_left(None).await?;
    Ok(html! { p.hint { (words::left(&left)) } })
}

/// The same beside a broadcast that waits for approval, and what it means for an emergency, which nothing keeps back.
pub(super) async fn before_approval(call: &Call, broadcast: &Broadcast) -> Result<Markup, Failure> {
    let State::AwaitingApproval { reach, .. } = &broadcast.state else { return Ok(html! {}) };
    let left = desk(call).quota_left(Some(&broadcast.id)).await?;
    let too_few = match (broadcast.lane, left) {
        (Lane::Emergency, Left::Limited(budget)) if budget.left() < reach.reached => Some(budget),
        (Lane::Emergency | Lane::Routine, Left::Limited(_) | Left::Unlimited | Left::Unknown) => None,
    };
    Ok(html! {
        p.hint { (words::left(&left)) }
        @if let Some(budget) = too_few {
            (kit::notice(NoticeKind::Warning, words::EMERGENCY.title, &html! {
                p { (words::reaches(reach.reached, budget)) }
                p { (words::EMERGENCY.text) }
            }))
        }
    })
}
