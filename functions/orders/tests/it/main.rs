//! What orders promise, over their router, against the embedded store.

#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "in a test, what cannot be unwrapped is a failure"
)]

mod buyer;
mod dashboard;
mod discounts;
mod harness;
mod mails;
mod refunds;
mod walk;
