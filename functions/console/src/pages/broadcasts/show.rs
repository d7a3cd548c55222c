//! One broadcast: what it says and to whom, where it stands, what became of everybody, and what can be done about it.

use app::broadcast::desk::Unfit;
use app::broadcast::look::Standing;
use app::broadcast::reach::{Counted, Counting};
use domain::broadcast::content::placeholders::Placeholders;
use domain::broadcast::{Broadcast, Earnest, PauseReason, Reach, State, When};
use domain::sending::PARTITIONS;
use domain::sending::frozen::LeftOut;
use http::StatusCode;
use maud::{Markup, html};
use serde_json::json;

use super::act::{REST, UNCLEAR, WHOM, is_discarded};
use super::write::{can_edit, still_phones};
use super::{
    SEEN, broadcast_of, crumbs, department_name, desk, id_of, is_for_approval_by, kind_badges, may_approve, may_write,
    page, path, progress, quota, state_badge, titles,
};
use crate::kit::{self, ButtonKind, Column, Field, Form, NoticeKind, Progress, Tile};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::audience::{Names, sentence};
use crate::words::broadcasts as words;
use crate::words::progress as progress_words;
use crate::words::templates::KEEP_BROADCAST;

/// `GET /broadcasts/{id}`
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let standing = standing_of(&call).await?;
    let shown = shown(&call, &standing, None).await?;
    Ok(match words::done(call.query.text("done")) {
        Some((kind, said)) => shown.notice(kind, said.title, said.text).into(),
        None => shown.into(),
    })
}

/// `GET /broadcasts/{id}/counting.json`: counts on for a moment, if somebody has begun to, and says how far it has come.
pub async fn count_on(call: Call) -> Result<Answer, Failure> {
    let broadcast = broadcast_of(&call).await?.value;
    if !sees_counts(&call, &broadcast)? {
        return Err(Failure::Denied);
    }
    let done = match desk(&call).count_on(&broadcast).await? {
        Some(Counting::Going { done }) => done,
        Some(Counting::Done(_)) | None => PARTITIONS,
    };
    let text = words::counted_so_far(percent(done));
    Ok(Answer::Json(json!({ "done": done, "total": PARTITIONS, "text": text, "finished": done == PARTITIONS })))
}

/// A broadcast and what became of everybody so far.
pub(super) async fn standing_of(call: &Call) -> Result<Standing, Failure> {
    desk(call).look(&id_of(call)?).await?.ok_or(Failure::NotFound)
}

/// The page again, with why something was not done.
pub(super) async fn refused(call: &Call, unfit: &Unfit) -> Result<Answer, Failure> {
    let standing = standing_of(call).await?;
    let page = shown(call, &standing, Some(unfit)).await?;
    Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into())
}

/// The page again, because somebody else has changed the broadcast.
pub(super) async fn changed(call: &Call) -> Result<Answer, Failure> {
    let standing = standing_of(call).await?;
    let page = shown(call, &standing, None).await?.status(StatusCode::CONFLICT);
    Ok(page.notice(NoticeKind::Warning, words::CHANGED.title, words::CHANGED.text).into())
}

async fn shown(call: &Call, standing: &Standing, unfit: Option<&Unfit>) -> Result<Page, Failure> {
    let broadcast = &standing.broadcast.value;
    let titles = titles(call, &broadcast.audience).await?;
    let names = Names { town: &call.town, broadcasts: &titles };
    let content = html! {
        (crumbs(&broadcast.title))
        (kit::heading(&broadcast.title, None))
        p { (kind_badges(broadcast.lane, broadcast.earnest)) (state_badge(&broadcast.state)) }
        @if let Some(unfit) = unfit { (why_not(unfit)) } @else { (unfinished(call, broadcast)) }
        (state_part(call, standing)?)
        @if sees_counts(call, broadcast)? { (quota::before_approval(call, broadcast).await?) }
        @if can_edit(broadcast) && sees_counts(call, broadcast)? { (count_part(desk(call).counting(broadcast).await?.as_ref(), broadcast)) }
        (actions(call, standing)?)
        (kit::section(words::ABOUT, &kit::definitions(&facts(call, broadcast, &names))))
        @if broadcast.earnest == Earnest::Drill { (drill_list(call).await?) }
        (kit::section(words::WORDS, &still_phones(call, &broadcast.department, &broadcast.content, broadcast.earnest)))
        (remarks(call, broadcast).await?)
    };
    Ok(page(broadcast.title.clone(), content))
}

fn facts<'a>(call: &'a Call, broadcast: &'a Broadcast, names: &Names<'_>) -> Vec<(&'a str, Markup)> {
    let when = match broadcast.when {
        When::AtOnce => html! { (words::AT_ONCE) },
        When::At(at) => kit::moment(at),
    };
    vec![
        (words::WHOM, html! { (sentence(&broadcast.audience, names)) }),
        (words::DEPARTMENT, html! { (department_name(call, &broadcast.department)) }),
        (words::LANE, html! { (words::lane(broadcast.lane)) }),
        (words::GO, when),
    ]
}

/// Whose phones a drill reaches.
async fn drill_list(call: &Call) -> Result<Markup, Failure> {
    let (roster, _) = call.console.staff.roster().await?;
    let listed: Vec<&str> = roster.drill_list().map(|person| person.name.as_str()).collect();
    Ok(kit::section(
        words::DRILL_LIST,
        &html! {
            p { (words::drill_list(listed.len())) }
            @if !listed.is_empty() { ul { @for name in &listed { li { (name) } } } }
        },
    ))
}

/// Whether the person writes or approves for the department of a broadcast: to how many it would go is for nobody else, since a
/// condition can be made so narrow that the number tells of one resident.
pub(super) fn sees_counts(call: &Call, broadcast: &Broadcast) -> Result<bool, Failure> {
    Ok(may_write(call, &broadcast.department)? || may_approve(call, &broadcast.department)?)
}

/// What can be said of it where it stands.
fn state_part(call: &Call, standing: &Standing) -> Result<Markup, Failure> {
    let broadcast = &standing.broadcast.value;
    let tiles = |reach| {
        let shown = sees_counts(call, broadcast)?.then(|| reach_tiles(reach));
        Ok::<_, Failure>(html! { @if let Some(shown) = shown { (shown) } })
    };
    Ok(match &broadcast.state {
        State::Draft if broadcast.audience.is_by_the_hour() => html! { p { (words::BY_THE_HOUR_NEXT) } },
        State::Draft => html! { p { (words::DRAFT_NEXT) } },
        State::AwaitingApproval { reach, .. } => html! {
            (tiles(*reach)?)
            p { (words::rule(broadcast.class(*reach))) }
        },
        State::Approved { release_at, reach, .. } => html! {
            (tiles(*reach)?)
            p { (words::GOES_AT) (kit::moment(*release_at)) }
            (progress::part(call, standing))
            p { (words::CAN_TAKE_BACK) }
        },
        State::Sending { pause, .. } => html! {
            @if let Some(pause) = pause { (resting(pause.why, standing)) }
            (progress::part(call, standing))
        },
        State::Stopped { account: None, .. } => html! {
            @if let State::Stopped { by: None, .. } = &broadcast.state {
                (kit::notice(NoticeKind::Warning, words::GIVEN_UP.title, &html! { p { (words::GIVEN_UP.text) } }))
            }
            (kit::notice(NoticeKind::Info, words::STOPPING.title, &html! { p { (words::STOPPING.text) } }))
            (progress::part(call, standing))
            (account_table(standing))
        },
        State::Stopped { plan: None, .. } => html! { p { (words::DISCARDED) } },
        State::Stopped { account: Some(_), .. } | State::Finished { .. } => html! {
            @if let State::Stopped { by: None, .. } = &broadcast.state {
                (kit::notice(NoticeKind::Warning, words::GIVEN_UP.title, &html! { p { (words::GIVEN_UP.text) } }))
            }
            (account_table(standing))
            (super::after::unfollowed(broadcast, call.now))
        },
        State::Held { why, .. } => {
            let said = words::guard(*why);
            let text = if broadcast.audience.is_by_the_hour() { words::BY_THE_HOUR_NEXT } else { said.text };
            kit::notice(NoticeKind::Warning, said.title, &html! { p { (text) } })
        }
    })
}

/// Why it rests, and what to do about it.
fn resting(why: PauseReason, standing: &Standing) -> Markup {
    let said = words::pause(why);
    let can_go_on = can_go_on(standing);
    kit::notice(
        NoticeKind::Error,
        said.title,
        &html! {
            @if can_go_on { p { (said.text) } }
            @if 0 < standing.too_late { p { (progress_words::too_late(standing.too_late)) } }
        },
    )
}

/// Whether there is anybody left to whom it can still go.
fn can_go_on(standing: &Standing) -> bool {
    let open = standing.account.map_or(0, |account| account.open);
    let is_frozen = standing.frozen.is_none_or(|(done, all)| all <= done);
    standing.too_late < open || !is_frozen
}

pub(in crate::pages) fn reach_tiles(reach: Reach) -> Markup {
    kit::tiles(&[
        Tile { label: words::REACHES, value: kit::count(reach.reached), unit: words::PEOPLE, href: None },
        Tile { label: words::FOLLOWERS, value: kit::count(reach.followers), unit: words::PEOPLE, href: None },
    ])
}

/// What became of everybody: the lines add up to the first.
fn account_table(standing: &Standing) -> Markup {
    let account = standing.account.unwrap_or_default();
    let lines = [
        (words::FROZEN, account.frozen),
        (words::ACCEPTED, account.accepted),
        (words::DROPPED, account.dropped),
        (words::REFUSED, account.refused),
        (words::STOPPED, account.stopped),
        (words::UNCLEAR, account.unclear),
        (words::OPEN, account.open),
    ];
    let shown = lines.iter().enumerate().filter(|(at, (_, count))| *at < 2 || 0 < *count);
    let rows: Vec<Vec<Markup>> =
        shown.map(|(_, (name, count))| vec![html! { (name) }, html! { (kit::count(*count)) }]).collect();
    let columns = [Column::row_head(words::ACCOUNT_LINE), Column::number(words::NUMBER)];
    html! {
        (kit::table(words::ACCOUNT, &columns, &rows, &html! {}))
        @if !standing.pages.refused.is_empty() {
            ul {
                @for (status, people) in &standing.pages.refused { li { (progress_words::refused(*status, *people)) } }
            }
            p { (progress_words::REFUSED_HINT) }
        }
        @if 0 < account.unclear { p { (words::UNCLEAR_HINT) } }
        (left_out(&account.left_out))
    }
}

fn left_out(left_out: &LeftOut) -> Markup {
    let lines = [
        (words::OUTSIDE, left_out.outside),
        (words::BLOCKED, left_out.blocked),
        (words::MUTED, left_out.muted),
        (words::CAPPED, left_out.capped),
    ];
    let rows: Vec<Vec<Markup>> =
        lines.iter().map(|(name, count)| vec![html! { (name) }, html! { (kit::count(*count)) }]).collect();
    let columns = [Column::row_head(words::WHY), Column::number(words::NUMBER)];
    kit::table(words::LEFT_OUT, &columns, &rows, &html! {})
}

/// The last counting of a broadcast that has not gone.
fn count_part(counted_so_far: Option<&Counting>, broadcast: &Broadcast) -> Markup {
    match counted_so_far {
        Some(Counting::Done(done)) => counted(done),
        Some(Counting::Going { done }) => {
            let page = path(&broadcast.id);
            let poll = format!("{page}/counting.json");
            let (done, total) = (u64::from(*done), u64::from(PARTITIONS));
            html! {
                (kit::progress(&Progress { label: words::COUNTING, done, total, page: &page, poll: Some(&poll) }))
                @if is_written(&broadcast.state) { p.hint { (words::COUNTING_HINT) } }
            }
        }
        None => html! {},
    }
}

/// How much of a counting is done, in percent.
pub(in crate::pages) fn percent(done: u16) -> u16 {
    done * 100 / PARTITIONS
}

/// How many it would reach, and how many of them have heard from us lately.
pub(super) fn counted(counted: &Counted) -> Markup {
    let columns = [Column::row_head(words::EARLIER), Column::number(words::BOTH)];
    let row = |overlap: &app::broadcast::reach::Overlap| {
        vec![html! { a href=(path(&overlap.broadcast)) { (overlap.title) } }, html! { (kit::count(overlap.both)) }]
    };
    let rows: Vec<Vec<Markup>> = counted.recent.iter().map(row).collect();
    kit::card(
        words::COUNTED,
        &html! {
            (reach_tiles(counted.reach))
            (left_out(&counted.left_out))
            @match counted.lately {
                None => {}
                Some(_) if rows.is_empty() => { p { (words::NO_OVERLAP) } }
                Some(lately) => {
                    p { (words::lately(lately)) }
                    (kit::table(words::OVERLAP, &columns, &rows, &html! {}))
                }
            }
        },
    )
}

/// What is still wrong with the words of a draft: it may be unfinished, but nobody is asked to approve it like that.
fn unfinished(call: &Call, broadcast: &Broadcast) -> Markup {
    let with = Placeholders::of(&call.town, &broadcast.department);
    match broadcast.content.check(&with, broadcast.earnest) {
        Err(content) if is_written(&broadcast.state) => why_not(&Unfit { content, ..Unfit::default() }),
        Ok(()) | Err(_) => html! {},
    }
}

/// Whether approval is still to be asked for.
fn is_written(state: &State) -> bool {
    matches!(state, State::Draft | State::Held { .. })
}

pub(in crate::pages) fn why_not(unfit: &Unfit) -> Markup {
    kit::notice(
        NoticeKind::Error,
        words::UNFIT,
        &html! {
            ul {
                @for problem in &unfit.content { li { (crate::words::content::problem(problem)) } }
                @for problem in &unfit.audience { li { (words::audience_problem(problem)) } }
                @for (language, objection) in &unfit.objections {
                    li { (words::objection(*language, &objection.property, &objection.words)) }
                }
                @for language in &unfit.unasked { li { (words::unasked(*language)) } }
                @if unfit.nobody.is_some() { li { (words::NOBODY) } }
                @if let Some(over) = &unfit.over_quota { li { (crate::words::quota::over(over)) } }
            }
        },
    )
}

/// What this person can do about it now.
fn actions(call: &Call, standing: &Standing) -> Result<Markup, Failure> {
    let (broadcast, version) = (&standing.broadcast.value, standing.broadcast.version.to_string());
    let (writes, approves) = (may_write(call, &broadcast.department)?, may_approve(call, &broadcast.department)?);
    let (base, csrf) = (path(&broadcast.id), &call.person()?.csrf);
    let to = |what: &str| format!("{base}/{what}");
    let button =
        |kind, label, what: &str| kit::post_button(kind, label, &Form::post(&to(what), csrf), &[(SEEN, &version)]);
    // What is for an hour goes by itself, or is thrown away.
    let is_by_the_hour = broadcast.audience.is_by_the_hour();
    let mut buttons = Vec::new();
    match &broadcast.state {
        State::Draft | State::Held { .. } if writes && !is_by_the_hour => {
            buttons.push(button(ButtonKind::Primary, words::ASK, "ask"));
        }
        State::AwaitingApproval { .. } => {
            if is_for_approval_by(&call.person()?.staff, broadcast) {
                buttons.push(button(ButtonKind::Primary, words::approve(broadcast.lane), "approve"));
            }
            if writes || approves {
                buttons.push(button(ButtonKind::Secondary, words::SEND_BACK, "take-back"));
            }
        }
        State::Approved { .. } if writes || approves => {
            buttons.push(button(ButtonKind::Danger, words::TAKE_BACK, "take-back"));
        }
        State::Sending { pause, .. } if writes || approves => {
            let waits_for_somebody = pause.is_some_and(|pause| pause.why != PauseReason::QuietHours);
            if waits_for_somebody && approves && can_go_on(standing) {
                buttons.push(button(ButtonKind::Primary, words::RESUME, "resume"));
            }
            buttons.push(kit::link_button(ButtonKind::Danger, words::STOP, &to("stop")));
        }
        State::Draft
        | State::Held { .. }
        | State::Approved { .. }
        | State::Sending { .. }
        | State::Stopped { .. }
        | State::Finished { .. } => {}
    }
    if writes && can_edit(broadcast) {
        buttons.push(kit::link_button(ButtonKind::Secondary, words::EDIT, &to("edit")));
    }
    if writes && !is_by_the_hour {
        let id = app::ports::mint(&*call.console.chance, call.now).to_string();
        let (copy, template) = (to("copy"), to("template"));
        let form = Form::post(&copy, csrf);
        buttons.push(kit::post_button(ButtonKind::Plain, words::COPY, &form, &[(super::ID, &id)]));
        for (label, whom, is_offered) in
            [(words::COPY_UNCLEAR, UNCLEAR, is_unclear(standing)), (words::COPY_REST, REST, has_a_rest(standing))]
        {
            if is_offered {
                let values = [(super::ID, id.as_str()), (WHOM, whom)];
                buttons.push(kit::post_button(ButtonKind::Plain, label, &form, &values));
            }
        }
        let form = Form::post(&template, csrf);
        buttons.push(kit::post_button(ButtonKind::Plain, KEEP_BROADCAST, &form, &[(super::ID, &id)]));
    }
    if (writes || approves) && is_discarded(&broadcast.state) {
        buttons.push(kit::link_button(ButtonKind::Plain, words::DISCARDING.button, &to("stop")));
    }
    Ok(html! { @if !buttons.is_empty() { (kit::actions(&buttons)) } })
}

/// Whether it is over, and nobody knows of some whether it reached them.
fn is_unclear(standing: &Standing) -> bool {
    let broadcast = &standing.broadcast.value;
    let unclear = standing.account.is_some_and(|account| 0 < account.unclear);
    unclear && !is_under_way(&broadcast.state) && broadcast.earnest == Earnest::Real
}

/// Whether some of its audience certainly did not get it, and will not.
fn has_a_rest(standing: &Standing) -> bool {
    let broadcast = &standing.broadcast.value;
    let missed = standing.account.is_some_and(|account| 0 < account.stopped + account.refused);
    let is_over = missed && !is_under_way(&broadcast.state);
    (is_over || 0 < standing.too_late) && broadcast.earnest == Earnest::Real
}

async fn remarks(call: &Call, broadcast: &Broadcast) -> Result<Markup, Failure> {
    let (roster, _) = call.console.staff.roster().await?;
    let name = |id| roster.get(id).map_or(words::SOMEBODY, |person| person.name.as_str());
    let action = format!("{}/remark", path(&broadcast.id));
    let form = Form::post(&action, &call.person()?.csrf);
    Ok(kit::section(
        words::REMARKS,
        &html! {
            p { (words::AUTHOR) (name(&broadcast.author)) }
            @if !broadcast.remarks.is_empty() {
                ul {
                    @for remark in &broadcast.remarks {
                        li { (kit::moment(remark.at)) " " (name(&remark.by)) "：" (remark.text) }
                    }
                }
            }
            @if may_write(call, &broadcast.department)? || may_approve(call, &broadcast.department)? {
                (kit::form(&form, &html! {
                    (kit::textarea(&Field::new("remark", words::REMARK).rows(2)))
                    (kit::actions(&[kit::submit(ButtonKind::Secondary, words::SAY)]))
                }))
            }
        },
    ))
}

fn is_under_way(state: &State) -> bool {
    match state {
        State::Sending { .. } | State::Stopped { account: None, .. } => true,
        State::Draft
        | State::AwaitingApproval { .. }
        | State::Approved { .. }
        | State::Stopped { .. }
        | State::Finished { .. }
        | State::Held { .. } => false,
    }
}
