//! A function as Lambda runs it: its process, and what gives it events and takes its answers.

mod process;
mod stand_in;

pub(crate) use process::Function;
pub(crate) use stand_in::StandIn;
