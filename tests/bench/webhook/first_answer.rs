//! From the start of a function's process to its first answer, as Lambda would see it, and the memory it took until then.

use std::error::Error;
use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::process::Command;

use crate::bodies::signed;
use crate::stand_in::StandIn;

/// Nothing that is measured here takes so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Starts the function and waits for its answer.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn measure(command: &[String]) -> Result<Value, Box<dyn Error>> {
    let mut stand_in = StandIn::start(&signed(1)?).await?;
    let [program, arguments @ ..] = command else { return Err("there is no command".into()) };
    let began = Instant::now();
    let mut function = Command::new(program)
        .args(arguments)
        .envs(environment(&stand_in.address))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let answered = tokio::select! {
        answered = stand_in.answered() => answered,
        ended = function.wait() => Err(format!("the function ended: {}", ended?).into()),
        () = tokio::time::sleep(PATIENCE) => Err("the function did not answer".into()),
    };
    let (at, answer) = answered?;
    let peak = peak_memory_kb(function.id().ok_or("the function ended")?)?;
    function.kill().await?;
    stand_in.check(&answer)?;
    Ok(json!({ "ms": (at - began).as_secs_f64() * 1_000.0, "peakKb": peak }))
}

/// What Lambda and `template.yaml` put into a function's environment.
fn environment(address: &str) -> [(&'static str, String); 12] {
    [
        ("AWS_LAMBDA_RUNTIME_API", address.to_owned()),
        ("AWS_LAMBDA_FUNCTION_NAME", "webhook".to_owned()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256".to_owned()),
        ("AWS_REGION", "ap-northeast-1".to_owned()),
        ("AWS_DEFAULT_REGION", "ap-northeast-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "test".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
        ("AWS_SESSION_TOKEN", "test".to_owned()),
        ("AWS_ENDPOINT_URL", format!("http://{address}")),
        ("LINE_SECRET_ID", "line".to_owned()),
        ("INBOX_QUEUE_URL", format!("http://{address}/000000000000/inbox.fifo")),
    ]
}

/// The most memory that the process held at once (`VmHWM`), in kB.
fn peak_memory_kb(process: u32) -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
