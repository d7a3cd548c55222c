//! What the tests share: the city in memory, whose parts can be made to fail and asked what happened.

pub mod checkup;
pub mod city;
pub mod console;
pub mod followers;
pub mod forms;
pub mod friend;
pub mod hooks;
pub mod log;
pub mod outside;
pub mod portal;
pub mod post;
pub mod queue;
pub mod quota;
pub mod reminders;
pub mod reports;
pub mod resident_counts;
pub mod staff;
pub mod templates;
pub mod town;
pub mod verdicts;
pub mod watch;
