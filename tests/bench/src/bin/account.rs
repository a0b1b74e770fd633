//! Judges made-up accounts of several sizes and prints how long it took and how much memory.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use guard_core::charter::Charter;
use guard_core::inventory::Draft;
use guard_core::names::{AccountId, Partition, Region, Scope};
use guard_core::rules::{Terms, preferences_access, session_access};
use guard_testkit::details::Details;
use jiff::Timestamp;

const CHARTER: &str = include_str!("../../../../charter.toml");
/// In parts of the large account.
const SIZES: [usize; 4] = [8, 4, 2, 1];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [] => all(),
        [file] => one(Path::new(file)),
        _ => Err("one file at the most".into()),
    }
}

fn all() -> Result<(), Box<dyn Error>> {
    let program = std::env::current_exe()?;
    let folder = std::env::temp_dir().join(format!("session-guard-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    println!(
        "{:>8} {:>8} {:>8} {:>8} {:>8} {:>9} {:>9}",
        "bearers", "MB", "read s", "judge s", "both s", "peak MB", "findings"
    );
    for part in SIZES {
        let large = Details::large(1);
        let details = Details {
            roles: large.roles / part,
            users: large.users / part,
            groups: large.groups / part,
            policies: large.policies / part,
            ..large
        };
        let file = folder.join("details.json");
        let mut out = BufWriter::new(File::create(&file)?);
        details.write(&mut out)?;
        out.flush()?;
        drop(out);
        let status = Command::new(&program).arg(&file).status()?;
        if !status.success() {
            return Err(format!("{} ended with {status}", program.display()).into());
        }
    }
    fs::remove_dir_all(&folder)?;
    Ok(())
}

fn one(file: &Path) -> Result<(), Box<dyn Error>> {
    let megabytes = fs::metadata(file)?.len() as f64 / 1e6;
    let began = Instant::now();
    let inventory = Draft::new().read(File::open(file)?)?.finish()?;
    let read = began.elapsed();
    let account = inventory.account().ok_or("an account without anybody")?;
    let scope = Scope {
        partition: Partition::parse(account.partition.as_str())?,
        account: AccountId::parse(account.id.as_str())?,
        region: Region::parse("eu-central-1")?,
    };
    let charter = Charter::parse_for(CHARTER, &scope).map_err(|errors| errors.to_string())?;
    let terms = Terms::of(&charter, &scope, Timestamp::UNIX_EPOCH).ok_or("no [sessions]")?;
    let began = Instant::now();
    let mut slowest = Duration::ZERO;
    let mut findings = 0;
    for bearer in inventory.bearers() {
        let began = Instant::now();
        findings += session_access::judge(bearer, &terms).len();
        findings += preferences_access::judge(bearer, &terms).len();
        slowest = slowest.max(began.elapsed());
    }
    let judged = began.elapsed();
    println!(
        "{:>8} {megabytes:>8.1} {:>8.2} {:>8.2} {:>8.2} {:>9.0} {findings:>9}   slowest {:.1} ms",
        inventory.bearers().len(),
        read.as_secs_f64(),
        judged.as_secs_f64(),
        (read + judged).as_secs_f64(),
        peak_megabytes()?,
        slowest.as_secs_f64() * 1e3,
    );
    Ok(())
}

/// The most memory that the process had at a time, as Linux tells it.
fn peak_megabytes() -> Result<f64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line
        .and_then(|line| line.split_whitespace().next())
        .ok_or("no VmHWM")?;
    Ok(kilobytes.parse::<f64>()? / 1e3)
}
