//! A photo from bytes to what is kept of it, as often as asked for: `bench-photo FILE ROUNDS`.

use std::error::Error;
use std::io::Write;

use app::report::photo::clean;
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, rounds] = arguments.as_slice() else { return Err("usage: bench-photo FILE ROUNDS".into()) };
    let file = std::fs::read(file)?;
    let mut kept = json!(null);
    for _ in 0..rounds.parse::<usize>()? {
        let photo = clean(&file).map_err(|fault| format!("{fault:?}"))?;
        let size = [photo.width, photo.height];
        kept = json!({ "large": photo.large.len(), "small": photo.small.len(), "size": size });
    }
    writeln!(std::io::stdout(), "{kept}")?;
    Ok(())
}
