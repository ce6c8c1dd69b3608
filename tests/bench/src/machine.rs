//! Which machine, and when.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

/// One sentence on the machine and the day.
pub fn describe() -> String {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':').map(|(_, model)| model.trim().to_owned()))
        .unwrap_or_else(|| "an unknown processor".into());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory_gib = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:")?.split_whitespace().next()?.parse::<u64>().ok())
        .map_or(0, |kib| kib / (1 << 20));
    let day = run("date", &["--utc", "+%Y-%m-%d"]);
    let kernel = run("uname", &["-sr"]);
    format!("Measured on {day}: {cores} cores of {model}, {memory_gib} GiB of memory, {kernel}. Load and server share the cores.")
}

/// Processor time that this thread has used, in nanoseconds.
///
/// # Errors
/// When the kernel does not tell.
pub fn thread_cpu_ns() -> Result<u64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").context("reading the thread's processor time")?;
    text.split_whitespace().next().and_then(|ns| ns.parse().ok()).context("the processor time is a number")
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}
