//! Ports of what departments keep to write broadcasts with: templates in versions, and audiences under a name.

use async_trait::async_trait;
use domain::audit::Act;
use domain::broadcast::template::{SavedAudience, SavedName, Template};
use domain::broadcast::{Earnest, Lane};
use domain::ids::{DepartmentId, SavedAudienceId, TemplateId};
use jiff::Timestamp;

use super::Versioned;
use super::staff::Written;
use crate::error::Error;

/// Templates. Every saving is a version; the newest [`VERSIONS_KEPT`](domain::broadcast::template::VERSIONS_KEPT) of each are kept.
#[async_trait]
pub trait Templates: Send + Sync {
    /// Those of a department, the latest begun first, at most `limit`, from `before` backwards (exclusive).
    async fn of(
        &self,
        department: &DepartmentId,
        before: Option<&TemplateId>,
        limit: usize,
    ) -> Result<Vec<TemplateHead>, Error>;

    /// The newest version of a template, consistently.
    async fn find(&self, id: &TemplateId) -> Result<Option<Versioned<Template>>, Error>;

    /// A version of a template, if it is (still) kept.
    async fn version(&self, id: &TemplateId, version: u64) -> Result<Option<Versioned<Template>>, Error>;

    /// Versions of a template, the newest first, at most `limit`, from `before` backwards (exclusive).
    async fn versions(
        &self,
        id: &TemplateId,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Versioned<Template>>, Error>;

    /// Writes the next version and the act, if `read` still is the newest (`None`: there is no such template).
    async fn put(&self, template: &Template, read: Option<u64>, act: &Act) -> Result<Written, Error>;

    /// Removes a template with all its versions and records the act, if `read` still is the newest.
    async fn remove(&self, template: &Template, read: u64, act: &Act) -> Result<Written, Error>;
}

/// What a list shows of a template: all but its words, which are long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateHead {
    /// Which.
    pub id: TemplateId,
    /// What staff call it.
    pub name: SavedName,
    /// How urgent its broadcasts are.
    pub lane: Lane,
    /// Whether they are meant.
    pub earnest: Earnest,
    /// Its newest version.
    pub version: u64,
    /// When that was saved.
    pub saved_at: Timestamp,
}

impl TemplateHead {
    /// The head of a version.
    #[must_use]
    pub fn of(template: &Template, version: u64) -> Self {
        let Template { id, name, lane, earnest, saved_at, .. } = template.clone();
        Self { id, name, lane, earnest, version, saved_at }
    }
}

/// Audiences that departments keep under a name.
#[async_trait]
pub trait SavedAudiences: Send + Sync {
    /// Those of a department, the latest first, at most `limit`, from `before` backwards (exclusive).
    async fn of(
        &self,
        department: &DepartmentId,
        before: Option<&SavedAudienceId>,
        limit: usize,
    ) -> Result<Vec<SavedAudience>, Error>;

    /// One of a department, consistently.
    async fn find(&self, department: &DepartmentId, id: &SavedAudienceId) -> Result<Option<SavedAudience>, Error>;

    /// Keeps one and records the act. [`Written::Raced`] where there is one of this id already.
    async fn put(&self, saved: &SavedAudience, act: &Act) -> Result<Written, Error>;

    /// Removes one and records the act. [`Written::Raced`] where there is none (any more).
    async fn remove(&self, saved: &SavedAudience, act: &Act) -> Result<Written, Error>;
}
