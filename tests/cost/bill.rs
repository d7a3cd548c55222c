//! The bill: how often each act happens, times what it asks for, times the price.

use crate::sheets::{Price, Use};

/// How often an act happens in a month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Times {
    pub(crate) act: &'static str,
    pub(crate) times: f64,
}

/// What one act costs of one service in a month.
#[derive(Debug, Clone, PartialEq)]
struct Item {
    act: &'static str,
    service: String,
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
            items.push(Item { act, service: service.clone(), usd: times * amount * usd });
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
    use crate::sheets::{prices, uses};

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
    fn what_nobody_counted_or_priced_is_an_error_and_not_nothing() {
        let (prices, mut uses) = (prices("p.csv", PRICES).unwrap(), uses("u.csv", USES).unwrap());
        let unknown = [Times { act: "dance", times: 1.0 }];
        assert_eq!(bill(&unknown, "u.csv", &uses, &prices).unwrap_err(), "u.csv: nothing is said of dance");
        uses[1].unit = "week".to_owned();
        let answer = [Times { act: "answer", times: 1.0 }];
        assert_eq!(bill(&answer, "u.csv", &uses, &prices).unwrap_err(), "u.csv:3: week has no price");
    }
}
