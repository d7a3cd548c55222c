//! Takes out, or erases, all that is kept about one resident, because they asked for it.

use std::io::{self, BufRead, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::personal::{Export, OneResident, Search, Whose};
use app::ports::reports::PhotoFiles;
use aws::Table;
use aws::audit::TableAudit;
use aws::clients::Clients;
use aws::clock::SystemClock;
use aws::personal::TablePersonal;
use aws::photo_files::S3PhotoFiles;
use aws::report_jobs::{ReportQueues, SqsReportJobs};
use aws::reports::TableReports;
use aws::staff::TableStaff;
use aws::unfollows::TableUnfollows;
use domain::report::photo::PhotoState;

use crate::arguments::{EraseResident, ExportResident, Resident, Whom};
use crate::print;
use crate::run::{Fallible, Outcome, clients};

/// What has to be typed for it.
const YES: &str = "消去";

/// A file of the export that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("could not write {path}")]
pub(crate) struct Unwritable {
    path: PathBuf,
    source: io::Error,
}

/// Does what was asked for.
pub(crate) async fn run(command: Resident) -> Fallible<Outcome> {
    match command {
        Resident::Export(export) => take_out(export).await,
        Resident::Erase(erase) => forget(erase).await,
    }
}

async fn take_out(arguments: ExportResident) -> Fallible<Outcome> {
    let ExportResident { whom, media, photos } = arguments;
    let clients = clients(&whom.places).await;
    let one = one_resident(&clients, whom.table.clone(), ReportQueues::default());
    let Some(whose) = find(&one, &whom).await? else { return Ok(Outcome::Problems) };
    let export = one.export(&whose).await?;
    if export.is_empty() {
        print::nothing_kept();
        return Ok(Outcome::Problems);
    }
    let many = write_photos(&S3PhotoFiles::new(&clients, media), &export, &photos).await?;
    print::export(&serde_json::to_string_pretty(&export)?);
    print::exported(&export, many);
    Ok(Outcome::Well)
}

async fn forget(arguments: EraseResident) -> Fallible<Outcome> {
    let EraseResident { whom, photo_queue, yes } = arguments;
    let clients = clients(&whom.places).await;
    let queues = ReportQueues { photos: Some(photo_queue), ..ReportQueues::default() };
    let one = one_resident(&clients, whom.table.clone(), queues);
    let Some(whose) = find(&one, &whom).await? else { return Ok(Outcome::Problems) };
    let kept = one.read(&whose).await?;
    if kept.is_empty() {
        print::nothing_kept();
        return Ok(Outcome::Problems);
    }
    print::about_to_erase(&kept, YES);
    if !yes && !is_confirmed(&mut io::stdin().lock())? {
        print::not_erased();
        return Ok(Outcome::Problems);
    }
    one.erase(&whose).await?;
    print::erased();
    Ok(Outcome::Well)
}

fn one_resident(clients: &Clients, table: String, queues: ReportQueues) -> OneResident {
    let clock = Arc::new(SystemClock);
    let table = Table::new(clients, table);
    OneResident {
        personal: Arc::new(TablePersonal::new(table.clone(), clock.clone())),
        reports: Arc::new(TableReports::new(table.clone(), clock.clone())),
        jobs: Arc::new(SqsReportJobs::new(clients, queues)),
        unfollows: Arc::new(TableUnfollows::new(table.clone())),
        staff: Arc::new(TableStaff::new(table.clone(), clock.clone())),
        log: Arc::new(TableAudit::new(table)),
        clock,
    }
}

/// Who is meant; `None`, and it is said why, if nobody is.
async fn find(one: &OneResident, whom: &Whom) -> Fallible<Option<Whose>> {
    let search = match whom.named() {
        Some(named) => one.find(&named).await?,
        None => Search::NoReport,
    };
    Ok(match search {
        Search::Found(whose) => Some(whose),
        Search::NoReport => {
            print::no_report();
            None
        }
        Search::Erased => {
            print::erased_before();
            None
        }
        Search::Several(ids) => {
            print::several(&ids);
            None
        }
    })
}

/// Writes the photos that are kept into a folder, each under its id; gives how many.
async fn write_photos(files: &dyn PhotoFiles, export: &Export, dir: &Path) -> Fallible<usize> {
    let mut many = 0;
    let unwritable = |path: &Path| {
        let path = path.to_owned();
        move |source| Unwritable { path, source }
    };
    std::fs::create_dir_all(dir).map_err(unwritable(dir))?;
    for photo in export.reports.iter().flat_map(|filed| &filed.photos).chain(&export.draft_photos) {
        match photo.state {
            PhotoState::Kept { .. } => {}
            PhotoState::Waiting | PhotoState::Refused(_) | PhotoState::Withdrawn => continue,
        }
        if let Some(bytes) = files.large(&photo.report, &photo.id).await? {
            let path = dir.join(format!("{}.jpg", photo.id));
            std::fs::write(&path, bytes).map_err(unwritable(&path))?;
            many += 1;
        }
    }
    Ok(many)
}

/// Whether somebody typed that it shall be done. Where nobody can type, nothing is.
fn is_confirmed(typed: &mut impl BufRead) -> io::Result<bool> {
    io::stderr().flush()?;
    let mut line = String::new();
    typed.read_line(&mut line)?;
    Ok(line.trim() == YES)
}

#[cfg(test)]
mod tests;
