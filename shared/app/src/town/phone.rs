//! Telephone numbers as they are written in Japan.

use domain::dates::plain;

/// A number as staff write it: `092-000-0000` from the area code on and with hyphens, or a short one (`119`, `#7119`).
/// Full-width signs become plain ones. `None` for anything else.
pub(super) fn parse(text: &str) -> Option<String> {
    let phone = plain(text.trim());
    let groups: Vec<usize> = phone.split('-').map(str::len).collect();
    let is_whole = matches!(groups[..], [2..=5, 1..=4, 3..=4]) && dials(&phone);
    (is_whole || is_short(&phone)).then_some(phone)
}

/// Whether a phone can dial it: the digits of a number, with hyphens or without.
pub(super) fn dials(number: &str) -> bool {
    let digits: String = number.chars().filter(|sign| *sign != '-').collect();
    let is_whole = digits.starts_with('0') && matches!(digits.len(), 10 | 11) && is_digits(&digits);
    is_whole || !number.starts_with('#') && is_short(number)
}

/// `1` and two digits for calls that are carried everywhere, `#` and four for those of a region.
fn is_short(number: &str) -> bool {
    match number.strip_prefix('#') {
        Some(digits) => digits.len() == 4 && is_digits(digits),
        None => number.len() == 3 && number.starts_with('1') && is_digits(number),
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_japan_are_told_from_slips() {
        for good in [
            "0000-00-0000",
            "03-0000-0000",
            "01234-5-0000",
            "090-0000-0000",
            "0120-000-000",
            "0570-000-000",
            "119",
            "118",
            "#7119",
        ] {
            assert_eq!(parse(good).as_deref(), Some(good));
        }
        assert_eq!(parse("０００-００－００００").as_deref(), None, "nine digits");
        assert_eq!(parse(" ００００−００－００００ ").as_deref(), Some("0000-00-0000"));
        assert_eq!(parse("＃７１１９").as_deref(), Some("#7119"));
        for bad in [
            "",
            "-",
            "0000000000",
            "000-0000",
            "0000-00-00000-0",
            "0000--000000",
            "00000-00000",
            "00-00-00-0000",
            "0000-0000-00",
            "1000-00-0000",
            "+81-92-000-0000",
            "0000（00）0000",
            "0000-00-0000 内線12",
            "0000-00-000O",
            "0000ー00ー0000",
            "11",
            "219",
            "1199",
            "1-1-9",
            "#711",
            "#71190",
            "7119",
            "環境課",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_dialled_needs_no_hyphens_and_no_signs() {
        for good in ["0000000000", "00000000000", "0000-00-0000", "119"] {
            assert!(dials(good), "{good}");
        }
        for bad in ["", "#7119", "000000000", "1000000000", "0000 000000", "0000000000?", "+81920000000"] {
            assert!(!dials(bad), "{bad}");
        }
    }
}
