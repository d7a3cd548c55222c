//! What staff do with templates and with audiences under a name: save, look, take again, begin a broadcast, remove.
//!
//! Templates are changed as broadcasts are: to the version that the person saw, or not at all. Who may do it for the department is
//! the caller's question.

use std::sync::Arc;

use domain::audit::{Act, Action, Actor};
use domain::broadcast::template::{SavedAudience, SavedName, Template, TemplateDraft};
use domain::broadcast::{Broadcast, Earnest, Origin};
use domain::ids::{BroadcastId, DepartmentId, SavedAudienceId, StaffId, TemplateId};

use super::desk::{self, BroadcastDesk};
use crate::audit::changed;
use crate::error::Error;
use crate::ports::staff::Written;
use crate::ports::templates::{SavedAudiences, TemplateHead, Templates};
use crate::ports::{Clock, Versioned};

/// The field by which they are called.
const NAME: &str = "name";

/// The use case; it holds the ports.
#[derive(Clone)]
pub struct TemplateDesk {
    /// The templates.
    pub templates: Arc<dyn Templates>,
    /// The audiences.
    pub audiences: Arc<dyn SavedAudiences>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What became of a change of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Done; its newest version, or the one that was removed.
    Done(Box<Versioned<Template>>),
    /// There is no such template (any more), or a new one's id is another department's already. Nothing was written.
    Nowhere,
    /// Somebody else saved it since it was read: this is what it is now. Nothing was written.
    Changed(Box<Versioned<Template>>),
}

impl TemplateDesk {
    /// Those of a department, the latest begun first.
    pub async fn list(
        &self,
        department: &DepartmentId,
        before: Option<&TemplateId>,
        limit: usize,
    ) -> Result<Vec<TemplateHead>, Error> {
        self.templates.of(department, before, limit).await
    }

    /// The newest version of a template.
    pub async fn find(&self, id: &TemplateId) -> Result<Option<Versioned<Template>>, Error> {
        self.templates.find(id).await
    }

    /// Versions of a template, the newest first, before one.
    pub async fn versions(
        &self,
        id: &TemplateId,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Versioned<Template>>, Error> {
        self.templates.versions(id, before, limit).await
    }

    /// A version of a template, if it is still kept.
    pub async fn version(&self, id: &TemplateId, version: u64) -> Result<Option<Versioned<Template>>, Error> {
        self.templates.version(id, version).await
    }

    /// Keeps the first version of a template.
    pub async fn create(
        &self,
        id: TemplateId,
        department: DepartmentId,
        earnest: Earnest,
        draft: TemplateDraft,
        by: &StaffId,
    ) -> Result<Outcome, Error> {
        self.begin(Template::new(id, department, earnest, draft, by.clone(), self.clock.now())).await
    }

    /// Keeps what a broadcast says as the first version of a template. One of a drill is one of drills.
    pub async fn create_of(
        &self,
        of: &Broadcast,
        id: TemplateId,
        name: SavedName,
        by: &StaffId,
    ) -> Result<Outcome, Error> {
        self.begin(Template::of(of, id, name, by.clone(), self.clock.now())).await
    }

    /// Saves the next version of a template. What says nothing else than the newest one is no version.
    pub async fn save(&self, id: &TemplateId, seen: u64, draft: TemplateDraft, by: &StaffId) -> Result<Outcome, Error> {
        let Some(there) = self.templates.find(id).await? else { return Ok(Outcome::Nowhere) };
        if there.value.draft() == draft {
            return Ok(Outcome::Done(Box::new(there)));
        }
        if there.version != seen {
            return Ok(Outcome::Changed(Box::new(there)));
        }
        let next = there.value.saved(draft, by.clone(), self.clock.now());
        let states = changed(Some(&there.value), Some(&next), NAME);
        let act = self.act(by, Action::SaveTemplate, subject(&next), &next.department, states);
        match self.templates.put(&next, Some(there.version), &act).await? {
            Written::Done => Ok(Outcome::Done(Box::new(Versioned { value: next, version: there.version + 1 }))),
            Written::Raced => self.now(id).await,
        }
    }

    /// Saves what an older version says as the next one.
    pub async fn take_again(&self, id: &TemplateId, seen: u64, version: u64, by: &StaffId) -> Result<Outcome, Error> {
        match self.templates.version(id, version).await? {
            Some(older) => self.save(id, seen, older.value.draft(), by).await,
            None => Ok(Outcome::Nowhere),
        }
    }

    /// Removes a template with all its versions. Broadcasts that began with it stay.
    pub async fn remove(&self, id: &TemplateId, seen: u64, by: &StaffId) -> Result<Outcome, Error> {
        let Some(there) = self.templates.find(id).await? else { return Ok(Outcome::Nowhere) };
        if there.version != seen {
            return Ok(Outcome::Changed(Box::new(there)));
        }
        let (of, states) = (&there.value, changed(Some(&there.value), None, NAME));
        let act = self.act(by, Action::RemoveTemplate, subject(of), &of.department, states);
        match self.templates.remove(&there.value, seen, &act).await? {
            Written::Done => Ok(Outcome::Done(Box::new(there))),
            Written::Raced => self.now(id).await,
        }
    }

    /// Begins a broadcast with a template. With one of drills it is a drill.
    pub async fn write_with(
        &self,
        template: &Template,
        id: BroadcastId,
        by: &StaffId,
        broadcasts: &BroadcastDesk,
    ) -> Result<desk::Outcome, Error> {
        let origin = Origin::FromTemplate(template.id.clone());
        broadcasts.create(id, template.beginning(), template.earnest, origin, by).await
    }

    /// The audiences of a department, the latest first.
    pub async fn list_audiences(
        &self,
        department: &DepartmentId,
        before: Option<&SavedAudienceId>,
        limit: usize,
    ) -> Result<Vec<SavedAudience>, Error> {
        self.audiences.of(department, before, limit).await
    }

    /// An audience of a department.
    pub async fn audience(
        &self,
        department: &DepartmentId,
        id: &SavedAudienceId,
    ) -> Result<Option<SavedAudience>, Error> {
        self.audiences.find(department, id).await
    }

    /// Keeps an audience. The same again, as by a double click, is the one that is there; raced, another one has its id.
    pub async fn keep_audience(&self, saved: &SavedAudience, by: &StaffId) -> Result<Written, Error> {
        let states = changed(None, Some(saved), NAME);
        let act = self.act(by, Action::SaveAudience, subject_of_audience(saved), &saved.department, states);
        match self.audiences.put(saved, &act).await? {
            Written::Raced if self.audience(&saved.department, &saved.id).await?.as_ref() == Some(saved) => {
                Ok(Written::Done)
            }
            written => Ok(written),
        }
    }

    /// Removes an audience; it may be gone already. Broadcasts to it stay as they are.
    pub async fn remove_audience(&self, saved: &SavedAudience, by: &StaffId) -> Result<(), Error> {
        let states = changed(Some(saved), None, NAME);
        let act = self.act(by, Action::RemoveAudience, subject_of_audience(saved), &saved.department, states);
        self.audiences.remove(saved, &act).await.map(drop)
    }

    async fn begin(&self, template: Template) -> Result<Outcome, Error> {
        let states = changed(None, Some(&template), NAME);
        let (by, department) = (&template.author, &template.department);
        let act = self.act(by, Action::SaveTemplate, subject(&template), department, states);
        match self.templates.put(&template, None, &act).await? {
            Written::Done => Ok(Outcome::Done(Box::new(Versioned { value: template, version: 1 }))),
            Written::Raced => match self.now(&template.id).await? {
                Outcome::Changed(there) if there.value.department != template.department => Ok(Outcome::Nowhere),
                // The same again, as by a double click, is the same template.
                Outcome::Changed(there) if is_same(&there.value, &template) => Ok(Outcome::Done(there)),
                other => Ok(other),
            },
        }
    }

    /// Somebody else was faster.
    async fn now(&self, id: &TemplateId) -> Result<Outcome, Error> {
        let there = self.templates.find(id).await?;
        Ok(there.map_or(Outcome::Nowhere, |there| Outcome::Changed(Box::new(there))))
    }

    fn act(
        &self,
        by: &StaffId,
        action: Action,
        subject: String,
        department: &DepartmentId,
        [before, after]: [String; 2],
    ) -> Act {
        let (at, actor, department) = (self.clock.now(), Actor::Staff(by.clone()), Some(department.clone()));
        Act { at, actor, action, subject, department, before, after }
    }
}

/// Whether two say the same and make the same of it.
fn is_same(one: &Template, other: &Template) -> bool {
    one.draft() == other.draft() && one.earnest == other.earnest
}

fn subject(of: &Template) -> String {
    format!("template/{}", of.id)
}

fn subject_of_audience(of: &SavedAudience) -> String {
    format!("audience/{}", of.id)
}
