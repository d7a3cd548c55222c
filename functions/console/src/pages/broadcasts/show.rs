//! One broadcast: what it says and to whom, where it stands, what became of everybody, and what can be done about it.

use app::broadcast::desk::{Standing, Unfit};
use app::broadcast::reach::{Counted, Counting};
use domain::broadcast::{Broadcast, Earnest, PauseReason, Reach, State, When};
use domain::ids::BroadcastId;
use domain::sending::PARTITIONS;
use domain::sending::account::Account;
use domain::sending::frozen::LeftOut;
use http::StatusCode;
use maud::{Markup, html};
use serde_json::json;

use super::act::{UNCLEAR, WHOM};
use super::write::{can_edit, still_phones};
use super::{
    SEEN, broadcast_of, crumbs, department_name, desk, id_of, is_for_approval_by, kind_badges, may_approve, may_write,
    page, path, quota, state_badge, titles,
};
use crate::kit::{self, ButtonKind, Column, Field, Form, NoticeKind, Progress, Tile};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::audience::{Names, sentence};
use crate::words::broadcasts as words;
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

/// `GET /broadcasts/{id}/progress.json`
pub async fn progress(call: Call) -> Result<Answer, Failure> {
    let standing = standing_of(&call).await?;
    let account = standing.account.unwrap_or_default();
    let finished = !is_under_way(&standing.broadcast.value.state);
    let done = account.frozen - account.open;
    Ok(Answer::Json(json!({
        "done": done, "total": account.frozen, "text": words::progress(&account, standing.frozen), "finished": finished
    })))
}

/// `GET /broadcasts/{id}/counting.json`: counts on for a moment, if somebody has begun to, and says how far it has come.
pub async fn count_on(call: Call) -> Result<Answer, Failure> {
    let broadcast = broadcast_of(&call).await?.value;
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
        @if let Some(unfit) = unfit { (why_not(unfit)) }
        (state_part(call, standing))
        (quota::before_approval(call, broadcast).await?)
        @if can_edit(&broadcast.state) { (count_part(desk(call).counting(broadcast).await?.as_ref(), &broadcast.id)) }
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

/// What can be said of it where it stands.
fn state_part(call: &Call, standing: &Standing) -> Markup {
    let broadcast = &standing.broadcast.value;
    let (page, poll) = (path(&broadcast.id), format!("{}/progress.json", path(&broadcast.id)));
    match &broadcast.state {
        State::Draft => html! { p { (words::DRAFT_NEXT) } },
        State::AwaitingApproval { reach, .. } => {
            let class = broadcast.class(*reach);
            html! { (reach_tiles(*reach)) p { (words::rule(class)) } }
        }
        State::Approved { release_at, reach, .. } => html! {
            (reach_tiles(*reach))
            p { (words::GOES_AT) (kit::moment(*release_at)) }
            @if call.now < *release_at { p { (words::CAN_TAKE_BACK) } }
        },
        State::Sending { pause, .. } => {
            let account = standing.account.unwrap_or_default();
            html! {
                @if let Some(pause) = pause {
                    (kit::notice(NoticeKind::Error, words::pause(pause.why).title, &html! { p { (words::pause(pause.why).text) } }))
                }
                (kit::progress(&Progress {
                    label: words::SENDING,
                    done: account.frozen - account.open,
                    total: account.frozen,
                    page: &page,
                    poll: Some(&poll),
                }))
                p { (words::progress(&account, standing.frozen)) }
            }
        }
        State::Stopped { account: None, .. } => html! {
            (kit::notice(NoticeKind::Info, words::STOPPING.title, &html! { p { (words::STOPPING.text) } }))
            (account_table(&standing.account.unwrap_or_default()))
        },
        State::Stopped { account: Some(account), .. } | State::Finished { account, .. } => html! {
            (account_table(account))
            (super::after::unfollowed(broadcast, call.now))
        },
        State::Held { why, .. } => {
            let said = words::guard(*why);
            kit::notice(NoticeKind::Warning, said.title, &html! { p { (said.text) } })
        }
    }
}

fn reach_tiles(reach: Reach) -> Markup {
    kit::tiles(&[
        Tile { label: words::REACHES, value: kit::count(reach.reached), unit: words::PEOPLE, href: None },
        Tile { label: words::FOLLOWERS, value: kit::count(reach.followers), unit: words::PEOPLE, href: None },
    ])
}

/// What became of everybody: the lines add up to the first.
fn account_table(account: &Account) -> Markup {
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
fn count_part(counted_so_far: Option<&Counting>, id: &BroadcastId) -> Markup {
    match counted_so_far {
        Some(Counting::Done(done)) => counted(done),
        Some(Counting::Going { done }) => {
            let (page, poll) = (path(id), format!("{}/counting.json", path(id)));
            let (done, total) = (u64::from(*done), u64::from(PARTITIONS));
            html! {
                (kit::progress(&Progress { label: words::COUNTING, done, total, page: &page, poll: Some(&poll) }))
                p.hint { (words::COUNTING_HINT) }
            }
        }
        None => html! {},
    }
}

/// How much of a counting is done, in percent.
pub(super) fn percent(done: u16) -> u16 {
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

fn why_not(unfit: &Unfit) -> Markup {
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
    let mut buttons = Vec::new();
    match &broadcast.state {
        State::Draft | State::Held { .. } if writes => buttons.push(button(ButtonKind::Primary, words::ASK, "ask")),
        State::AwaitingApproval { .. } => {
            if is_for_approval_by(&call.person()?.staff, broadcast) {
                buttons.push(button(ButtonKind::Primary, words::approve(broadcast.lane), "approve"));
            }
            if writes || approves {
                buttons.push(button(ButtonKind::Secondary, words::SEND_BACK, "take-back"));
            }
        }
        State::Approved { release_at, .. } if (writes || approves) && call.now < *release_at => {
            buttons.push(button(ButtonKind::Danger, words::TAKE_BACK, "take-back"));
        }
        // Its time has come, and nobody has let it go yet.
        State::Approved { .. } if writes || approves => {
            buttons.push(kit::link_button(ButtonKind::Danger, words::STOP, &to("stop")));
        }
        State::Sending { pause, .. } if writes || approves => {
            if pause.is_some_and(|pause| pause.why != PauseReason::QuietHours) && approves {
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
    if writes && can_edit(&broadcast.state) {
        buttons.push(kit::link_button(ButtonKind::Secondary, words::EDIT, &to("edit")));
    }
    if writes {
        let id = app::ports::mint(&*call.console.chance, call.now).to_string();
        let (copy, template) = (to("copy"), to("template"));
        let form = Form::post(&copy, csrf);
        buttons.push(kit::post_button(ButtonKind::Plain, words::COPY, &form, &[(super::ID, &id)]));
        if is_unclear(standing) {
            let values = [(super::ID, id.as_str()), (WHOM, UNCLEAR)];
            buttons.push(kit::post_button(ButtonKind::Plain, words::COPY_UNCLEAR, &form, &values));
        }
        let form = Form::post(&template, csrf);
        buttons.push(kit::post_button(ButtonKind::Plain, KEEP_BROADCAST, &form, &[(super::ID, &id)]));
    }
    Ok(html! { @if !buttons.is_empty() { (kit::actions(&buttons)) } })
}

/// Whether it is over, and nobody knows of some whether it reached them.
fn is_unclear(standing: &Standing) -> bool {
    let broadcast = &standing.broadcast.value;
    let unclear = standing.account.is_some_and(|account| 0 < account.unclear);
    unclear && !is_under_way(&broadcast.state) && broadcast.earnest == Earnest::Real
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
