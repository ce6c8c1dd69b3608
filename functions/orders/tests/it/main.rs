//! What orders promise, over their router, against the embedded store.

mod buyer;
mod dashboard;
mod discounts;
mod harness;
mod mails;
mod refunds;
mod walk;
