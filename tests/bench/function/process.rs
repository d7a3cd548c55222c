//! The process of a function.

use std::error::Error;
use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use serde_json::Value;
use tokio::process::{Child, Command};

use super::StandIn;

/// Nothing that is measured here takes so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// A function that runs.
pub(crate) struct Function {
    /// When it was started.
    pub(crate) began: Instant,
    stand_in: StandIn,
    process: Child,
}

impl Function {
    /// Starts it, with what Lambda and these say in its environment; AWS is where the stand-in is.
    pub(crate) fn start(
        stand_in: StandIn,
        command: &[String],
        environment: &[(&str, String)],
    ) -> Result<Self, Box<dyn Error>> {
        let [program, arguments @ ..] = command else { return Err("there is no command".into()) };
        let began = Instant::now();
        let process = Command::new(program)
            .args(arguments)
            .envs(lambda(&stand_in.address))
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        Ok(Self { began, stand_in, process })
    }

    /// Gives it an event, and waits for its answer: when it came, and what it is.
    pub(crate) async fn answer_to(&mut self, event: Value) -> Result<(Instant, Bytes), Box<dyn Error>> {
        self.stand_in.give(event)?;
        tokio::select! {
            answered = self.stand_in.answered() => answered,
            ended = self.process.wait() => Err(format!("the function ended: {}", ended?).into()),
            () = tokio::time::sleep(PATIENCE) => Err("the function did not answer".into()),
        }
    }

    /// Ends it; the most memory that it held at once (`VmHWM`), in kB.
    pub(crate) async fn end(mut self) -> Result<u64, Box<dyn Error>> {
        let process = self.process.id().ok_or("the function ended")?;
        let status = fs::read_to_string(format!("/proc/{process}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
        self.process.kill().await?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }
}

/// What Lambda puts into a function's environment.
fn lambda(address: &str) -> [(&'static str, String); 10] {
    [
        ("AWS_LAMBDA_RUNTIME_API", address.to_owned()),
        ("AWS_LAMBDA_FUNCTION_NAME", "measured".to_owned()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256".to_owned()),
        ("AWS_REGION", "ap-northeast-1".to_owned()),
        ("AWS_DEFAULT_REGION", "ap-northeast-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "test".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
        ("AWS_SESSION_TOKEN", "test".to_owned()),
        ("AWS_ENDPOINT_URL", format!("http://{address}")),
    ]
}
