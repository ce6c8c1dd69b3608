//! What a provider says takes effect here, once, whole, and only as far as it agrees with what we asked for.

use rusqlite::Connection;
use showfloor_domain::UtcMs;
use showfloor_domain::checkout::{CheckoutEvent, CheckoutState};
use showfloor_domain::event::{Event, OrderPaid, OrderPaidLine};
use showfloor_domain::order::Fulfilment;
use showfloor_domain::payment::{Mismatch, PaymentFailure, PaymentState};
use showfloor_storage::{CheckoutRecord, Observation, Observed, SentBack, StoreError};

use crate::emit::emit_from;
use crate::payments::Kept;
use crate::refunds::NewRefund;
use crate::statement::{execute, first};
use crate::{Json, Text, Word, checkouts, holds, orders, payments, refunds};

/// Who tells of orders.
pub(crate) const SOURCE: &str = "/functions/orders";
/// The number before a shop's first order.
const NUMBER_BEFORE_FIRST: u64 = 1_000;

pub(crate) fn observe(connection: &Connection, told: &Observation) -> Result<Observed, StoreError> {
    if let Some(key) = &told.inbox {
        let sql = "INSERT INTO payment_inbox (provider, account, event_id, at_ms) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT DO NOTHING";
        if execute(connection, sql, (&key.provider, &key.account, &key.event_id, told.now.get()))? == 0 {
            return Ok(Observed::Duplicate);
        }
    }
    let Some(payment) = payments::find(connection, told.told.payment_id)? else {
        return unknown(connection, told, None, SentBack::Unknown);
    };
    let same_intent = payment.record.provider == told.provider
        && payment.record.intent_id.as_ref().is_none_or(|known| *known == told.intent_id);
    let agreed = if same_intent { payment.terms.agree(&told.told) } else { Err(Mismatch::Payment) };
    if let Err(mismatch) = agreed {
        if told.state != PaymentState::Succeeded {
            return Ok(Observed::Refused(mismatch));
        }
        // Another shop's account, or play money, may name our payment; it must not end it (abuse case C6).
        let ours = payment.terms.account == told.told.account && payment.terms.mode == told.told.mode;
        if same_intent && ours {
            give_up(connection, &payment, told.now)?;
        }
        let checkout_id = Some(payment.record.checkout_id);
        return unknown(connection, told, checkout_id, SentBack::Mismatch(mismatch));
    }
    let Some(state) = payment.record.state.after(told.state) else { return Ok(Observed::OldNews) };
    execute(
        connection,
        "UPDATE payments SET state = ?2, failure = ?3, action_url = ?4, intent_id = ?5,
            card_brand = COALESCE(?6, card_brand), card_last4 = COALESCE(?7, card_last4), asked_at_ms = ?8
         WHERE id = ?1",
        (
            Text(payment.record.id),
            Word(state),
            told.failure.map(Word),
            &told.action_url,
            &told.intent_id,
            told.card.as_ref().map(|card| &card.brand),
            told.card.as_ref().map(|card| &card.last4),
            told.now.get(),
        ),
    )?;
    let checkout_id = payment.record.checkout_id;
    let checkout = checkouts::load(connection, checkout_id)?.ok_or(StoreError::NotFound)?;
    let event = match state {
        PaymentState::Succeeded => return succeeded(connection, told, &payment, &checkout),
        PaymentState::RequiresAction => CheckoutEvent::ActionRequired,
        PaymentState::Processing | PaymentState::RequiresPayment => CheckoutEvent::PaymentStarted,
        PaymentState::Failed => {
            if told.failure != Some(PaymentFailure::Cancelled) {
                count_failure(connection, &payment, told.now)?;
            }
            CheckoutEvent::PaymentFailed
        }
    };
    if is_newest(&checkout, &payment) {
        checkouts::advance(connection, &checkout, event)?;
    }
    Ok(Observed::Progress(checkout_id))
}

/// Whether the payment is the one that the buyer is looking at.
fn is_newest(checkout: &CheckoutRecord, payment: &Kept) -> bool {
    checkout.payment.as_ref().is_some_and(|newest| newest.id == payment.record.id)
}

fn count_failure(connection: &Connection, payment: &Kept, now: UtcMs) -> Result<(), StoreError> {
    let sql = "INSERT INTO payment_failures (payment_id, device, client_block, at_ms) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT DO NOTHING";
    let parameters = (Text(payment.record.id), &payment.device, &payment.client_block, now.get());
    execute(connection, sql, parameters).map(drop)
}

/// A payment of ours was paid with something else than agreed: it will never become the order.
fn give_up(connection: &Connection, payment: &Kept, now: UtcMs) -> Result<(), StoreError> {
    if payment.record.state.after(PaymentState::Failed).is_none() {
        return Ok(());
    }
    let sql = "UPDATE payments SET state = ?2, failure = ?3, asked_at_ms = ?4 WHERE id = ?1";
    let failure = Word(PaymentFailure::ProviderError);
    execute(connection, sql, (Text(payment.record.id), Word(PaymentState::Failed), failure, now.get()))?;
    if let Some(checkout) = checkouts::load(connection, payment.record.checkout_id)?
        && is_newest(&checkout, payment)
    {
        checkouts::advance(connection, &checkout, CheckoutEvent::PaymentFailed)?;
    }
    Ok(())
}

/// Money that belongs to no payment of ours goes back, once per intent.
fn unknown(
    connection: &Connection,
    told: &Observation,
    checkout_id: Option<showfloor_domain::CheckoutId>,
    why: SentBack,
) -> Result<Observed, StoreError> {
    if told.state != PaymentState::Succeeded || told.told.amount.minor() <= 0 {
        return Ok(Observed::OldNews);
    }
    let refund = NewRefund {
        refund_id: told.refund_id,
        shop_id: told.told.account,
        payment_id: None,
        order_id: None,
        provider: &told.provider,
        intent_id: &told.intent_id,
        amount: told.told.amount,
        reason: "the payment is not the one that was asked for",
        by: None,
        now: told.now,
    };
    if refunds::write_down(connection, &refund)? {
        Ok(Observed::SentBack(checkout_id, told.refund_id, why))
    } else {
        Ok(Observed::OldNews)
    }
}

fn succeeded(
    connection: &Connection,
    told: &Observation,
    payment: &Kept,
    checkout: &CheckoutRecord,
) -> Result<Observed, StoreError> {
    let sql = "UPDATE payments SET captured_minor = amount_minor, failure = NULL WHERE id = ?1";
    execute(connection, sql, [Text(payment.record.id)])?;
    let superseded = payment.superseded || payment.record.quote_id != checkout.quote.id;
    let sent_back = match checkout.state {
        CheckoutState::Paid | CheckoutState::Refunded => Some(SentBack::Superseded),
        _ if superseded => Some(SentBack::Superseded),
        CheckoutState::Cancelled => Some(SentBack::Cancelled),
        CheckoutState::Open | CheckoutState::Paying | CheckoutState::ActionRequired => None,
        CheckoutState::Expired => {
            let device = &checkout.buyer.device;
            let taken = holds::take_again(connection, checkout.id, &checkout.quote, device, told.now)?;
            (!taken).then_some(SentBack::SoldOut)
        }
    };
    match sent_back {
        None => sell(connection, told, payment, checkout),
        Some(why) => send_back(connection, told, payment, checkout, why),
    }
}

fn send_back(
    connection: &Connection,
    told: &Observation,
    payment: &Kept,
    checkout: &CheckoutRecord,
    why: SentBack,
) -> Result<Observed, StoreError> {
    let sql = "UPDATE payments SET refunded_minor = captured_minor WHERE id = ?1";
    execute(connection, sql, [Text(payment.record.id)])?;
    let reason = match why {
        SentBack::SoldOut => "the payment came after the hold had ended, and the pieces are gone",
        SentBack::Cancelled => "the payment came after the buyer had given up",
        SentBack::Superseded | SentBack::Mismatch(_) | SentBack::Unknown => {
            "the payment was not for what the buyer saw last"
        }
    };
    let refund = NewRefund {
        refund_id: told.refund_id,
        shop_id: payment.terms.account,
        payment_id: Some(payment.record.id),
        order_id: None,
        provider: &payment.record.provider,
        intent_id: &told.intent_id,
        amount: payment.record.amount,
        reason,
        by: None,
        now: told.now,
    };
    refunds::write_down(connection, &refund)?;
    checkouts::advance(connection, checkout, CheckoutEvent::SentBack)?;
    Ok(Observed::SentBack(Some(checkout.id), told.refund_id, why))
}

fn sell(
    connection: &Connection,
    told: &Observation,
    payment: &Kept,
    checkout: &CheckoutRecord,
) -> Result<Observed, StoreError> {
    let Observation { order_id, now, .. } = *told;
    let (Some(contact), Some(address)) = (&checkout.contact, &checkout.address) else {
        return Err(StoreError::Corrupt(format!("{} is paid without a contact", checkout.id)));
    };
    let sql = "INSERT INTO order_numbers (shop_id, last) VALUES (?1, ?2)
               ON CONFLICT (shop_id) DO UPDATE SET last = last + 1 RETURNING last";
    let number: u64 =
        first(connection, sql, (Text(checkout.shop_id), NUMBER_BEFORE_FIRST + 1), |row| row.get(0))?
            .ok_or(StoreError::NotFound)?;
    holds::sell(connection, &checkout.quote, (order_id, number), now)?;
    let content = &checkout.quote.content;
    execute(
        connection,
        "INSERT INTO orders (id, shop_id, number, checkout_id, payment_id, show_id, viewer_id, mode, contact,
            address, quote, fulfilment, placed_at_ms, paid_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        (
            Text(order_id),
            Text(checkout.shop_id),
            number,
            Text(checkout.id),
            Text(payment.record.id),
            Text(checkout.show_id),
            Text(checkout.buyer.viewer_id),
            Word(checkout.mode),
            Json(contact),
            Json(address),
            Json(content),
            Word(Fulfilment::Paid),
            checkout.created_at.get(),
            now.get(),
        ),
    )?;
    for (line, quoted) in content.lines.iter().enumerate() {
        let sql = "INSERT INTO order_lines (order_id, line, product_id, variant_id, quantity, total_minor)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let (product, variant) = (Text(quoted.product_id), Text(quoted.variant_id));
        let total = quoted.line_total.minor();
        execute(connection, sql, (Text(order_id), line, product, variant, quoted.quantity.get(), total))?;
    }
    orders::note(connection, order_id, "paid", "The order was paid.", now)?;
    let sql = "UPDATE checkouts SET order_id = ?2, order_number = ?3 WHERE id = ?1";
    execute(connection, sql, (Text(checkout.id), Text(order_id), number))?;
    checkouts::advance(connection, checkout, CheckoutEvent::Sold)?;
    let lines = content.lines.iter().map(|line| OrderPaidLine {
        product_id: line.product_id,
        variant_id: line.variant_id,
        title: line.title.clone(),
        quantity: line.quantity.get(),
    });
    let event = Event::OrderPaid(OrderPaid {
        order_id,
        number,
        show_id: Some(checkout.show_id),
        viewer_id: Some(checkout.buyer.viewer_id),
        shown_name: checkout.buyer.name.clone(),
        lines: lines.collect(),
        total: content.total,
        at: now,
    });
    emit_from(connection, SOURCE, checkout.shop_id, order_id.to_string(), now, event)?;
    Ok(Observed::Sold(checkout.id, order_id))
}
