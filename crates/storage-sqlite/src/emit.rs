//! Events of this store's own commands, put into the outbox of the running transaction.

use rusqlite::Connection;
use showfloor_domain::event::{CloudEvent, Event, SpecVersion};
use showfloor_domain::{EventId, ShopId, UtcMs};
use showfloor_storage::StoreError;

use crate::outbox;

/// Who tells of shows and products.
const SOURCE: &str = "/functions/admin";

/// Appends `event` of `subject` to the outbox.
pub(crate) fn emit(
    connection: &Connection,
    shop_id: ShopId,
    subject: String,
    now: UtcMs,
    event: Event,
) -> Result<(), StoreError> {
    emit_from(connection, SOURCE, shop_id, subject, now, event)
}

/// Like [`emit`], in the name of `source`.
pub(crate) fn emit_from(
    connection: &Connection,
    source: &str,
    shop_id: ShopId,
    subject: String,
    now: UtcMs,
    event: Event,
) -> Result<(), StoreError> {
    let mut entropy = [0; 10];
    getrandom::fill(&mut entropy).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let event = CloudEvent {
        specversion: SpecVersion::V1,
        id: EventId::generate(now, entropy),
        source: source.into(),
        subject,
        time: now.into(),
        shopid: shop_id,
        event,
    };
    outbox::append(connection, &event)
}
