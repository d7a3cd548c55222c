//! What a month costs at AWS: `cargo run -p tests --bin cost -- --friends 100000`, with the table of the README by `--markdown`.
//!
//! What each act asks for stands in `acts.csv` (counted by `count.py` in a local city, and by `tests/bench/run`), what that costs in
//! `prices.csv`, and how often it happens is said by arguments. Amounts are in USD, without what LINE charges; what AWS gives every account
//! each month for nothing (`free.csv`) is taken off beside.

mod bill;
mod month;
mod sheets;
mod standing;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser;

use crate::bill::{Bill, bill};
use crate::month::{Habits, month};
use crate::sheets::{allowances, prices, uses};
use crate::standing::standing;

const PRICES: (&str, &str) = ("tests/cost/prices.csv", include_str!("prices.csv"));
const ACTS: (&str, &str) = ("tests/cost/acts.csv", include_str!("acts.csv"));
const FREE: (&str, &str) = ("tests/cost/free.csv", include_str!("free.csv"));
const TEMPLATE: &str = include_str!("../../template.yaml");
/// The town, the city and Fukuoka, in the README.
const SIZES: [u32; 3] = [1_200, 100_000, 1_720_000];
/// More people than LINE has.
const FRIENDS_MAX: i64 = 1_000_000_000;

/// The rows of the README's table: their titles, and the acts that belong to them.
const ROWS: [(&str, &[&str]); 9] = [
    ("alarms, dashboard and metrics", &["alarm", "metric", "dashboard"]),
    ("queues, asked all the time", &["queue polled", "FIFO queue polled"]),
    ("what runs each minute, secrets, mails", &["minute", "secret", "month"]),
    ("messages answered", &["message"]),
    ("new friends", &["follow"]),
    ("damage reports", &["report"]),
    ("broadcasts and reminders", &["broadcast", "reminder", "500 residents read", "page sent"]),
    ("pages: portal, console, accounts of staff", &["portal page", "staff page", "staff account"]),
    ("the table at rest, with its backup", &["friend stored"]),
];

/// Says what a month costs at AWS.
#[derive(Parser)]
struct Arguments {
    /// How many friends the account has.
    #[arg(long, required_unless_present = "markdown", value_parser = clap::value_parser!(u32).range(0..=FRIENDS_MAX))]
    friends: Option<u32>,
    /// Prints the table of the README, for three sizes of cities.
    #[arg(long, conflicts_with = "friends")]
    markdown: bool,
    #[command(flatten)]
    habits: Habits,
}

fn main() -> ExitCode {
    let Arguments { friends, markdown, habits } = Arguments::parse();
    let text = match friends.filter(|_| !markdown) {
        Some(friends) => report(friends, &habits),
        None => table(&habits),
    };
    let said = text.and_then(|text| io::stdout().write_all(text.as_bytes()).map_err(|error| error.to_string()));
    match said {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The bill of a month with so many friends, by the sheets and the template of this repository.
fn bill_of(friends: u32, habits: &Habits) -> Result<Bill, String> {
    let (prices, uses) = (prices(PRICES.0, PRICES.1)?, uses(ACTS.0, ACTS.1)?);
    bill(&month(friends, habits, standing(TEMPLATE)), ACTS.0, &uses, &prices)
}

/// For a terminal: what is taken for granted, and the bill by act and by service, each also less what AWS gives for nothing.
fn report(friends: u32, habits: &Habits) -> Result<String, String> {
    let bill = bill_of(friends, habits)?;
    let left = bill.less(&allowances(FREE.0, FREE.1)?);
    let mut lines = vec![
        format!("{friends} friends, a month at AWS in USD (Tokyo, LINE not included)"),
        format!("{habits:?}"),
        format!("\n  {:24} {:>10} {:>10}", "", "price list", "less free"),
    ];
    let sums = [("by act", bill.by_act(), left.by_act()), ("by service", bill.by_service(), left.by_service())];
    for (title, listed, left) in sums {
        lines.push(format!("\n{title}"));
        lines.extend(listed.iter().map(|(name, usd)| {
            let left = left.iter().find(|(other, _)| other == name).map_or(0.0, |(_, usd)| *usd);
            format!("  {name:24} {:>10} {:>10}", shown(*usd), shown(left))
        }));
    }
    lines.push(format!("\n  {:24} {:>10} {:>10}\n", "all", shown(bill.usd()), shown(left.usd())));
    Ok(lines.join("\n"))
}

/// For the README.
fn table(habits: &Habits) -> Result<String, String> {
    let given = allowances(FREE.0, FREE.1)?;
    let bills = SIZES.iter().map(|friends| bill_of(*friends, habits)).collect::<Result<Vec<_>, _>>()?;
    let left: Vec<Bill> = bills.iter().map(|bill| bill.less(&given)).collect();
    let head = "| USD a month, friends | 1,200 | 100,000 | 1,720,000 |\n| --- | ---: | ---: | ---: |\n";
    let rows: String = ROWS.iter().map(|(title, acts)| row(title, &bills, |bill| bill.usd_of(acts))).collect();
    let sums = [row("**all**", &bills, Bill::usd), row("**less what AWS gives for nothing**", &left, Bill::usd)];
    Ok(format!("{head}{rows}{}", sums.concat()))
}

fn row(title: &str, bills: &[Bill], usd: impl Fn(&Bill) -> f64) -> String {
    let cells: Vec<String> = bills.iter().map(|bill| shown(usd(bill))).collect();
    format!("| {title} | {} |\n", cells.join(" | "))
}

/// An amount with as many places as it deserves.
fn shown(usd: f64) -> String {
    if usd < 0.1 { format!("{usd:.4}") } else { format!("{usd:.2}") }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{ACTS, Arguments, FREE, PRICES, ROWS, SIZES, bill_of, shown, table};
    use crate::month::{Habits, month};
    use crate::sheets::{allowances, prices, uses};
    use crate::standing::Standing;

    /// As they are if nobody says otherwise.
    fn habits() -> Habits {
        Arguments::try_parse_from(["cost", "--friends", "1"]).unwrap().habits
    }

    #[test]
    fn more_friends_never_cost_less() {
        let given = allowances(FREE.0, FREE.1).unwrap();
        let (mut last, mut last_left) = (0.0, 0.0);
        for friends in [0, 1, 499, 500, 501, 1_200, 10_000, 100_000, 1_720_000] {
            let bill = bill_of(friends, &habits()).unwrap();
            let (usd, left) = (bill.usd(), bill.less(&given).usd());
            assert!(last < usd && last_left < left && left < usd, "{friends}: {usd}, {left}");
            (last, last_left) = (usd, left);
        }
    }

    #[test]
    fn more_of_anything_costs_more() {
        let usual = bill_of(1_200, &habits()).unwrap().usd();
        for flag in [
            "--messages-per-friend",
            "--follows-per-100",
            "--pages-per-friend",
            "--reports-per-1000",
            "--broadcasts",
            "--reminders",
            "--staff",
            "--pages-per-staff",
        ] {
            let more = Arguments::try_parse_from(["cost", "--friends", "1200", flag, "1000"]).unwrap();
            assert!(usual < bill_of(1_200, &more.habits).unwrap().usd(), "{flag}");
        }
    }

    #[test]
    fn the_rows_of_the_table_are_all_there_is() {
        for friends in SIZES {
            let bill = bill_of(friends, &habits()).unwrap();
            let rows: f64 = ROWS.iter().map(|(_, acts)| bill.usd_of(acts)).sum();
            assert!((rows - bill.usd()).abs() < 1e-6, "{rows} of {}", bill.usd());
        }
        assert_eq!(table(&habits()).unwrap().lines().count(), 2 + ROWS.len() + 2);
    }

    #[test]
    fn the_readme_has_this_table() {
        let table = table(&habits()).unwrap();
        let has = include_str!("../../README.md").contains(&table);
        assert!(has, "put what `cost --markdown` prints into README.md:\n{table}");
    }

    #[test]
    fn nothing_in_the_sheets_is_left_out() {
        let (prices, uses) = (prices(PRICES.0, PRICES.1).unwrap(), uses(ACTS.0, ACTS.1).unwrap());
        let month = month(1_200, &habits(), Standing::default());
        for one in &uses {
            let happens = month.iter().any(|times| times.act == one.act);
            assert!(happens, "{}:{}: {} never happens", ACTS.0, one.line, one.act);
        }
        for price in &prices {
            assert!(uses.iter().any(|one| one.unit == price.unit), "{}: nobody needs {}", PRICES.0, price.unit);
        }
        for unit in allowances(FREE.0, FREE.1).unwrap().iter().flat_map(|given| &given.units) {
            assert!(prices.iter().any(|price| price.unit == *unit), "{}: {unit} has no price", FREE.0);
        }
    }

    #[test]
    fn numbers_that_cannot_be_are_refused_and_one_has_to_be_given() {
        for wrong in [
            &["cost"] as &[&str],
            &["cost", "--friends", "-3"],
            &["cost", "--friends", "1.5"],
            &["cost", "--friends", "2000000000"],
            &["cost", "--friends", "1", "--markdown"],
            &["cost", "--friends", "1", "--broadcasts", "some"],
            &["cost", "--friends", "1", "--reminded-of-100", "120"],
        ] {
            assert!(Arguments::try_parse_from(wrong).is_err(), "{wrong:?}");
        }
        assert!(Arguments::try_parse_from(["cost", "--markdown"]).is_ok());
    }

    #[test]
    fn small_amounts_are_not_shown_as_nothing() {
        assert_eq!((shown(0.0123).as_str(), shown(1.234).as_str()), ("0.0123", "1.23"));
    }
}
