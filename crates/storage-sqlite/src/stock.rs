//! The stock ledger: each command is one conditional statement with its entry and its event.

use async_trait::async_trait;
use rusqlite::Connection;
use showfloor_domain::event::{Event, StockChanged};
use showfloor_domain::stock::{LedgerKind, StockError, StockLevel};
use showfloor_domain::{OrderId, ProductId, ShopId, UtcMs, VariantId};
use showfloor_storage::{
    AdjustError, LedgerEntry, PAGE_MAX, Page, PageRequest, StockAdjustment, StockLedger, StoreError,
};

use crate::emit::emit_from;
use crate::statement::{all, execute, first};
use crate::{Sqlite, Text, Word, products};

/// Who tells of stock.
const SOURCE: &str = "/functions/checkout";

/// What moves, for the ledger's entry.
#[derive(Clone, Copy)]
pub(crate) struct Move<'a> {
    pub(crate) kind: LedgerKind,
    pub(crate) variant_id: VariantId,
    pub(crate) quantity: i64,
    pub(crate) note: &'a str,
    pub(crate) order: Option<(OrderId, u64)>,
    pub(crate) by: Option<&'a str>,
    pub(crate) now: UtcMs,
}

const RETURNING: &str = "RETURNING shop_id, product_id, stocked, sold, reserved, leased, version";

/// Runs the one conditional statement; when it changed the row, writes the entry and the event. None when the
/// condition did not hold.
fn change(connection: &Connection, set: &str, movement: &Move<'_>) -> Result<Option<StockLevel>, StoreError> {
    let sql =
        format!("UPDATE stock_items SET {set}, version = version + 1 WHERE variant_id = ?1 {RETURNING}");
    write(connection, &sql, movement)
}

fn write(connection: &Connection, sql: &str, movement: &Move<'_>) -> Result<Option<StockLevel>, StoreError> {
    let Move { kind, variant_id, quantity, note, order, by, now } = *movement;
    let changed = first(connection, sql, (Text(variant_id), quantity), |row| {
        let level = StockLevel {
            stocked: row.get("stocked")?,
            sold: row.get("sold")?,
            reserved: row.get("reserved")?,
            leased: row.get("leased")?,
            version: row.get("version")?,
        };
        Ok((row.get::<_, Text<ShopId>>("shop_id")?.0, row.get::<_, Text<ProductId>>("product_id")?.0, level))
    })?;
    let Some((shop_id, product_id, level)) = changed else { return Ok(None) };
    execute(
        connection,
        "INSERT INTO stock_ledger (at_ms, kind, shop_id, product_id, variant_id, quantity, note, order_id,
            order_number, by_name) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        (
            now.get(),
            Word(kind),
            Text(shop_id),
            Text(product_id),
            Text(variant_id),
            quantity,
            note,
            order.map(|(id, _)| Text(id)),
            order.map(|(_, number)| number),
            by,
        ),
    )?;
    let event = Event::StockChanged(StockChanged {
        product_id,
        variant_id,
        show_ids: products::shows_listing(connection, product_id)?,
        available: level.available(),
        reserved: level.reserved,
        version: level.version,
    });
    emit_from(connection, SOURCE, shop_id, variant_id.to_string(), now, event)?;
    Ok(Some(level))
}

/// Begins the ledger of a variant, empty, if it has none.
pub(crate) fn begin(
    connection: &Connection,
    shop_id: ShopId,
    product_id: ProductId,
    variant_id: VariantId,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO stock_items (variant_id, product_id, shop_id) VALUES (?1, ?2, ?3)
               ON CONFLICT DO NOTHING";
    execute(connection, sql, (Text(variant_id), Text(product_id), Text(shop_id))).map(drop)
}

/// Holds pieces, if there are that many. None when there are fewer.
pub(crate) fn reserve(
    connection: &Connection,
    movement: &Move<'_>,
) -> Result<Option<StockLevel>, StoreError> {
    let sql = format!(
        "UPDATE stock_items SET reserved = reserved + ?2, version = version + 1
         WHERE variant_id = ?1 AND stocked - sold - reserved - leased >= ?2 {RETURNING}"
    );
    write(connection, &sql, movement)
}

/// Sells held pieces.
pub(crate) fn commit(connection: &Connection, movement: &Move<'_>) -> Result<(), StoreError> {
    change(connection, "reserved = reserved - ?2, sold = sold + ?2", movement)?
        .map(drop)
        .ok_or(StoreError::NotFound)
}

/// Gives held pieces back.
pub(crate) fn give_back(connection: &Connection, movement: &Move<'_>) -> Result<(), StoreError> {
    change(connection, "reserved = reserved - ?2", movement)?.map(drop).ok_or(StoreError::NotFound)
}

/// Puts sold pieces back on the shelf.
pub(crate) fn take_back(connection: &Connection, movement: &Move<'_>) -> Result<(), StoreError> {
    change(connection, "sold = sold - ?2", movement)?.map(drop).ok_or(StoreError::NotFound)
}

/// Pieces that can be reserved now; none of what has no ledger.
pub(crate) fn available(connection: &Connection, variant_id: VariantId) -> Result<u32, StoreError> {
    let sql = "SELECT stocked - sold - reserved - leased FROM stock_items WHERE variant_id = ?1";
    Ok(first(connection, sql, [Text(variant_id)], |row| row.get(0))?.unwrap_or(0))
}

fn level(
    connection: &Connection,
    shop_id: ShopId,
    variant_id: VariantId,
) -> Result<Option<StockLevel>, StoreError> {
    let sql = "SELECT stocked, sold, reserved, leased, version FROM stock_items
               WHERE variant_id = ?1 AND shop_id = ?2";
    first(connection, sql, (Text(variant_id), Text(shop_id)), |row| {
        Ok(StockLevel {
            stocked: row.get(0)?,
            sold: row.get(1)?,
            reserved: row.get(2)?,
            leased: row.get(3)?,
            version: row.get(4)?,
        })
    })
}

fn adjust(
    connection: &Connection,
    adjustment: &StockAdjustment,
    now: UtcMs,
) -> Result<StockLevel, AdjustError> {
    let StockAdjustment { shop_id, variant_id, delta, note, by } = adjustment;
    let before = level(connection, *shop_id, *variant_id)?.ok_or(StoreError::NotFound)?;
    let kind = if *delta >= 0 { LedgerKind::Stocked } else { LedgerKind::Adjusted };
    let movement = Move {
        kind,
        variant_id: *variant_id,
        quantity: i64::from(*delta),
        note,
        order: None,
        by: by.as_deref(),
        now,
    };
    let sql = format!(
        "UPDATE stock_items SET stocked = stocked + ?2, version = version + 1
         WHERE variant_id = ?1 AND stocked + ?2 BETWEEN sold + reserved + leased AND {} {RETURNING}",
        StockLevel::PIECES_MAX
    );
    write(connection, &sql, &movement)?.ok_or_else(|| {
        AdjustError::Stock(if *delta >= 0 {
            StockError::TooMany
        } else {
            StockError::NotEnough { available: before.available() }
        })
    })
}

#[async_trait]
impl StockLedger for Sqlite {
    async fn create_item(
        &self,
        shop_id: ShopId,
        product_id: ProductId,
        variant_id: VariantId,
        _now: UtcMs,
    ) -> Result<(), StoreError> {
        self.write(move |connection| begin(connection, shop_id, product_id, variant_id)).await
    }

    async fn adjust(&self, adjustment: StockAdjustment, now: UtcMs) -> Result<StockLevel, AdjustError> {
        self.write(move |connection| adjust(connection, &adjustment, now)).await
    }

    async fn levels(
        &self,
        shop_id: ShopId,
        variant_ids: &[VariantId],
    ) -> Result<Vec<(VariantId, StockLevel)>, StoreError> {
        let variant_ids = variant_ids.to_vec();
        self.read(move |connection| {
            let found = variant_ids
                .into_iter()
                .map(|id| Ok(level(connection, shop_id, id)?.map(|level| (id, level))));
            found.filter_map(Result::transpose).collect()
        })
        .await
    }

    async fn ledger(
        &self,
        shop_id: ShopId,
        product_id: ProductId,
        page: PageRequest,
    ) -> Result<Page<LedgerEntry>, StoreError> {
        let limit = page.limit.clamp(1, PAGE_MAX);
        let before: i64 = page.cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(i64::MAX);
        self.read(move |connection| {
            let sql = "SELECT entry, at_ms, kind, variant_id, quantity, note, order_id, order_number, by_name
                       FROM stock_ledger WHERE shop_id = ?1 AND product_id = ?2 AND entry < ?3
                       ORDER BY entry DESC LIMIT ?4";
            let mut rows =
                all(connection, sql, (Text(shop_id), Text(product_id), before, limit + 1), |row| {
                    let order = row.get::<_, Option<Text<OrderId>>>("order_id")?.map(|id| id.0);
                    let entry = LedgerEntry {
                        at: UtcMs::new(row.get("at_ms")?),
                        kind: row.get::<_, Word<LedgerKind>>("kind")?.0,
                        variant_id: row.get::<_, Text<VariantId>>("variant_id")?.0,
                        quantity: row.get("quantity")?,
                        note: row.get("note")?,
                        order: order.zip(row.get::<_, Option<u64>>("order_number")?),
                        by: row.get("by_name")?,
                    };
                    Ok((row.get::<_, i64>("entry")?, entry))
                })?;
            let more = rows.len() > limit as usize;
            rows.truncate(limit as usize);
            let next = rows.last().filter(|_| more).map(|(entry, _)| entry.to_string());
            Ok(Page { items: rows.into_iter().map(|(_, entry)| entry).collect(), next })
        })
        .await
    }
}
