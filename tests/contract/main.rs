//! The same checks on the fakes and on the real adapters, and the story of a resident, against the running local city.
//!
//! `tests/city/run` starts the city and runs these; they fail where no city runs.

#![expect(clippy::unwrap_used, reason = "a check stops at the first surprise")]

mod audit;
mod console;
mod conversations;
mod killed_photos;
mod outside;
mod place;
mod reports;
mod staff;
mod story;
mod templates;
mod town_store;
mod trouble;
mod uploads;
mod webhook;
