//! Where LINE is and how long to wait for it.

use std::time::Duration;

use reqwest::Url;

/// Base address of all calls but those that carry files.
pub const API: &str = "https://api.line.me";
/// Base address of the calls that carry files: contents of messages, images of rich menus.
pub const API_DATA: &str = "https://api-data.line.me";

/// Which of LINE's two hosts serves a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Host {
    /// [`API`]
    Api,
    /// [`API_DATA`]
    Data,
}

/// The base addresses of LINE's two hosts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    api: Url,
    data: Url,
}

/// A base address that is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} must be an http or https address without query, such as {example}")]
pub struct InvalidEndpoint {
    what: &'static str,
    example: &'static str,
}

impl Endpoints {
    /// Takes both base addresses; both may be the same, and have a path.
    pub fn new(api: &str, data: &str) -> Result<Self, InvalidEndpoint> {
        Ok(Self {
            api: base(api).ok_or(InvalidEndpoint { what: "the address of LINE's API", example: API })?,
            data: base(data).ok_or(InvalidEndpoint { what: "the address of LINE's file API", example: API_DATA })?,
        })
    }

    /// The address of a call. Every segment is one segment of the path, whatever characters are in it.
    pub(crate) fn url(&self, host: Host, path: &[&str]) -> Url {
        let mut url = match host {
            Host::Api => self.api.clone(),
            Host::Data => self.data.clone(),
        };
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }
}

fn base(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_base = matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none();
    is_base.then_some(url)
}

/// How long to wait for LINE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection.
    pub connect: Duration,
    /// For a whole call, from connecting to the last byte.
    pub call: Duration,
    /// For a whole call that carries a file.
    pub file: Duration,
    /// How long an unused connection is kept. A function sleeps between events, and LINE closes connections meanwhile.
    pub idle: Duration,
}

impl Timeouts {
    /// For a function that answers a resident at once: three attempts and the waits between them end before it does.
    #[must_use]
    pub fn prompt() -> Self {
        Self { connect: Duration::from_secs(1), call: Duration::from_millis(1_200), ..Self::default() }
    }

    /// For one that fetches photos: within its own 60 s it has the table and the bucket to talk to as well.
    #[must_use]
    pub fn files() -> Self {
        Self { file: Duration::from_secs(20), ..Self::default() }
    }

    /// For one that sends broadcasts: it waits for an answer as long as the protocol of sending allows.
    #[must_use]
    pub fn patient() -> Self {
        Self { call: domain::sending::CALL_LIFE.unsigned_abs(), ..Self::default() }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(2),
            call: Duration::from_secs(5),
            file: Duration::from_mins(1),
            idle: Duration::from_secs(30),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_built_without_a_slash_too_many_or_too_few() {
        for (base, expected) in [
            ("https://api.line.me", "https://api.line.me/v2/bot/info"),
            ("https://api.line.me/", "https://api.line.me/v2/bot/info"),
            ("http://127.0.0.1:8080/line/", "http://127.0.0.1:8080/line/v2/bot/info"),
            ("http://127.0.0.1:8080/line", "http://127.0.0.1:8080/line/v2/bot/info"),
        ] {
            let endpoints = Endpoints::new(base, API_DATA).unwrap();
            assert_eq!(endpoints.url(Host::Api, &["v2", "bot", "info"]).as_str(), expected);
        }
        let url = Endpoints::new(API, API_DATA).unwrap().url(Host::Data, &["v2", "a/b?c#d e"]);
        assert_eq!(url.as_str(), "https://api-data.line.me/v2/a%2Fb%3Fc%23d%20e");
    }

    #[test]
    fn other_addresses_are_refused() {
        for bad in ["", "api.line.me", "ftp://api.line.me", "https://api.line.me/?a=b", "https://api.line.me/#a"] {
            assert!(Endpoints::new(bad, API_DATA).is_err(), "{bad}");
            assert!(Endpoints::new(API, bad).is_err(), "{bad}");
        }
    }
}
