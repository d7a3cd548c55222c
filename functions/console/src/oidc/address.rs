//! Which addresses we talk to: https, and for the city on one machine http that never leaves it.

use std::net::IpAddr;

use reqwest::Url;

/// How the issuer may be reached. Decided by the discovery document's address, and binding for every address in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// https only.
    Https,
    /// http too, on loopback hosts only.
    Loopback,
}

impl Reach {
    /// The reach that an address itself needs; `None` if we never call it.
    pub(super) fn of(url: &Url) -> Option<Self> {
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return None;
        }
        match url.scheme() {
            "https" => Some(Self::Https),
            "http" if is_loopback(url.host_str()?) => Some(Self::Loopback),
            _ => None,
        }
    }

    /// Reads an address, if it lies within this reach.
    pub(super) fn address(self, text: &str) -> Option<Url> {
        let url = Url::parse(text).ok()?;
        let needed = Self::of(&url)?;
        (needed == Self::Https || self == Self::Loopback).then_some(url)
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_leaves_the_machine() {
        let reach = |text: &str| Reach::of(&Url::parse(text).unwrap());
        assert_eq!(reach("https://login.example.jp/x?a=b"), Some(Reach::Https));
        for local in ["http://127.0.0.1:4566/x", "http://localhost:4566", "http://[::1]:1/", "http://127.9.9.9/"] {
            assert_eq!(reach(local), Some(Reach::Loopback), "{local}");
        }
        for other in [
            "http://login.example.jp/",
            "http://10.0.0.1/",
            "http://0.0.0.0/",
            "http://localhost.example.jp/",
            "http://127.0.0.1.example.jp/",
            "http://127.0.0.1@example.jp/",
            "https://user:secret@example.jp/",
            "https://example.jp/#x",
            "file:///etc/passwd",
            "javascript:alert(1)",
        ] {
            assert_eq!(reach(other), None, "{other}");
        }
    }

    #[test]
    fn a_distant_issuer_never_leads_back_to_this_machine_over_http() {
        assert!(Reach::Https.address("http://127.0.0.1/token").is_none());
        assert!(Reach::Loopback.address("http://127.0.0.1/token").is_some());
        assert!(Reach::Loopback.address("https://example.jp/token").is_some());
        assert!(Reach::Loopback.address("/token").is_none());
    }
}
