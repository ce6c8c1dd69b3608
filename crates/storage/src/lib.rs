//! What Showfloor asks of a database, as narrow traits: atomic commands by meaning, not create-read-update-delete.
//!
//! A caller takes exactly the trait it needs as `Arc<dyn StockLedger>`. A command either happens whole, with its
//! events in the outbox, or not at all. Deadlines are decided by the `now` that comes in: a store never asks a
//! clock, and it never makes an id.
//!
//! This crate names no backend. `showfloor-storage-sqlite` is the embedded one, and
//! `showfloor-storage-testkit` is the suite that every backend passes.

mod error;

pub use error::StoreError;
