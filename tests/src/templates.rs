//! Templates and audiences under a name, in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use app::error::Error;
use app::ports::Versioned;
use app::ports::staff::{AuditLog, Written};
use app::ports::templates::{SavedAudiences, TemplateHead, Templates};
use async_trait::async_trait;
use domain::audit::Act;
use domain::broadcast::template::{SavedAudience, Template, VERSIONS_KEPT};
use domain::ids::{DepartmentId, SavedAudienceId, TemplateId};

use crate::city::lock;

/// What departments keep.
pub struct TestTemplates {
    audit: Arc<dyn AuditLog>,
    versions: Mutex<BTreeMap<TemplateId, BTreeMap<u64, Template>>>,
    audiences: Mutex<BTreeMap<(DepartmentId, SavedAudienceId), SavedAudience>>,
}

impl TestTemplates {
    /// Nothing yet; acts go into this log.
    #[must_use]
    pub fn new(audit: Arc<dyn AuditLog>) -> Self {
        Self { audit, versions: Mutex::default(), audiences: Mutex::default() }
    }

    fn newest(&self, id: &TemplateId) -> Option<u64> {
        lock(&self.versions).get(id)?.last_key_value().map(|(version, _)| *version)
    }
}

#[async_trait]
impl Templates for TestTemplates {
    async fn of(
        &self,
        department: &DepartmentId,
        before: Option<&TemplateId>,
        limit: usize,
    ) -> Result<Vec<TemplateHead>, Error> {
        let versions = lock(&self.versions);
        let newest = versions.values().rev().filter_map(BTreeMap::last_key_value);
        let here = newest.filter(|(_, it)| it.department == *department && before.is_none_or(|id| it.id < *id));
        Ok(here.take(limit).map(|(version, template)| TemplateHead::of(template, *version)).collect())
    }

    async fn find(&self, id: &TemplateId) -> Result<Option<Versioned<Template>>, Error> {
        Ok(self.versions(id, None, 1).await?.pop())
    }

    async fn version(&self, id: &TemplateId, version: u64) -> Result<Option<Versioned<Template>>, Error> {
        let kept = lock(&self.versions).get(id).and_then(|versions| versions.get(&version)).cloned();
        Ok(kept.map(|value| Versioned { value, version }))
    }

    async fn versions(
        &self,
        id: &TemplateId,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Versioned<Template>>, Error> {
        let versions = lock(&self.versions);
        let all = versions.get(id).into_iter().flatten().rev();
        let some = all.filter(|(version, _)| before.is_none_or(|before| **version < before)).take(limit);
        Ok(some.map(|(version, value)| Versioned { value: value.clone(), version: *version }).collect())
    }

    async fn put(&self, template: &Template, read: Option<u64>, act: &Act) -> Result<Written, Error> {
        if self.newest(&template.id) != read {
            return Ok(Written::Raced);
        }
        let next = read.unwrap_or_default() + 1;
        {
            let mut versions = lock(&self.versions);
            let kept = versions.entry(template.id.clone()).or_default();
            kept.insert(next, template.clone());
            kept.retain(|version, _| next < *version + VERSIONS_KEPT);
        }
        self.audit.append(act).await.map(|_| Written::Done)
    }

    async fn remove(&self, template: &Template, read: u64, act: &Act) -> Result<Written, Error> {
        if self.newest(&template.id) != Some(read) {
            return Ok(Written::Raced);
        }
        lock(&self.versions).remove(&template.id);
        self.audit.append(act).await.map(|_| Written::Done)
    }
}

#[async_trait]
impl SavedAudiences for TestTemplates {
    async fn of(
        &self,
        department: &DepartmentId,
        before: Option<&SavedAudienceId>,
        limit: usize,
    ) -> Result<Vec<SavedAudience>, Error> {
        let audiences = lock(&self.audiences);
        let here = audiences.values().rev().filter(|it| it.department == *department);
        Ok(here.filter(|it| before.is_none_or(|id| it.id < *id)).take(limit).cloned().collect())
    }

    async fn find(&self, department: &DepartmentId, id: &SavedAudienceId) -> Result<Option<SavedAudience>, Error> {
        Ok(lock(&self.audiences).get(&(department.clone(), id.clone())).cloned())
    }

    async fn put(&self, saved: &SavedAudience, act: &Act) -> Result<Written, Error> {
        let key = (saved.department.clone(), saved.id.clone());
        if lock(&self.audiences).contains_key(&key) {
            return Ok(Written::Raced);
        }
        lock(&self.audiences).insert(key, saved.clone());
        self.audit.append(act).await.map(|_| Written::Done)
    }

    async fn remove(&self, saved: &SavedAudience, act: &Act) -> Result<Written, Error> {
        let key = (saved.department.clone(), saved.id.clone());
        if lock(&self.audiences).remove(&key).is_none() {
            return Ok(Written::Raced);
        }
        self.audit.append(act).await.map(|_| Written::Done)
    }
}
