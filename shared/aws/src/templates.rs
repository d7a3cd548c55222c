//! Templates of broadcasts and audiences under a name, in the table.
//!
//! | what | `PK` | `SK` |
//! | --- | --- | --- |
//! | what lists show of a template | `TEMPLATES#<department>` | its id |
//! | version of a template | `TEMPLATE#<id>` | its number in 12 digits |
//! | audience under a name | `AUDIENCES#<department>` | its id |
//!
//! A saving is one transaction: the version on the condition that there is none of that number (the head's key holds the
//! department, so of an id that is another department's it knows nothing), the head on the condition that the version before it
//! still is the newest, the removal of the oldest version where there are too many, and the act in the audit log.

use app::error::Error;
use app::ports::Versioned;
use app::ports::staff::Written;
use app::ports::templates::{SavedAudiences, TemplateHead, Templates};
use async_trait::async_trait;
use domain::audit::Act;
use domain::broadcast::template::{SavedAudience, SavedName, Template, VERSIONS_KEPT};
use domain::broadcast::{Earnest, Lane};
use domain::ids::{DepartmentId, SavedAudienceId, TemplateId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::audit::write_with_act;
use crate::broadcasts::fits_in_item;
use crate::table::{Along, Condition, Entity, Item, Key, Step, Table, Test, Write, decode, encode, number};

const LISTING: &str = "list templates";
const READING: &str = "read a template";
const WRITING: &str = "write a template";
const REMOVING: &str = "remove a template";
const LISTING_AUDIENCES: &str = "list audiences";
const READING_AUDIENCE: &str = "read an audience";
const WRITING_AUDIENCE: &str = "write an audience";
const REMOVING_AUDIENCE: &str = "remove an audience";

/// [`Templates`] and [`SavedAudiences`] in the table.
pub struct TableTemplates {
    table: Table,
}

impl TableTemplates {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    async fn transact(&self, doing: &'static str, steps: Vec<Step<'_>>, act: &Act) -> Result<Written, Error> {
        write_with_act(&self.table, doing, steps, Some(act)).await
    }
}

#[async_trait]
impl Templates for TableTemplates {
    async fn of(
        &self,
        department: &DepartmentId,
        before: Option<&TemplateId>,
        limit: usize,
    ) -> Result<Vec<TemplateHead>, Error> {
        let along = before.map_or(Along::FromTheEnd, |before| Along::Before(before.as_str()));
        let items = self.table.some(LISTING, &templates_of(department), along, limit).await?;
        let items = decode_all::<HeadItem>(LISTING, items)?;
        Ok(items.into_iter().map(HeadItem::into_head).collect())
    }

    async fn find(&self, id: &TemplateId) -> Result<Option<Versioned<Template>>, Error> {
        Ok(self.versions(id, None, 1).await?.pop())
    }

    async fn version(&self, id: &TemplateId, version: u64) -> Result<Option<Versioned<Template>>, Error> {
        let item = self.table.get(READING, &version_key(id, version)).await?;
        Ok(decode::<VersionItem>(READING, item, Timestamp::MIN)?.map(VersionItem::into_versioned))
    }

    async fn versions(
        &self,
        id: &TemplateId,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Versioned<Template>>, Error> {
        let before = before.map(place);
        let along = before.as_deref().map_or(Along::FromTheEnd, Along::Before);
        let items = self.table.some(READING, &versions_of(id), along, limit).await?;
        let items = decode_all::<VersionItem>(READING, items)?;
        Ok(items.into_iter().map(VersionItem::into_versioned).collect())
    }

    async fn put(&self, template: &Template, read: Option<u64>, act: &Act) -> Result<Written, Error> {
        fits_in_item(WRITING, template)?;
        let version = read.unwrap_or_default() + 1;
        let newest = read.map_or(Condition::Absent(Timestamp::MIN), Condition::Version);
        let head = encode(WRITING, &head_key(template), &HeadItem::of(template, version))?;
        let item = VersionItem { version, template: template.clone() };
        let item = encode(WRITING, &version_key(&template.id, version), &item)?;
        let mut steps = vec![
            Step::Put(Write { item: head, condition: newest }),
            Step::Put(Write { item, condition: Condition::Absent(Timestamp::MIN) }),
        ];
        if let Some(oldest) = version.checked_sub(VERSIONS_KEPT).filter(|oldest| 0 < *oldest) {
            steps.push(Step::Remove(version_key(&template.id, oldest)));
        }
        self.transact(WRITING, steps, act).await
    }

    async fn remove(&self, template: &Template, read: u64, act: &Act) -> Result<Written, Error> {
        let newest =
            Test { condition: "#version = :version", names: &["version"], values: vec![("version", number(read))] };
        let mut steps = vec![Step::Delete(head_key(template), newest)];
        let oldest = read.saturating_sub(VERSIONS_KEPT - 1).max(1);
        steps.extend((oldest..=read).map(|version| Step::Remove(version_key(&template.id, version))));
        self.transact(REMOVING, steps, act).await
    }
}

#[async_trait]
impl SavedAudiences for TableTemplates {
    async fn of(
        &self,
        department: &DepartmentId,
        before: Option<&SavedAudienceId>,
        limit: usize,
    ) -> Result<Vec<SavedAudience>, Error> {
        let along = before.map_or(Along::FromTheEnd, |before| Along::Before(before.as_str()));
        let items = self.table.some(LISTING_AUDIENCES, &audiences_of(department), along, limit).await?;
        let items = decode_all::<AudienceItem>(LISTING_AUDIENCES, items)?;
        Ok(items.into_iter().map(|item| item.saved).collect())
    }

    async fn find(&self, department: &DepartmentId, id: &SavedAudienceId) -> Result<Option<SavedAudience>, Error> {
        let item = self.table.get(READING_AUDIENCE, &audience_key(department, id)).await?;
        Ok(decode::<AudienceItem>(READING_AUDIENCE, item, Timestamp::MIN)?.map(|item| item.saved))
    }

    async fn put(&self, saved: &SavedAudience, act: &Act) -> Result<Written, Error> {
        let key = audience_key(&saved.department, &saved.id);
        let item = encode(WRITING_AUDIENCE, &key, &AudienceItem { saved: saved.clone() })?;
        let step = Step::Put(Write { item, condition: Condition::Absent(Timestamp::MIN) });
        self.transact(WRITING_AUDIENCE, vec![step], act).await
    }

    async fn remove(&self, saved: &SavedAudience, act: &Act) -> Result<Written, Error> {
        let step = Step::Delete(audience_key(&saved.department, &saved.id), Test::exists());
        self.transact(REMOVING_AUDIENCE, vec![step], act).await
    }
}

/// Nothing here ends, so every item is one.
pub(crate) fn decode_all<E: Entity>(doing: &'static str, items: Vec<Item>) -> Result<Vec<E>, Error> {
    let items = items.into_iter().map(|item| decode::<E>(doing, Some(item), Timestamp::MIN));
    items.filter_map(Result::transpose).collect()
}

fn templates_of(department: &DepartmentId) -> String {
    format!("TEMPLATES#{department}")
}

fn head_key(template: &Template) -> Key {
    Key::new(templates_of(&template.department), template.id.as_str())
}

fn versions_of(id: &TemplateId) -> String {
    format!("TEMPLATE#{id}")
}

fn version_key(id: &TemplateId, version: u64) -> Key {
    Key::new(versions_of(id), place(version))
}

fn place(version: u64) -> String {
    format!("{version:012}")
}

fn audiences_of(department: &DepartmentId) -> String {
    format!("AUDIENCES#{department}")
}

fn audience_key(department: &DepartmentId, id: &SavedAudienceId) -> Key {
    Key::new(audiences_of(department), id.as_str())
}

#[derive(Serialize, Deserialize)]
struct HeadItem {
    version: u64,
    id: TemplateId,
    name: SavedName,
    lane: Lane,
    earnest: Earnest,
    saved_at: Timestamp,
}

impl Entity for HeadItem {
    const KIND: &'static str = "template";
    const V: u64 = 1;
}

impl HeadItem {
    fn of(template: &Template, version: u64) -> Self {
        let TemplateHead { id, name, lane, earnest, version, saved_at } = TemplateHead::of(template, version);
        Self { version, id, name, lane, earnest, saved_at }
    }

    fn into_head(self) -> TemplateHead {
        let Self { version, id, name, lane, earnest, saved_at } = self;
        TemplateHead { id, name, lane, earnest, version, saved_at }
    }
}

#[derive(Serialize, Deserialize)]
struct VersionItem {
    version: u64,
    template: Template,
}

impl Entity for VersionItem {
    const KIND: &'static str = "template-version";
    const V: u64 = 1;
}

impl VersionItem {
    fn into_versioned(self) -> Versioned<Template> {
        Versioned { value: self.template, version: self.version }
    }
}

#[derive(Serialize, Deserialize)]
struct AudienceItem {
    saved: SavedAudience,
}

impl Entity for AudienceItem {
    const KIND: &'static str = "saved-audience";
    const V: u64 = 1;
}
