//! A demo of the tests' own: free ports, an empty data folder.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

/// How long a start may take: a debug build on two busy cores that makes a shop with pictures.
const START: Duration = Duration::from_secs(90);

/// A running `showfloor demo`.
pub struct Demo {
    child: Child,
    /// What it logs.
    log: Arc<Log>,
    readers: Vec<JoinHandle<()>>,
    /// What the ready file holds.
    pub ready: Value,
    _scratch: tempfile::TempDir,
}

/// Everything a demo has written, and a way to wait for more.
#[derive(Default)]
struct Log {
    text: Mutex<String>,
    grew: Condvar,
}

/// `showfloor demo` with the options of a test, not started yet.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_showfloor"));
    command
        .args(["demo", "--web-dir"])
        .arg(root().join("web"))
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("the package lies two folders deep")
        .to_owned()
}

impl Demo {
    /// Starts one and waits until it is ready.
    pub fn start(data_dir: &Path, arguments: &[&str]) -> Self {
        let scratch = tempfile::tempdir().expect("a folder for the ready file");
        let ready_file = scratch.path().join("ready.json");
        let mut command = command(&["--port", "0", "--rtmp-port", "0"]);
        command.arg("--data-dir").arg(data_dir).arg("--ready-file").arg(&ready_file).args(arguments);
        let mut child = command.spawn().expect("showfloor starts");
        let (said, log) = (Arc::new(Log::default()), Arc::new(Log::default()));
        let stdout = collect(child.stdout.take().expect("piped"), Arc::clone(&said));
        let stderr = collect(child.stderr.take().expect("piped"), Arc::clone(&log));
        let started = Instant::now();
        let mut text = said.text.lock().unwrap();
        let ready = loop {
            // Its last words before it serves are the addresses, which come after the file is in place.
            if let Ok(ready) = std::fs::read(&ready_file) {
                break serde_json::from_slice(&ready).expect("the ready file is put in place whole");
            }
            let ended = child.try_wait().expect("a child can be asked");
            let logged = || log.text.lock().unwrap().clone();
            assert!(ended.is_none(), "showfloor ended before it was ready:\n{text}{}", logged());
            assert!(started.elapsed() < START, "showfloor was not ready in {START:?}:\n{text}{}", logged());
            text = said.grew.wait_timeout(text, START).unwrap().0;
        };
        drop(text);
        Self { child, log, readers: vec![stdout, stderr], ready, _scratch: scratch }
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// A field of the ready file.
    pub fn text(&self, field: &str) -> &str {
        self.ready[field].as_str().unwrap_or_else(|| panic!("the ready file has `{field}`"))
    }

    /// Everything it has logged so far. What it tells the person at the terminal is not among it.
    pub fn log(&self) -> String {
        self.log.text.lock().unwrap().clone()
    }

    /// Stops it as Ctrl-C does; gives how it ended and how long that took.
    pub fn stop(mut self) -> (ExitStatus, Duration) {
        let started = Instant::now();
        self.signal("INT");
        let status = self.child.wait().expect("a child can be waited for");
        let took = started.elapsed();
        for reader in self.readers.drain(..) {
            reader.join().expect("output was read to its end");
        }
        (status, took)
    }

    /// Kills it without warning.
    pub fn kill(mut self) {
        self.child.kill().expect("a child can be killed");
        self.child.wait().expect("a child can be waited for");
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status();
        assert!(status.expect("kill is on every machine").success());
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // After `stop` and `kill` there is nothing left to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn collect(mut stream: impl Read + Send + 'static, log: Arc<Log>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        loop {
            let read = stream.read(&mut buffer).unwrap_or(0);
            log.text.lock().unwrap().push_str(&String::from_utf8_lossy(&buffer[..read]));
            log.grew.notify_all();
            if read == 0 {
                return;
            }
        }
    })
}
