//! The audit log and its chain of hashes.

use async_trait::async_trait;
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use showfloor_domain::{ShopId, UtcMs};
use showfloor_storage::{AuditEntry, AuditLog, StoreError};

use crate::{Sqlite, Stored, StoredOption, Text};

#[async_trait]
impl AuditLog for Sqlite {
    async fn append(&self, entry: AuditEntry) -> Result<(), StoreError> {
        self.write(move |connection| append(connection, &entry)).await
    }

    async fn verified(&self, shop_id: ShopId) -> Result<Vec<AuditEntry>, StoreError> {
        self.read(move |connection| {
            let rows: Vec<(u64, [u8; 32], AuditEntry)> = connection
                .prepare_cached("SELECT * FROM audit_log WHERE shop_id = ?1 ORDER BY number")
                .stored()?
                .query_map([Text(shop_id)], |row| {
                    let entry = AuditEntry {
                        shop_id,
                        at: UtcMs::new(row.get("at_ms")?),
                        actor: row.get("actor")?,
                        action: row.get("action")?,
                        subject: row.get("subject")?,
                        detail: row.get("detail")?,
                    };
                    Ok((row.get("number")?, row.get("hash")?, entry))
                })
                .stored()?
                .collect::<Result<_, _>>()
                .stored()?;
            let mut before = [0; 32];
            let mut entries = Vec::with_capacity(rows.len());
            for (expected, (number, hash, entry)) in (1..).zip(rows) {
                before = chained(&before, number, &entry);
                if number != expected || before != hash {
                    return Err(StoreError::Corrupt(format!("the audit log breaks at entry {expected}")));
                }
                entries.push(entry);
            }
            Ok(entries)
        })
        .await
    }
}

fn append(connection: &Connection, entry: &AuditEntry) -> Result<(), StoreError> {
    let last: Option<(u64, [u8; 32])> = connection
        .prepare_cached("SELECT number, hash FROM audit_log WHERE shop_id = ?1 ORDER BY number DESC LIMIT 1")
        .stored()?
        .query_row([Text(entry.shop_id)], |row| Ok((row.get(0)?, row.get(1)?)))
        .stored_option()?;
    let (number, before) = last.map_or((1, [0; 32]), |(number, hash)| (number + 1, hash));
    connection
        .prepare_cached(
            "INSERT INTO audit_log (shop_id, number, at_ms, actor, action, subject, detail, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )
        .stored()?
        .execute((
            Text(entry.shop_id),
            number,
            entry.at.get(),
            &entry.actor,
            &entry.action,
            &entry.subject,
            &entry.detail,
            chained(&before, number, entry),
        ))
        .stored()?;
    Ok(())
}

/// SHA-256 over the hash before and every field with its length, so that no field can lend bytes to the next.
fn chained(before: &[u8; 32], number: u64, entry: &AuditEntry) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(before);
    digest.update(number.to_be_bytes());
    digest.update(entry.at.get().to_be_bytes());
    let shop_id = entry.shop_id.to_string();
    for field in [&shop_id, &entry.actor, &entry.action, &entry.subject, &entry.detail] {
        digest.update((field.len() as u64).to_be_bytes());
        digest.update(field.as_bytes());
    }
    digest.finalize().into()
}
