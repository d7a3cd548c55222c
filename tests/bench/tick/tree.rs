//! What the processes of the city use of the processor, as Linux counts it.

use std::collections::BTreeMap;
use std::fs;

/// Names a process that is a function, in its environment.
const FUNCTION: &str = "AWS_LAMBDA_FUNCTION_NAME=";

/// Seconds of the processor so far, by process, with what it is: the name of a function or of a program.
pub(crate) type Spent = BTreeMap<u32, (String, f64)>;

/// Of a process and all that it has started, and what that has started.
pub(crate) fn spent(root: u32) -> Spent {
    let mut found = Spent::new();
    let mut open = vec![root];
    // Bounded by the processes there are: each has one parent.
    while let Some(process) = open.pop() {
        if let Some(seconds) = seconds(process) {
            found.insert(process, (name(process), seconds));
        }
        open.extend(children(process));
    }
    found
}

/// What was used between two looks, by name. Who ended meanwhile is left out.
pub(crate) fn between(before: &Spent, after: &Spent) -> BTreeMap<String, f64> {
    let mut spent = BTreeMap::new();
    for (process, (name, seconds)) in after {
        let earlier = before.get(process).map_or(0.0, |(_, seconds)| *seconds);
        *spent.entry(name.clone()).or_default() += seconds - earlier;
    }
    spent
}

fn name(process: u32) -> String {
    let environment = fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
    let mut variables = environment.split(|byte| *byte == 0).filter_map(|variable| std::str::from_utf8(variable).ok());
    let function = variables.find_map(|variable| variable.strip_prefix(FUNCTION).map(str::to_owned));
    let program = || fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default().trim().to_owned();
    function.unwrap_or_else(program)
}

/// In its own code and in the kernel's for it; Linux tells them in hundredths.
fn seconds(process: u32) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program may hold blanks; it stands in brackets.
    let fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11).take(2);
    let hundredths = fields.map(str::parse::<u32>).sum::<Result<u32, _>>().ok()?;
    Some(f64::from(hundredths) / 100.0)
}

fn children(process: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let lists = threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    lists.flat_map(|list| list.split_whitespace().filter_map(|child| child.parse().ok()).collect::<Vec<_>>()).collect()
}
