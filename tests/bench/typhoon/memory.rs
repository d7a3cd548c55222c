//! What memory processes hold, and whether it grows.

use std::collections::BTreeMap;
use std::fs;
use std::process;

use serde_json::{Value, json};

/// Memory may be so much more in the last quarter than in the second: this share, and this many kB.
const GROWTH_SHARE: u64 = 10;
const GROWTH_KB: u64 = 2_048;
/// Fewer looks have no quarters.
const LOOKS_MIN: usize = 8;

/// What processes held at each look.
#[derive(Default)]
pub(crate) struct Memory {
    /// By name and id, in kB.
    looks: BTreeMap<(String, u32), Vec<u64>>,
}

impl Memory {
    /// Looks at this process, the processes that it started, and the simulator.
    pub(crate) fn look(&mut self, simulator: u32) {
        let own = process::id();
        let started = children_of(own).into_iter().map(|process| ("webhook", process));
        for (name, process) in [("harness", own), ("simulator", simulator)].into_iter().chain(started) {
            if let Some(held) = held_by(process) {
                self.looks.entry((name.to_owned(), process)).or_default().push(held);
            }
        }
    }

    /// All looks by process, in kB.
    pub(crate) fn figures(&self) -> Value {
        let rows = self.looks.iter().map(|((name, process), held)| {
            json!({ "name": name, "process": process, "heldKb": held, "judged": is_judged(name), "grew": grew(held) })
        });
        rows.collect()
    }

    /// The functions that hold more and more.
    pub(crate) fn growing(&self) -> Vec<String> {
        let growing = self.looks.iter().filter(|((name, _), held)| is_judged(name) && grew(held));
        growing.map(|((name, process), held)| format!("the memory of {name} ({process}) grows: {held:?} kB")).collect()
    }
}

/// The harness holds the table, the queue and the account of everything, the simulator LINE's: they must grow.
fn is_judged(name: &str) -> bool {
    name == "webhook"
}

/// Whether the median of the last quarter is more than it may be beside that of the second.
fn grew(held: &[u64]) -> bool {
    if held.len() < LOOKS_MIN {
        return false;
    }
    let quarter = held.len() / 4;
    let (second, last) = (median(&held[quarter..2 * quarter]), median(&held[held.len() - quarter..]));
    second + second * GROWTH_SHARE / 100 + GROWTH_KB < last
}

fn median(values: &[u64]) -> u64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// The resident memory of a process, in kB.
fn held_by(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// The processes that another has started.
fn children_of(parent: u32) -> Vec<u32> {
    let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
    let ids = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    ids.filter(|id| parent_of(*id) == Some(parent)).collect()
}

fn parent_of(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program may hold blanks; it stands in brackets.
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_told_from_noise_and_from_a_start() {
        assert!(!grew(&[1, 9_000, 10_000, 10_100, 10_050, 10_000, 10_100, 10_020]));
        assert!(!grew(&[10_000, 10_000, 10_000, 10_000, 10_000, 10_000, 13_000, 13_000]), "10 % and 2 MB are allowed");
        assert!(grew(&[10_000, 10_000, 10_000, 11_000, 12_000, 13_000, 16_000, 16_100]));
        assert!(!grew(&[1, 1_000_000]), "too few looks");
    }
}
