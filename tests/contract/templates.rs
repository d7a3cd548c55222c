//! Templates and audiences under a name: the fake and the table keep the same promises.

use std::sync::Arc;

use app::ports::staff::{AuditLog, Written};
use app::ports::templates::{SavedAudiences, TemplateHead, Templates};
use aws::Table;
use aws::audit::TableAudit;
use aws::clock::SystemClock;
use aws::templates::TableTemplates;
use domain::audit::Action;
use domain::broadcast::audience::Audience;
use domain::broadcast::content::{Content, Message, Wording};
use domain::broadcast::template::{SavedAudience, Template, TemplateDraft, VERSIONS_KEPT};
use domain::broadcast::{Earnest, Lane};
use domain::ids::{DepartmentId, StaffId};
use domain::language::Language;
use tests::staff::TestStaff;
use tests::templates::TestTemplates;

use crate::place::Place;
use crate::staff::{act, now};

/// All that departments keep, and where it is recorded.
struct Shelf {
    templates: Arc<dyn Templates>,
    audiences: Arc<dyn SavedAudiences>,
    log: Arc<dyn AuditLog>,
}

impl Shelf {
    fn in_memory() -> Self {
        let log = Arc::new(TestStaff::new(Arc::new(SystemClock)));
        let kept = Arc::new(TestTemplates::new(log.clone()));
        Self { templates: kept.clone(), audiences: kept, log }
    }

    fn in_table(table: &Table) -> Self {
        let kept = Arc::new(TableTemplates::new(table.clone()));
        Self { templates: kept.clone(), audiences: kept, log: Arc::new(TableAudit::new(table.clone())) }
    }

    async fn put(&self, template: &Template, read: Option<u64>) -> Written {
        self.templates.put(template, read, &act(Action::SaveTemplate, &somebody())).await.unwrap()
    }

    async fn entries(&self) -> u64 {
        self.log.days(None, 1_000).await.unwrap().iter().map(|end| end.entries).sum()
    }
}

fn somebody() -> StaffId {
    "taro".parse().unwrap()
}

fn roads() -> DepartmentId {
    "roads".parse().unwrap()
}

fn template(id: &str) -> Template {
    let wording = Wording { messages: vec![Message::Text("断水します".to_owned())] };
    let content = Content { wordings: [(Language::Japanese, wording)].into() };
    let draft = TemplateDraft { name: "断水".parse().unwrap(), lane: Lane::Routine, content };
    Template::new(id.parse().unwrap(), roads(), Earnest::Drill, draft, somebody(), now())
}

async fn a_version_is_written_over_the_newest_alone(shelf: &Shelf) {
    let one = template("one");
    let entries = shelf.entries().await;
    assert_eq!(shelf.put(&one, Some(1)).await, Written::Raced, "there is none");
    assert_eq!(shelf.put(&one, None).await, Written::Done);
    for stale in [None, Some(2)] {
        assert_eq!(shelf.put(&one, stale).await, Written::Raced, "{stale:?}");
    }
    let next =
        one.saved(TemplateDraft { name: "停電".parse().unwrap(), ..one.draft() }, "jiro".parse().unwrap(), now());
    assert_eq!(shelf.put(&next, Some(1)).await, Written::Done);
    assert_eq!(shelf.entries().await, entries + 2, "what was not written is not recorded");
    let newest = shelf.templates.find(&one.id).await.unwrap().unwrap();
    assert_eq!((newest.version, &newest.value), (2, &next));
    assert_eq!(shelf.templates.version(&one.id, 1).await.unwrap().unwrap().value, one);
    assert_eq!(shelf.templates.of(&roads(), None, 10).await.unwrap(), [TemplateHead::of(&next, 2)]);
}

async fn the_id_of_another_departments_template_is_taken(shelf: &Shelf) {
    let theirs = template("theirs");
    assert_eq!(shelf.put(&theirs, None).await, Written::Done);
    let entries = shelf.entries().await;
    let forged = Template { department: "other".parse().unwrap(), earnest: Earnest::Real, ..template("theirs") };
    assert_eq!(shelf.put(&forged, None).await, Written::Raced);
    let found = shelf.templates.find(&theirs.id).await.unwrap().unwrap();
    assert_eq!((found.version, found.value), (1, theirs));
    assert_eq!(shelf.templates.of(&forged.department, None, 10).await.unwrap(), []);
    assert_eq!(shelf.entries().await, entries);
}

async fn the_newest_versions_are_kept_until_all_are_removed(shelf: &Shelf) {
    let many = template("many");
    for version in 0..=VERSIONS_KEPT {
        assert_eq!(shelf.put(&many, (0 < version).then_some(version)).await, Written::Done, "{version}");
    }
    let kept = shelf.templates.versions(&many.id, None, 100).await.unwrap();
    let expected: Vec<u64> = (2..=VERSIONS_KEPT + 1).rev().collect();
    assert_eq!(kept.iter().map(|kept| kept.version).collect::<Vec<_>>(), expected);
    let remove = act(Action::RemoveTemplate, &somebody());
    let stale = shelf.templates.remove(&many, VERSIONS_KEPT, &remove).await.unwrap();
    assert_eq!(stale, Written::Raced);
    let newest = shelf.templates.remove(&many, VERSIONS_KEPT + 1, &remove).await.unwrap();
    assert_eq!(newest, Written::Done);
    assert_eq!(shelf.templates.versions(&many.id, None, 100).await.unwrap(), []);
}

async fn of_two_who_save_at_once_one_is_first(shelf: &Shelf) {
    let one = template("race");
    assert_eq!(shelf.put(&one, None).await, Written::Done);
    let (first, second) = tokio::join!(shelf.put(&one, Some(1)), shelf.put(&one, Some(1)));
    assert_eq!([first, second].iter().filter(|written| **written == Written::Done).count(), 1);
    assert_eq!(shelf.templates.find(&one.id).await.unwrap().map(|newest| newest.version), Some(2));
}

async fn an_audience_is_kept_and_removed_once(shelf: &Shelf) {
    let child = Audience::Not(Box::new(Audience::ChildAge { from_months: 0, to_months: 11 }));
    let audience = Audience::And(vec![Audience::Areas(["east".parse().unwrap()].into()), child]);
    let saved = |id: &str| SavedAudience {
        id: id.parse().unwrap(),
        name: "東の人".parse().unwrap(),
        department: roads(),
        audience: audience.clone(),
    };
    let keep = act(Action::SaveAudience, &somebody());
    for id in ["a", "b", "c"] {
        assert_eq!(shelf.audiences.put(&saved(id), &keep).await.unwrap(), Written::Done);
        assert_eq!(shelf.audiences.put(&saved(id), &keep).await.unwrap(), Written::Raced);
    }
    assert_eq!(shelf.audiences.of(&roads(), None, 2).await.unwrap(), [saved("c"), saved("b")]);
    assert_eq!(shelf.audiences.of(&roads(), Some(&saved("b").id), 2).await.unwrap(), [saved("a")]);
    assert_eq!(shelf.audiences.of(&"other".parse().unwrap(), None, 2).await.unwrap(), []);
    let remove = act(Action::RemoveAudience, &somebody());
    for expected in [Written::Done, Written::Raced] {
        assert_eq!(shelf.audiences.remove(&saved("b"), &remove).await.unwrap(), expected);
    }
    assert_eq!(shelf.audiences.find(&roads(), &saved("b").id).await.unwrap(), None);
    assert_eq!(shelf.audiences.find(&roads(), &saved("a").id).await.unwrap(), Some(saved("a")));
}

async fn keeps_its_promises(shelf: &Shelf) {
    a_version_is_written_over_the_newest_alone(shelf).await;
    the_id_of_another_departments_template_is_taken(shelf).await;
    the_newest_versions_are_kept_until_all_are_removed(shelf).await;
    of_two_who_save_at_once_one_is_first(shelf).await;
    an_audience_is_kept_and_removed_once(shelf).await;
    crate::audit::whole(shelf.log.as_ref()).await;
}

#[tokio::test]
async fn the_fake_keeps_its_promises() {
    keeps_its_promises(&Shelf::in_memory()).await;
}

#[tokio::test]
async fn the_table_keeps_its_promises() {
    keeps_its_promises(&Shelf::in_table(&Place::running().scratch_table("templates").await)).await;
}
