//! A town hall as large as the largest known: the sample town made long, its staff, residents, questions and audit log.

use std::error::Error;
use std::fs;
use std::path::Path;

use app::ports::Clock;
use app::ports::staff::AuditLog;
use app::town::records::to_records;
use app::town::{Files, TownData, read};
use domain::audit::{Act, Action, Actor};
use domain::ids::DepartmentId;
use domain::resident::{Resident, Stamp};
use domain::staff::Role;
use domain::town::District;
use http::StatusCode;
use jiff::SignedDuration;
use tests::console::{Browser, TownHall};

use crate::compounds::lengthen;

/// Who signs in.
pub(crate) const ADMINISTRATOR: &str = "staff-0";
const WASTE_ITEMS: usize = 4_000;
const DISTRICTS: usize = 169;
const STAFF: usize = 60;
const RESIDENTS: usize = 2_000;
const QUESTIONS: usize = 400;
const AUDIT_ENTRIES: u32 = 500;
/// The entries lie on so many days, today the last one.
const AUDIT_DAYS: u32 = 25;
/// An imported file changes every so many waste items.
const CHANGED_EVERY: usize = 100;
/// Counting ends long before.
const LOOKS_MAX: usize = 10_000;

/// The town hall.
pub(crate) async fn hall() -> Result<TownHall, Box<dyn Error>> {
    let data = data()?;
    let departments: Vec<DepartmentId> = data.departments.iter().map(|department| department.id.clone()).collect();
    let hall = TownHall::of_records(to_records(&data)?);
    let roles = |number: usize| match number {
        0 => vec![Role::Administrator],
        _ => vec![Role::Editor(departments[number % departments.len()].clone())],
    };
    hall.staff.settle((0..STAFF).map(|number| TownHall::person(&format!("staff-{number}"), roles(number))));
    for number in 0..QUESTIONS {
        let at = hall.clock.now() - SignedDuration::from_mins(90) * i32::try_from(number)?;
        // Most are asked more than once.
        hall.questions.ask(&format!("古い道具その{}の捨て方", number % (QUESTIONS / 3)), at);
    }
    put_residents(&hall, &data.districts)?;
    for number in 0..AUDIT_ENTRIES {
        hall.staff.append(&act(&hall, number)?).await?;
    }
    Ok(hall)
}

/// All pages, most of them by their addresses; the last is the preview of an import.
pub(crate) async fn paths(browser: &Browser) -> Result<Vec<String>, Box<dyn Error>> {
    count(browser).await?;
    let preview = import(browser).await?;
    let paths = [
        "/",
        "/residents",
        "/questions",
        "/town",
        "/town/waste-items",
        "/town/waste-items?page=40",
        "/town/waste-items?q=%E9%9B%BB%E6%B1%A0",
        "/town/waste-items/edit?id=airon",
        "/town/waste-items/new",
        "/town/waste-items/import",
        "/town/districts",
        "/town/calendar",
        "/town/topics",
        "/town/history",
        "/trial",
        "/people",
        "/people/invite",
        "/people/staff-1",
        "/people/help",
        "/audit",
        "/audit/2026-11-21/1",
        "/audit/check",
        "/watch",
        preview.as_str(),
    ];
    Ok(paths.map(str::to_owned).to_vec())
}

fn data() -> Result<TownData, Box<dyn Error>> {
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
    data.waste_items = lengthen(&data.waste_items, WASTE_ITEMS)?;
    let base = data.districts.clone();
    for (number, district) in base.iter().cycle().take(DISTRICTS.saturating_sub(base.len())).enumerate() {
        let block = number / base.len() + 2;
        data.districts.push(District {
            id: format!("{}-{block}", district.id).parse()?,
            name: format!("{}{block}丁目", district.name),
            ..district.clone()
        });
    }
    if (data.waste_items.len(), data.districts.len()) == (WASTE_ITEMS, DISTRICTS) {
        Ok(data)
    } else {
        Err("the sample town is too small to be made long".into())
    }
}

fn put_residents(hall: &TownHall, districts: &[District]) -> Result<(), Box<dyn Error>> {
    for number in 0..RESIDENTS {
        let stamp = Stamp { at: hall.clock.now(), event: "event".parse()? };
        let mut resident = Resident::new(format!("U{number:032x}").parse()?, stamp.clone());
        resident.settings.set_district(Some(districts[number % districts.len()].id.clone()), &stamp);
        hall.counts.put(resident);
    }
    Ok(())
}

fn act(hall: &TownHall, number: u32) -> Result<Act, Box<dyn Error>> {
    let days_ago = AUDIT_DAYS - 1 - number * AUDIT_DAYS / AUDIT_ENTRIES;
    let item = |note: &str| {
        format!(
            r#"{{"id":"airon","name":"アイロン","category":"non-burnable","note":"{note}{number}","how":"水を抜く。"}}"#
        )
    };
    Ok(Act {
        at: hall.clock.now() - SignedDuration::from_hours(24) * i32::try_from(days_ago)?,
        actor: Actor::Staff(format!("staff-{}", number as usize % STAFF).parse()?),
        action: if number.is_multiple_of(3) { Action::SignIn } else { Action::EditTown },
        subject: if number.is_multiple_of(3) { String::new() } else { "waste-item/airon".to_owned() },
        department: None,
        before: if number.is_multiple_of(3) { String::new() } else { item("前") },
        after: if number.is_multiple_of(3) { String::new() } else { item("後") },
    })
}

/// Has the residents counted.
async fn count(browser: &Browser) -> Result<(), Box<dyn Error>> {
    let page = browser.get("/residents").await;
    browser.post(&page, "/residents/count", &[]).await;
    for _ in 0..LOOKS_MAX {
        if browser.get("/residents/counting.json").await.body.contains("\"finished\":true") {
            return Ok(());
        }
    }
    Err("the counting never ended".into())
}

/// Uploads the waste items with some changes; where they are looked at before they are taken.
async fn import(browser: &Browser) -> Result<String, Box<dyn Error>> {
    let page = browser.get("/town/waste-items").await;
    let file = browser.post(&page, "/town/waste-items/export", &[]).await.body;
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(reader.headers()?)?;
    for (number, record) in reader.records().enumerate() {
        let record = record?;
        let changed = number % CHANGED_EVERY == 0;
        // The second column is the name.
        let cell =
            |(place, cell): (usize, &str)| format!("{cell}{}", if changed && place == 1 { "（新）" } else { "" });
        writer.write_record(record.iter().enumerate().map(cell))?;
    }
    let bytes = writer.into_inner()?;
    let form = browser.get("/town/waste-items/import").await;
    let file = ("file", "waste-items.csv", bytes.as_slice());
    let sent = browser.upload(&form, "/town/waste-items/import", &[("missing", "keep")], file).await;
    if sent.status == StatusCode::SEE_OTHER { Ok(sent.location().to_owned()) } else { Err(sent.body.into()) }
}
