//! Orders after they are paid, and their mails.

use async_trait::async_trait;
use rusqlite::{Connection, Row};
use showfloor_domain::order::{Fulfilment, OrderState, RefundState};
use showfloor_domain::payment::Mode;
use showfloor_domain::quote::QuoteContent;
use showfloor_domain::{
    Address, CheckoutId, Contact, Currency, MailId, Money, OrderId, PaymentId, RefundId, ShopId, ShowId,
    UtcMs, ViewerId,
};
use showfloor_storage::{
    CardMark, Fulfil, MailRecord, OrderEvent, OrderFilter, OrderPayment, OrderRecord, OrderRow, OrderTotals,
    Orders, PAGE_MAX, Page, PageRequest, RefundRecord, RequestRefund, RequestRefundError, StoreError,
};

use crate::statement::{all, execute, first};
use crate::{Json, Sqlite, Text, Word, refunds};

/// Adds to what happened to an order.
pub(crate) fn note(
    connection: &Connection,
    order_id: OrderId,
    kind: &str,
    text: &str,
    now: UtcMs,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO order_events (order_id, at_ms, kind, text) VALUES (?1, ?2, ?3, ?4)";
    execute(connection, sql, (Text(order_id), now.get(), kind, text)).map(drop)
}

fn record(row: &Row<'_>) -> rusqlite::Result<OrderRecord> {
    let currency = row.get::<_, Text<Currency>>("currency")?.0;
    let brand: Option<String> = row.get("card_brand")?;
    let last4: Option<String> = row.get("card_last4")?;
    Ok(OrderRecord {
        id: row.get::<_, Text<OrderId>>("id")?.0,
        shop_id: row.get::<_, Text<ShopId>>("shop_id")?.0,
        number: row.get("number")?,
        checkout_id: row.get::<_, Text<CheckoutId>>("checkout_id")?.0,
        show_id: row.get::<_, Text<ShowId>>("show_id")?.0,
        viewer_id: row.get::<_, Text<ViewerId>>("viewer_id")?.0,
        mode: row.get::<_, Word<Mode>>("mode")?.0,
        contact: row.get::<_, Json<Contact>>("contact")?.0,
        address: row.get::<_, Json<Address>>("address")?.0,
        quote: row.get::<_, Json<QuoteContent>>("quote")?.0,
        fulfilment: row.get::<_, Word<Fulfilment>>("fulfilment")?.0,
        tracking: row.get("tracking")?,
        placed_at: UtcMs::new(row.get("placed_at_ms")?),
        paid_at: UtcMs::new(row.get("paid_at_ms")?),
        payment: OrderPayment {
            id: row.get::<_, Text<PaymentId>>("payment_id")?.0,
            provider: row.get("provider")?,
            card: brand.zip(last4).map(|(brand, last4)| CardMark { brand, last4 }),
            captured: Money::new(row.get("captured_minor")?, currency),
            refunded: Money::new(row.get("refunded_minor")?, currency),
        },
        refunds: Vec::new(),
        events: Vec::new(),
    })
}

pub(crate) fn load(connection: &Connection, order_id: OrderId) -> Result<Option<OrderRecord>, StoreError> {
    let sql =
        "SELECT o.*, p.currency, p.provider, p.card_brand, p.card_last4, p.captured_minor, p.refunded_minor
               FROM orders o JOIN payments p ON p.id = o.payment_id WHERE o.id = ?1";
    let Some(mut order) = first(connection, sql, [Text(order_id)], record)? else { return Ok(None) };
    let sql = "SELECT * FROM refunds WHERE order_id = ?1 ORDER BY at_ms, id";
    order.refunds = all(connection, sql, [Text(order_id)], |row| {
        Ok(RefundRecord {
            id: row.get::<_, Text<RefundId>>("id")?.0,
            amount: Money::new(row.get("amount_minor")?, row.get::<_, Text<Currency>>("currency")?.0),
            reason: row.get("reason")?,
            state: row.get::<_, Word<RefundState>>("state")?.0,
            by: row.get("by_name")?,
            at: UtcMs::new(row.get("at_ms")?),
        })
    })?;
    let sql = "SELECT at_ms, kind, text FROM order_events WHERE order_id = ?1 ORDER BY event";
    order.events = all(connection, sql, [Text(order_id)], |row| {
        Ok(OrderEvent { at: UtcMs::new(row.get(0)?), kind: row.get(1)?, text: row.get(2)? })
    })?;
    Ok(Some(order))
}

/// What a filter finds: `?1` shop, `?2` state, `?3` text, `?4` show; each but the shop may be null.
const FOUND: &str = "FROM orders o JOIN payments p ON p.id = o.payment_id
    WHERE o.shop_id = ?1
      AND (?2 IS NULL OR ?2 = CASE WHEN p.refunded_minor = 0 THEN o.fulfilment
            WHEN p.refunded_minor < p.captured_minor THEN 'partly_refunded' ELSE 'refunded' END)
      AND (?3 IS NULL OR CAST(o.number AS TEXT) = ltrim(?3, '#')
            OR instr(lower(o.contact ->> '$.name'), lower(?3)) > 0
            OR instr(lower(o.contact ->> '$.email'), lower(?3)) > 0)
      AND (?4 IS NULL OR o.show_id = ?4)";

fn row(row: &Row<'_>) -> rusqlite::Result<OrderRow> {
    let currency = row.get::<_, Text<Currency>>("currency")?.0;
    let captured = Money::new(row.get("captured_minor")?, currency);
    let refunded = Money::new(row.get("refunded_minor")?, currency);
    let quote = row.get::<_, Json<QuoteContent>>("quote")?.0;
    Ok(OrderRow {
        id: row.get::<_, Text<OrderId>>("id")?.0,
        number: row.get("number")?,
        state: OrderState::of(row.get::<_, Word<Fulfilment>>("fulfilment")?.0, captured, refunded),
        paid_at: UtcMs::new(row.get("paid_at_ms")?),
        customer: row.get::<_, Json<Contact>>("contact")?.0.name,
        show_id: row.get::<_, Text<ShowId>>("show_id")?.0,
        pieces: quote.lines.iter().map(|line| line.quantity.get()).sum(),
        titles: quote.lines.into_iter().map(|line| line.title).collect(),
        total: captured,
        refunded,
    })
}

fn mail(row: &Row<'_>) -> rusqlite::Result<MailRecord> {
    Ok(MailRecord {
        id: row.get::<_, Text<MailId>>("id")?.0,
        shop_id: row.get::<_, Text<ShopId>>("shop_id")?.0,
        order_id: row.get::<_, Text<OrderId>>("order_id")?.0,
        occasion: row.get("occasion")?,
        to: row.get("recipient")?,
        subject: row.get("subject")?,
        html: row.get("html")?,
        text: row.get("text")?,
        at: UtcMs::new(row.get("at_ms")?),
    })
}

fn fulfil(connection: &Connection, command: &Fulfil) -> Result<OrderRecord, StoreError> {
    let Fulfil { shop_id, order_id, state, tracking, now } = command;
    let order =
        load(connection, *order_id)?.filter(|order| order.shop_id == *shop_id).ok_or(StoreError::NotFound)?;
    if !order.fulfilment.may_become(*state) {
        return Err(StoreError::Stale);
    }
    let sql = "UPDATE orders SET fulfilment = ?2, tracking = COALESCE(?3, tracking) WHERE id = ?1";
    execute(connection, sql, (Text(order_id), Word(state), tracking))?;
    let (kind, text) = match state {
        Fulfilment::Paid => ("paid", "The order was paid."),
        Fulfilment::Packed => ("packed", "The parcel is packed."),
        Fulfilment::Sent => ("sent", "The carrier has the parcel."),
        Fulfilment::Delivered => ("delivered", "The parcel was delivered."),
    };
    note(connection, *order_id, kind, text, *now)?;
    load(connection, *order_id)?.ok_or(StoreError::NotFound)
}

#[async_trait]
impl Orders for Sqlite {
    async fn find(&self, shop_id: ShopId, order_id: OrderId) -> Result<Option<OrderRecord>, StoreError> {
        self.read(move |connection| Ok(load(connection, order_id)?.filter(|order| order.shop_id == shop_id)))
            .await
    }

    async fn find_any(&self, order_id: OrderId) -> Result<Option<OrderRecord>, StoreError> {
        self.read(move |connection| load(connection, order_id)).await
    }

    async fn list(
        &self,
        shop_id: ShopId,
        filter: OrderFilter,
        page: PageRequest,
    ) -> Result<Page<OrderRow>, StoreError> {
        let limit = page.limit.clamp(1, PAGE_MAX);
        let before = page.cursor.and_then(|cursor| cursor.parse::<OrderId>().ok());
        self.read(move |connection| {
            let sql = format!(
                "SELECT o.*, p.currency, p.captured_minor, p.refunded_minor {FOUND}
                               AND (?5 IS NULL OR o.id < ?5) ORDER BY o.id DESC LIMIT ?6"
            );
            let parameters = (
                Text(shop_id),
                filter.state.map(Word),
                filter.text,
                filter.show_id.map(Text),
                before.map(Text),
                limit + 1,
            );
            let mut items = all(connection, &sql, parameters, row)?;
            let more = items.len() > limit as usize;
            items.truncate(limit as usize);
            let next = items.last().filter(|_| more).map(|order| order.id.to_string());
            Ok(Page { items, next })
        })
        .await
    }

    async fn totals(&self, shop_id: ShopId, filter: OrderFilter) -> Result<OrderTotals, StoreError> {
        self.read(move |connection| {
            let sql = format!(
                "SELECT p.currency, COUNT(*), SUM(p.captured_minor - p.refunded_minor) {FOUND}
                               GROUP BY p.currency ORDER BY p.currency"
            );
            let parameters = (Text(shop_id), filter.state.map(Word), filter.text, filter.show_id.map(Text));
            let sums: Vec<(u64, Money)> = all(connection, &sql, parameters, |row| {
                Ok((row.get(1)?, Money::new(row.get(2)?, row.get::<_, Text<Currency>>(0)?.0)))
            })?;
            let count = sums.iter().map(|(count, _)| count).sum();
            Ok(OrderTotals { count, revenue: sums.into_iter().map(|(_, revenue)| revenue).collect() })
        })
        .await
    }

    async fn request_refund(&self, command: RequestRefund) -> Result<OrderRecord, RequestRefundError> {
        self.write(move |connection| refunds::request(connection, &command)).await
    }

    async fn fulfil(&self, command: Fulfil) -> Result<OrderRecord, StoreError> {
        self.write(move |connection| fulfil(connection, &command)).await
    }

    async fn keep_mail(&self, mail: MailRecord) -> Result<bool, StoreError> {
        self.write(move |connection| {
            let sql =
                "INSERT INTO mails (id, shop_id, order_id, occasion, recipient, subject, html, text, at_ms)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING";
            let parameters = (
                Text(mail.id),
                Text(mail.shop_id),
                Text(mail.order_id),
                &mail.occasion,
                &mail.to,
                &mail.subject,
                &mail.html,
                &mail.text,
                mail.at.get(),
            );
            let kept = execute(connection, sql, parameters)? == 1;
            if kept {
                note(connection, mail.order_id, "mail", "The buyer was written to.", mail.at)?;
            }
            Ok(kept)
        })
        .await
    }

    async fn mails(&self, shop_id: ShopId, order_id: OrderId) -> Result<Vec<MailRecord>, StoreError> {
        self.read(move |connection| {
            let sql = "SELECT * FROM mails WHERE order_id = ?1 AND shop_id = ?2 ORDER BY at_ms, id";
            all(connection, sql, (Text(order_id), Text(shop_id)), mail)
        })
        .await
    }

    async fn mail(&self, shop_id: ShopId, mail_id: MailId) -> Result<Option<MailRecord>, StoreError> {
        self.read(move |connection| {
            let sql = "SELECT * FROM mails WHERE id = ?1 AND shop_id = ?2";
            first(connection, sql, (Text(mail_id), Text(shop_id)), mail)
        })
        .await
    }
}
