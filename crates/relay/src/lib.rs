//! The relay: what the outbox holds goes to its subscribers as CloudEvents over HTTP, at least once, in order of
//! each subject.
//!
//! It is not a queue: the outbox is, and it is part of the transaction that made the event. The relay remembers only
//! how far each sink has everything, in the same store. A sink that is down holds nobody but itself.
//!
//! Contract:
//! - Events of one subject reach a sink in the order of their commit; those of different subjects may overtake.
//! - A sink that can't be reached, or says that it is overloaded, is waited for, however long it takes.
//! - An event that a sink refuses is kept as a dead letter and the next ones go on: at once after a 4xx, after
//!   [`ATTEMPTS_MAX`] tries after a 5xx.
//! - Consumers drop what they have seen, by `(source, id)`.
//!
//! ```no_run
//! # async fn run(outbox: std::sync::Arc<dyn showfloor_storage::Outbox>, grew: tokio::sync::watch::Receiver<u64>) {
//! use std::sync::Arc;
//! use showfloor_relay::{HttpSink, Mode, Relay};
//! use tokio_util::sync::CancellationToken;
//!
//! let token = Arc::new(|| "a fresh service token".to_owned());
//! let rooms = HttpSink::new("http://127.0.0.1:7400/v1/events", Mode::Batched, token);
//! let relay = Relay::new(outbox, grew, Arc::new(|| showfloor_domain::UtcMs::new(0)));
//! relay.with_sink("rooms", Arc::new(rooms)).run(CancellationToken::new()).await;
//! # }
//! ```

mod backoff;
mod relay;
mod sink;

pub use backoff::{BACKOFF_FIRST_MS, BACKOFF_MAX_MS, Backoff};
pub use relay::{ATTEMPTS_MAX, BATCH_MAX, Clock, Relay, SUBJECTS_AT_ONCE};
pub use sink::{HttpSink, Mode, ServiceToken, Sink, Verdict};
