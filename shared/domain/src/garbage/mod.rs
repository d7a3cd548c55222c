//! Garbage: what a thing is ([`waste`]), when it is collected ([`calendar`]), and who is reminded of it ([`reminder`]).

pub mod calendar;
pub mod effect;
pub mod reminder;
pub mod sheet;
pub mod waste;
