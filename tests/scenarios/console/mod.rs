//! The console on fakes, as its people and their enemies use it.

mod audit;
mod guard;
mod home;
mod people;
mod residents;
mod routes;
mod town;
mod trial;
