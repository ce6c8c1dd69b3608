//! Stream keys.

use async_trait::async_trait;
use rusqlite::Row;
use showfloor_domain::{ShopId, ShowId, StreamKeyId, UtcMs};
use showfloor_storage::{STREAM_KEYS_MAX, StoreError, StreamKeyRecord, StreamKeys};

use crate::{Sqlite, Stored, StoredOption, Text};

#[async_trait]
impl StreamKeys for Sqlite {
    async fn create(&self, key: StreamKeyRecord) -> Result<(), StoreError> {
        self.write(move |connection| {
            let kept: usize = connection
                .query_row(
                    "SELECT count(*) FROM stream_keys WHERE show_id = ?1",
                    [Text(key.show_id)],
                    |row| row.get(0),
                )
                .stored()?;
            if kept >= STREAM_KEYS_MAX {
                return Err(StoreError::Taken("place for a stream key".into()));
            }
            connection
                .execute(
                    "INSERT INTO stream_keys (id, shop_id, show_id, secret_hash, hint, created_at_ms)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    (
                        Text(key.id),
                        Text(key.shop_id),
                        Text(key.show_id),
                        key.secret_hash,
                        &key.hint,
                        key.created_at.get(),
                    ),
                )
                .stored()?;
            Ok(())
        })
        .await
    }

    async fn list(&self, shop_id: ShopId, show_id: ShowId) -> Result<Vec<StreamKeyRecord>, StoreError> {
        self.read(move |connection| {
            connection
                .prepare_cached(
                    "SELECT * FROM stream_keys WHERE show_id = ?1 AND shop_id = ?2 ORDER BY id DESC",
                )
                .stored()?
                .query_map((Text(show_id), Text(shop_id)), record)
                .stored()?
                .collect::<Result<_, _>>()
                .stored()
        })
        .await
    }

    async fn revoke(&self, shop_id: ShopId, show_id: ShowId, key_id: StreamKeyId) -> Result<(), StoreError> {
        self.write(move |connection| {
            let gone = connection
                .execute(
                    "DELETE FROM stream_keys WHERE id = ?1 AND show_id = ?2 AND shop_id = ?3",
                    (Text(key_id), Text(show_id), Text(shop_id)),
                )
                .stored()?;
            if gone == 0 { Err(StoreError::NotFound) } else { Ok(()) }
        })
        .await
    }

    async fn find(&self, key_id: StreamKeyId) -> Result<Option<StreamKeyRecord>, StoreError> {
        self.read(move |connection| {
            connection
                .prepare_cached("SELECT * FROM stream_keys WHERE id = ?1")
                .stored()?
                .query_row([Text(key_id)], record)
                .stored_option()
        })
        .await
    }

    async fn used(&self, key_id: StreamKeyId, now: UtcMs) -> Result<(), StoreError> {
        self.write(move |connection| {
            connection
                .execute(
                    "UPDATE stream_keys SET last_used_at_ms = ?2 WHERE id = ?1",
                    (Text(key_id), now.get()),
                )
                .stored()?;
            Ok(())
        })
        .await
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<StreamKeyRecord> {
    Ok(StreamKeyRecord {
        id: row.get::<_, Text<_>>("id")?.0,
        shop_id: row.get::<_, Text<_>>("shop_id")?.0,
        show_id: row.get::<_, Text<_>>("show_id")?.0,
        secret_hash: row.get("secret_hash")?,
        hint: row.get("hint")?,
        created_at: UtcMs::new(row.get("created_at_ms")?),
        last_used_at: row.get::<_, Option<i64>>("last_used_at_ms")?.map(UtcMs::new),
    })
}
