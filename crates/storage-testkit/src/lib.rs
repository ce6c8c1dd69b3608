//! One conformance suite for every store: public async functions, each a promise, called by the tests of each
//! backend with a fresh, empty store.
//!
//! It is not a test binary and knows no backend. A new backend calls every function of every module here; a
//! function that fails names in its own words what was promised.
//!
//! ```no_run
//! # async fn check(store: impl showfloor_storage::Accounts) {
//! showfloor_storage_testkit::accounts::the_first_owner_is_made_once(&store).await;
//! # }
//! ```

#![allow(clippy::unwrap_used, reason = "a suite is test code: what cannot be unwrapped is a failure")]

pub mod accounts;
pub mod catalogue;
pub mod commerce;
pub mod fixtures;
pub mod shows;
