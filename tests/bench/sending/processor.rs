//! What programs have used of the processor, in their own code and in the kernel's for them.

use std::fs;

use crate::Failure;

/// Whose time is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whose {
    /// This process's.
    Own,
    /// That of the processes that it started and that have ended.
    Ended,
}

/// Seconds; Linux tells them in hundredths.
pub(crate) fn processor_seconds(whose: Whose) -> Result<f64, Failure> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The name of the program may hold blanks; it stands in brackets.
    let fields = stat.rsplit_once(')').ok_or("no name")?.1.split_whitespace();
    let place = match whose {
        Whose::Own => 11,
        Whose::Ended => 13,
    };
    let ticks: Vec<u32> = fields.skip(place).take(2).map(str::parse).collect::<Result<_, _>>()?;
    Ok(f64::from(ticks.iter().sum::<u32>()) / 100.0)
}
