//! Shops.

use async_trait::async_trait;
use rusqlite::{Connection, Row};
use showfloor_domain::event::{Event, ShowChanged};
use showfloor_domain::{ShopId, ShowId, UtcMs};
use showfloor_storage::{ShopRecord, Shops, StoreError};

use crate::emit::emit;
use crate::{Json, Sqlite, Stored, StoredOption, Text, Word};

#[async_trait]
impl Shops for Sqlite {
    async fn create(&self, shop: ShopRecord) -> Result<(), StoreError> {
        self.write(move |connection| insert(connection, &shop)).await
    }

    async fn find(&self, shop_id: ShopId) -> Result<Option<ShopRecord>, StoreError> {
        self.read(move |connection| find(connection, shop_id)).await
    }

    async fn edit(&self, shop: ShopRecord, now: UtcMs) -> Result<ShopRecord, StoreError> {
        self.write(move |connection| {
            let changed = connection
                .prepare_cached(
                    "UPDATE shops SET name = ?3, currencies = ?4, ships_to = ?5, timezone = ?6, locale = ?7,
                        version = version + 1
                     WHERE id = ?1 AND version = ?2",
                )
                .stored()?
                .execute((
                    Text(shop.id),
                    shop.version,
                    &shop.name,
                    Json(&shop.currencies),
                    Json(&shop.ships_to),
                    &shop.timezone,
                    &shop.locale,
                ))
                .stored()?;
            if changed == 0 {
                return Err(find(connection, shop.id)?.map_or(StoreError::NotFound, |_| StoreError::Stale));
            }
            write_origins(connection, &shop)?;
            for show_id in open_shows(connection, shop.id)? {
                emit(
                    connection,
                    shop.id,
                    show_id.to_string(),
                    now,
                    Event::ShowChanged(ShowChanged { show_id }),
                )?;
            }
            find(connection, shop.id)?.ok_or(StoreError::NotFound)
        })
        .await
    }

    async fn listing(&self, origin: &str) -> Result<Vec<ShopId>, StoreError> {
        let origin = origin.to_owned();
        self.read(move |connection| {
            connection
                .prepare_cached("SELECT shop_id FROM shop_origins WHERE origin = ?1")
                .stored()?
                .query_map([origin], |row| row.get::<_, Text<ShopId>>(0).map(|id| id.0))
                .stored()?
                .collect::<Result<_, _>>()
                .stored()
        })
        .await
    }
}

pub(crate) fn insert(connection: &Connection, shop: &ShopRecord) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO shops (id, name, currencies, country, ships_to, timezone, locale, mode, created_at_ms,
                version)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )
        .stored()?
        .execute((
            Text(shop.id),
            &shop.name,
            Json(&shop.currencies),
            Text(shop.country),
            Json(&shop.ships_to),
            &shop.timezone,
            &shop.locale,
            Word(shop.mode),
            shop.created_at.get(),
            shop.version,
        ))
        .stored()?;
    write_origins(connection, shop)
}

fn write_origins(connection: &Connection, shop: &ShopRecord) -> Result<(), StoreError> {
    connection.execute("DELETE FROM shop_origins WHERE shop_id = ?1", [Text(shop.id)]).stored()?;
    for (position, origin) in shop.allowed_origins.iter().enumerate() {
        connection
            .prepare_cached("INSERT INTO shop_origins (origin, shop_id, position) VALUES (?1, ?2, ?3)")
            .stored()?
            .execute((origin, Text(shop.id), position))
            .stored()?;
    }
    Ok(())
}

pub(crate) fn find(connection: &Connection, shop_id: ShopId) -> Result<Option<ShopRecord>, StoreError> {
    let shop = connection
        .prepare_cached("SELECT * FROM shops WHERE id = ?1")
        .stored()?
        .query_row([Text(shop_id)], record)
        .stored_option()?;
    let Some(mut shop) = shop else { return Ok(None) };
    shop.allowed_origins = connection
        .prepare_cached("SELECT origin FROM shop_origins WHERE shop_id = ?1 ORDER BY position")
        .stored()?
        .query_map([Text(shop_id)], |row| row.get(0))
        .stored()?
        .collect::<Result<_, _>>()
        .stored()?;
    Ok(Some(shop))
}

fn open_shows(connection: &Connection, shop_id: ShopId) -> Result<Vec<ShowId>, StoreError> {
    connection
        .prepare_cached(
            "SELECT id FROM shows WHERE shop_id = ?1 AND state IN ('scheduled', 'live', 'paused')",
        )
        .stored()?
        .query_map([Text(shop_id)], |row| row.get::<_, Text<ShowId>>(0).map(|id| id.0))
        .stored()?
        .collect::<Result<_, _>>()
        .stored()
}

fn record(row: &Row<'_>) -> rusqlite::Result<ShopRecord> {
    Ok(ShopRecord {
        id: row.get::<_, Text<_>>("id")?.0,
        name: row.get("name")?,
        currencies: row.get::<_, Json<_>>("currencies")?.0,
        country: row.get::<_, Text<_>>("country")?.0,
        ships_to: row.get::<_, Json<_>>("ships_to")?.0,
        timezone: row.get("timezone")?,
        locale: row.get("locale")?,
        mode: row.get::<_, Word<_>>("mode")?.0,
        allowed_origins: Vec::new(),
        created_at: UtcMs::new(row.get("created_at_ms")?),
        version: row.get("version")?,
    })
}
