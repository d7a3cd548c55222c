//! Garbage: what a thing is ([`waste`]) and when it is collected ([`calendar`]).

pub mod calendar;
pub mod waste;
