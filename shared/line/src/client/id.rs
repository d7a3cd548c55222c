//! Ids that stand in addresses: each has one fallible way in, so that an address is never another than the one meant.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text that is not an id of LINE's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} has 1 to {max} characters of a-z, A-Z, 0-9, - and _")]
pub struct InvalidLineId {
    what: &'static str,
    max: usize,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident: $what:literal, $max:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidLineId;

            fn from_str(text: &str) -> Result<Self, InvalidLineId> {
                let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
                if (1..=$max).contains(&text.len()) && text.bytes().all(is_word) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(InvalidLineId { what: $what, max: $max })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidLineId;

            fn try_from(text: String) -> Result<Self, InvalidLineId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

ids! {
    /// A message's id, unique on the whole platform.
    MessageId: "a message id", 64;
    /// A rich menu's id, given by LINE.
    RichMenuId: "a rich menu id", 100;
    /// A rich menu alias, named by us.
    AliasId: "a rich menu alias", 32;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_changes_an_address_is_an_id() {
        assert!("richmenu-88c05ef6921ae53f8b58a25f3a65faf7".parse::<RichMenuId>().is_ok());
        assert!("468789577898262530".parse::<MessageId>().is_ok());
        for bad in ["", ".", "..", "a/b", "a?b", "a%2Fb", "a b", "日本", &"a".repeat(33)] {
            assert!(bad.parse::<AliasId>().is_err(), "{bad}");
        }
    }
}
