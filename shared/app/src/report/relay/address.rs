//! Where a hook may be: at a name in the internet, and never at something inside of ours.
//!
//! Staff type these addresses, and a function of ours calls them: without bounds it would call for whoever takes over the console what
//! only it can reach. Names are checked here; that they lead nowhere else is checked where the call is made.

/// An address has at most this many characters.
pub const URL_CHARS_MAX: usize = 500;

/// How far calls may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// To names in the internet, by `https` alone.
    Internet,
    /// To `http://127.0.0.1` as well: in the local city, where the other system is a test.
    ThisMachine,
}

/// An address that no hook may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a hook is at https://, at a name with a dot in it, without a user's name")]
pub struct InvalidAddress;

impl Reach {
    /// As the configuration says it: `yes`, or nothing.
    #[must_use]
    pub fn of(local: Option<&str>) -> Self {
        if local == Some("yes") { Self::ThisMachine } else { Self::Internet }
    }

    /// Whether a hook may be there.
    pub fn check(self, url: &str) -> Result<(), InvalidAddress> {
        let is_plain = url.len() <= URL_CHARS_MAX && url.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let is_allowed = is_plain
            && match self {
                Self::Internet => is_in_the_internet(url),
                Self::ThisMachine => is_in_the_internet(url) || is_here(url),
            };
        if is_allowed { Ok(()) } else { Err(InvalidAddress) }
    }
}

fn is_in_the_internet(url: &str) -> bool {
    url.strip_prefix("https://").and_then(authority).is_some_and(|(host, port)| is_name(host) && is_port(port))
}

fn is_here(url: &str) -> bool {
    url.strip_prefix("http://").and_then(authority).is_some_and(|(host, port)| host == "127.0.0.1" && is_port(port))
}

/// Host and port of what stands behind the scheme. A user's name before them would be taken for a part of the host, which then is none.
fn authority(rest: &str) -> Option<(&str, Option<&str>)> {
    let authority = rest.split(['/', '?', '#']).next()?;
    Some(authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port))))
}

/// A name of two labels or more. An address in numbers, however it is written, ends in a label that begins with a digit.
fn is_name(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    host.len() <= 253
        && host.contains('.')
        && host.split('.').all(is_label)
        && last.starts_with(|first: char| first.is_ascii_alphabetic())
}

fn is_port(port: Option<&str>) -> bool {
    port.is_none_or(|port| {
        port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse().is_ok_and(|port: u16| 0 < port)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_the_internet_is_taken() {
        for url in [
            "https://hooks.example.jp/kairan?token=1#there",
            "https://example.jp",
            "https://xn--eckwd4c7c.jp:8443/a@b",
            "https://1.example.jp/",
        ] {
            assert_eq!(Reach::Internet.check(url), Ok(()), "{url}");
            assert_eq!(Reach::ThisMachine.check(url), Ok(()), "{url}");
        }
    }

    #[test]
    fn what_may_lead_inside_is_not() {
        for url in [
            "",
            "https://",
            "http://hooks.example.jp/",
            "HTTPS://hooks.example.jp/",
            "ftp://hooks.example.jp/",
            "https://localhost/",
            "https://intranet/",
            "https://169.254.169.254/latest/meta-data/",
            "https://10.0.0.1/",
            "https://8.8.8.8/",
            "https://2130706433/",
            "https://0x7f.0x1/",
            "https://127.1/",
            "https://example.0x7f/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://user@hooks.example.jp/",
            "https://hooks.example.jp:secret@10.0.0.1/",
            "https://hooks.example.jp\\@10.0.0.1/",
            "https://hooks.example.jp%2f@10.0.0.1/",
            "https://hooks..jp/",
            "https://.example.jp/",
            "https://hooks.example.jp./",
            "https://-a.example.jp/",
            "https://hooks.example.jp:0/",
            "https://hooks.example.jp:65536/",
            "https://hooks.example.jp:/",
            "https://hooks.example.jp/ a",
            "https://hooks.example.jp/\r\nHost: a",
            "https://まち.jp/",
            "http://127.0.0.1:8080/",
        ] {
            assert_eq!(Reach::Internet.check(url), Err(InvalidAddress), "{url}");
        }
        let long = |characters: usize| format!("https://example.jp/{}", "a".repeat(characters - 19));
        assert_eq!(Reach::Internet.check(&long(URL_CHARS_MAX)), Ok(()));
        assert_eq!(Reach::Internet.check(&long(URL_CHARS_MAX + 1)), Err(InvalidAddress));
    }

    #[test]
    fn this_machine_is_reached_only_where_that_is_said() {
        assert_eq!(
            [Reach::of(None), Reach::of(Some("no")), Reach::of(Some("yes"))],
            [Reach::Internet, Reach::Internet, Reach::ThisMachine]
        );
        assert_eq!(Reach::ThisMachine.check("http://127.0.0.1:8080/hook"), Ok(()));
        for url in ["http://127.0.0.2/", "http://localhost/", "https://127.0.0.1/", "http://127.0.0.1@example.jp/"] {
            assert_eq!(Reach::ThisMachine.check(url), Err(InvalidAddress), "{url}");
        }
    }
}
