//! Payments: counted before the provider is asked, decided in one transaction when it tells.

use async_trait::async_trait;
use rusqlite::{Connection, Row};
use showfloor_domain::checkout::{
    ADDRESS_FAILURES_MAX, ATTEMPTS_MAX, CheckoutEvent, CheckoutState, DEVICE_FAILURES_MAX, FAILURE_WINDOW_MS,
    hold_ended,
};
use showfloor_domain::payment::{Mode, PaymentFailure, PaymentState, PaymentTerms};
use showfloor_domain::{CheckoutId, Currency, Money, PaymentId, QuoteId, ShopId, UtcMs};
use showfloor_storage::{
    CheckoutRecord, PaymentRecord, PaymentToAsk, Payments, RefundToSend, StartPayment, StartPaymentError,
    StartedPayment, StoreError,
};
use showfloor_storage::{Observation, Observed};

use crate::statement::{all, execute, first};
use crate::{Sqlite, Text, Word, checkouts, observe, refunds};

/// A payment with what only the store needs to know.
pub(crate) struct Kept {
    pub(crate) record: PaymentRecord,
    pub(crate) terms: PaymentTerms,
    pub(crate) device: String,
    pub(crate) client_block: String,
    pub(crate) superseded: bool,
}

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let currency = row.get::<_, Text<Currency>>("currency")?.0;
    let record = PaymentRecord {
        id: row.get::<_, Text<PaymentId>>("id")?.0,
        checkout_id: row.get::<_, Text<CheckoutId>>("checkout_id")?.0,
        quote_id: row.get::<_, Text<QuoteId>>("quote_id")?.0,
        amount: Money::new(row.get("amount_minor")?, currency),
        state: row.get::<_, Word<PaymentState>>("state")?.0,
        failure: row.get::<_, Option<Word<PaymentFailure>>>("failure")?.map(|failure| failure.0),
        action_url: row.get("action_url")?,
        provider: row.get("provider")?,
        intent_id: row.get("intent_id")?,
    };
    let terms = PaymentTerms {
        payment_id: record.id,
        quote_id: record.quote_id,
        amount: record.amount,
        account: row.get::<_, Text<ShopId>>("shop_id")?.0,
        mode: row.get::<_, Word<Mode>>("mode")?.0,
    };
    Ok(Kept {
        record,
        terms,
        device: row.get("device")?,
        client_block: row.get("client_block")?,
        superseded: row.get("superseded")?,
    })
}

pub(crate) fn find(connection: &Connection, payment_id: PaymentId) -> Result<Option<Kept>, StoreError> {
    first(connection, "SELECT * FROM payments WHERE id = ?1", [Text(payment_id)], kept)
}

/// The newest payment that is for the checkout's present quote.
pub(crate) fn newest(
    connection: &Connection,
    checkout_id: CheckoutId,
) -> Result<Option<PaymentRecord>, StoreError> {
    let sql =
        "SELECT * FROM payments WHERE checkout_id = ?1 AND superseded = 0 ORDER BY attempt DESC LIMIT 1";
    Ok(first(connection, sql, [Text(checkout_id)], kept)?.map(|kept| kept.record))
}

/// Payments of the quote so far can no longer become the order.
pub(crate) fn supersede(connection: &Connection, checkout_id: CheckoutId) -> Result<(), StoreError> {
    let sql = "UPDATE payments SET superseded = 1 WHERE checkout_id = ?1";
    execute(connection, sql, [Text(checkout_id)]).map(drop)
}

/// Failures since the window began, payments that may still fail included; the oldest of them says when to try
/// again. None while there are fewer than `most`.
fn too_many(
    connection: &Connection,
    column: &str,
    mark: &str,
    most: u32,
    now: UtcMs,
) -> Result<Option<UtcMs>, StoreError> {
    let sql = format!(
        "SELECT COUNT(*), COALESCE(MIN(at_ms), 0) FROM (
            SELECT at_ms FROM payment_failures WHERE {column} = ?1 AND at_ms > ?2
            ORDER BY at_ms DESC LIMIT ?3)"
    );
    let since = now.plus_ms(-FAILURE_WINDOW_MS);
    let counted = first(connection, &sql, (mark, since.get(), most), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (count, oldest): (u32, i64) = counted.unwrap_or((0, 0));
    Ok((count >= most).then(|| UtcMs::new(oldest).plus_ms(FAILURE_WINDOW_MS)))
}

/// Payments of a device that are open and so may still fail.
fn open_of_device(connection: &Connection, device: &str, now: UtcMs) -> Result<u32, StoreError> {
    let sql = "SELECT COUNT(*) FROM payments WHERE device = ?1 AND created_at_ms > ?2
               AND state IN ('requires_payment', 'requires_action')";
    let since = now.plus_ms(-FAILURE_WINDOW_MS);
    Ok(first(connection, sql, (device, since.get()), |row| row.get(0))?.unwrap_or(0))
}

fn check(
    connection: &Connection,
    checkout: &CheckoutRecord,
    command: &StartPayment,
) -> Result<(), StartPaymentError> {
    let now = command.now;
    match checkout.state {
        CheckoutState::Paid | CheckoutState::Refunded => return Err(StartPaymentError::Over),
        CheckoutState::Expired | CheckoutState::Cancelled => return Err(StartPaymentError::HoldEnded),
        CheckoutState::Open | CheckoutState::Paying | CheckoutState::ActionRequired => {}
    }
    if hold_ended(checkout.held_until, now) {
        return Err(StartPaymentError::HoldEnded);
    }
    if checkout.contact.is_none() || checkout.address.is_none() {
        return Err(StartPaymentError::ContactMissing);
    }
    if checkout.quote.hash != command.quote_hash {
        return Err(StartPaymentError::QuoteChanged);
    }
    if checkout.attempts >= ATTEMPTS_MAX {
        return Err(StartPaymentError::NoAttemptsLeft);
    }
    let device = &checkout.buyer.device;
    // Each open payment may be the next failure, so a device has no more open than it may still fail.
    let most = DEVICE_FAILURES_MAX.saturating_sub(open_of_device(connection, device, now)?);
    let by_device = match most {
        0 => Some(now.plus_ms(FAILURE_WINDOW_MS)),
        most => too_many(connection, "device", device, most, now)?,
    };
    let block = &command.client_block;
    let by_block = too_many(connection, "client_block", block, ADDRESS_FAILURES_MAX, now)?;
    match by_device.max(by_block) {
        Some(retry_at) => Err(StartPaymentError::TooManyFailures { retry_at }),
        None => Ok(()),
    }
}

fn start(connection: &Connection, command: &StartPayment) -> Result<StartedPayment, StartPaymentError> {
    let checkout = checkouts::load(connection, command.checkout_id)?
        .filter(|checkout| checkout.shop_id == command.shop_id)
        .ok_or(StoreError::NotFound)?;
    let left = |attempts: u32| ATTEMPTS_MAX.saturating_sub(attempts);
    if let Some(known) = find(connection, command.payment_id)? {
        return Ok(StartedPayment { terms: known.terms, attempts_left: left(checkout.attempts) });
    }
    check(connection, &checkout, command)?;
    let attempt = checkout.attempts + 1;
    let total = checkout.quote.content.total;
    execute(
        connection,
        "INSERT INTO payments (id, checkout_id, shop_id, quote_id, amount_minor, currency, mode, state, provider,
            device, client_block, attempt, created_at_ms, asked_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13)",
        (
            Text(command.payment_id),
            Text(checkout.id),
            Text(checkout.shop_id),
            Text(checkout.quote.id),
            total.minor(),
            Text(total.currency()),
            Word(checkout.mode),
            Word(PaymentState::RequiresPayment),
            &command.provider,
            &checkout.buyer.device,
            &command.client_block,
            attempt,
            command.now.get(),
        ),
    )?;
    let sql = "UPDATE checkouts SET attempts = ?2, version = version + 1 WHERE id = ?1";
    execute(connection, sql, (Text(checkout.id), attempt))?;
    let terms = PaymentTerms {
        payment_id: command.payment_id,
        quote_id: checkout.quote.id,
        amount: total,
        account: checkout.shop_id,
        mode: checkout.mode,
    };
    Ok(StartedPayment { terms, attempts_left: left(attempt) })
}

fn intent_created(
    connection: &Connection,
    payment_id: PaymentId,
    intent_id: &str,
    now: UtcMs,
) -> Result<CheckoutId, StoreError> {
    let payment = find(connection, payment_id)?.ok_or(StoreError::NotFound)?;
    let checkout_id = payment.record.checkout_id;
    let sql = "UPDATE payments SET intent_id = ?2, asked_at_ms = ?3 WHERE id = ?1";
    execute(connection, sql, (Text(payment_id), intent_id, now.get()))?;
    // The provider may have told of the payment before it answered; then there is nothing left to say.
    if payment.record.state == PaymentState::RequiresPayment && !payment.superseded {
        let checkout = checkouts::load(connection, checkout_id)?.ok_or(StoreError::NotFound)?;
        checkouts::advance(connection, &checkout, CheckoutEvent::PaymentStarted)?;
    }
    Ok(checkout_id)
}

#[async_trait]
impl Payments for Sqlite {
    async fn start(&self, command: StartPayment) -> Result<StartedPayment, StartPaymentError> {
        self.write(move |connection| start(connection, &command)).await
    }

    async fn intent_created(
        &self,
        payment_id: PaymentId,
        intent_id: &str,
        now: UtcMs,
    ) -> Result<CheckoutId, StoreError> {
        let intent_id = intent_id.to_owned();
        self.write(move |connection| intent_created(connection, payment_id, &intent_id, now)).await
    }

    async fn observe(&self, observation: Observation) -> Result<Observed, StoreError> {
        self.write(move |connection| observe::observe(connection, &observation)).await
    }

    async fn refunds_to_send(
        &self,
        before: UtcMs,
        now: UtcMs,
        limit: u32,
    ) -> Result<Vec<RefundToSend>, StoreError> {
        if self.read(move |connection| refunds::to_send(connection, before, 1)).await?.is_empty() {
            return Ok(Vec::new());
        }
        self.write(move |connection| {
            let refunds = refunds::to_send(connection, before, limit)?;
            for refund in &refunds {
                let sql = "UPDATE refunds SET asked_at_ms = ?2 WHERE id = ?1";
                execute(connection, sql, (Text(refund.refund_id), now.get()))?;
            }
            Ok(refunds)
        })
        .await
    }

    async fn refund_settled(
        &self,
        refund_id: showfloor_domain::RefundId,
        succeeded: bool,
        now: UtcMs,
    ) -> Result<(), StoreError> {
        self.write(move |connection| refunds::settle(connection, refund_id, succeeded, now)).await
    }

    async fn payments_to_ask(
        &self,
        before: UtcMs,
        now: UtcMs,
        limit: u32,
    ) -> Result<Vec<PaymentToAsk>, StoreError> {
        // The longer a payment was quiet, the longer until it is asked about again.
        let find = move |connection: &Connection, limit: u32| {
            let sql = "SELECT id, shop_id, checkout_id, intent_id FROM payments
                       WHERE state IN ('requires_payment', 'requires_action', 'processing')
                         AND intent_id IS NOT NULL AND asked_at_ms < ?1
                         AND (?2 - asked_at_ms) * 2 >= asked_at_ms - created_at_ms
                       ORDER BY asked_at_ms LIMIT ?3";
            all(connection, sql, (before.get(), now.get(), limit), |row| {
                Ok(PaymentToAsk {
                    payment_id: row.get::<_, Text<PaymentId>>(0)?.0,
                    shop_id: row.get::<_, Text<ShopId>>(1)?.0,
                    checkout_id: row.get::<_, Text<CheckoutId>>(2)?.0,
                    intent_id: row.get(3)?,
                })
            })
        };
        if self.read(move |connection| find(connection, 1)).await?.is_empty() {
            return Ok(Vec::new());
        }
        self.write(move |connection| {
            let payments = find(connection, limit)?;
            for payment in &payments {
                let sql = "UPDATE payments SET asked_at_ms = ?2 WHERE id = ?1";
                execute(connection, sql, (Text(payment.payment_id), now.get()))?;
            }
            Ok(payments)
        })
        .await
    }
}
