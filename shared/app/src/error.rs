//! The one error of use cases: what was being done, and whether to try again.

use std::error::Error as StdError;
use std::fmt;

/// Whether trying again can help: the only question that a caller asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A passing fault: the same again may succeed.
    Transient,
    /// Too much at once: the same again later may succeed.
    Throttled,
    /// The same again fails again.
    Permanent,
}

/// A failure that a use case could not deal with itself.
///
/// `Display` says what was being done and leaves the cause to [`StdError::source`]; print the whole chain with [`Chain`].
#[derive(Debug)]
pub struct Error {
    /// Whether to try again.
    pub kind: Kind,
    /// What was being done, as in "write the turn".
    pub doing: &'static str,
    /// The cause.
    pub source: Box<dyn StdError + Send + Sync>,
}

impl Error {
    /// A failure of `kind` while `doing`, because of `source`.
    pub fn new(kind: Kind, doing: &'static str, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind, doing, source: source.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not {}", self.doing)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self.source.as_ref())
    }
}

/// Prints an error and all its causes in one line, for a log.
pub struct Chain<'a>(pub &'a (dyn StdError + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
