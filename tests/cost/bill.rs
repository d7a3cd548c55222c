//! The bill: how often each act happens, times what it asks for, times the price.

use crate::sheets::{Allowance, Price, Use};

/// How often an act happens in a month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Times {
    pub(crate) act: &'static str,
    pub(crate) times: f64,
}

/// What one act asks for and costs of one service in a month.
#[derive(Debug, Clone, PartialEq)]
struct Item {
    act: &'static str,
    service: String,
    unit: String,
    amount: f64,
    usd: f64,
}

/// A month's bill.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Bill {
    items: Vec<Item>,
}

/// The bill of a month. An act that `uses` do not know, and a unit without a price, are errors; `sheet` is the name of the file of
/// the uses, for complaints.
pub(crate) fn bill(month: &[Times], sheet: &str, uses: &[Use], prices: &[Price]) -> Result<Bill, String> {
    let mut items = Vec::new();
    for &Times { act, times } in month {
        let mut is_known = false;
        for Use { unit, amount, line, .. } in uses.iter().filter(|one| one.act == act) {
            is_known = true;
            let price = prices.iter().find(|price| price.unit == *unit);
            let Price { service, usd, .. } = price.ok_or_else(|| format!("{sheet}:{line}: {unit} has no price"))?;
            let amount = times * amount;
            items.push(Item { act, service: service.clone(), unit: unit.clone(), amount, usd: amount * usd });
        }
        if !is_known {
            return Err(format!("{sheet}: nothing is said of {act}"));
        }
    }
    Ok(Bill { items })
}

impl Bill {
    /// All of it, in USD.
    pub(crate) fn usd(&self) -> f64 {
        self.items.iter().map(|item| item.usd).sum()
    }

    /// What these acts cost together, in USD.
    pub(crate) fn usd_of(&self, acts: &[&str]) -> f64 {
        self.items.iter().filter(|item| acts.contains(&item.act)).map(|item| item.usd).sum()
    }

    /// The same, less what AWS gives for nothing: all that an allowance is for has the same share of it.
    pub(crate) fn less(&self, allowances: &[Allowance]) -> Self {
        let left = |item: &Item| Item { usd: item.usd * self.paid_part(item, allowances), ..item.clone() };
        Self { items: self.items.iter().map(left).collect() }
    }

    /// The part of an item that is not given for nothing, from 0 to 1.
    fn paid_part(&self, item: &Item, allowances: &[Allowance]) -> f64 {
        let Some(given) = allowances.iter().find(|given| given.units.contains(&item.unit)) else { return 1.0 };
        let sharing = self.items.iter().filter(|other| given.units.contains(&other.unit));
        let used: f64 = sharing.map(|other| other.amount).sum();
        if used <= given.amount { 0.0 } else { 1.0 - given.amount / used }
    }

    /// What each act costs, in the order of the month, in USD.
    pub(crate) fn by_act(&self) -> Vec<(&str, f64)> {
        summed(self.items.iter().map(|item| (item.act, item.usd)))
    }

    /// What each service costs, in USD, the dearest first.
    pub(crate) fn by_service(&self) -> Vec<(&str, f64)> {
        let mut services = summed(self.items.iter().map(|item| (item.service.as_str(), item.usd)));
        services.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        services
    }
}

fn summed<'a>(items: impl Iterator<Item = (&'a str, f64)>) -> Vec<(&'a str, f64)> {
    let mut sums: Vec<(&str, f64)> = Vec::new();
    for (name, usd) in items {
        match sums.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += usd,
            None => sums.push((name, usd)),
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::{Times, bill};
    use crate::sheets::{allowances, prices, uses};

    const PRICES: &str = "service,unit,usd,region,date,source,note\n\
                          Post,letter,0.5,here,today,a page,\n\
                          Town,hour,2,here,today,a page,\n";
    const USES: &str = "act,unit,amount,how\nanswer,letter,2,counted\nanswer,hour,0.25,counted\nvisit,hour,1,counted\n";

    #[test]
    fn a_bill_is_the_sum_that_is_reckoned_by_hand() {
        let (prices, uses) = (prices("p.csv", PRICES).unwrap(), uses("u.csv", USES).unwrap());
        let month = [Times { act: "answer", times: 10.0 }, Times { act: "visit", times: 3.0 }];
        // Answers: 10 x (2 x 0.5 + 0.25 x 2) = 15. Visits: 3 x 2 = 6. Post 10, Town 5 + 6.
        let bill = bill(&month, "u.csv", &uses, &prices).unwrap();
        let is = |usd: f64, expected: f64| assert!((usd - expected).abs() < 1e-9, "{usd}, not {expected}");
        is(bill.usd(), 21.0);
        is(bill.usd_of(&["answer"]), 15.0);
        is(bill.usd_of(&["answer", "visit"]), 21.0);
        is(bill.usd_of(&["nothing"]), 0.0);
        let (acts, services) = (bill.by_act(), bill.by_service());
        assert_eq!(acts.iter().map(|(act, _)| *act).collect::<Vec<_>>(), ["answer", "visit"]);
        assert_eq!(services.iter().map(|(service, _)| *service).collect::<Vec<_>>(), ["Town", "Post"]);
        is(acts[1].1, 6.0);
        is(services[0].1, 11.0);
        is(services[1].1, 10.0);
    }

    #[test]
    fn what_is_given_for_nothing_is_taken_off_as_is_reckoned_by_hand() {
        let (prices, uses) = (prices("p.csv", PRICES).unwrap(), uses("u.csv", USES).unwrap());
        let month = [Times { act: "answer", times: 10.0 }, Times { act: "visit", times: 3.0 }];
        // 20 letters are 10 USD; 2.5 and 3 hours are 5 and 6 USD.
        let bill = bill(&month, "u.csv", &uses, &prices).unwrap();
        let less = |rows: &str| {
            let text = format!("units,amount,date,source,note\n{rows}");
            let left = bill.less(&allowances("f.csv", &text).unwrap());
            (left.usd_of(&["answer"]), left.usd_of(&["visit"]))
        };
        for (rows, answer, visit) in [
            ("", 15.0, 6.0),
            // More than there is of it.
            ("letter,100,today,a page,\n", 5.0, 6.0),
            // Two of five hours, whoever they are of.
            ("hour,2.2,today,a page,\n", 10.0 + 3.0, 3.6),
            // A fifth of 25.5 that share it.
            ("letter; hour,5.1,today,a page,\n", 12.0, 4.8),
            ("week,1,today,a page,\n", 15.0, 6.0),
        ] {
            let left = less(rows);
            assert!((left.0 - answer).abs() < 1e-9 && (left.1 - visit).abs() < 1e-9, "{rows}: {left:?}");
        }
    }

    #[test]
    fn what_nobody_counted_or_priced_is_an_error_and_not_nothing() {
        let (prices, mut uses) = (prices("p.csv", PRICES).unwrap(), uses("u.csv", USES).unwrap());
        let unknown = [Times { act: "dance", times: 1.0 }];
        assert_eq!(bill(&unknown, "u.csv", &uses, &prices).unwrap_err(), "u.csv: nothing is said of dance");
        uses[1].unit = "week".to_owned();
        let answer = [Times { act: "answer", times: 1.0 }];
        assert_eq!(bill(&answer, "u.csv", &uses, &prices).unwrap_err(), "u.csv:3: week has no price");
    }
}
