//! Numbered, embedded migrations. Each is applied once, whole, in order; an applied one never changes.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use sha2::{Digest, Sha256};

use crate::OpenError;

struct Migration {
    number: u32,
    title: &'static str,
    sql: &'static str,
}

const MIGRATIONS: &[Migration] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// Brings the schema up to date. Returns how many migrations were applied.
pub(crate) fn migrate(connection: &mut Connection) -> Result<usize, OpenError> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS schema_migrations (
            number INTEGER PRIMARY KEY,
            title TEXT NOT NULL,
            digest TEXT NOT NULL
        ) STRICT",
    )?;
    let mut applied = 0;
    for migration in MIGRATIONS {
        let digest = format!("{:x}", Sha256::digest(migration.sql.as_bytes()));
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let known: Option<String> = transaction
            .query_row("SELECT digest FROM schema_migrations WHERE number = ?1", [migration.number], |row| {
                row.get(0)
            })
            .optional()?;
        match known {
            Some(known) if known == digest => continue,
            Some(_) => {
                return Err(OpenError::ChangedMigration { number: migration.number, title: migration.title });
            }
            None => {
                transaction.execute_batch(migration.sql)?;
                transaction.execute(
                    "INSERT INTO schema_migrations (number, title, digest) VALUES (?1, ?2, ?3)",
                    (migration.number, migration.title, digest),
                )?;
                transaction.commit()?;
                applied += 1;
            }
        }
    }
    Ok(applied)
}
