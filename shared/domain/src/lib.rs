//! Decide: the types, rules and state machines of a municipality's account. Pure: no I/O, clock, randomness or vendor in it.
//!
//! Reading order: [`ids`], [`time`] and [`dates`] (the small words), [`resident`] (who), [`town`] (what the city's data says),
//! [`garbage`] (what goes out when), [`reply`] (what can be said) [`conversation`] (what is said to whom); for the console
//! [`staff`] (who may do what) and [`audit`] (who did what); [`broadcast`] (what staff send to whom, and who lets it go),
//! [`reminder`] (what is sent by itself, and when) and [`sending`] (how it reaches each exactly once); and [`report`] (what residents
//! say is broken, and what becomes of it); and [`checkup`] (whether all is well).

pub mod audit;
pub mod broadcast;
pub mod checkup;
pub mod conversation;
pub mod counts;
pub mod dates;
pub mod garbage;
pub mod ids;
pub mod language;
pub mod reminder;
pub mod reply;
pub mod report;
pub mod resident;
pub mod sending;
pub mod staff;
pub mod text;
pub mod time;
pub mod town;
