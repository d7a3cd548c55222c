//! The adapters against stand-ins for AWS that answer what each test tells them, and the way in against recorded events.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod api_keys;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod broadcasts;
#[cfg(test)]
mod candidates;
#[cfg(test)]
mod checkup;
#[cfg(test)]
mod conversations;
#[cfg(test)]
mod dead_letters;
#[cfg(test)]
mod followers;
#[cfg(test)]
mod former;
#[cfg(test)]
mod former_kinds;
#[cfg(test)]
mod frozen;
#[cfg(test)]
mod hooks;
#[cfg(test)]
mod lambda;
#[cfg(test)]
mod ledgers;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod personal;
#[cfg(test)]
mod photo_copies;
#[cfg(test)]
mod photo_files;
#[cfg(test)]
mod photo_uploads;
#[cfg(test)]
mod pictures;
#[cfg(test)]
mod questions;
#[cfg(test)]
mod queue;
#[cfg(test)]
mod reach_counts;
#[cfg(test)]
mod reminders;
#[cfg(test)]
mod report_jobs;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod resident_counts;
#[cfg(test)]
mod resident_sessions;
#[cfg(test)]
mod restoring;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod sending_queues;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod staff;
#[cfg(test)]
mod stub;
#[cfg(test)]
mod templates;
#[cfg(test)]
mod town_store;
#[cfg(test)]
mod unfollows;
#[cfg(test)]
mod watch;
