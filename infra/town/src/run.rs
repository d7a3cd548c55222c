//! Does what the command line asks for.

use std::error::Error as StdError;
use std::sync::Arc;

use app::audit::Check;
use app::ports::Clock;
use app::ports::staff::StaffStore as _;
use app::staff;
use app::town::data::{Scope, TownData};
use app::town::{Files, Problem, Reading, Severity, five374, load, read};
use aws::Table;
use aws::audit::TableAudit;
use aws::clients::Clients;
use aws::clock::SystemClock;
use aws::secrets::StoredChannelSecrets;
use aws::staff::TableStaff;
use aws::town_store::TableTownStore;
use domain::ids::DepartmentId;
use domain::staff::{Roles, Roster};
use line::client::LineClient;
use line::config::{Endpoints, Timeouts};
use uuid::Uuid;

use crate::arguments::{Arguments, Audit, Command, Folder, Format, Load, Menu, Places, Staff, Unbind};
use crate::{channel, folder, menu, print, resident, tables};

/// How a command ended that did what it could.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// As asked for.
    Well,
    /// The data has errors, or what was named is not there.
    Problems,
}

pub(crate) type Fallible<T> = Result<T, Box<dyn StdError>>;

/// Does what the command line asks for.
pub(crate) async fn run(arguments: Arguments) -> Fallible<Outcome> {
    match arguments.command {
        Command::Check(folder) => {
            let (_, reading) = look(&folder)?;
            let is_well = worst(&reading).is_none_or(|worst| worst == Severity::Warning);
            Ok(if is_well { Outcome::Well } else { Outcome::Problems })
        }
        Command::Load(load) => load_town(load).await,
        Command::Menu(menu) => {
            let Menu { folder, line_secret, accept_problems, places } = menu;
            let (files, reading) = look(&folder)?;
            if let Some(say_why) = refusal(worst(&reading), accept_problems) {
                say_why();
                return Ok(Outcome::Problems);
            }
            publish(&files, &reading, line_secret, &clients(&places).await, &places).await?;
            Ok(Outcome::Well)
        }
        Command::Channel(arguments) => channel::run(arguments).await,
        Command::Staff(arguments) => invite(arguments).await,
        Command::Unbind(arguments) => unbind(arguments).await,
        Command::Audit(arguments) => check_audit(arguments).await,
        Command::Resident(command) => resident::run(command).await,
        Command::Table(command) => tables::run(command).await,
    }
}

async fn invite(arguments: Staff) -> Fallible<Outcome> {
    let Staff { table, name, email, roles, places } = arguments;
    let clock = Arc::new(SystemClock);
    let store = TableStaff::new(Table::new(&clients(&places).await, table), clock.clone());
    // From the address, so that the same command twice is one person.
    let id = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("mailto:{}", email.as_str()).as_bytes());
    let id = id.to_string().parse()?;
    let roles = Roles(roles.into_iter().collect());
    let person = staff::invite_from_outside(&store, &id, (&name, &email), &roles, clock.now()).await?;
    print::invited(&person);
    Ok(Outcome::Well)
}

async fn unbind(arguments: Unbind) -> Fallible<Outcome> {
    let Unbind { table, emails, places } = arguments;
    let store = TableStaff::new(Table::new(&clients(&places).await, table), Arc::new(SystemClock));
    let mut outcome = Outcome::Well;
    for email in emails {
        let unbound = staff::unbind_from_outside(&store, &email, SystemClock.now()).await?;
        if unbound.is_none() {
            outcome = Outcome::Problems;
        }
        print::unbound(&email, unbound.as_ref());
    }
    Ok(outcome)
}

async fn check_audit(arguments: Audit) -> Fallible<Outcome> {
    let Audit { table, days, places } = arguments;
    let holds = audit_holds(Table::new(&clients(&places).await, table), days).await?;
    Ok(if holds { Outcome::Well } else { Outcome::Problems })
}

/// Checks the audit log of a table, as many of the latest days or all, and prints what was found.
pub(crate) async fn audit_holds(table: Table, days: Option<usize>) -> Fallible<bool> {
    let log = TableAudit::new(table);
    let mut check = Check::latest(&log, days).await?;
    // Bounded by the log: each step looks further back.
    while check.finished.is_none() {
        check.step(&log, &SystemClock).await?;
        print::checking(&check);
    }
    print::checked(&check);
    Ok(check.holds())
}

async fn load_town(arguments: Load) -> Fallible<Outcome> {
    let Load { folder, table, accept_problems, line_secret, places } = arguments;
    let (files, reading) = look(&folder)?;
    if let Some(say_why) = refusal(worst(&reading), accept_problems) {
        say_why();
        return Ok(Outcome::Problems);
    }
    let clients = clients(&places).await;
    let table = Table::new(&clients, table);
    if reading.data.scope == Scope::Everything {
        let staff = TableStaff::new(table.clone(), Arc::new(SystemClock));
        print::without_department(&gone(&staff.roster().await?.0, &reading.data));
    }
    let store = TableTownStore::new(table, Arc::new(SystemClock));
    print::loaded(&load(&store, &reading.data, SystemClock.now()).await?);
    if let Some(secret) = line_secret {
        publish(&files, &reading, secret, &clients, &places).await?;
    }
    Ok(Outcome::Well)
}

/// The departments in which people have roles and that the town will not have.
fn gone(roster: &Roster, town: &TownData) -> Vec<DepartmentId> {
    let is_gone = |id: &DepartmentId| !town.departments.iter().any(|department| department.id == *id);
    roster.departments().into_iter().filter(is_gone).collect()
}

/// Reads the folder and prints its problems.
pub(crate) fn look(arguments: &Folder) -> Fallible<(Files, Reading)> {
    let files = folder::read(&arguments.dir)?;
    let is_5374 = files.bytes("area_days.csv").is_some();
    let format = arguments.format.unwrap_or(if is_5374 { Format::Five374 } else { Format::Kairan });
    let reading = match format {
        Format::Kairan => read(&files),
        Format::Five374 => five374::read(&files, arguments.closures.into()),
    };
    print::problems(&reading.problems);
    Ok((files, reading))
}

pub(crate) fn worst(reading: &Reading) -> Option<Severity> {
    reading.problems.iter().map(Problem::severity).max()
}

/// What to say where nothing may be loaded. An unreadable file is never taken for an empty one.
pub(crate) fn refusal(worst: Option<Severity>, accept_problems: bool) -> Option<fn()> {
    match worst {
        None | Some(Severity::Warning) => None,
        Some(Severity::Error) => (!accept_problems).then_some(print::not_loaded),
        Some(Severity::Unreadable) => Some(print::unreadable),
    }
}

pub(crate) async fn clients(places: &Places) -> Clients {
    let clients = Clients::load().await;
    match &places.endpoint_url {
        Some(url) => clients.at(url),
        None => clients,
    }
}

async fn publish(files: &Files, reading: &Reading, secret: String, clients: &Clients, places: &Places) -> Fallible<()> {
    if reading.data.menu.is_empty() {
        print::no_menu();
        return Ok(());
    }
    let clock = Arc::new(SystemClock);
    let secrets = Arc::new(StoredChannelSecrets::new(clients, secret, clock.clone()));
    let endpoints = Endpoints::new(&places.line_api_base, &places.line_data_base)?;
    let line = LineClient::new(endpoints, Timeouts::default(), secrets, clock)?;
    print::published(&menu::publish(&line, &reading.data.menu, files).await?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::staff::{Role, Staff, Standing};
    use domain::town::Department;

    use super::*;

    #[test]
    fn a_department_of_people_is_missed_and_no_other() {
        let id = |id: &str| id.parse::<DepartmentId>().unwrap();
        let person = Staff {
            id: "sato".parse().unwrap(),
            name: "佐藤".parse().unwrap(),
            email: "sato@city.example".parse().unwrap(),
            standing: Standing::Invited,
            roles: Roles([Role::Editor(id("roads")), Role::Reader(id("parks"))].into()),
            identity: None,
            phone: None,
        };
        let department = |name| Department { id: id(name), name: name.to_owned(), phone: String::new() };
        let town = TownData { departments: vec![department("parks"), department("water")], ..TownData::default() };
        assert_eq!(gone(&Roster(vec![person]), &town), [id("roads")]);
    }

    #[test]
    fn problems_can_be_accepted_but_not_the_loss_of_a_file() {
        for (worst, strictly, accepting) in [
            (None, true, true),
            (Some(Severity::Warning), true, true),
            (Some(Severity::Error), false, true),
            (Some(Severity::Unreadable), false, false),
        ] {
            assert_eq!(refusal(worst, false).is_none(), strictly, "{worst:?}");
            assert_eq!(refusal(worst, true).is_none(), accepting, "{worst:?}, accepted");
        }
    }
}
