//! What Showfloor asks of a database, as narrow traits: atomic commands by meaning, not create-read-update-delete.
//!
//! A caller takes exactly the trait it needs, as `Arc<dyn StockLedger>`. A command either happens whole, with its
//! events in the outbox, or not at all. Deadlines are decided by the `now` that comes in: a store asks no clock.
//!
//! This crate names no backend. `showfloor-storage-sqlite` is the embedded one, and
//! `showfloor-storage-testkit` is the suite that every backend passes.

mod accounts;
mod audit;
mod carts;
mod checkouts;
mod discounts;
mod error;
mod idempotency;
mod orders;
mod outbox;
mod page;
mod payments;
mod price_book;
mod products;
mod runs;
mod shops;
mod shows;
mod stock;
mod watch;

pub use accounts::{
    AccountError, Accounts, RESET_TTL_MS, SESSION_IDLE_MS, SESSION_MAX_MS, SessionRecord, UserRecord,
};
pub use audit::{AuditEntry, AuditLog};
pub use carts::{Buyer, CartRecord, Carts, PutLineError};
pub use checkouts::{
    BeginCheckout, CheckoutRecord, Checkouts, EditError, FlashCount, HoldError, Requote, Shortage, Swept,
};
pub use discounts::Discounts;
pub use error::StoreError;
pub use idempotency::{Claim, IN_FLIGHT_MS, IdempotencyRecords, IdempotencyScope, RECORD_MS, RecordedAnswer};
pub use orders::{
    Fulfil, MailRecord, OrderEvent, OrderFilter, OrderPayment, OrderRecord, OrderRow, OrderTotals, Orders,
    ProductSales, RefundRecord, RequestRefund, RequestRefundError, SalesFigures, SalesMinute, ShowSales,
};
pub use outbox::{Outbox, OutboxEntry};
pub use page::{PAGE_MAX, Page, PageRequest};
pub use payments::{
    CardMark, InboxKey, Observation, Observed, PaymentRecord, PaymentToAsk, Payments, RefundToSend, SentBack,
    StartPayment, StartPaymentError, StartedPayment,
};
pub use price_book::{FlashSales, PriceBook, ShopTerms, ShowTerms, VariantOffer};
pub use products::{ImageRecord, Images, OptionRecord, ProductError, ProductRecord, Products, VariantRecord};
pub use runs::{RunCommandError, Runs};
pub use shops::{ShopRecord, Shops};
pub use shows::{AdvanceError, STREAM_KEYS_MAX, ShowRecord, Shows, StreamKeyRecord, StreamKeys};
pub use stock::{AdjustError, LedgerEntry, StockAdjustment, StockLedger};
pub use watch::{ModerationLog, ModerationRecord, Presence, PresenceMinute, PresenceSample, ShowPresence};
