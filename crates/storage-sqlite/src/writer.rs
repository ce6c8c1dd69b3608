//! The one writer: a thread that commits in groups.
//!
//! What waits when the writer is free, up to [`GROUP_MAX`] closures, shares one transaction and so one flush to
//! the disk. Each runs in a savepoint of its own: a refusal undoes its own work and nobody else's. Nobody is
//! answered before the commit.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::JoinHandle;

use rusqlite::Connection;
use showfloor_storage::StoreError;
use tokio::sync::{mpsc, oneshot, watch};

use crate::Stored;

/// How many closures share one transaction, at most.
pub const GROUP_MAX: usize = 256;
/// How many closures wait for the writer, at most; one more is answered [`StoreError::Busy`].
pub const QUEUE_MAX: usize = 4_096;

thread_local! {
    static OUTBOX_GREW: Cell<bool> = const { Cell::new(false) };
}

/// Tells the writer that the running closure appended to the outbox.
pub(crate) fn outbox_grew() {
    OUTBOX_GREW.set(true);
}

/// One closure with the way to answer it.
pub(crate) trait Job: Send {
    /// Runs inside a savepoint; false undoes it.
    fn run(&mut self, connection: &Connection) -> bool;
    /// Answers after the commit, or with what prevented it.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

pub(crate) struct Write<T, E, F> {
    run: Option<F>,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Write<T, E, F> {
    pub(crate) fn new(run: F) -> (Self, oneshot::Receiver<Result<T, E>>) {
        let (reply, answer) = oneshot::channel();
        (Self { run: Some(run), outcome: None, reply }, answer)
    }
}

impl<T, E, F> Job for Write<T, E, F>
where
    T: Send,
    E: From<StoreError> + Send,
    F: FnOnce(&Connection) -> Result<T, E> + Send,
{
    fn run(&mut self, connection: &Connection) -> bool {
        let outcome = self.run.take().map(|run| run(connection));
        let keep = matches!(outcome, Some(Ok(_)));
        self.outcome = outcome;
        keep
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let outcome = match (self.outcome, committed) {
            // A refusal wrote nothing, so it stands whether or not the others could be committed.
            (Some(Err(refusal)), _) => Err(refusal),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (_, Err(error)) => Err(error.into()),
            (None, Ok(())) => Err(StoreError::Unavailable("the command panicked".into()).into()),
        };
        // A caller that went away does not need its answer.
        let _ = self.reply.send(outcome);
    }
}

/// Starts the writer. It ends when every sender is gone, after what is queued.
pub(crate) fn spawn(
    connection: Connection,
    mut queue: mpsc::Receiver<Box<dyn Job>>,
    outbox: watch::Sender<u64>,
) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("sqlite-writer".into()).spawn(move || {
        let mut group: Vec<Box<dyn Job>> = Vec::with_capacity(GROUP_MAX);
        while let Some(first) = queue.blocking_recv() {
            group.push(first);
            while group.len() < GROUP_MAX {
                match queue.try_recv() {
                    Ok(job) => group.push(job),
                    Err(_) => break,
                }
            }
            let committed = commit(&connection, &mut group);
            if OUTBOX_GREW.take() && committed.is_ok() {
                outbox.send_modify(|count| *count += 1);
            }
            for job in group.drain(..) {
                job.answer(committed.clone());
            }
        }
        // Folds the log into the database, so that a clean stop leaves one file.
        if let Err(error) = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
            tracing::warn!(%error, "the write-ahead log was not folded in; the next start does it");
        }
    })
}

fn commit(connection: &Connection, group: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
    connection.execute_batch("BEGIN IMMEDIATE").stored()?;
    let committed = run_all(connection, group).and_then(|()| connection.execute_batch("COMMIT").stored());
    if let Err(error) = &committed {
        if !connection.is_autocommit() {
            // Nothing more can be done when this fails as well: the next BEGIN will say so.
            let _ = connection.execute_batch("ROLLBACK");
        }
        tracing::error!(%error, "a group of writes was not committed");
    }
    committed
}

fn run_all(connection: &Connection, group: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
    let execute =
        |sql| connection.prepare_cached(sql).and_then(|mut statement| statement.execute(())).stored();
    for job in group {
        execute("SAVEPOINT job")?;
        let kept = catch_unwind(AssertUnwindSafe(|| job.run(connection))).unwrap_or_else(|_| {
            tracing::error!("a write command panicked; it is undone");
            false
        });
        if connection.is_autocommit() {
            return Err(StoreError::Unavailable(
                "SQLite gave up the transaction: disk full or I/O error".into(),
            ));
        }
        if !kept {
            execute("ROLLBACK TO job")?;
        }
        execute("RELEASE job")?;
    }
    Ok(())
}
