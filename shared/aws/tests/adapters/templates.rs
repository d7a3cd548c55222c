//! Templates and audiences under a name in the table: every saving is a version, and all of it is in the audit log.

use std::sync::Arc;

use app::error::Kind;
use app::ports::staff::Written;
use app::ports::templates::{SavedAudiences, TemplateHead, Templates};
use aws::Table;
use aws::broadcasts::BROADCAST_BYTES_MAX;
use aws::templates::TableTemplates;
use domain::audit::{Act, Action, Actor};
use domain::broadcast::audience::Audience;
use domain::broadcast::content::{Button, Content, Does, Message, Wording};
use domain::broadcast::template::{SavedAudience, Template, TemplateDraft, VERSIONS_KEPT};
use domain::broadcast::{Earnest, Lane};
use domain::ids::{DepartmentId, SavedAudienceId, TemplateId};
use domain::language::Language;
use jiff::{SignedDuration, Timestamp};

use crate::memory::{Memory, Served};
use crate::stub::{Stub, cancelled};

struct World {
    stub: Stub,
    memory: Arc<Memory>,
}

impl World {
    async fn new() -> Self {
        let memory = Arc::new(Memory::default());
        Self { stub: Stub::served_by(Served(Arc::clone(&memory))).await, memory }
    }

    fn kept(&self) -> TableTemplates {
        TableTemplates::new(Table::new(&self.stub.clients(), "city".to_owned()))
    }

    fn templates(&self) -> Arc<dyn Templates> {
        Arc::new(self.kept())
    }

    fn audiences(&self) -> Arc<dyn SavedAudiences> {
        Arc::new(self.kept())
    }

    fn entries(&self) -> usize {
        self.memory.partition("AUDIT#2026-11-22").len()
    }
}

fn noon() -> Timestamp {
    "2026-11-22T03:00:00Z".parse().unwrap()
}

fn roads() -> DepartmentId {
    "roads".parse().unwrap()
}

fn template_id(number: u8) -> TemplateId {
    format!("0199aaaa-0000-7000-8000-{number:012}").parse().unwrap()
}

fn audience_id(number: u8) -> SavedAudienceId {
    format!("0199bbbb-0000-7000-8000-{number:012}").parse().unwrap()
}

/// Something of every kind that a table has to keep.
fn template(number: u8) -> Template {
    let button = Button { label: "地図".to_owned(), does: Does::Open("https://www.example.jp/".to_owned()) };
    let messages = vec![
        Message::Text("断水します".to_owned()),
        Message::Buttons { title: String::new(), text: "くわしく".to_owned(), buttons: vec![button] },
        Message::Flex { alt: "地図".to_owned(), contents: "{".to_owned() },
    ];
    let content = Content { wordings: [(Language::Japanese, Wording { messages })].into() };
    let draft = TemplateDraft { name: "断水".parse().unwrap(), lane: Lane::Emergency, content };
    Template::new(template_id(number), roads(), Earnest::Drill, draft, "taro".parse().unwrap(), noon())
}

fn audience(number: u8) -> SavedAudience {
    let homes = Audience::Districts(["honcho".parse().unwrap()].into());
    let children = Audience::Not(Box::new(Audience::ChildAge { from_months: 24, to_months: 47 }));
    SavedAudience {
        id: audience_id(number),
        name: "本町の人".parse().unwrap(),
        department: roads(),
        audience: Audience::And(vec![homes, children]),
    }
}

fn act() -> Act {
    Act {
        at: noon(),
        actor: Actor::Staff("taro".parse().unwrap()),
        action: Action::SaveTemplate,
        subject: "template/…".to_owned(),
        department: Some(roads()),
        before: String::new(),
        after: "あと".to_owned(),
    }
}

#[tokio::test]
async fn every_saving_is_a_version_that_comes_back() {
    let world = World::new().await;
    let (templates, first) = (world.templates(), template(1));
    assert_eq!(templates.find(&first.id).await.unwrap(), None);
    assert_eq!(templates.put(&first, None, &act()).await.unwrap(), Written::Done);
    let later = noon() + SignedDuration::from_mins(1);
    let draft = TemplateDraft { name: "断水（夜間）".parse().unwrap(), ..first.draft() };
    let second = first.saved(draft, "hanako".parse().unwrap(), later);
    assert_eq!(templates.put(&second, Some(1), &act()).await.unwrap(), Written::Done);
    let found = templates.find(&first.id).await.unwrap().unwrap();
    assert_eq!((found.version, &found.value), (2, &second));
    for (version, expected) in [(1, Some(&first)), (2, Some(&second)), (3, None)] {
        let kept = templates.version(&first.id, version).await.unwrap();
        assert_eq!(kept.as_ref().map(|kept| (kept.version, &kept.value)), expected.map(|it| (version, it)));
    }
    let head = TemplateHead::of(&second, 2);
    assert_eq!(templates.of(&roads(), None, 10).await.unwrap(), [head], "and the list says what is newest");
    assert_eq!(world.entries(), 2);
    let asked = world.stub.asked().await;
    let mut reads = asked.iter().filter(|asked| ["GetItem", "Query"].contains(&asked.operation.as_str()));
    assert!(reads.all(|read| read.body["ConsistentRead"] == true));
}

#[tokio::test]
async fn who_saves_over_another_version_than_the_newest_writes_nothing() {
    let world = World::new().await;
    let (templates, one) = (world.templates(), template(1));
    for too_soon in [Some(0), Some(1)] {
        assert_eq!(templates.put(&one, too_soon, &act()).await.unwrap(), Written::Raced, "there is none yet");
    }
    assert_eq!(templates.put(&one, None, &act()).await.unwrap(), Written::Done);
    for wrong in [None, Some(2)] {
        assert_eq!(templates.put(&one, wrong, &act()).await.unwrap(), Written::Raced, "{wrong:?}");
        let removed = templates.remove(&one, wrong.unwrap_or_default(), &act()).await.unwrap();
        assert_eq!(removed, Written::Raced, "{wrong:?}");
    }
    assert_eq!(templates.versions(&one.id, None, 10).await.unwrap().len(), 1);
    assert_eq!(world.entries(), 1);
}

#[tokio::test]
async fn the_id_of_another_departments_template_is_taken() {
    let world = World::new().await;
    let (templates, theirs) = (world.templates(), template(1));
    assert_eq!(templates.put(&theirs, None, &act()).await.unwrap(), Written::Done);
    let forged = Template { department: "other".parse().unwrap(), earnest: Earnest::Real, ..template(1) };
    assert_eq!(templates.put(&forged, None, &act()).await.unwrap(), Written::Raced);
    assert_eq!(templates.find(&theirs.id).await.unwrap().map(|found| found.value), Some(theirs));
    assert_eq!(templates.of(&forged.department, None, 10).await.unwrap(), []);
    assert_eq!(world.entries(), 1);
}

#[tokio::test]
async fn the_newest_versions_are_kept_and_all_go_with_the_template() {
    let world = World::new().await;
    let (templates, one) = (world.templates(), template(1));
    let last = VERSIONS_KEPT + 2;
    for version in 1..=last {
        let read = Some(version - 1).filter(|read| 0 < *read);
        assert_eq!(templates.put(&one, read, &act()).await.unwrap(), Written::Done, "{version}");
    }
    let kept = templates.versions(&one.id, None, 100).await.unwrap();
    let numbers: Vec<u64> = kept.iter().map(|kept| kept.version).collect();
    assert_eq!(numbers, (3..=last).rev().collect::<Vec<_>>());
    let some = templates.versions(&one.id, Some(last - 3), 2).await.unwrap();
    assert_eq!(some.iter().map(|kept| kept.version).collect::<Vec<_>>(), [last - 4, last - 5]);
    assert_eq!(templates.put(&template(2), None, &act()).await.unwrap(), Written::Done);
    assert_eq!(templates.remove(&one, last, &act()).await.unwrap(), Written::Done);
    assert_eq!(world.memory.partition(&format!("TEMPLATE#{}", one.id)).len(), 0);
    assert_eq!(templates.find(&one.id).await.unwrap(), None);
    assert_eq!(templates.of(&roads(), None, 10).await.unwrap().len(), 1, "another one stays");
    assert_eq!(templates.remove(&one, last, &act()).await.unwrap(), Written::Raced, "once");
}

#[tokio::test]
async fn each_department_has_its_own_and_long_lists_go_on() {
    let world = World::new().await;
    let (templates, audiences) = (world.templates(), world.audiences());
    for number in 1..=3 {
        templates.put(&template(number), None, &act()).await.unwrap();
        audiences.put(&audience(number), &act()).await.unwrap();
    }
    let other = Template { department: "other".parse().unwrap(), ..template(9) };
    templates.put(&other, None, &act()).await.unwrap();
    let ids = |heads: Vec<TemplateHead>| heads.into_iter().map(|head| head.id).collect::<Vec<_>>();
    assert_eq!(ids(templates.of(&roads(), None, 2).await.unwrap()), [template_id(3), template_id(2)]);
    let rest = templates.of(&roads(), Some(&template_id(2)), 2).await.unwrap();
    assert_eq!(ids(rest), [template_id(1)]);
    assert_eq!(ids(templates.of(&other.department, None, 10).await.unwrap()), [template_id(9)]);
    let first = audiences.of(&roads(), None, 2).await.unwrap();
    assert_eq!(first, [audience(3), audience(2)]);
    assert_eq!(audiences.of(&roads(), Some(&audience_id(2)), 2).await.unwrap(), [audience(1)]);
    assert_eq!(audiences.of(&other.department, None, 10).await.unwrap(), []);
}

#[tokio::test]
async fn an_audience_comes_back_exactly_and_is_kept_and_removed_once() {
    let world = World::new().await;
    let (audiences, one) = (world.audiences(), audience(1));
    let again = SavedAudience { audience: Audience::All, ..one.clone() };
    assert_eq!(audiences.put(&one, &act()).await.unwrap(), Written::Done);
    assert_eq!(audiences.put(&again, &act()).await.unwrap(), Written::Raced);
    assert_eq!(audiences.find(&roads(), &one.id).await.unwrap(), Some(one.clone()));
    assert_eq!(audiences.find(&"other".parse().unwrap(), &one.id).await.unwrap(), None, "it is the roads'");
    assert_eq!(world.entries(), 1);
    assert_eq!(audiences.remove(&one, &act()).await.unwrap(), Written::Done);
    assert_eq!(audiences.remove(&one, &act()).await.unwrap(), Written::Raced);
    assert_eq!(audiences.find(&roads(), &one.id).await.unwrap(), None);
    assert_eq!(world.entries(), 2);
}

#[tokio::test]
async fn what_does_not_fit_into_an_item_is_said_so() {
    let world = World::new().await;
    let mut one = template(1);
    let text = "x".repeat(BROADCAST_BYTES_MAX);
    one.content.wordings.entry(Language::Japanese).or_default().messages.push(Message::Text(text));
    let error = world.templates().put(&one, None, &act()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Permanent);
    assert_eq!((world.entries(), world.memory.partition(&format!("TEMPLATE#{}", one.id)).len()), (0, 0));
}

#[tokio::test]
async fn a_cancelled_transaction_is_a_lost_race_or_a_fault() {
    for (reasons, expected) in [
        (["ConditionalCheckFailed", "None", "None"], Ok(Written::Raced)),
        (["None", "ThrottlingError", "None"], Err(Kind::Throttled)),
        (["None", "None", "ValidationError"], Err(Kind::Permanent)),
    ] {
        // Where the audit log ends is read first.
        let stub = Stub::answering([crate::stub::ok(serde_json::json!({ "Items": [] })), cancelled(&reasons)]).await;
        let templates: Arc<dyn Templates> =
            Arc::new(TableTemplates::new(Table::new(&stub.clients(), "city".to_owned())));
        let became = templates.put(&template(1), None, &act()).await;
        assert_eq!(became.map_err(|error| error.kind), expected, "{reasons:?}");
    }
}
