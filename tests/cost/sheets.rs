//! The sheets beside this file, read: what each act asks for, what that costs, and what AWS gives for nothing.

use csv::{Position, Reader};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// What one thing that AWS charges for costs, in USD.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Price {
    pub(crate) service: String,
    pub(crate) unit: String,
    pub(crate) usd: f64,
}

/// How much of one thing an act asks for, each time, and where that stands in the sheet.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Use {
    pub(crate) act: String,
    pub(crate) unit: String,
    pub(crate) amount: f64,
    pub(crate) line: u64,
}

/// How much of something AWS gives every account each month for nothing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Allowance {
    /// What shares it.
    pub(crate) units: Vec<String>,
    pub(crate) amount: f64,
}

#[derive(Deserialize)]
struct PriceRow {
    service: String,
    unit: String,
    usd: f64,
    region: String,
    date: String,
    source: String,
}

#[derive(Deserialize)]
struct UseRow {
    act: String,
    unit: String,
    amount: f64,
    how: String,
}

#[derive(Deserialize)]
struct AllowanceRow {
    units: String,
    amount: f64,
    date: String,
    source: String,
}

/// The prices of a sheet (`service,unit,usd,region,date,source,note`). `name` is the file's, for complaints.
pub(crate) fn prices(name: &str, text: &str) -> Result<Vec<Price>, String> {
    let mut prices: Vec<Price> = Vec::new();
    for (line, row) in rows::<PriceRow>(name, text)? {
        let PriceRow { service, unit, usd, region, date, source } = row;
        filled(name, line, &[("service", service.as_str()), ("unit", unit.as_str())])?;
        filled(name, line, &[("region", region.as_str()), ("date", date.as_str()), ("source", source.as_str())])?;
        counts(name, line, usd)?;
        if prices.iter().any(|price| price.unit == unit) {
            return Err(format!("{name}:{line}: {unit} has two prices"));
        }
        prices.push(Price { service, unit, usd });
    }
    Ok(prices)
}

/// What the acts of a sheet (`act,unit,amount,how`) ask for.
pub(crate) fn uses(name: &str, text: &str) -> Result<Vec<Use>, String> {
    let mut uses = Vec::new();
    for (line, row) in rows::<UseRow>(name, text)? {
        let UseRow { act, unit, amount, how } = row;
        filled(name, line, &[("act", act.as_str()), ("unit", unit.as_str()), ("how", how.as_str())])?;
        counts(name, line, amount)?;
        uses.push(Use { act, unit, amount, line });
    }
    Ok(uses)
}

/// What AWS gives for nothing, by a sheet (`units,amount,date,source,note`, with semicolons between units that share an amount).
pub(crate) fn allowances(name: &str, text: &str) -> Result<Vec<Allowance>, String> {
    let mut allowances: Vec<Allowance> = Vec::new();
    for (line, row) in rows::<AllowanceRow>(name, text)? {
        let AllowanceRow { units, amount, date, source } = row;
        filled(name, line, &[("date", date.as_str()), ("source", source.as_str())])?;
        counts(name, line, amount)?;
        let units: Vec<String> = units.split(';').map(|unit| unit.trim().to_owned()).collect();
        for unit in &units {
            filled(name, line, &[("a unit", unit.as_str())])?;
            if allowances.iter().any(|other| other.units.contains(unit)) {
                return Err(format!("{name}:{line}: {unit} is given twice"));
            }
        }
        allowances.push(Allowance { units, amount });
    }
    Ok(allowances)
}

/// The rows of a sheet, each with its line.
fn rows<Row: DeserializeOwned>(name: &str, text: &str) -> Result<Vec<(u64, Row)>, String> {
    let mut reader = Reader::from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| format!("{name}: {error}"))?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| format!("{name}: {error}"))?;
        let line = record.position().map_or(0, Position::line);
        let row = record.deserialize(Some(&headers)).map_err(|error| format!("{name}:{line}: {error}"))?;
        rows.push((line, row));
    }
    Ok(rows)
}

fn filled(name: &str, line: u64, fields: &[(&str, &str)]) -> Result<(), String> {
    let empty = fields.iter().find(|(_, value)| value.trim().is_empty());
    empty.map_or(Ok(()), |(field, _)| Err(format!("{name}:{line}: {field} is empty")))
}

fn counts(name: &str, line: u64, amount: f64) -> Result<(), String> {
    if amount.is_finite() && 0.0 <= amount { Ok(()) } else { Err(format!("{name}:{line}: {amount} is no amount")) }
}

#[cfg(test)]
mod tests {
    use super::{Allowance, Price, Use, allowances, prices, uses};

    const HEAD: &str = "service,unit,usd,region,date,source,note\n";

    #[test]
    fn a_price_is_read_whatever_else_its_line_says() {
        let read = prices("p.csv", &format!("{HEAD}SQS,letter,0.5,here,today,a page,\"cheap, as it were\"\n"));
        let price = Price { service: "SQS".to_owned(), unit: "letter".to_owned(), usd: 0.5 };
        assert_eq!(read.unwrap(), [price]);
    }

    #[test]
    fn a_complaint_names_file_and_line() {
        let good = "SQS,letter,0.5,here,today,a page,\n";
        for (line, says) in [
            ("SQS,letter,0.7,here,today,a page,\n", "p.csv:3: letter has two prices"),
            ("SQS,note,-1,here,today,a page,\n", "p.csv:3: -1 is no amount"),
            ("SQS,note,NaN,here,today,a page,\n", "p.csv:3: NaN is no amount"),
            ("SQS,note,1,here,today,,\n", "p.csv:3: source is empty"),
            ("SQS,,1,here,today,a page,\n", "p.csv:3: unit is empty"),
        ] {
            assert_eq!(prices("p.csv", &format!("{HEAD}{good}{line}")).unwrap_err(), says);
        }
        let words = prices("p.csv", &format!("{HEAD}{good}SQS,note,cheap,here,today,a page,\n")).unwrap_err();
        assert!(words.starts_with("p.csv:3: "), "{words}");
        let short = prices("p.csv", &format!("{HEAD}{good}SQS,note\n")).unwrap_err();
        assert!(short.starts_with("p.csv: ") && short.contains("line: 3"), "{short}");
    }

    #[test]
    fn uses_keep_their_lines_and_say_how_they_were_counted() {
        let read = uses("a.csv", "act,unit,amount,how\nmessage,letter,3,counted\n").unwrap();
        assert_eq!(read, [Use { act: "message".to_owned(), unit: "letter".to_owned(), amount: 3.0, line: 2 }]);
        assert_eq!(uses("a.csv", "act,unit,amount,how\nmessage,letter,3,\n").unwrap_err(), "a.csv:2: how is empty");
    }

    #[test]
    fn what_is_given_may_be_shared_and_is_given_once() {
        let head = "units,amount,date,source,note\nletter; note,100,today,a page,\n";
        let shared = Allowance { units: vec!["letter".to_owned(), "note".to_owned()], amount: 100.0 };
        assert_eq!(allowances("f.csv", head).unwrap(), [shared]);
        for (line, says) in [
            ("note,5,today,a page,\n", "f.csv:3: note is given twice"),
            ("hour,-1,today,a page,\n", "f.csv:3: -1 is no amount"),
            ("hour;,1,today,a page,\n", "f.csv:3: a unit is empty"),
            ("hour,1,today,,\n", "f.csv:3: source is empty"),
        ] {
            assert_eq!(allowances("f.csv", &format!("{head}{line}")).unwrap_err(), says);
        }
    }
}
