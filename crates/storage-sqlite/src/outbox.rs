//! The outbox: events of committed changes, until the relay has delivered them.

use async_trait::async_trait;
use rusqlite::Connection;
use showfloor_domain::event::CloudEvent;
use showfloor_domain::{EventId, UtcMs};
use showfloor_storage::{Outbox, OutboxEntry, StoreError};

use crate::statement::{all, execute, first};
use crate::{Json, Sqlite, Stored, Text, writer};

/// How many delivered rows one [`Outbox::prune`] drops, at most, so that it never holds the writer for long.
const PRUNE_MAX: u32 = 1_000;

/// Appends an event to the running transaction: it is delivered if and only if the transaction commits.
///
/// # Errors
/// When the row cannot be written.
pub fn append(connection: &Connection, event: &CloudEvent) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO outbox (event_id, subject, event) VALUES (?1, ?2, ?3)")
        .stored()?
        .execute((Text(event.id), &event.subject, Json(event)))
        .stored()?;
    writer::outbox_grew();
    Ok(())
}

#[async_trait]
impl Outbox for Sqlite {
    async fn position(&self, sink: &str) -> Result<u64, StoreError> {
        let sink = sink.to_owned();
        self.read(move |connection| {
            let sql = "SELECT sequence FROM outbox_sinks WHERE sink = ?1";
            Ok(first(connection, sql, [sink], |row| row.get(0))?.unwrap_or(0))
        })
        .await
    }

    async fn after(&self, sequence: u64, limit: u32) -> Result<Vec<OutboxEntry>, StoreError> {
        self.read(move |connection| {
            let sql = "SELECT sequence, event FROM outbox WHERE sequence > ?1 ORDER BY sequence LIMIT ?2";
            all(connection, sql, (sequence, limit), |row| {
                Ok(OutboxEntry { sequence: row.get(0)?, event: row.get::<_, Json<CloudEvent>>(1)?.0 })
            })
        })
        .await
    }

    async fn advance(&self, sink: &str, sequence: u64) -> Result<(), StoreError> {
        let sink = sink.to_owned();
        self.write(move |connection| {
            let sql = "INSERT INTO outbox_sinks (sink, sequence) VALUES (?1, ?2)
                       ON CONFLICT (sink) DO UPDATE SET sequence = MAX(sequence, excluded.sequence)";
            execute(connection, sql, (sink, sequence)).map(drop)
        })
        .await
    }

    async fn dead_letter(
        &self,
        sink: &str,
        event: &CloudEvent,
        reason: &str,
        now: UtcMs,
    ) -> Result<(), StoreError> {
        let (sink, event, reason) = (sink.to_owned(), event.clone(), reason.to_owned());
        self.write(move |connection| {
            let sql = "INSERT INTO outbox_dead_letters (sink, event_id, event, reason, at_ms)
                       VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
            execute(connection, sql, (sink, Text(event.id), Json(&event), reason, now.get())).map(drop)
        })
        .await
    }

    async fn dead_letters(&self, sink: &str) -> Result<Vec<EventId>, StoreError> {
        let sink = sink.to_owned();
        self.read(move |connection| {
            let sql = "SELECT event_id FROM outbox_dead_letters WHERE sink = ?1 ORDER BY at_ms, event_id";
            all(connection, sql, [sink], |row| Ok(row.get::<_, Text<EventId>>(0)?.0))
        })
        .await
    }

    async fn prune(&self, sinks: &[String]) -> Result<(), StoreError> {
        let sinks = sinks.to_vec();
        self.write(move |connection| {
            let mut delivered = u64::MAX;
            for sink in sinks {
                let sql = "SELECT sequence FROM outbox_sinks WHERE sink = ?1";
                let sequence: Option<u64> = first(connection, sql, [sink], |row| row.get(0))?;
                delivered = delivered.min(sequence.unwrap_or(0));
            }
            if delivered < u64::MAX {
                let sql = "DELETE FROM outbox WHERE sequence IN
                           (SELECT sequence FROM outbox WHERE sequence <= ?1 ORDER BY sequence LIMIT ?2)";
                execute(connection, sql, (delivered, PRUNE_MAX))?;
            }
            Ok(())
        })
        .await
    }
}
