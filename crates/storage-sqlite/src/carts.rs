//! Carts.

use async_trait::async_trait;
use rusqlite::Connection;
use showfloor_domain::cart::{self, CartLine};
use showfloor_domain::{CartId, Currency, Quantity, ShopId, ShowId, UtcMs, VariantId, ViewerId};
use showfloor_storage::{Buyer, CartRecord, Carts, PutLineError, StoreError};

use crate::statement::{all, execute, first};
use crate::{Json, Sqlite, Text};

fn lines(connection: &Connection, cart_id: CartId) -> Result<Vec<CartLine>, StoreError> {
    let sql = "SELECT variant_id, quantity, seen_price FROM cart_lines WHERE cart_id = ?1 ORDER BY position";
    all(connection, sql, [Text(cart_id)], |row| {
        Ok(CartLine {
            variant_id: row.get::<_, Text<VariantId>>(0)?.0,
            quantity: quantity(row.get(1)?)?,
            seen_price: row.get::<_, Json<_>>(2)?.0,
        })
    })
}

fn quantity(pieces: u32) -> rusqlite::Result<Quantity> {
    Quantity::try_from(pieces).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(1, i64::from(pieces)))
}

fn find(connection: &Connection, shop_id: ShopId, cart_id: CartId) -> Result<Option<CartRecord>, StoreError> {
    let sql = "SELECT * FROM carts WHERE id = ?1 AND shop_id = ?2";
    let cart = first(connection, sql, (Text(cart_id), Text(shop_id)), |row| {
        Ok(CartRecord {
            id: cart_id,
            shop_id,
            show_id: row.get::<_, Text<ShowId>>("show_id")?.0,
            buyer: Buyer {
                viewer_id: row.get::<_, Text<ViewerId>>("viewer_id")?.0,
                name: row.get("viewer_name")?,
                device: row.get("device")?,
            },
            currency: row.get::<_, Text<Currency>>("currency")?.0,
            secret_hash: row.get("secret_hash")?,
            lines: Vec::new(),
            discount_code: row.get("discount_code")?,
            created_at: UtcMs::new(row.get("created_at_ms")?),
        })
    })?;
    let Some(mut cart) = cart else { return Ok(None) };
    cart.lines = lines(connection, cart_id)?;
    Ok(Some(cart))
}

fn touch(connection: &Connection, cart_id: CartId, now: UtcMs) -> Result<(), StoreError> {
    let sql = "UPDATE carts SET changed_at_ms = ?2 WHERE id = ?1";
    match execute(connection, sql, (Text(cart_id), now.get()))? {
        0 => Err(StoreError::NotFound),
        _ => Ok(()),
    }
}

#[async_trait]
impl Carts for Sqlite {
    async fn create(&self, cart: CartRecord) -> Result<(), StoreError> {
        self.write(move |connection| {
            execute(
                connection,
                "INSERT INTO carts (id, shop_id, show_id, viewer_id, viewer_name, device, currency, secret_hash,
                    discount_code, created_at_ms, changed_at_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)",
                (
                    Text(cart.id),
                    Text(cart.shop_id),
                    Text(cart.show_id),
                    Text(cart.buyer.viewer_id),
                    &cart.buyer.name,
                    &cart.buyer.device,
                    Text(cart.currency),
                    cart.secret_hash,
                    &cart.discount_code,
                    cart.created_at.get(),
                ),
            )
            .map(drop)
        })
        .await
    }

    async fn find(&self, shop_id: ShopId, cart_id: CartId) -> Result<Option<CartRecord>, StoreError> {
        self.read(move |connection| find(connection, shop_id, cart_id)).await
    }

    async fn put_line(&self, cart_id: CartId, line: CartLine, now: UtcMs) -> Result<(), PutLineError> {
        self.write(move |connection| {
            touch(connection, cart_id, now)?;
            let mut known = lines(connection, cart_id)?;
            cart::put_line(&mut known, line)?;
            execute(
                connection,
                "INSERT INTO cart_lines (cart_id, position, variant_id, quantity, seen_price)
                 VALUES (?1, (SELECT COALESCE(MAX(position), 0) + 1 FROM cart_lines WHERE cart_id = ?1), ?2, ?3, ?4)
                 ON CONFLICT (cart_id, variant_id)
                 DO UPDATE SET quantity = excluded.quantity, seen_price = excluded.seen_price",
                (Text(cart_id), Text(line.variant_id), line.quantity.get(), Json(line.seen_price)),
            )?;
            Ok(())
        })
        .await
    }

    async fn remove_line(
        &self,
        cart_id: CartId,
        variant_id: VariantId,
        now: UtcMs,
    ) -> Result<(), StoreError> {
        self.write(move |connection| {
            touch(connection, cart_id, now)?;
            let sql = "DELETE FROM cart_lines WHERE cart_id = ?1 AND variant_id = ?2";
            execute(connection, sql, (Text(cart_id), Text(variant_id))).map(drop)
        })
        .await
    }

    async fn set_discount(
        &self,
        cart_id: CartId,
        code: Option<String>,
        now: UtcMs,
    ) -> Result<(), StoreError> {
        self.write(move |connection| {
            touch(connection, cart_id, now)?;
            let sql = "UPDATE carts SET discount_code = ?2 WHERE id = ?1";
            execute(connection, sql, (Text(cart_id), code)).map(drop)
        })
        .await
    }
}
