//! What holds for the repository as a whole: which crate may know which, and what every file looks like.

mod arrows;
mod files;
