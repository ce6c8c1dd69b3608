//! Refunds: the amount is taken first, the provider is asked after, and what it says is noted once.

use rusqlite::Connection;
use showfloor_domain::event::{Event, OrderRefunded};
use showfloor_domain::order::{RefundError, RefundState};
use showfloor_domain::stock::LedgerKind;
use showfloor_domain::{Currency, Money, OrderId, PaymentId, RefundId, ShopId, ShowId, UtcMs};
use showfloor_storage::{OrderRecord, RefundToSend, RequestRefund, RequestRefundError, StoreError};

use crate::emit::emit_from;
use crate::statement::{all, execute, first};
use crate::stock::{self, Move};
use crate::{Text, Word, observe, orders};

pub(crate) struct NewRefund<'a> {
    pub(crate) refund_id: RefundId,
    pub(crate) shop_id: ShopId,
    pub(crate) payment_id: Option<PaymentId>,
    pub(crate) order_id: Option<OrderId>,
    pub(crate) provider: &'a str,
    pub(crate) intent_id: &'a str,
    pub(crate) amount: Money,
    pub(crate) reason: &'a str,
    pub(crate) by: Option<&'a str>,
    pub(crate) now: UtcMs,
}

/// Writes a refund down. False when this very one is there already.
pub(crate) fn write_down(connection: &Connection, refund: &NewRefund<'_>) -> Result<bool, StoreError> {
    let sql =
        "INSERT INTO refunds (id, shop_id, payment_id, order_id, provider, intent_id, amount_minor, currency,
                   reason, state, by_name, at_ms)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT DO NOTHING";
    let parameters = (
        Text(refund.refund_id),
        Text(refund.shop_id),
        refund.payment_id.map(Text),
        refund.order_id.map(Text),
        refund.provider,
        refund.intent_id,
        refund.amount.minor(),
        Text(refund.amount.currency()),
        refund.reason,
        Word(RefundState::Requested),
        refund.by,
        refund.now.get(),
    );
    Ok(execute(connection, sql, parameters)? == 1)
}

pub(crate) fn to_send(
    connection: &Connection,
    before: UtcMs,
    limit: u32,
) -> Result<Vec<RefundToSend>, StoreError> {
    let sql = "SELECT id, shop_id, intent_id, amount_minor, currency FROM refunds
               WHERE state = 'requested' AND asked_at_ms < ?1 ORDER BY asked_at_ms, at_ms LIMIT ?2";
    all(connection, sql, (before.get(), limit), |row| {
        Ok(RefundToSend {
            refund_id: row.get::<_, Text<RefundId>>(0)?.0,
            shop_id: row.get::<_, Text<ShopId>>(1)?.0,
            intent_id: row.get(2)?,
            amount: Money::new(row.get(3)?, row.get::<_, Text<Currency>>(4)?.0),
        })
    })
}

/// Notes what became of a refund, once.
pub(crate) fn settle(
    connection: &Connection,
    refund_id: RefundId,
    succeeded: bool,
    now: UtcMs,
) -> Result<(), StoreError> {
    let state = if succeeded { RefundState::Succeeded } else { RefundState::Failed };
    let sql = "UPDATE refunds SET state = ?2 WHERE id = ?1 AND state = 'requested'
               RETURNING shop_id, payment_id, order_id, amount_minor, currency";
    let settled = first(connection, sql, (Text(refund_id), Word(state)), |row| {
        let amount = Money::new(row.get(3)?, row.get::<_, Text<Currency>>(4)?.0);
        let payment_id = row.get::<_, Option<Text<PaymentId>>>(1)?.map(|id| id.0);
        let order_id = row.get::<_, Option<Text<OrderId>>>(2)?.map(|id| id.0);
        Ok((row.get::<_, Text<ShopId>>(0)?.0, payment_id, order_id, amount))
    })?;
    let Some((shop_id, payment_id, order_id, amount)) = settled else { return Ok(()) };
    if !succeeded && let Some(payment_id) = payment_id {
        let sql = "UPDATE payments SET refunded_minor = refunded_minor - ?2 WHERE id = ?1";
        execute(connection, sql, (Text(payment_id), amount.minor()))?;
    }
    let Some(order_id) = order_id else { return Ok(()) };
    if !succeeded {
        let text = "The payment provider did not send the money back.";
        return orders::note(connection, order_id, "refund_failed", text, now);
    }
    orders::note(connection, order_id, "refunded", "The money went back.", now)?;
    let sql = "SELECT show_id FROM orders WHERE id = ?1";
    let show_id = first(connection, sql, [Text(order_id)], |row| Ok(row.get::<_, Text<ShowId>>(0)?.0))?;
    let event = Event::OrderRefunded(OrderRefunded { order_id, refund_id, show_id, amount, at: now });
    emit_from(connection, observe::SOURCE, shop_id, order_id.to_string(), now, event)
}

/// Takes the amount from the order by one conditional write.
pub(crate) fn request(
    connection: &Connection,
    command: &RequestRefund,
) -> Result<OrderRecord, RequestRefundError> {
    let RequestRefund { refund_id, shop_id, order_id, amount, now, .. } = *command;
    let order = orders::load(connection, order_id)?
        .filter(|order| order.shop_id == shop_id)
        .ok_or(StoreError::NotFound)?;
    if order.refunds.iter().any(|refund| refund.id == refund_id) {
        return Ok(order);
    }
    showfloor_domain::order::refund(order.payment.captured, order.payment.refunded, amount)?;
    let sql = "UPDATE payments SET refunded_minor = refunded_minor + ?2
               WHERE id = ?1 AND currency = ?3 AND refunded_minor + ?2 <= captured_minor
               RETURNING intent_id";
    let parameters = (Text(order.payment.id), amount.minor(), Text(amount.currency()));
    let intent_id: String = first(connection, sql, parameters, |row| row.get(0))?
        .ok_or(RefundError::MoreThanLeft(Money::zero(amount.currency())))?;
    let refund = NewRefund {
        refund_id,
        shop_id,
        payment_id: Some(order.payment.id),
        order_id: Some(order_id),
        provider: &order.payment.provider,
        intent_id: &intent_id,
        amount,
        reason: &command.reason,
        by: command.by.as_deref(),
        now,
    };
    if !write_down(connection, &refund)? {
        return Err(StoreError::Taken("refund".into()).into());
    }
    for (variant_id, quantity) in showfloor_domain::stock::sum_lines(command.restock.iter().copied()) {
        restock(connection, &order, variant_id, quantity, command)?;
    }
    orders::note(connection, order_id, "refund_requested", "A refund was asked for.", now)?;
    Ok(orders::load(connection, order_id)?.ok_or(StoreError::NotFound)?)
}

fn restock(
    connection: &Connection,
    order: &OrderRecord,
    variant_id: showfloor_domain::VariantId,
    quantity: u32,
    command: &RequestRefund,
) -> Result<(), RequestRefundError> {
    let mut left = quantity;
    let sql = "SELECT line, quantity - restocked FROM order_lines WHERE order_id = ?1 AND variant_id = ?2";
    let lines: Vec<(u32, u32)> =
        all(connection, sql, (Text(order.id), Text(variant_id)), |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (line, open) in lines {
        let pieces = open.min(left);
        let sql = "UPDATE order_lines SET restocked = restocked + ?3 WHERE order_id = ?1 AND line = ?2";
        execute(connection, sql, (Text(order.id), line, pieces))?;
        left -= pieces;
    }
    if left > 0 {
        return Err(RequestRefundError::NothingToRestock);
    }
    let movement = Move {
        kind: LedgerKind::Returned,
        variant_id,
        quantity: i64::from(quantity),
        note: &command.reason,
        order: Some((order.id, order.number)),
        by: command.by.as_deref(),
        now: command.now,
    };
    Ok(stock::take_back(connection, &movement)?)
}
