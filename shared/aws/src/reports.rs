//! Damage reports and their photos in the table.
//!
//! | what | `PK` | `SK` | `GSI1PK` | `GSI1SK` |
//! | --- | --- | --- | --- | --- |
//! | report, with its history | `REPORT#<id>` | `REPORT` | `REPORTS#<standing>` | its id |
//! | where it is | `NEAR#<cell>` | its id | | |
//! | who reported or follows it | `REPORTER#U4af4…` | its id | | |
//! | that it is to be erased some day: [`crate::report_shelf`] | `CLOSED#<standing>` | `<when it was closed>#<its id>` | | |
//! | what everybody sees of it: [`crate::released`] | `RELEASED` | its id | | |
//! | photo | `PHOTO#<id>` | `PHOTO` | `PHOTOS#UNFILED`, until it is filed | `<when it is forgotten>#<id>` |
//!
//! A writing of a report is one transaction: the report over the version that was read, the items by which it is found as far as they
//! differ from what was read, and the act in the audit log. A report that is filed in the chat is written by [`crate::conversations`],
//! in the transaction of the turn.
//!
//! A photo belongs to a draft until a report is filed with it. So long it stands on a shelf of the index, at the time at which it is
//! forgotten, [`UNFILED_LIFE`] after it was sent. Filing takes it off the shelf. What comes to stand below the present minute the janitor
//! withdraws, and then its files are erased like those of any photo that was taken back. A life of the item itself (TTL) would leave
//! the files behind, of which nobody knew any more.

use std::collections::BTreeSet;
use std::sync::Arc;

use app::error::{Chain, Error, Kind};
use app::ports::reports::{Neighbour, Reports};
use app::ports::staff::Written;
use app::ports::{Clock, Versioned};
use async_trait::async_trait;
use domain::audit::Act;
use domain::conversation::DRAFT_LIFE;
use domain::ids::{PhotoId, ReportId, ReportKindId, ResidentId};
use domain::report::photo::{Photo, PhotoState};
use domain::report::place::{Cell, Point};
use domain::report::{Report, Standing};
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::audit::{STEPS_BESIDE_ACT_MAX, write_with_act};
use crate::broadcasts::fits_in_item;
use crate::released::released_step;
use crate::report_shelf::{closed_before, shelf_steps, time};
use crate::table::{
    Along, Condition, Entity, Happened, Item, Key, STEPS_MAX, Step, Table, Transacted, Update, Write, decode, encode,
    number,
};

/// A photo that no report is filed with is forgotten so long after it was sent: its draft is gone for two hours by then.
pub const UNFILED_LIFE: SignedDuration = SignedDuration::from_hours(DRAFT_LIFE.as_hours() + 2);
/// That a photo was withdrawn is known for so long: longer than a job about it lies in a queue, and then among the dead letters.
pub const WITHDRAWN_LIFE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// So many reports of one cell are looked at, the latest first.
pub const CELL_REPORTS_MAX: usize = 1_000;
/// So many cells are read side by side.
const CELLS_AT_ONCE: usize = 9;

const READING: &str = "read a report";
const WRITING: &str = "write a report";
const LISTING: &str = "list reports";
const SEEKING: &str = "look for reports nearby";
const READING_PHOTOS: &str = "read photos of a report";
const WRITING_PHOTO: &str = "write a photo of a report";
const FORGETTING: &str = "look for forgotten photos";

const UNFILED: &str = "PHOTOS#UNFILED";
const PHOTO_PK: &str = "PHOTO#";

/// [`Reports`] in the table.
pub struct TableReports {
    table: Table,
    clock: Arc<dyn Clock>,
}

impl TableReports {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table, clock: Arc<dyn Clock>) -> Self {
        Self { table, clock }
    }
}

#[async_trait]
impl Reports for TableReports {
    async fn find(&self, id: &ReportId) -> Result<Option<Versioned<Report>>, Error> {
        let item = self.table.get(READING, &report_key(id)).await?;
        let item = decode::<ReportItem>(READING, item, Timestamp::MIN)?;
        Ok(item.map(|item| Versioned { value: item.report, version: item.version }))
    }

    /// Who hears of a report may be more people than one transaction takes. Those that have no room are written before it: whoever
    /// lists a resident's reports looks into each whether it is theirs, and a writing that fails half-way is made again.
    async fn put(
        &self,
        report: &Report,
        read: Option<&Versioned<Report>>,
        act: Option<&Act>,
    ) -> Result<Written, Error> {
        let mut steps = report_steps(WRITING, report, read)?;
        let mut hearing = hearing_steps(WRITING, report, read.map(|read| &read.value))?;
        let beyond = hearing.split_off(hearing.len().min(STEPS_BESIDE_ACT_MAX - steps.len()));
        for some in beyond.chunks(STEPS_MAX) {
            if self.table.write(WRITING, some.to_vec()).await? == Written::Raced {
                return Ok(Written::Raced);
            }
        }
        steps.extend(hearing);
        // What staff enter has no photos yet.
        if act.is_some() {
            return write_with_act(&self.table, WRITING, steps, act).await;
        }
        let photos = if read.is_none() { take_off_the_shelf(&report.photos) } else { Vec::new() };
        match transact_with_extra(&self.table, WRITING, steps, photos).await? {
            Transacted::Written => Ok(Written::Done),
            Transacted::Refused(_) | Transacted::Met => Ok(Written::Raced),
        }
    }

    async fn standing(
        &self,
        standing: Standing,
        before: Option<&ReportId>,
        limit: usize,
    ) -> Result<Vec<Report>, Error> {
        let pk = standing_partition(standing);
        let mut before = before.map(ReportId::to_string);
        let mut found = Vec::new();
        // Bounded by the limit and the index: each round begins where the last one ended. A second one is there only for what
        // was passed over.
        loop {
            let left = limit.saturating_sub(found.len());
            let items = self.table.on_index(LISTING, &pk, before.as_deref(), left).await?;
            let is_last = items.len() < left || left == 0;
            before = items.last().and_then(|item| Some(item.get("GSI1SK")?.as_s().ok()?.clone()));
            found.extend(readable::<ReportItem>(LISTING, items).into_iter().map(|item| item.report));
            if is_last || found.len() == limit {
                return Ok(found);
            }
        }
    }

    async fn of_resident(&self, resident: &ResidentId, limit: usize) -> Result<Vec<ReportId>, Error> {
        let items = self.table.some(LISTING, &reporter_partition(resident), Along::FromTheEnd, limit).await?;
        let ids = items.iter().filter_map(Key::of).map(|key| key.sk.parse());
        ids.collect::<Result<_, _>>().map_err(|error| Error::new(Kind::Permanent, LISTING, error))
    }

    async fn closed_before(&self, standing: Standing, before: Timestamp, limit: usize) -> Result<Vec<ReportId>, Error> {
        closed_before(&self.table, standing, before, limit).await
    }

    async fn near(&self, cells: &[Cell]) -> Result<Vec<Neighbour>, Error> {
        let partitions: Vec<String> = cells.iter().copied().map(cell_partition).collect();
        let reads = partitions.iter().map(|pk| self.table.some(SEEKING, pk, Along::FromTheEnd, CELL_REPORTS_MAX));
        let reads: Vec<_> = reads.map(FutureExt::boxed).collect();
        let items: Vec<Vec<Item>> = stream::iter(reads).buffered(CELLS_AT_ONCE).try_collect().await?;
        let items = items.into_iter().flatten().collect();
        let neighbour = |NearItem { id, of, point, standing }| Neighbour { id, kind: of, point, standing };
        Ok(readable::<NearItem>(SEEKING, items).into_iter().map(neighbour).collect())
    }

    async fn photos(&self, ids: &[PhotoId]) -> Result<Vec<Versioned<Photo>>, Error> {
        let items = self.table.get_all(READING_PHOTOS, ids.iter().map(photo_key).collect()).await?;
        let now = self.clock.now();
        let items = items.into_iter().map(|item| decode::<PhotoItem>(READING_PHOTOS, item, now));
        let items: Vec<Option<PhotoItem>> = items.collect::<Result<_, _>>()?;
        Ok(items.into_iter().flatten().map(|item| Versioned { value: item.photo, version: item.version }).collect())
    }

    async fn put_photo(&self, photo: &Photo, read: Option<u64>) -> Result<Written, Error> {
        let now = self.clock.now();
        let Some(read) = read else {
            let place = Some(unfiled_place(photo.at + UNFILED_LIFE, &photo.id));
            let item = PhotoItem { version: 1, photo: photo.clone(), shelf: Some(UNFILED.to_owned()), place };
            let write =
                Write { item: encode(WRITING_PHOTO, &photo_key(&photo.id), &item)?, condition: Condition::Absent(now) };
            return self.table.keep(WRITING_PHOTO, vec![write]).await;
        };
        let stored = serde_dynamo::to_attribute_value(photo)
            .map_err(|error| Error::new(Kind::Permanent, WRITING_PHOTO, error))?;
        let mut values = vec![("photo", stored), ("version", number(read)), ("next", number(read + 1))];
        // Whether it is filed somebody else knows: that part of the item stays as it is.
        let (expression, names): (&str, &[&str]) = match photo.state {
            PhotoState::Waiting | PhotoState::Kept { .. } | PhotoState::Refused(_) => {
                ("SET #photo = :photo, #version = :next", &["photo", "version"])
            }
            PhotoState::Withdrawn => {
                values.push(("expires", number((now + WITHDRAWN_LIFE).as_second())));
                (
                    "SET #photo = :photo, #version = :next, #expires = :expires REMOVE #GSI1PK, #GSI1SK",
                    &["photo", "version", "expires", "GSI1PK", "GSI1SK"],
                )
            }
        };
        let update = Update { expression, condition: "#version = :version", names, values };
        match self.table.update(WRITING_PHOTO, &photo_key(&photo.id), update).await? {
            Happened::Written => Ok(Written::Done),
            Happened::ConditionFailed => Ok(Written::Raced),
        }
    }

    async fn forgotten_photos(&self, now: Timestamp, limit: usize) -> Result<Vec<PhotoId>, Error> {
        let keys = self.table.keys_on_index(FORGETTING, UNFILED, &time(now), limit).await?;
        let ids = keys.iter().filter_map(|key| key.pk.strip_prefix(PHOTO_PK)).map(str::parse);
        ids.collect::<Result<_, _>>().map_err(|error| Error::new(Kind::Permanent, FORGETTING, error))
    }
}

/// The steps that file a new report; without its photos, see [`take_off_the_shelf`].
pub(crate) fn filing_steps(doing: &'static str, report: &Report) -> Result<Vec<Step<'static>>, Error> {
    let mut steps = report_steps(doing, report, None)?;
    steps.extend(hearing_steps(doing, report, None)?);
    Ok(steps)
}

/// Takes the steps, or none; `extra`: those that are left out where they are refused. A photo that is not there any more must not keep
/// its resident from filing.
pub(crate) async fn transact_with_extra(
    table: &Table,
    doing: &'static str,
    mut steps: Vec<Step<'static>>,
    extra: Vec<Step<'static>>,
) -> Result<Transacted, Error> {
    let own = steps.len();
    steps.extend(extra);
    let happened = table.transact_steps(doing, steps.clone()).await?;
    match &happened {
        Transacted::Refused(which) if which.iter().all(|step| own <= *step) => {
            let numbered = steps.into_iter().enumerate().filter(|(step, _)| !which.contains(step));
            table.transact_steps(doing, numbered.map(|(_, step)| step).collect()).await
        }
        Transacted::Written | Transacted::Refused(_) | Transacted::Met => Ok(happened),
    }
}

/// Files photos with their report. One that is not on the shelf refuses.
pub(crate) fn take_off_the_shelf(photos: &[PhotoId]) -> Vec<Step<'static>> {
    let update = || Update {
        expression: "REMOVE #GSI1PK, #GSI1SK ADD #version :one",
        condition: "attribute_exists(#GSI1PK)",
        names: &["GSI1PK", "GSI1SK", "version"],
        values: vec![("one", number(1))],
    };
    photos.iter().map(|photo| Step::Update(photo_key(photo), update())).collect()
}

/// The report itself, where it is, what everybody sees of it, and that it is to be erased some day.
pub(crate) fn report_steps(
    doing: &'static str,
    report: &Report,
    read: Option<&Versioned<Report>>,
) -> Result<Vec<Step<'static>>, Error> {
    fits_in_item(doing, report)?;
    let version = read.map(|read| read.version);
    let condition = version.map_or(Condition::Absent(Timestamp::MIN), Condition::Version);
    let item = ReportItem {
        version: version.unwrap_or_default() + 1,
        report: report.clone(),
        shelf: standing_partition(report.state.standing()),
        place: report.id.to_string(),
    };
    let item = encode(doing, &report_key(&report.id), &item)?;
    let mut steps = vec![Step::Put(Write { item, condition })];
    steps.extend(place_steps(doing, report, read.map(|read| &read.value))?);
    Ok(steps)
}

/// Where it is, what everybody sees of it, and that it is to be erased some day.
fn place_steps(doing: &'static str, report: &Report, before: Option<&Report>) -> Result<Vec<Step<'static>>, Error> {
    let mut steps = Vec::new();
    // About where it was would make it a neighbour of what it was not near.
    let near = |report: &Report| (!report.is_placed_roughly()).then(|| (near_key(report), NearItem::of(report)));
    let (past, now) = (before.and_then(near), near(report));
    if let Some((left, _)) = past.as_ref().filter(|(left, _)| now.as_ref().is_none_or(|(key, _)| key != left)) {
        steps.push(Step::Remove(left.clone()));
    }
    if let Some((key, item)) = now.as_ref().filter(|now| past.as_ref() != Some(*now)) {
        steps.push(Step::Put(Write { item: encode(doing, key, item)?, condition: Condition::None }));
    }
    steps.extend(released_step(doing, report, before)?);
    steps.extend(shelf_steps(doing, report, before)?);
    Ok(steps)
}

/// The steps after which a report is found by what this item of it says, and everybody sees of it what it says: for whoever puts the item
/// as it is over another one, or where there is none. An item that cannot be read has none, loudly.
pub(crate) fn found_by_steps(
    doing: &'static str,
    item: &Item,
    over: Option<&Item>,
) -> Result<Vec<Step<'static>>, Error> {
    let read = |item: &Item| readable::<ReportItem>(doing, vec![item.clone()]).pop().map(|item| item.report);
    let Some(report) = read(item) else { return Ok(Vec::new()) };
    let before = over.and_then(read);
    let mut steps = place_steps(doing, &report, before.as_ref())?;
    steps.extend(hearing_steps(doing, &report, before.as_ref())?);
    Ok(steps)
}

/// Who hears of it and did not before, and the other way round.
fn hearing_steps(doing: &'static str, report: &Report, before: Option<&Report>) -> Result<Vec<Step<'static>>, Error> {
    let old: BTreeSet<&ResidentId> = before.into_iter().flat_map(Report::hears).collect();
    let present: BTreeSet<&ResidentId> = report.hears().collect();
    let key = |resident: &ResidentId| Key::new(reporter_partition(resident), report.id.as_str());
    let mut steps: Vec<Step<'static>> = old.difference(&present).map(|gone| Step::Remove(key(gone))).collect();
    for new in present.difference(&old) {
        let item = encode(doing, &key(new), &ReporterItem {})?;
        steps.push(Step::Put(Write { item, condition: Condition::None }));
    }
    Ok(steps)
}

/// What can be read of a list. The rest is passed over, loudly: what one newer program wrote must not hide all other reports.
pub(crate) fn readable<E: Entity>(doing: &'static str, items: Vec<Item>) -> Vec<E> {
    let read = |item| match decode::<E>(doing, Some(item), Timestamp::MIN) {
        Ok(item) => item,
        Err(error) => {
            tracing::error!(error = %Chain(&error), "an item passed over that cannot be read");
            None
        }
    };
    items.into_iter().filter_map(read).collect()
}

fn report_key(id: &ReportId) -> Key {
    Key::new(format!("REPORT#{id}"), "REPORT")
}

fn standing_partition(standing: Standing) -> String {
    format!("REPORTS#{}", standing.name())
}

fn near_key(report: &Report) -> Key {
    Key::new(cell_partition(report.place.point.cell()), report.id.as_str())
}

fn cell_partition(cell: Cell) -> String {
    format!("NEAR#{cell}")
}

pub(crate) fn reporter_partition(resident: &ResidentId) -> String {
    format!("REPORTER#{}", resident.as_str())
}

fn photo_key(id: &PhotoId) -> Key {
    Key::new(format!("{PHOTO_PK}{id}"), "PHOTO")
}

fn unfiled_place(at: Timestamp, id: &PhotoId) -> String {
    format!("{}#{id}", time(at))
}

#[derive(Serialize, Deserialize)]
struct ReportItem {
    version: u64,
    report: Report,
    #[serde(rename = "GSI1PK")]
    shelf: String,
    #[serde(rename = "GSI1SK")]
    place: String,
}

impl Entity for ReportItem {
    const KIND: &'static str = "report";
    const V: u64 = 1;
}

/// Small, because a search reads all of some cells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct NearItem {
    id: ReportId,
    of: ReportKindId,
    point: Point,
    standing: Standing,
}

impl Entity for NearItem {
    const KIND: &'static str = "near";
    const V: u64 = 1;
}

impl NearItem {
    fn of(report: &Report) -> Self {
        let standing = report.state.standing();
        Self { id: report.id.clone(), of: report.kind.clone(), point: report.place.point, standing }
    }
}

#[derive(Serialize, Deserialize)]
struct ReporterItem {}

impl Entity for ReporterItem {
    const KIND: &'static str = "reporter";
    const V: u64 = 1;
}

#[derive(Serialize, Deserialize)]
struct PhotoItem {
    version: u64,
    photo: Photo,
    #[serde(rename = "GSI1PK", skip_serializing_if = "Option::is_none")]
    shelf: Option<String>,
    #[serde(rename = "GSI1SK", skip_serializing_if = "Option::is_none")]
    place: Option<String>,
}

impl Entity for PhotoItem {
    const KIND: &'static str = "photo";
    const V: u64 = 1;
}
