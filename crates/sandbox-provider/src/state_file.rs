//! The state file: one JSON snapshot, replaced as a whole.
//!
//! What was answered survives the end of the process, however it ends. It is not flushed to the disk itself: no real
//! money depends on it.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;

use crate::intent::Intent;
use crate::ledger::{Delivery, Ledger};
use crate::refund::Refund;

/// The format that is written and read.
const VERSION: u32 = 1;

/// Why the provider could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A key or secret that can be guessed would let strangers in.
    #[error("the sandbox provider's {0} must have at least 16 bytes")]
    WeakSecret(&'static str),
    /// The state file can't be read or written.
    #[error("the sandbox provider's state file {path} can't be used: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The state file is not one.
    #[error(
        "the sandbox provider's state file {path} can't be understood ({reason}); delete it to start afresh"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

#[derive(Deserialize)]
struct Snapshot {
    version: u32,
    intents: Vec<Intent>,
    refunds: Vec<Refund>,
    deliveries: Vec<Delivery>,
}

/// The file, and the revision of the ledger that it holds.
pub(crate) struct StateFile {
    path: PathBuf,
    written: Mutex<u64>,
}

impl StateFile {
    /// Reads the file, if there is one.
    pub fn open(path: &Path, late_delay_ms: i64) -> Result<(Self, Ledger), OpenError> {
        let file = Self { path: path.to_owned(), written: Mutex::new(0) };
        let damaged = |reason: String| OpenError::Damaged { path: path.to_owned(), reason };
        let snapshot = match fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Snapshot { version: VERSION, intents: vec![], refunds: vec![], deliveries: vec![] }
            }
            Err(source) => return Err(OpenError::Io { path: path.to_owned(), source }),
        };
        if snapshot.version != VERSION {
            return Err(damaged(format!("its version is {}", snapshot.version)));
        }
        let ledger = Ledger::new(snapshot.intents, snapshot.refunds, snapshot.deliveries, late_delay_ms);
        Ok((file, ledger))
    }

    /// Sees to it that the file holds this revision or a later one. Those who wait for the file meanwhile find
    /// their change written with the next one's.
    pub fn keep(&self, revision: u64, ledger: &Mutex<Ledger>) -> io::Result<()> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if *written >= revision {
            return Ok(());
        }
        let (revision, rows) = {
            let ledger = ledger.lock().unwrap_or_else(PoisonError::into_inner);
            (ledger.revision(), ledger.json())
        };
        let [intents, refunds, deliveries] = rows.map(|rows| rows.join(",\n"));
        let beside = self.path.with_extension("new");
        let mut file = fs::File::create(&beside)?;
        file.write_all(
            format!(
                "{{\"version\":{VERSION},\"intents\":[\n{intents}\n],\"refunds\":[\n{refunds}\n],\
                 \"deliveries\":[\n{deliveries}\n]}}\n"
            )
            .as_bytes(),
        )?;
        drop(file);
        fs::rename(&beside, &self.path)?;
        *written = revision;
        Ok(())
    }
}
