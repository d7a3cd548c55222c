//! Translate: what use cases ask for, in the words of AWS: table, bucket, queues, secrets, and the Lambda runtime.
//!
//! [`environment`] reads the configuration, [`clients`] makes the clients, and each of the other modules is the adapter
//! of one port; [`lambda`] is the way in. Nothing here decides anything about residents.

pub mod accounts;
pub mod api_keys;
pub mod audit;
pub mod broadcasts;
pub mod candidates;
pub mod chance;
pub mod checkup;
pub mod clients;
pub mod clock;
pub mod conversations;
pub mod dead_letters;
pub mod environment;
mod failure;
pub mod followers;
pub mod frozen;
pub mod hooks;
mod http_event;
mod job;
pub mod lambda;
pub mod ledgers;
pub mod personal;
pub mod photo_copies;
mod photo_events;
pub mod photo_files;
pub mod photo_uploads;
pub mod pictures;
pub mod questions;
pub mod queue;
pub mod reach_counts;
pub mod released;
pub mod reminders;
pub mod report_jobs;
pub mod report_shelf;
pub mod reports;
pub mod resident_counts;
pub mod resident_sessions;
pub mod restoring;
pub mod secrets;
pub mod sending_queues;
pub mod sessions;
pub mod staff;
mod stamped;
mod table;
pub mod templates;
pub mod town_store;
pub mod unfollows;
pub mod uploads;
mod used_ids;
pub mod watch;
pub mod web;

pub use table::Table;
