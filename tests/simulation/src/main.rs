//! `simulate`: runs worlds until enough residents were in one, shows what happened in one of them, or sees whether mistakes are noticed.
//!
//! ```text
//! simulate [--recipients 1000000000] [--seed 1] [--faults Stop,Skew] [--mutant RandomKey]
//! simulate --seed 7 --trace          what happened in the world of seed 7
//! simulate --mutants                 every mistake must be noticed, but for those that do no harm
//! ```

use std::io::Write as _;
use std::process::ExitCode;

use simulation::fault::Fault;
use simulation::mutant::Mutant;
use simulation::run::{Job, Seeds, look_for, run};

/// What the command was asked for.
struct Arguments {
    job: Job,
    seed: u64,
    recipients: u64,
    trace: Option<()>,
    mutants: Option<()>,
}

fn arguments(mut given: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let job = Job { faults: None, mutant: None };
    let mut arguments = Arguments { job, seed: 1, recipients: 1_000_000_000, trace: None, mutants: None };
    while let Some(name) = given.next() {
        let mut value = || given.next().ok_or(format!("{name} needs a value"));
        let number = |text: String| text.replace('_', "").parse().map_err(|_| format!("{text} is no number"));
        match name.as_str() {
            "--recipients" => arguments.recipients = number(value()?)?,
            "--seed" => arguments.seed = number(value()?)?,
            "--faults" => {
                let named = |name: &str| Fault::named(name).ok_or(format!("no fault {name}: {:?}", Fault::ALL));
                let faults: Result<Vec<Fault>, String> =
                    value()?.split(',').filter(|f| !f.is_empty()).map(named).collect();
                arguments.job.faults = Some(faults?);
            }
            "--mutant" => {
                let name = value()?;
                let mutant = Mutant::named(&name).ok_or(format!("no mutant {name}: {:?}", Mutant::ALL))?;
                arguments.job.mutant = Some(mutant);
            }
            "--trace" => arguments.trace = Some(()),
            "--mutants" => arguments.mutants = Some(()),
            _ => return Err(format!("unknown: {name}")),
        }
    }
    Ok(arguments)
}

fn main() -> ExitCode {
    let mut out = std::io::stdout().lock();
    let outcome = arguments(std::env::args().skip(1)).and_then(|arguments| simulate(&arguments, &mut out));
    match outcome {
        Ok(code) => code,
        Err(problem) => {
            let _ = writeln!(out, "{problem}");
            ExitCode::FAILURE
        }
    }
}

fn simulate(arguments: &Arguments, out: &mut impl std::io::Write) -> Result<ExitCode, String> {
    let write = |problem: std::io::Error| problem.to_string();
    if arguments.trace.is_some() {
        let outcome = arguments.job.model(arguments.seed).traced().run();
        for line in &outcome.trace {
            writeln!(out, "{line}").map_err(write)?;
        }
        return Ok(ExitCode::from(u8::from(!outcome.violations.is_empty())));
    }
    if arguments.mutants.is_some() {
        let mut code = ExitCode::SUCCESS;
        for mutant in Mutant::ALL {
            let found = look_for(*mutant, arguments.seed);
            if !found.is_as_it_should() {
                code = ExitCode::FAILURE;
            }
            writeln!(out, "{found}").map_err(write)?;
        }
        return Ok(code);
    }
    let report = run(&arguments.job, Seeds { from: arguments.seed, recipients: arguments.recipients });
    writeln!(out, "{report}").map_err(write)?;
    Ok(ExitCode::from(u8::from(!report.failed.is_empty())))
}
