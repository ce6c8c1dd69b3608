//! Sales of a show, added up from its orders.

use async_trait::async_trait;
use showfloor_domain::{Currency, Money, ProductId, ShopId, ShowId, UtcMs};
use showfloor_storage::{ProductSales, SalesFigures, SalesMinute, ShowSales, StoreError};

use crate::statement::{all, first};
use crate::{Sqlite, Text};

const MINUTE_MS: i64 = 60_000;

#[async_trait]
impl SalesFigures for Sqlite {
    async fn show_sales(
        &self,
        shop_id: ShopId,
        show_id: ShowId,
        currency: Currency,
        since: UtcMs,
    ) -> Result<ShowSales, StoreError> {
        self.read(move |connection| {
            let of_show = "FROM orders o JOIN payments p ON p.id = o.payment_id
                           WHERE o.show_id = ?1 AND o.shop_id = ?2";
            let revenue = "COALESCE(SUM(CASE WHEN p.currency = ?3 THEN p.captured_minor - p.refunded_minor END), 0)";
            let sum = |from: i64| {
                let sql = format!("SELECT COUNT(*), {revenue} {of_show} AND o.paid_at_ms >= ?4");
                let parameters = (Text(show_id), Text(shop_id), Text(currency), from);
                let sums = first(connection, &sql, parameters, |row| Ok((row.get(0)?, row.get(1)?)))?;
                let (orders, minor) = sums.unwrap_or((0_u32, 0_i64));
                Ok::<_, StoreError>((orders, Money::new(minor, currency)))
            };
            let (orders, whole) = sum(i64::MIN)?;
            let (orders_since, revenue_since) = sum(since.get())?;
            let sql = format!("SELECT o.paid_at_ms / ?4 AS minute, COUNT(*), {revenue} {of_show}
                               GROUP BY minute ORDER BY minute");
            let minutes = all(connection, &sql, (Text(show_id), Text(shop_id), Text(currency), MINUTE_MS), |row| {
                Ok(SalesMinute {
                    minute: UtcMs::new(row.get::<_, i64>(0)? * MINUTE_MS),
                    orders: row.get(1)?,
                    revenue_minor: row.get(2)?,
                })
            })?;
            let sql = "SELECT l.product_id, COUNT(DISTINCT o.id), SUM(l.quantity) AS pieces,
                           COALESCE(SUM(CASE WHEN p.currency = ?3 THEN l.total_minor END), 0)
                       FROM order_lines l JOIN orders o ON o.id = l.order_id JOIN payments p ON p.id = o.payment_id
                       WHERE o.show_id = ?1 AND o.shop_id = ?2 GROUP BY l.product_id ORDER BY pieces DESC, 1";
            let products = all(connection, sql, (Text(show_id), Text(shop_id), Text(currency)), |row| {
                Ok(ProductSales {
                    product_id: row.get::<_, Text<ProductId>>(0)?.0,
                    orders: row.get(1)?,
                    pieces: row.get(2)?,
                    revenue: Money::new(row.get(3)?, currency),
                })
            })?;
            Ok(ShowSales { orders, revenue: whole, orders_since, revenue_since, minutes, products })
        })
        .await
    }
}
