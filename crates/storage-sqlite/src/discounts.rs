//! Discount codes, and how often they are in use.

use async_trait::async_trait;
use rusqlite::Connection;
use showfloor_domain::promotion::{Discount, canonical_code};
use showfloor_domain::{CheckoutId, DiscountId, ShopId};
use showfloor_storage::{Discounts, StoreError};

use crate::statement::{execute, first};
use crate::{Json, Sqlite, Text};

fn limits(connection: &Connection, id: DiscountId) -> Result<(Option<u32>, Option<u32>), StoreError> {
    let sql = "SELECT discount FROM discounts WHERE id = ?1";
    let discount = first(connection, sql, [Text(id)], |row| row.get::<_, Json<Discount>>(0))?;
    Ok(discount.map_or((Some(0), None), |Json(known)| (known.redemptions_max, known.per_customer_max)))
}

/// Uses a code for a checkout, if it and its customer may use it once more. False when not.
pub(crate) fn redeem(
    connection: &Connection,
    checkout_id: CheckoutId,
    discount_id: DiscountId,
    device: &str,
) -> Result<bool, StoreError> {
    let (total_max, customer_max) = limits(connection, discount_id)?;
    let sql = "INSERT INTO redemptions (checkout_id, discount_id, device)
               SELECT ?1, ?2, ?3
               WHERE (SELECT COUNT(*) FROM redemptions WHERE discount_id = ?2) < ?4
                 AND (SELECT COUNT(*) FROM redemptions WHERE discount_id = ?2 AND device = ?3) < ?5";
    let parameters = (Text(checkout_id), Text(discount_id), device, bound(total_max), bound(customer_max));
    Ok(execute(connection, sql, parameters)? == 1)
}

/// Names the customer of a code in use, if that customer may use it once more. False when not.
pub(crate) fn name_customer(
    connection: &Connection,
    checkout_id: CheckoutId,
    discount_id: DiscountId,
    email: &str,
) -> Result<bool, StoreError> {
    let (_, customer_max) = limits(connection, discount_id)?;
    let sql = "UPDATE redemptions SET email = ?3
               WHERE checkout_id = ?1 AND (SELECT COUNT(*) FROM redemptions
                   WHERE discount_id = ?2 AND email = ?3 AND checkout_id <> ?1) < ?4";
    let email = canonical_email(email);
    Ok(execute(connection, sql, (Text(checkout_id), Text(discount_id), email, bound(customer_max)))? == 1)
}

/// Gives a use back, with the reservation.
pub(crate) fn give_back(connection: &Connection, checkout_id: CheckoutId) -> Result<(), StoreError> {
    execute(connection, "DELETE FROM redemptions WHERE checkout_id = ?1", [Text(checkout_id)]).map(drop)
}

fn bound(most: Option<u32>) -> i64 {
    most.map_or(i64::MAX, i64::from)
}

/// `Ada+1@Example.com` and `ada@example.com` are one customer.
fn canonical_email(email: &str) -> String {
    let email = email.to_lowercase();
    let Some((local, domain)) = email.rsplit_once('@') else { return email };
    let local = local.split('+').next().unwrap_or(local);
    format!("{local}@{domain}")
}

#[async_trait]
impl Discounts for Sqlite {
    async fn add(&self, shop_id: ShopId, mut discount: Discount) -> Result<(), StoreError> {
        if let Some(code) = canonical_code(&discount.code) {
            discount.code = code;
        }
        self.write(move |connection| {
            let sql = "INSERT INTO discounts (id, shop_id, code, discount) VALUES (?1, ?2, ?3, ?4)";
            let parameters = (Text(discount.id), Text(shop_id), &discount.code, Json(&discount));
            execute(connection, sql, parameters).map(drop)
        })
        .await
    }

    async fn find_code(&self, shop_id: ShopId, code: &str) -> Result<Option<Discount>, StoreError> {
        let code = code.to_owned();
        self.read(move |connection| {
            let sql = "SELECT discount FROM discounts WHERE shop_id = ?1 AND code = ?2";
            let discount =
                first(connection, sql, (Text(shop_id), code), |row| row.get::<_, Json<Discount>>(0))?;
            Ok(discount.map(|Json(discount)| discount))
        })
        .await
    }
}
