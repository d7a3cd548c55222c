//! The console's Japanese words, kept apart from the code: one file per part of the console.

pub mod after;
pub mod audience;
pub mod audit;
pub mod broadcasts;
pub mod content;
pub mod followers;
pub mod frame;
pub mod garbage;
pub mod home;
pub mod kit;
pub mod outside;
pub mod people;
pub mod progress;
pub mod questions;
pub mod quota;
pub mod reminders;
pub mod reports;
pub mod residents;
pub mod settings;
pub mod sign_in;
pub mod templates;
pub mod town;
pub mod trial;
pub mod watch;
