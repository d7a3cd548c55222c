//! The sample town in the table of a small AWS, with rules and residents, and what its functions find in their environment.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use app::ports::Clock;
use app::ports::reminders::Reminders;
use app::ports::staff::Written;
use app::town::{Files, TownData, load, read};
use aws::Table;
use aws::clock::SystemClock;
use aws::reminders::TableReminders;
use aws::town_store::TableTownStore;
use domain::broadcast::Reach;
use domain::broadcast::audience::Audience;
use domain::broadcast::content::{Content, Message, Wording};
use domain::dates::parse_rules;
use domain::language::Language;
use domain::reminder::schedule::Schedule;
use domain::reminder::{Draft, GRACE_MINUTES, Kind, Rule};
use domain::sending::frozen::PackedId;
use domain::time::{date_in_japan, in_japan};
use jiff::{SignedDuration, Timestamp};

use crate::Failure;
use crate::aws::{Aws, clients_at};
use crate::function::StandIn;
use crate::residents::Residents;

/// The queues of what rules write.
pub(crate) const PARTS: &str = "routine-parts";
pub(crate) const RUNS: &str = "routine-runs";
const TABLE: &str = "kairan";

/// A rule that is on and due at this minute, and then each day at this time, for everybody.
pub(crate) fn daily(number: i64, due: Timestamp, followers: usize) -> Result<Rule, Failure> {
    let wording = Wording { messages: vec![Message::Text("{date}のお知らせ".to_owned())] };
    let dates = parse_rules("月 火 水 木 金 土 日")?.into();
    let schedule = Schedule { dates, time: in_japan(due).time(), from: date_in_japan(due) };
    let content = Content { wordings: [(Language::Japanese, wording)].into() };
    let draft = Draft {
        name: format!("その{number:04}").parse()?,
        department: "environment".parse()?,
        kind: Kind::Town { schedule, audience: Audience::All, content },
        until: None,
        grace_minutes: GRACE_MINUTES,
    };
    let mut rule = Rule::new(format!("0199cccc-0000-7000-8000-{number:012}").parse()?, draft, "a".parse()?);
    let (followers, before) = (u64::try_from(followers)?, due - SignedDuration::from_mins(1));
    rule.ask(&"a".parse()?, Reach { reached: followers, capped: 0, followers }, before)?;
    rule.approve(&"b".parse()?, before)?;
    if rule.due() == Some(due) { Ok(rule) } else { Err("the rule is due at another time".into()) }
}

/// An AWS of this program with the town, these residents and these rules.
pub(crate) async fn open(ids: Vec<PackedId>, rules: &[Rule]) -> Result<Arc<Aws>, Failure> {
    let aws = Aws::new(Residents::new(ids).await?);
    let stand_in = StandIn::start(aws.router()).await?;
    let table = Table::new(&clients_at(&stand_in.address), TABLE.to_owned());
    let store = TableTownStore::new(table.clone(), Arc::new(SystemClock));
    load(&store, &town()?, SystemClock.now()).await?;
    put(&TableReminders::new(table), rules).await?;
    Ok(aws)
}

/// Puts rules where there are none of their ids.
pub(crate) async fn put(kept: &TableReminders, rules: &[Rule]) -> Result<(), Failure> {
    for rule in rules {
        let Written::Done = kept.put(rule, None, None).await? else { return Err("the rule is there already".into()) };
    }
    Ok(())
}

/// What `reminder` and `planner` are told.
pub(crate) fn environment() -> Vec<(&'static str, String)> {
    let url = |queue: &str| format!("http://127.0.0.1/{queue}");
    vec![
        ("TABLE_NAME", TABLE.to_owned()),
        ("MEDIA_BUCKET", "media".to_owned()),
        ("PICTURES_BASE", "http://127.0.0.1/pictures".to_owned()),
        ("EMERGENCY_PARTS_URL", url("emergency-parts")),
        ("ROUTINE_PARTS_URL", url(PARTS)),
        ("EMERGENCY_RUNS_URL", url("emergency-runs")),
        ("ROUTINE_RUNS_URL", url(RUNS)),
        ("SENDING_DEAD_LETTERS_URL", url("dead-letters")),
    ]
}

fn town() -> Result<TownData, Failure> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/sample-town");
    let mut files = Files::default();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if let Some(name) = path.file_name().and_then(|name| name.to_str())
            && path.is_file()
        {
            files.0.insert(name.to_owned(), fs::read(&path)?);
        }
    }
    let mut data = read(&files).data;
    data.menu.clear();
    // Measured at any hour.
    data.profile.as_mut().ok_or("the sample town says nothing of itself")?.profile.sending.quiet_hours = None;
    Ok(data)
}
