//! What Showfloor is about, without any way to reach the world: ids, money, time, and the payloads of events.
//!
//! Everything here is pure. There is no clock, no randomness and no I/O: time comes in as [`UtcMs`], entropy
//! as bytes. It is what every plane agrees on, so it compiles to WebAssembly and is simulated and fuzzed.
//!
//! It is not a place for policy of one plane: rooms live in `showfloor-edge-core`, playlists in
//! `showfloor-origin-packager`, storage commands in `showfloor-storage`.
//!
//! ```
//! use showfloor_domain::{Currency, Money, ProductId, UtcMs};
//!
//! let price = Money::new(5_800, Currency::EUR);
//! assert_eq!(price.checked_mul(2)?, Money::new(11_600, Currency::EUR));
//!
//! let id = ProductId::generate(UtcMs::new(1_795_000_000_000), [7; 10]);
//! assert_eq!(id, id.to_string().parse()?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod cart;
pub mod checkout;
pub mod contact;
pub mod event;
pub mod id;
pub mod money;
pub mod order;
pub mod payment;
pub mod promotion;
pub mod quote;
pub mod role;
pub mod run;
pub mod shipping;
pub mod show;
pub mod stock;
pub mod tax;
pub mod text;
pub mod time;

pub use contact::{Address, Contact, ContactError, Country};
pub use id::*;
pub use money::{BasisPoints, Currency, Money, MoneyError, Quantity, QuantityError};
pub use role::Role;
pub use time::{Rfc3339, UtcMs};
