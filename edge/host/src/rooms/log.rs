//! What rooms keep: records by key, beside the process, so that a restart loses no chat and no ban.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, params};
use showfloor_domain::ShowId;
use showfloor_edge_core::room::Record;

/// The log could not be read or written. Whoever runs the host must act: the disk is full or gone.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// SQLite refused.
    #[error("the rooms' log failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The task that wrote was stopped.
    #[error("the rooms' log is closing")]
    Closing,
}

/// Records of all rooms of this host, in one SQLite file.
///
/// Commits reach the operating system, not always the disk: a killed process loses nothing, a power cut may lose the
/// last moments of chat. Nothing that is money is kept here.
#[derive(Clone)]
pub struct RoomLog {
    connection: Arc<Mutex<Connection>>,
    whole: Arc<AtomicBool>,
}

impl RoomLog {
    /// Opens the file, and makes it if it is missing.
    ///
    /// # Errors
    /// When it can't be used.
    pub fn open(path: &Path) -> Result<Self, LogError> {
        Self::prepare(Connection::open(path)?)
    }

    /// A log that ends with the process.
    ///
    /// # Errors
    /// When SQLite has no memory.
    pub fn in_memory() -> Result<Self, LogError> {
        Self::prepare(Connection::open_in_memory()?)
    }

    fn prepare(connection: Connection) -> Result<Self, LogError> {
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
             CREATE TABLE IF NOT EXISTS record (
                 show_id TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (show_id, key)
             ) STRICT, WITHOUT ROWID;
             CREATE TABLE IF NOT EXISTS boot (only INTEGER PRIMARY KEY CHECK (only = 1), id TEXT NOT NULL) STRICT;",
        )?;
        let whole = same_boot(&connection)?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)), whole: Arc::new(AtomicBool::new(whole)) })
    }

    /// Whether everything that rooms told is here: the machine has not gone down since, and no write failed.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.whole.load(Ordering::Relaxed)
    }

    /// All records of a show's room, in the order of their keys.
    ///
    /// # Errors
    /// When the file can't be read.
    pub async fn read(&self, show: ShowId) -> Result<Vec<(String, Bytes)>, LogError> {
        self.blocking(move |connection| {
            let mut rows =
                connection.prepare_cached("SELECT key, value FROM record WHERE show_id = ?1 ORDER BY key")?;
            let rows = rows.query_map([show.to_string()], |row| {
                Ok((row.get(0)?, Bytes::from(row.get::<_, Vec<u8>>(1)?)))
            })?;
            rows.collect()
        })
        .await
    }

    /// Writes records, all or none.
    ///
    /// # Errors
    /// When the file can't be written.
    pub async fn write(&self, show: ShowId, records: Vec<Record>) -> Result<(), LogError> {
        let written = self.blocking(move |connection| {
            let transaction = connection.transaction()?;
            {
                let show = show.to_string();
                let mut put = transaction.prepare_cached(
                    "INSERT OR REPLACE INTO record (show_id, key, value) VALUES (?1, ?2, ?3)",
                )?;
                let mut delete =
                    transaction.prepare_cached("DELETE FROM record WHERE show_id = ?1 AND key = ?2")?;
                for Record { key, value } in &records {
                    match value {
                        Some(value) => put.execute(params![show, key, value.as_ref()])?,
                        None => delete.execute(params![show, key])?,
                    };
                }
            }
            transaction.commit()
        });
        written.await.inspect_err(|_| self.whole.store(false, Ordering::Relaxed))
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, rusqlite::Error> + Send + 'static,
    ) -> Result<T, LogError> {
        let connection = Arc::clone(&self.connection);
        let done = tokio::task::spawn_blocking(move || {
            // A panic inside a transaction rolls it back, so the connection stays good.
            work(&mut connection.lock().unwrap_or_else(PoisonError::into_inner))
        });
        Ok(done.await.map_err(|_| LogError::Closing)??)
    }
}

/// Whether the machine that last opened the file has been up ever since, by the kernel's own word. The first time
/// counts as yes: nothing was told before.
fn same_boot(connection: &Connection) -> Result<bool, rusqlite::Error> {
    let now = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let before: Option<String> =
        connection.query_row("SELECT id FROM boot", [], |row| row.get(0)).optional()?;
    connection.execute("INSERT OR REPLACE INTO boot (only, id) VALUES (1, ?1)", [&now])?;
    Ok(before.is_none_or(|before| !now.is_empty() && before == now))
}

#[cfg(test)]
mod tests {
    use showfloor_domain::UtcMs;

    use super::*;

    #[tokio::test]
    async fn records_survive_and_rooms_do_not_see_each_others() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) =
            (ShowId::generate(UtcMs::new(1), [1; 10]), ShowId::generate(UtcMs::new(1), [2; 10]));
        let record = |key: &str, value: Option<&'static str>| Record {
            key: key.into(),
            value: value.map(Bytes::from),
        };
        let log = RoomLog::open(&folder.path().join("rooms.db")).unwrap();
        log.write(one, vec![record("log/2", Some("b")), record("log/1", Some("a"))]).await.unwrap();
        log.write(other, vec![record("log/1", Some("c"))]).await.unwrap();
        log.write(one, vec![record("log/2", None)]).await.unwrap();
        drop(log);
        let log = RoomLog::open(&folder.path().join("rooms.db")).unwrap();
        assert_eq!(log.read(one).await.unwrap(), [("log/1".to_owned(), Bytes::from("a"))]);
        assert_eq!(log.read(other).await.unwrap(), [("log/1".to_owned(), Bytes::from("c"))]);
        assert!(log.is_whole());
    }

    #[test]
    fn a_log_from_before_the_machine_went_down_may_have_lost_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rooms.db");
        drop(RoomLog::open(&path).unwrap());
        Connection::open(&path).unwrap().execute("UPDATE boot SET id = 'another'", []).unwrap();
        assert!(!RoomLog::open(&path).unwrap().is_whole());
    }
}
