//! Taking what a quote needs (pieces, flash sale counts, a use of its code), selling it, and giving it back.

use rusqlite::Connection;
use showfloor_domain::quote::Quote;
use showfloor_domain::stock::{LedgerKind, sum_lines};
use showfloor_domain::{CheckoutId, CueId, OrderId, UtcMs};
use showfloor_storage::{FlashCount, HoldError, Shortage, StoreError};

use crate::statement::{execute, first};
use crate::stock::{self, Move};
use crate::{Stored, Text, discounts};

/// Takes all that a quote needs, or fails; the caller's transaction undoes a half.
pub(crate) fn take(
    connection: &Connection,
    checkout_id: CheckoutId,
    quote: &Quote,
    device: &str,
    now: UtcMs,
) -> Result<(), HoldError> {
    for (cue_id, pieces, cap) in quote.content.flash_pieces() {
        let begin = "INSERT INTO flash_counts (cue_id, cap) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        execute(connection, begin, (Text(cue_id), cap))?;
        let sql = "UPDATE flash_counts SET taken = taken + ?2 WHERE cue_id = ?1 AND taken + ?2 <= cap";
        if execute(connection, sql, (Text(cue_id), pieces))? == 0 {
            return Err(HoldError::FlashGone(cue_id));
        }
    }
    if let Some(discount) = &quote.content.discount
        && !discounts::redeem(connection, checkout_id, discount.id, device)?
    {
        return Err(HoldError::DiscountGone);
    }
    let mut short = Vec::new();
    for (variant_id, quantity) in sum_lines(quote.content.pieces()) {
        let movement = Move {
            kind: LedgerKind::Reserved,
            variant_id,
            quantity: i64::from(quantity),
            note: "",
            order: None,
            by: None,
            now,
        };
        if stock::reserve(connection, &movement)?.is_none() {
            short.push(Shortage { variant_id, available: stock::available(connection, variant_id)? });
        }
    }
    if short.is_empty() { Ok(()) } else { Err(HoldError::NotEnough(short)) }
}

/// Takes everything or nothing, inside a running transaction. False when something is gone.
pub(crate) fn take_again(
    connection: &Connection,
    checkout_id: CheckoutId,
    quote: &Quote,
    device: &str,
    now: UtcMs,
) -> Result<bool, StoreError> {
    connection.execute_batch("SAVEPOINT late").stored()?;
    match take(connection, checkout_id, quote, device, now) {
        Ok(()) => {
            connection.execute_batch("RELEASE late").stored()?;
            Ok(true)
        }
        Err(HoldError::Store(error)) => Err(error),
        Err(HoldError::NotEnough(_) | HoldError::FlashGone(_) | HoldError::DiscountGone) => {
            connection.execute_batch("ROLLBACK TO late; RELEASE late").stored()?;
            Ok(false)
        }
    }
}

/// Sells what is held.
pub(crate) fn sell(
    connection: &Connection,
    quote: &Quote,
    order: (OrderId, u64),
    now: UtcMs,
) -> Result<(), StoreError> {
    for (cue_id, pieces, _) in quote.content.flash_pieces() {
        let sql = "UPDATE flash_counts SET sold = sold + ?2 WHERE cue_id = ?1";
        execute(connection, sql, (Text(cue_id), pieces))?;
    }
    for (variant_id, quantity) in sum_lines(quote.content.pieces()) {
        let quantity = i64::from(quantity);
        let order = Some(order);
        let kind = LedgerKind::Sold;
        stock::commit(connection, &Move { kind, variant_id, quantity, note: "", order, by: None, now })?;
    }
    Ok(())
}

/// Gives back what is held: [`LedgerKind::Released`] by the buyer, [`LedgerKind::Expired`] by time.
pub(crate) fn give_back(
    connection: &Connection,
    checkout_id: CheckoutId,
    quote: &Quote,
    kind: LedgerKind,
    now: UtcMs,
) -> Result<(), StoreError> {
    for (cue_id, pieces, _) in quote.content.flash_pieces() {
        let sql = "UPDATE flash_counts SET taken = taken - ?2 WHERE cue_id = ?1";
        execute(connection, sql, (Text(cue_id), pieces))?;
    }
    discounts::give_back(connection, checkout_id)?;
    for (variant_id, quantity) in sum_lines(quote.content.pieces()) {
        let quantity = i64::from(quantity);
        stock::give_back(
            connection,
            &Move { kind, variant_id, quantity, note: "", order: None, by: None, now },
        )?;
    }
    Ok(())
}

/// How far a flash sale is; none taken when nobody tried.
pub(crate) fn flash_count(connection: &Connection, cue_id: CueId) -> Result<FlashCount, StoreError> {
    let sql = "SELECT taken, sold FROM flash_counts WHERE cue_id = ?1";
    let count = first(connection, sql, [Text(cue_id)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (taken, sold) = count.unwrap_or((0, 0));
    Ok(FlashCount { cue_id, taken, sold })
}
