//! Which machine, and when.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

/// What the kernel counts a process's time in; Linux tells user space so on every machine.
const TICKS_PER_S: f64 = 100.0;

/// One sentence on the machine and the day.
pub fn describe() -> String {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo
        .lines()
        .find_map(|line| {
            line.strip_prefix("model name")?.split_once(':').map(|(_, model)| model.trim().to_owned())
        })
        .unwrap_or_else(|| "an unknown processor".into());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory_gib = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:")?.split_whitespace().next()?.parse::<u64>().ok())
        .map_or(0, |kib| kib / (1 << 20));
    let day = run("date", &["--utc", "+%Y-%m-%d"]);
    let kernel = run("uname", &["-sr"]);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_whitespace().next().unwrap_or("unknown");
    // What was built otherwise than `Cargo.toml` says, which a reader has to know.
    let build = match option_env!("CARGO_PROFILE_RELEASE_LTO") {
        Some(lto) => format!("release profile, but with `lto = \"{lto}\"`"),
        None => "release profile".to_owned(),
    };
    let program = std::env::var("SHOWFLOOR_BIN").unwrap_or_default();
    let server = if program.contains("/debug/") {
        " **The server of segments, orders, latency and page opening was built without optimisation (dev profile): these \
         figures are worse than they would be.**"
    } else {
        ""
    };
    format!(
        "Measured on {day}: {cores} cores of {model}, {memory_gib} GiB of memory, {kernel}, {build}. Load and server \
         share the cores; the load average before it began was {load}, which is others' work.{server}"
    )
}

/// Processor time that this thread has used, in nanoseconds.
///
/// # Errors
/// When the kernel does not tell.
pub fn thread_cpu_ns() -> Result<u64> {
    let text =
        fs::read_to_string("/proc/thread-self/schedstat").context("reading the thread's processor time")?;
    text.split_whitespace().next().and_then(|ns| ns.parse().ok()).context("the processor time is a number")
}

/// Processor time that a process has used, in seconds.
#[derive(Clone, Copy)]
pub struct Cpu {
    /// In the process's own code.
    pub own_s: f64,
    /// In the kernel, on its behalf.
    pub kernel_s: f64,
}

impl Cpu {
    /// All of it.
    pub fn all_s(self) -> f64 {
        self.own_s + self.kernel_s
    }

    /// What was used since `before`.
    pub fn since(self, before: Self) -> Self {
        Self { own_s: self.own_s - before.own_s, kernel_s: self.kernel_s - before.kernel_s }
    }
}

/// Processor time that a process has used.
///
/// # Errors
/// When there is no such process.
pub fn process_cpu(pid: u32) -> Result<Cpu> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).context("reading a process's time")?;
    // The program's name may hold spaces, so fields are counted from behind it (proc_pid_stat(5)).
    let fields: Vec<&str> = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().collect();
    let ticks =
        |index: usize| fields.get(index).and_then(|text| text.parse::<f64>().ok()).context("a tick count");
    Ok(Cpu { own_s: ticks(11)? / TICKS_PER_S, kernel_s: ticks(12)? / TICKS_PER_S })
}

/// Memory that a process holds, in kilobytes.
///
/// # Errors
/// When there is no such process.
pub fn process_memory_kb(pid: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).context("reading a process's memory")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
    line.split_whitespace().next().and_then(|kb| kb.parse().ok()).context("a number of kilobytes")
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}
