//! The embedded store: SQLite in write-ahead mode, one writer that commits in groups, a few readers.
//!
//! It is not a server: one process opens a file. It owns its schema: `migrations/NNNN_title.sql` are applied
//! when it is opened. It implements the traits of `showfloor-storage` on [`Sqlite`], one module per aggregate.
//!
//! The contract of a write: the closure runs alone, inside a transaction; it is undone when it returns an error;
//! the caller is answered only after the commit has reached the disk (`synchronous = FULL`). An event appended
//! with [`outbox::append`] is there if and only if the rest is.
//!
//! ```
//! use showfloor_storage::StoreError;
//! use showfloor_storage_sqlite::{Sqlite, Stored};
//!
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! let folder = tempfile::tempdir().unwrap();
//! let store = Sqlite::open(&folder.path().join("showfloor.db")).unwrap();
//! let one: i64 = store
//!     .read(|connection| connection.query_row("SELECT 1", (), |row| row.get(0)).stored())
//!     .await?;
//! assert_eq!(one, 1);
//! store.close().await;
//! # Ok::<(), StoreError>(())
//! # }).unwrap();
//! ```

mod accounts;
mod audit;
mod carts;
mod checkouts;
mod discounts;
mod emit;
mod holds;
mod idempotency;
mod images;
mod migrate;
mod observe;
mod orders;
pub mod outbox;
mod payments;
mod presence;
mod price_book;
mod products;
mod refunds;
mod runs;
mod sales;
mod shops;
mod shows;
mod sql;
mod statement;
mod stock;
mod stream_keys;
mod writer;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::{Connection, OpenFlags};
use showfloor_storage::StoreError;
use tokio::sync::{Semaphore, mpsc, watch};

pub use sql::{Json, Stored, StoredOption, Text, Word};
pub use writer::{GROUP_MAX, QUEUE_MAX};

/// How many reads run at once; more wait.
pub const READERS: usize = 4;
/// How long a statement waits for another process's lock, such as a backup.
const BUSY_TIMEOUT_MS: u64 = 5_000;
/// How many prepared statements each connection keeps.
const STATEMENTS_MAX: usize = 128;

/// The database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// SQLite refused: the path, the permissions or the file are wrong.
    #[error("the database cannot be opened: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The operating system gave no thread.
    #[error("the writer cannot be started: {0}")]
    Thread(#[from] std::io::Error),
    /// A migration that was applied before reads otherwise now. Restore the file, or the database.
    #[error("migration {number:04}_{title} is not what was applied to this database")]
    ChangedMigration {
        /// Its number.
        number: u32,
        /// Its title.
        title: &'static str,
    },
}

/// An open database; clones share it.
#[derive(Clone)]
pub struct Sqlite(Arc<Shared>);

struct Shared {
    queue: Mutex<Option<mpsc::Sender<Box<dyn writer::Job>>>>,
    readers: Mutex<Vec<Connection>>,
    permits: Semaphore,
    outbox: watch::Receiver<u64>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl std::fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sqlite").finish_non_exhaustive()
    }
}

impl Sqlite {
    /// Opens the file, makes it if it is missing, and brings its schema up to date.
    ///
    /// # Errors
    /// When the file cannot be used; see [`OpenError`].
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let mut connection = Connection::open(path)?;
        prepare(&connection)?;
        connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
        let applied = migrate::migrate(&mut connection)?;
        tracing::debug!(applied, "the database is open");
        let readers = (0..READERS)
            .map(|_| {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                let reader = Connection::open_with_flags(path, flags)?;
                prepare(&reader)?;
                Ok(reader)
            })
            .collect::<Result<Vec<_>, rusqlite::Error>>()?;
        let (queue, waiting) = mpsc::channel(QUEUE_MAX);
        let (grew, outbox) = watch::channel(0);
        let writer = writer::spawn(connection, waiting, grew)?;
        Ok(Self(Arc::new(Shared {
            queue: Mutex::new(Some(queue)),
            readers: Mutex::new(readers),
            permits: Semaphore::new(READERS),
            outbox,
            writer: Mutex::new(Some(writer)),
        })))
    }

    /// Runs `command` alone, in a transaction; answers once it is committed, or was undone.
    ///
    /// # Errors
    /// What the command returns (nothing was written then), [`StoreError::Busy`] when [`QUEUE_MAX`] commands
    /// wait, and [`StoreError::Unavailable`] when the commit failed or the store is closed.
    pub async fn write<T, E, F>(&self, command: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    {
        let (job, answer) = writer::Write::new(command);
        {
            let queue = self.0.queue.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(queue) = queue.as_ref() else { return Err(closed().into()) };
            queue.try_send(Box::new(job)).map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => StoreError::Busy,
                mpsc::error::TrySendError::Closed(_) => closed(),
            })?;
        }
        answer.await.unwrap_or_else(|_| Err(closed().into()))
    }

    /// Runs `query` on one of the readers, on a thread that may block.
    ///
    /// # Errors
    /// What the query returns, and [`StoreError::Unavailable`] when the store is closed.
    pub async fn read<T, E, F>(&self, query: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    {
        let shared = Arc::clone(&self.0);
        let Ok(permit) = self.0.permits.acquire().await else { return Err(closed().into()) };
        let answer = tokio::task::spawn_blocking(move || {
            let Some(connection) = lock(&shared.readers).pop() else { return Err(closed().into()) };
            // One snapshot for all statements of a query.
            let answer = catch_unwind(AssertUnwindSafe(|| {
                connection.execute_batch("BEGIN").stored()?;
                query(&connection)
            }));
            if !connection.is_autocommit() {
                // A read leaves nothing to undo.
                let _ = connection.execute_batch("ROLLBACK");
            }
            lock(&shared.readers).push(connection);
            answer.unwrap_or_else(|_| Err(StoreError::Unavailable("the query panicked".into()).into()))
        })
        .await;
        drop(permit);
        answer.unwrap_or_else(|_| Err(closed().into()))
    }

    /// Changes after each commit that appended to the outbox.
    #[must_use]
    pub fn outbox_changes(&self) -> watch::Receiver<u64> {
        self.0.outbox.clone()
    }

    /// Commits what is queued, then closes. Later calls are answered [`StoreError::Unavailable`].
    pub async fn close(&self) {
        self.0.permits.close();
        lock(&self.0.queue).take();
        let writer = lock(&self.0.writer).take();
        if let Some(writer) = writer {
            // A writer that panicked has already said so.
            let _ = tokio::task::spawn_blocking(move || writer.join()).await;
        }
        lock(&self.0.readers).clear();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn closed() -> StoreError {
    StoreError::Unavailable("the database is closed".into())
}

fn prepare(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.busy_timeout(std::time::Duration::from_millis(BUSY_TIMEOUT_MS))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;")
}
