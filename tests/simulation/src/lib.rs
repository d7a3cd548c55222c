//! A deterministic simulation of sending: the very decisions of `domain::sending` on a model of the queues, the table, the objects, LINE,
//! the clocks and the people, with everything that can go wrong.

pub mod calls;
pub mod check;
pub mod events;
pub mod fault;
pub mod janitor;
pub mod line;
pub mod model;
pub mod mutant;
pub mod pages;
pub mod planner;
pub mod queue;
pub mod random;
pub mod run;
pub mod sender;
pub mod staff;
pub mod table;
pub mod world;
