//! What departs from the rules in a year: closures of the centre, and days that staff closed.

use domain::dates::{DateRange, Period};
use domain::garbage::sheet::Month;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::kit;
use crate::words::garbage as words;

/// So many have room on the sheet.
const SHOWN: usize = 8;

/// The notes of a year, earliest first. A change that is over has nothing to say on a sheet that is put up now.
pub(super) fn of_year(months: &[Month<'_>], closed: &[(Period, String)], today: Date) -> Markup {
    let days = || months.iter().flat_map(Month::days);
    let mut notes: Vec<(Date, String)> = Vec::new();
    if let (Some(first), Some(last)) = (days().next(), days().last())
        && let Some(year) = DateRange::new(first.date, last.date)
    {
        for (period, note) in closed {
            let text = |range: DateRange| words::closed(range.first(), range.last(), note);
            notes.extend(period.ranges(year).map(|range| (range.first(), text(range))));
        }
    }
    for day in days().filter(|day| today <= day.date) {
        for missing in &day.missing {
            let Some(change) = missing.change else { continue };
            let change = Some((change.reason.as_str(), change.moved_to));
            let text = words::missing(&missing.category.name.ja, change);
            notes.push((day.date, words::on_day(day.date, &text)));
        }
    }
    notes.sort();
    html! {
        @if !notes.is_empty() {
            div.year-notes {
                h2 { (words::NOTES) }
                ul.remarks {
                    @for (_, note) in notes.iter().take(SHOWN) { li { (note) } }
                    @if SHOWN < notes.len() { li { (words::and_more(&kit::count_of(notes.len() - SHOWN))) } }
                }
            }
        }
    }
}
