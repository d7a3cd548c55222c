//! The console on fakes, as its people and their enemies use it.

mod audit;
mod broadcasts;
mod foreign;
mod guard;
mod home;
mod injection;
mod people;
mod residents;
mod routes;
mod settings;
mod town;
mod trial;
