//! Stories on the city in memory: what residents get and what is kept, whatever is doubled, lost or dies half-way.

#![expect(clippy::unwrap_used, reason = "a story stops at the first surprise")]

mod audit;
mod console;
mod inbox;
mod outage;
mod phone;
mod residents;
mod sending;
mod staff;
mod trial;
