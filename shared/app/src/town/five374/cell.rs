//! One cell of `area_days.csv`: which days, in which dialect.

use domain::dates::{Expected, Months, NotationError, Rule, TOKENS_MAX, parse_date, plain, weekday_name, weekday_of};

/// What a cell says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) rules: Vec<Rule>,
    /// The remarks that it names (`*3`).
    pub(super) remarks: Vec<String>,
    /// Days of the week that were named beside a first day on another: which was named, and which it is.
    pub(super) elsewhere: Vec<(char, char)>,
}

/// Reads a cell: `月 木`, `水2 水4`, `火2 金4:4 6 8` (the months hold for all days before them),
/// `水1:6 7 水2:4 5` (and again), `隔月20140401` (every second week from that day), `20140401`, `*3`.
pub(super) fn parse(text: &str) -> Result<Cell, NotationError> {
    let text = plain(text);
    let mut reader = Reader::default();
    for (count, token) in text.split([' ', '\t', '\n', '\r', ',', '・']).filter(|token| !token.is_empty()).enumerate()
    {
        let wrong = |expected| NotationError { token: token.to_owned(), expected };
        if count >= TOKENS_MAX {
            return Err(wrong(Expected::Fewer));
        }
        reader.token(token).map_err(wrong)?;
    }
    let whole = |expected| NotationError { token: text.trim().to_owned(), expected };
    reader.close().map_err(whole)?;
    Ok(reader.cell)
}

/// Words for "never".
const NEVER: [&str; 5] = ["-", "なし", "無し", "無", "×"];

#[derive(Default)]
struct Reader {
    cell: Cell,
    /// Days whose months may still follow.
    days: Vec<Rule>,
    /// The months that follow a colon, while they do.
    months: Option<Vec<i8>>,
}

impl Reader {
    fn token(&mut self, token: &str) -> Result<(), Expected> {
        if let Some(remark) = token.strip_prefix('*') {
            self.cell.remarks.push(remark.to_owned());
            return Ok(());
        }
        let is_number = token.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && token.len() <= 2 {
            let Some(months) = &mut self.months else { return Err(Expected::Rule) };
            months.push(month(token)?);
            return Ok(());
        }
        if let Some((day, first_month)) = token.split_once(':') {
            if !day.is_empty() {
                self.day(day)?;
            }
            let months = self.months.insert(Vec::new());
            if !first_month.is_empty() {
                months.push(month(first_month)?);
            }
            return Ok(());
        }
        self.day(token)
    }

    fn day(&mut self, token: &str) -> Result<(), Expected> {
        if self.months.is_some() {
            self.close()?;
        }
        if NEVER.contains(&token) {
            return Ok(());
        }
        if let Some(rest) = token.strip_prefix('隔').filter(|rest| !rest.starts_with('週')) {
            return self.every_other_week(rest);
        }
        let rule: Rule = token.parse().map_err(|error: NotationError| error.expected)?;
        self.days.push(rule);
        Ok(())
    }

    /// `月20140401`: 5374 counts from the date, whatever day of the week is named.
    fn every_other_week(&mut self, rest: &str) -> Result<(), Expected> {
        let mut signs = rest.chars();
        let named = signs.next().filter(|sign| weekday_of(*sign).is_some()).ok_or(Expected::Rule)?;
        let start = parse_date(signs.as_str())?;
        let actual = weekday_name(start.weekday());
        if named != actual {
            self.cell.elsewhere.push((named, actual));
        }
        self.days.push(Rule::EveryOtherWeek { start, months: Months::ALL });
        Ok(())
    }

    /// Gives the days before it the months that were named.
    fn close(&mut self) -> Result<(), Expected> {
        let months = match self.months.take() {
            Some(months) => Months::new(months).ok_or(Expected::Months)?,
            None => Months::ALL,
        };
        let rules = self.days.drain(..).map(|rule| if months == Months::ALL { rule } else { rule.within(months) });
        self.cell.rules.extend(rules);
        Ok(())
    }
}

fn month(text: &str) -> Result<i8, Expected> {
    let number: Option<i8> = text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    number.filter(|month| (1..=12).contains(month)).ok_or(Expected::Months)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> String {
        let cell = parse(text).unwrap();
        cell.rules.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_dialect_is_read() {
        for (cell, expected) in [
            ("月 木", "月 木"),
            ("水2 水4", "水2 水4"),
            ("　火１　火３　", "火1 火3"),
            ("月・木", "月 木"),
            ("月\n木", "月 木"),
            ("火2 金4:4 6 8", "火2:4,6,8 金4:4,6,8"),
            ("水1:6 7 11 12 1 水2:4 5", "水1:1,6-7,11-12 水2:4-5"),
            ("水2 水4:4 5 月", "水2:4-5 水4:4-5 月"),
            ("水2：４，５", "水2:4-5"),
            ("水2 : 4 5", "水2:4-5"),
            ("水2:1 2 3 4 5 6 7 8 9 10 11 12", "水2"),
            ("隔火20140401", "隔週火@2014-04-01"),
            ("隔週火@2014-04-01 毎月末日", "隔週火@2014-04-01 毎月末日"),
            ("20140401 20140412", "2014-04-01 2014-04-12"),
            ("", ""),
            ("－", ""),
            ("なし", ""),
        ] {
            assert_eq!(rules(cell), expected, "{cell}");
        }
    }

    #[test]
    fn remarks_and_a_first_day_elsewhere_are_kept_beside_the_rules() {
        let cell = parse("隔月20140401 *3 ＊4").unwrap();
        assert_eq!(cell.elsewhere, [('月', '火')], "5374's own example");
        assert_eq!(cell.remarks, ["3", "4"]);
        assert_eq!(cell.rules[0].to_string(), "隔週火@2014-04-01");
        assert_eq!(rules("水2:4 *1 5"), "水2:4-5", "a remark between months");
    }

    #[test]
    fn what_is_no_day_is_named() {
        for (cell, token, expected) in [
            ("月 禾", "禾", Expected::Rule),
            ("3", "3", Expected::Rule),
            ("水2:13", "水2:13", Expected::Months),
            ("水2:4 0", "0", Expected::Months),
            ("水2:", "水2:", Expected::Months),
            ("水9", "水9", Expected::Nth),
            ("20140431", "20140431", Expected::Date),
            ("隔月2014", "隔月2014", Expected::Date),
            ("隔犬20140401", "隔犬20140401", Expected::Rule),
        ] {
            let error = parse(cell).unwrap_err();
            assert_eq!((error.token.as_str(), error.expected), (token, expected), "{cell}");
        }
        assert_eq!(parse(&"月 ".repeat(TOKENS_MAX + 1)).unwrap_err().expected, Expected::Fewer);
    }
}
