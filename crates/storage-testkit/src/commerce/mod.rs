//! What commerce may rely on: holds, payments, orders and refunds, whole or not at all.

pub mod buyers;
pub mod holds;
pub mod payments;
pub mod records;
pub mod refunds;

use showfloor_storage::{
    Carts, Checkouts, Discounts, IdempotencyRecords, Orders, Outbox, Payments, SalesFigures, StockLedger,
};

/// A store that keeps all of commerce.
pub trait Commerce:
    StockLedger + Carts + Checkouts + Discounts + Payments + Orders + SalesFigures + IdempotencyRecords + Outbox
{
}

impl<S> Commerce for S where
    S: StockLedger
        + Carts
        + Checkouts
        + Discounts
        + Payments
        + Orders
        + SalesFigures
        + IdempotencyRecords
        + Outbox
{
}
