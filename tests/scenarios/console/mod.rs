//! The console on fakes, as its people and their enemies use it.

mod after;
mod audit;
mod broadcasts;
mod followers;
mod foreign;
mod guard;
mod home;
mod injection;
mod people;
mod quota;
mod residents;
mod routes;
mod settings;
mod templates;
mod town;
mod trial;
