//! Checkouts.

use async_trait::async_trait;
use rusqlite::Connection;
use showfloor_domain::checkout::{CheckoutEvent, CheckoutState, hold_ended};
use showfloor_domain::payment::Mode;
use showfloor_domain::quote::Quote;
use showfloor_domain::stock::LedgerKind;
use showfloor_domain::{
    Address, CartId, CheckoutId, Contact, CueId, OrderId, ReservationId, ShopId, ShowId, UtcMs, ViewerId,
};
use showfloor_storage::{
    BeginCheckout, Buyer, CheckoutRecord, Checkouts, EditError, FlashCount, HoldError, Requote, StoreError,
    Swept,
};

use crate::statement::{all, execute, first};
use crate::{Json, Sqlite, Text, Word, discounts, holds, payments};

pub(crate) fn load(
    connection: &Connection,
    checkout_id: CheckoutId,
) -> Result<Option<CheckoutRecord>, StoreError> {
    let checkout = first(connection, "SELECT * FROM checkouts WHERE id = ?1", [Text(checkout_id)], |row| {
        let order_id = row.get::<_, Option<Text<OrderId>>>("order_id")?.map(|id| id.0);
        Ok(CheckoutRecord {
            id: checkout_id,
            shop_id: row.get::<_, Text<ShopId>>("shop_id")?.0,
            show_id: row.get::<_, Text<ShowId>>("show_id")?.0,
            cart_id: row.get::<_, Text<CartId>>("cart_id")?.0,
            buyer: Buyer {
                viewer_id: row.get::<_, Text<ViewerId>>("viewer_id")?.0,
                name: row.get("viewer_name")?,
                device: row.get("device")?,
            },
            mode: row.get::<_, Word<Mode>>("mode")?.0,
            version: row.get("version")?,
            state: row.get::<_, Word<CheckoutState>>("state")?.0,
            quote: row.get::<_, Json<Quote>>("quote")?.0,
            reservation_id: row.get::<_, Text<ReservationId>>("reservation_id")?.0,
            held_until: UtcMs::new(row.get("held_until_ms")?),
            contact: row.get::<_, Option<Json<Contact>>>("contact")?.map(|contact| contact.0),
            address: row.get::<_, Option<Json<Address>>>("address")?.map(|address| address.0),
            attempts: row.get("attempts")?,
            payment: None,
            order: order_id.zip(row.get::<_, Option<u64>>("order_number")?),
            created_at: UtcMs::new(row.get("created_at_ms")?),
        })
    })?;
    let Some(mut checkout) = checkout else { return Ok(None) };
    checkout.payment = payments::newest(connection, checkout_id)?;
    Ok(Some(checkout))
}

fn required(connection: &Connection, checkout_id: CheckoutId) -> Result<CheckoutRecord, StoreError> {
    load(connection, checkout_id)?.ok_or(StoreError::NotFound)
}

/// Moves a checkout on, if that may follow. False when it may not.
pub(crate) fn advance(
    connection: &Connection,
    checkout: &CheckoutRecord,
    event: CheckoutEvent,
) -> Result<bool, StoreError> {
    let Some(state) = checkout.state.after(event) else { return Ok(false) };
    let sql = "UPDATE checkouts SET state = ?2, version = version + 1 WHERE id = ?1";
    execute(connection, sql, (Text(checkout.id), Word(state)))?;
    Ok(true)
}

/// Ends a checkout that holds, and gives everything back.
fn end(
    connection: &Connection,
    checkout: &CheckoutRecord,
    event: CheckoutEvent,
    kind: LedgerKind,
    now: UtcMs,
) -> Result<(), StoreError> {
    if advance(connection, checkout, event)? {
        holds::give_back(connection, checkout.id, &checkout.quote, kind, now)?;
    }
    Ok(())
}

fn begin(connection: &Connection, command: BeginCheckout) -> Result<CheckoutRecord, HoldError> {
    let BeginCheckout { checkout_id, quote, buyer, now, .. } = &command;
    if let Some(known) = load(connection, *checkout_id)? {
        return Ok(known);
    }
    let sql =
        "SELECT id FROM checkouts WHERE cart_id = ?1 AND state IN ('open', 'paying', 'action_required')";
    let older =
        all(connection, sql, [Text(command.cart_id)], |row| Ok(row.get::<_, Text<CheckoutId>>(0)?.0))?;
    let mut held_until = command.held_until;
    for id in older {
        let older = required(connection, id)?;
        if hold_ended(older.held_until, *now) {
            end(connection, &older, CheckoutEvent::Expired, LedgerKind::Expired, *now)?;
        } else {
            // Beginning anew is an edit, and edits never move the end.
            held_until = held_until.min(older.held_until);
            end(connection, &older, CheckoutEvent::Cancelled, LedgerKind::Released, *now)?;
        }
    }
    holds::take(connection, *checkout_id, quote, &buyer.device, *now)?;
    execute(
        connection,
        "INSERT INTO checkouts (id, shop_id, show_id, cart_id, viewer_id, viewer_name, device, mode, version,
            state, quote, reservation_id, held_until_ms, created_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, ?9, ?10, ?11, ?12, ?13)",
        (
            Text(checkout_id),
            Text(command.shop_id),
            Text(command.show_id),
            Text(command.cart_id),
            Text(buyer.viewer_id),
            &buyer.name,
            &buyer.device,
            Word(command.mode),
            Word(CheckoutState::Open),
            Json(quote),
            Text(command.reservation_id),
            held_until.get(),
            now.get(),
        ),
    )?;
    // What reading the row back would give, without reading it back: many buyers wait for this one writer.
    Ok(CheckoutRecord {
        id: command.checkout_id,
        shop_id: command.shop_id,
        show_id: command.show_id,
        cart_id: command.cart_id,
        buyer: command.buyer,
        mode: command.mode,
        version: 1,
        state: CheckoutState::Open,
        quote: command.quote,
        reservation_id: command.reservation_id,
        held_until,
        contact: None,
        address: None,
        attempts: 0,
        payment: None,
        order: None,
        created_at: command.now,
    })
}

/// What stands against changing a checkout.
fn check_editable(checkout: &CheckoutRecord, now: UtcMs) -> Result<(), EditError> {
    match checkout.state {
        CheckoutState::Paid | CheckoutState::Refunded => Err(EditError::Over),
        CheckoutState::Expired | CheckoutState::Cancelled => Err(EditError::HoldEnded),
        CheckoutState::Open | CheckoutState::Paying | CheckoutState::ActionRequired => {
            if hold_ended(checkout.held_until, now) { Err(EditError::HoldEnded) } else { Ok(()) }
        }
    }
}

fn requote(connection: &Connection, command: &Requote) -> Result<CheckoutRecord, EditError> {
    let Requote { checkout_id, quote, contact, address, now } = command;
    let checkout = required(connection, *checkout_id)?;
    check_editable(&checkout, *now)?;
    if let Some(discount) = &quote.content.discount
        && !discounts::name_customer(connection, *checkout_id, discount.id, &contact.email)?
    {
        return Err(EditError::DiscountGone);
    }
    if quote.id != checkout.quote.id {
        payments::supersede(connection, *checkout_id)?;
        advance(connection, &checkout, CheckoutEvent::Requoted)?;
    }
    let sql =
        "UPDATE checkouts SET quote = ?2, contact = ?3, address = ?4, version = version + 1 WHERE id = ?1";
    execute(connection, sql, (Text(checkout_id), Json(quote), Json(contact), Json(address)))?;
    Ok(required(connection, *checkout_id)?)
}

fn cancel(connection: &Connection, checkout_id: CheckoutId, now: UtcMs) -> Result<CheckoutRecord, EditError> {
    let checkout = required(connection, checkout_id)?;
    if matches!(checkout.state, CheckoutState::Paid | CheckoutState::Refunded) {
        return Err(EditError::Over);
    }
    end(connection, &checkout, CheckoutEvent::Cancelled, LedgerKind::Released, now)?;
    Ok(required(connection, checkout_id)?)
}

const DUE: &str = "SELECT id FROM checkouts
    WHERE state IN ('open', 'paying', 'action_required') AND held_until_ms <= ?1
    ORDER BY held_until_ms LIMIT ?2";

#[async_trait]
impl Checkouts for Sqlite {
    async fn begin(&self, command: BeginCheckout) -> Result<CheckoutRecord, HoldError> {
        self.write(move |connection| begin(connection, command)).await
    }

    async fn find(
        &self,
        shop_id: ShopId,
        checkout_id: CheckoutId,
    ) -> Result<Option<CheckoutRecord>, StoreError> {
        self.read(move |connection| {
            Ok(load(connection, checkout_id)?.filter(|checkout| checkout.shop_id == shop_id))
        })
        .await
    }

    async fn requote(&self, command: Requote) -> Result<CheckoutRecord, EditError> {
        self.write(move |connection| requote(connection, &command)).await
    }

    async fn cancel(&self, checkout_id: CheckoutId, now: UtcMs) -> Result<CheckoutRecord, EditError> {
        self.write(move |connection| cancel(connection, checkout_id, now)).await
    }

    async fn expire_due(&self, now: UtcMs, limit: u32) -> Result<Swept, StoreError> {
        // Most sweeps find nothing, and then nothing is written.
        let due = self.read(move |connection| {
            all(connection, DUE, (now.get(), 1), |row| row.get::<_, Text<CheckoutId>>(0))
        });
        if due.await?.is_empty() {
            return Ok(Swept::default());
        }
        self.write(move |connection| {
            let mut due = all(connection, DUE, (now.get(), limit.saturating_add(1)), |row| {
                row.get::<_, Text<CheckoutId>>(0)
            })?;
            let more = due.len() > limit as usize;
            due.truncate(limit as usize);
            for Text(checkout_id) in &due {
                let checkout = required(connection, *checkout_id)?;
                end(connection, &checkout, CheckoutEvent::Expired, LedgerKind::Expired, now)?;
            }
            Ok(Swept { checkouts: due.into_iter().map(|Text(id)| id).collect(), more })
        })
        .await
    }

    async fn flash_counts(&self, cue_ids: &[CueId]) -> Result<Vec<FlashCount>, StoreError> {
        let cue_ids = cue_ids.to_vec();
        self.read(move |connection| {
            cue_ids.into_iter().map(|id| holds::flash_count(connection, id)).collect()
        })
        .await
    }

    async fn flash_sold_out(&self) -> Result<Vec<CueId>, StoreError> {
        let sql = "SELECT cue_id FROM flash_counts WHERE sold = cap AND told = 0";
        let found = self.read(move |connection| all(connection, sql, (), |row| row.get::<_, Text<CueId>>(0)));
        if found.await?.is_empty() {
            return Ok(Vec::new());
        }
        self.write(|connection| {
            let sql = "UPDATE flash_counts SET told = 1 WHERE sold = cap AND told = 0 RETURNING cue_id";
            all(connection, sql, (), |row| Ok(row.get::<_, Text<CueId>>(0)?.0))
        })
        .await
    }
}
