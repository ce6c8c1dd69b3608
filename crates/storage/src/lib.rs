//! What Showfloor asks of a database, as narrow traits: atomic commands by meaning, not create-read-update-delete.
//!
//! A caller takes exactly the trait it needs, as `Arc<dyn StockLedger>`. A command either happens whole, with its
//! events in the outbox, or not at all. Deadlines are decided by the `now` that comes in: a store asks no clock.
//!
//! This crate names no backend. `showfloor-storage-sqlite` is the embedded one, and
//! `showfloor-storage-testkit` is the suite that every backend passes.

mod error;
mod page;
mod price_book;
mod stock;

pub use error::StoreError;
pub use page::{PAGE_MAX, Page, PageRequest};
pub use price_book::{FlashSales, PriceBook, ShopTerms, ShowTerms, VariantOffer};
pub use stock::{AdjustError, LedgerEntry, StockAdjustment, StockLedger};
