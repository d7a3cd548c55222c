//! Restores the table from its backup into another one, compares the two, and carries over what must not go back in time.

mod words;

use std::time::Duration;

use app::error::{Error, Kind};
use app::ports::Clock as _;
use app::ports::staff::AuditLog as _;
use aws::Table;
use aws::audit::TableAudit;
use aws::clock::SystemClock;
use aws::restoring::{self, Backup, Group, Stands, Switch};
use clap::{Args, Subcommand, ValueEnum};
use domain::audit::{Act, Action, Actor};
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::arguments::Places;
use crate::run::{Fallible, Outcome, audit_holds, clients};

/// How often a table that is coming is looked at. Restoring takes minutes to hours.
const LOOKS_EVERY: Duration = Duration::from_secs(5);

/// In its first minutes AWS switches no backups on for a table.
const PROTECTED_WITHIN: Duration = Duration::from_mins(20);

/// Nothing is carried any more from a table that has not been in use for so long: who was erased since would be back.
const CARRIED_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// So many residents who are back are named.
const NAMED_MAX: usize = 10_000;

/// What to do with tables.
#[derive(Debug, Subcommand)]
pub(crate) enum Tables {
    /// Restore a table as it stood at a time into one that is not there yet, and set up what a restored table lacks. The table in
    /// use is not changed. Waits until it is done
    Restore(Restore),
    /// Count two tables by kind, say which kinds differ, and check the audit log of the second; exit code 1 if anything differs
    Compare(Compare),
    /// Carry what residents wrote and what was sent since into the restored table; doing it again carries only what is new
    Carry(Carry),
}

/// What to restore.
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The table in use (an output of the stack)
    #[arg(long, value_name = "TABLE")]
    pub(crate) from: String,
    /// The name of the table to restore into
    #[arg(long, value_name = "NAME")]
    pub(crate) to: String,
    /// The time, such as 2026-11-22T09:00:00+09:00; as late as possible (about five minutes ago) if left out
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) places: Places,
}

/// What to compare.
#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// The table in use
    pub(crate) one: String,
    /// The restored one
    pub(crate) other: String,
    #[command(flatten)]
    pub(crate) places: Places,
}

/// What to carry.
#[derive(Debug, Args)]
pub(crate) struct Carry {
    /// The table that was in use when its backup was restored
    #[arg(long, value_name = "TABLE")]
    pub(crate) from: String,
    /// The restored one
    #[arg(long, value_name = "TABLE")]
    pub(crate) to: String,
    /// Whether the functions use the restored one yet
    #[arg(long)]
    pub(crate) switch: When,
    /// Leave this as it was restored: because it is what was broken. More than once for several
    #[arg(long, value_name = "PART")]
    pub(crate) without: Vec<Part>,
    #[command(flatten)]
    pub(crate) places: Places,
}

/// Whether the functions use the restored table yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// Not yet
    Ahead,
    /// For two minutes at least
    Done,
}

impl From<When> for Switch {
    fn from(when: When) -> Self {
        match when {
            When::Ahead => Self::Ahead,
            When::Done => Self::Done,
        }
    }
}

/// What can be left as it was restored. What was said and sent cannot: it would be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Residents with their settings, conversations, questions
    Residents,
    /// Damage reports
    Reports,
}

impl From<Part> for Group {
    fn from(part: Part) -> Self {
        match part {
            Part::Residents => Self::Residents,
            Part::Reports => Self::Reports,
        }
    }
}

/// Does what was asked for.
pub(crate) async fn run(command: Tables) -> Fallible<Outcome> {
    match command {
        Tables::Restore(arguments) => restore(arguments).await,
        Tables::Compare(arguments) => compare(arguments).await,
        Tables::Carry(arguments) => carry(arguments).await,
    }
}

async fn restore(arguments: Restore) -> Fallible<Outcome> {
    let Restore { from, to, at, places } = arguments;
    let table = Table::new(&clients(&places).await, to.clone());
    match table.stands().await? {
        Stands::Absent => {
            table.restore_from(&from, at).await?;
            words::restoring(&from, &to);
        }
        Stands::Coming => words::restoring(&from, &to),
        Stands::Ready => {
            // One that is there may be the one in use, or as it stood at another time.
            let (backup, noted) = (table.backup().await?, restoring::origin(&table, SystemClock.now()).await?);
            if !is_what_comes(backup.as_ref(), noted.as_deref(), &from, at) {
                words::is_there(&from, &to);
                return Ok(Outcome::Problems);
            }
        }
    }
    // Ends when AWS has restored it; whoever does not want to wait ends the command, and does it again later.
    while table.stands().await? != Stands::Ready {
        tokio::time::sleep(LOOKS_EVERY).await;
    }
    restoring::note_origin(&table, &from, SystemClock.now()).await?;
    when_ready(async || table.protect().await).await?;
    words::restored(&from, &to);
    Ok(Outcome::Well)
}

/// Protects a table as soon as AWS takes it: of a table that is new it refuses to switch the backups on for some minutes.
async fn when_ready(protect: impl AsyncFn() -> Result<(), Error>) -> Result<(), Error> {
    let deadline = Instant::now() + PROTECTED_WITHIN;
    let mut said = false;
    loop {
        match protect().await {
            Err(error) if error.kind != Kind::Permanent && Instant::now() < deadline => {
                if !said {
                    words::not_ready(&error, PROTECTED_WITHIN);
                    said = true;
                }
                tokio::time::sleep(LOOKS_EVERY).await;
            }
            done => return done,
        }
    }
}

/// Whether a table that is there is the one that would be restored: AWS says so, or, where it says nothing, a note in the table. (A table
/// that was restored from a restored one has the note of that one until it gets its own.)
fn is_what_comes(backup: Option<&Backup>, noted: Option<&str>, from: &str, at: Option<Timestamp>) -> bool {
    match backup {
        Some(Backup { table, second }) => table == from && at.is_none_or(|at| at.as_second().abs_diff(*second) <= 1),
        None => noted == Some(from),
    }
}

async fn compare(arguments: Compare) -> Fallible<Outcome> {
    let Compare { one, other, places } = arguments;
    let clients = clients(&places).await;
    let [first, second] = [&one, &other].map(|name| Table::new(&clients, name.clone()));
    let now = SystemClock.now();
    let surveys = (restoring::survey(&first, now).await?, restoring::survey(&second, now).await?);
    let same = words::compared((one.as_str(), &surveys.0), (other.as_str(), &surveys.1));
    let holds = audit_holds(second, None).await?;
    Ok(if same && holds { Outcome::Well } else { Outcome::Problems })
}

async fn carry(arguments: Carry) -> Fallible<Outcome> {
    let Carry { from, to, switch, without, places } = arguments;
    let clients = clients(&places).await;
    let (source, target) = (Table::new(&clients, from.clone()), Table::new(&clients, to.clone()));
    let now = SystemClock.now();
    // Lest the two are named the wrong way round.
    let origin = restoring::origin(&target, now).await?;
    if origin.as_deref() != Some(from.as_str()) {
        words::is_not_restored_from(&from, &to);
        return Ok(Outcome::Problems);
    }
    let used = (restoring::last_in_use(&source).await?, restoring::last_in_use(&target).await?);
    if let Some(refusal) = refusal(switch, used, now) {
        words::refused(refusal, &from, &to);
        return Ok(Outcome::Problems);
    }
    let without: Vec<Group> = without.into_iter().map(Group::from).collect();
    // Before anything is carried, lest there be something that nobody carried.
    TableAudit::new(target.clone()).append(&act(&from, switch, &without, now)).await?;
    let carried = restoring::carry(&source, &target, switch.into(), &without, now).await?;
    words::carried(&carried);
    let is_well = carried.left == 0 && carried.under_way == 0;
    match switch {
        When::Ahead => {
            let (ids, many) = restoring::residents_only_in(&target, &source, NAMED_MAX, now).await?;
            words::back_again(&ids, many);
            if is_well {
                words::next(&to);
            }
        }
        When::Done => {}
    }
    Ok(if is_well { Outcome::Well } else { Outcome::Problems })
}

/// Why nothing is carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The restored table is in use: what is written to it would be replaced by what was.
    InUse,
    /// The other one has not been in use for long: what was erased since would come back.
    Late,
}

/// Why nothing may be carried, from when the source and the target were last seen in use; `None` if it may. A switch is seen within five
/// minutes.
fn refusal(switch: When, (source, target): (Option<Timestamp>, Option<Timestamp>), now: Timestamp) -> Option<Refusal> {
    match switch {
        When::Ahead => (source < target).then_some(Refusal::InUse),
        When::Done => source.is_some_and(|source| source < now - CARRIED_WITHIN).then_some(Refusal::Late),
    }
}

/// What stands in the restored table's audit log: it lacks the entries that were written between the restored time and the switch, and this
/// one says why.
fn act(from: &str, switch: When, without: &[Group], now: Timestamp) -> Act {
    let when = match switch {
        When::Ahead => "ahead",
        When::Done => "done",
    };
    let how = format!("--switch {when}");
    Act {
        at: now,
        actor: Actor::CommandLine,
        action: Action::RestoreTable,
        subject: format!("table/{from}"),
        department: None,
        before: String::new(),
        after: without.iter().fold(how, |how, group| format!("{how} --without {}", name(*group))),
    }
}

fn name(group: Group) -> &'static str {
    match group {
        Group::Said => "said",
        Group::Residents => "residents",
        Group::Reports => "reports",
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use clap::Parser as _;

    use super::*;
    use crate::arguments::{Arguments, Command};

    fn line(arguments: &str) -> Option<Tables> {
        let line = ["town", "table"].into_iter().chain(arguments.split_whitespace());
        match Arguments::try_parse_from(line).ok()?.command {
            Command::Table(tables) => Some(tables),
            _ => panic!("not about tables"),
        }
    }

    #[test]
    fn a_time_is_written_with_its_zone() {
        let at = |time: &str| match line(&format!("restore --from a --to b{time}")) {
            Some(Tables::Restore(restore)) => Some(restore.at.map(|at| at.to_string())),
            _ => None,
        };
        assert_eq!(at(""), Some(None));
        assert_eq!(at(" --at 2026-11-22T09:00:00+09:00"), Some(Some("2026-11-22T00:00:00Z".to_owned())));
        assert_eq!(at(" --at 2026-11-22T09:00:00"), None, "nobody knows which hour that is");
    }

    #[test]
    fn a_restore_that_was_broken_off_is_gone_on_with_and_another_table_is_left_alone() {
        let at: Timestamp = "2026-11-22T00:00:00Z".parse().unwrap();
        let backup = |table: &str, second| Some(Backup { table: table.to_owned(), second: at.as_second() + second });
        for (backup, noted, wanted, expected) in [
            (backup("city", 0), None, Some(at), true),
            (backup("city", 0), None, None, true),
            (backup("city", 3600), None, Some(at), false),
            (backup("other", 0), Some("city"), Some(at), false),
            (None, Some("city"), Some(at), true),
            (None, Some("other"), None, false),
            (None, None, None, false),
        ] {
            assert_eq!(is_what_comes(backup.as_ref(), noted, "city", wanted), expected, "{backup:?} {noted:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_table_too_new_for_backups_is_waited_for_and_no_table_for_ever() {
        let after = async |failures: usize, kind: Kind| {
            let (tries, began) = (Cell::new(0_usize), Instant::now());
            let done = when_ready(async || {
                tries.set(tries.get() + 1);
                if tries.get() <= failures { Err(Error::new(kind, "protect", "not yet")) } else { Ok(()) }
            });
            (done.await.is_ok(), tries.get(), began.elapsed())
        };
        assert_eq!(after(3, Kind::Transient).await, (true, 4, 3 * LOOKS_EVERY));
        assert_eq!(after(1, Kind::Permanent).await, (false, 1, Duration::ZERO));
        let (is_protected, _, waited) = after(usize::MAX, Kind::Transient).await;
        assert_eq!((is_protected, waited), (false, PROTECTED_WITHIN));
    }

    #[test]
    fn the_audit_log_says_what_was_carried_from_where() {
        let act = act("city", When::Done, &[Group::Residents, Group::Reports], Timestamp::UNIX_EPOCH);
        assert_eq!((act.actor, act.action), (Actor::CommandLine, Action::RestoreTable));
        assert_eq!(
            (act.subject.as_str(), act.after.as_str()),
            ("table/city", "--switch done --without residents --without reports")
        );
    }

    #[test]
    fn nothing_is_carried_over_a_table_in_use_nor_from_one_that_is_long_out_of_use() {
        let at = |hour: i64| Some(Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hour));
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(100);
        for (switch, source, target, expected) in [
            (When::Ahead, at(100), at(90), None),
            (When::Ahead, at(90), at(90), None),
            (When::Ahead, None, None, None),
            (When::Ahead, at(99), at(100), Some(Refusal::InUse)),
            (When::Done, at(99), at(100), None),
            (When::Done, at(76), at(100), None),
            (When::Done, at(75), at(100), Some(Refusal::Late)),
            (When::Done, None, at(100), None),
        ] {
            assert_eq!(refusal(switch, (source, target), now), expected, "{switch:?} {source:?} {target:?}");
        }
    }

    #[test]
    fn what_was_sent_cannot_be_left_out_and_the_switch_has_to_be_said() {
        assert!(line("carry --from a --to b").is_none());
        assert!(line("carry --from a --to b --switch ahead --without said").is_none());
        let Some(Tables::Carry(carry)) = line("carry --from a --to b --switch done --without reports") else {
            panic!("not carry")
        };
        assert_eq!((carry.switch, carry.without), (When::Done, vec![Part::Reports]));
    }
}
