//! The console on fakes, as its people and their enemies use it.

mod after;
mod audit;
mod broadcasts;
mod followers;
mod foreign;
mod garbage;
mod guard;
mod home;
mod injection;
mod outside;
mod people;
mod progress;
mod quota;
mod reminders;
mod report_answers;
mod reports;
mod reports_release;
mod residents;
mod routes;
mod settings;
mod templates;
mod town;
mod town_changes;
mod town_reports;
mod trial;
mod watch;
