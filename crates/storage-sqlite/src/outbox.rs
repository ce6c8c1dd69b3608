//! The outbox: events of committed changes, until the relay has delivered them.

use rusqlite::Connection;
use showfloor_domain::event::CloudEvent;
use showfloor_storage::StoreError;

use crate::{Json, Stored, Text, writer};

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
