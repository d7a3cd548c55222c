//! What `relay` finds in its environment.

use super::{
    HOOKS_LOCAL, Misconfigured, RELAY_DEAD_LETTERS_URL, RELAY_QUEUE_URL, TABLE_NAME, of_the_process, optional, required,
};

/// What `relay` is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayEnvironment {
    /// The table.
    pub table_name: String,
    /// The queue that it works off, into which it puts a change once for each hook.
    pub relay_queue_url: String,
    /// Where changes go that fail for good.
    pub relay_dead_letters_url: String,
    /// `yes` where other systems may be told on this very machine.
    pub hooks_local: Option<String>,
}

impl RelayEnvironment {
    /// The variables that must be there.
    pub const REQUIRED: &[&str] = &[TABLE_NAME, RELAY_QUEUE_URL, RELAY_DEAD_LETTERS_URL];
    /// The variables that are read.
    pub const VARIABLES: &[&str] = &[TABLE_NAME, RELAY_QUEUE_URL, RELAY_DEAD_LETTERS_URL, HOOKS_LOCAL];

    /// Reads the environment of the process.
    pub fn load() -> Result<Self, Misconfigured> {
        Self::read(of_the_process)
    }

    pub(super) fn read(value: impl Fn(&str) -> Option<String>) -> Result<Self, Misconfigured> {
        Ok(Self {
            table_name: required(&value, TABLE_NAME)?,
            relay_queue_url: required(&value, RELAY_QUEUE_URL)?,
            relay_dead_letters_url: required(&value, RELAY_DEAD_LETTERS_URL)?,
            hooks_local: optional(&value, HOOKS_LOCAL),
        })
    }
}
