//! What the functions' HTTP handlers share: who asks, what they may, how much of it, and how we say no.
//!
//! Contract:
//! - Every refusal is a [`Problem`] (RFC 9457) whose `next` says what to do.
//! - A handler that takes [`Staff`], [`Viewer`] or [`Service`] runs only for them. A dashboard route names its
//!   [`Operation`] when it is added; one that names none answers 403.
//! - Bodies are read through [`Json`], bounded and closed. Answers are `no-store` unless their type is
//!   [`cache::Public`].
//! - Time, entropy, tokens, sessions and limits come from the [`Context`] that the root makes.
//!
//! It is not a place for routes or rules of one function, and it signs nothing: tokens are made and verified
//! behind [`token::TokenIssuer`] and [`token::TokenVerifier`].
//!
//! ```
//! use axum::{Json, Router, routing::get};
//! use showfloor_http::{Context, Operation, Problem, Staff, operation};
//!
//! async fn read(staff: Staff) -> Result<Json<String>, Problem> {
//!     if staff.name.is_empty() { Err(Problem::not_found()) } else { Ok(Json(staff.name)) }
//! }
//!
//! fn router(context: Context) -> Router {
//!     Router::new().route("/v1/name", operation(Operation::ReadShows, get(read))).with_state(context)
//! }
//! ```

pub mod address;
mod app;
pub mod cache;
pub mod clock;
pub mod context;
pub mod cors;
pub mod etag;
pub mod extract;
pub mod fields;
pub mod headers;
pub mod idempotency;
pub mod json;
pub mod log;
pub mod mail;
pub mod openapi;
pub mod page;
pub mod principal;
pub mod problem;
pub mod rate;
pub mod role;
pub mod secret;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod token;

pub use address::ClientAddress;
pub use app::{HEADER_BYTES_MAX, api};
pub use clock::{Clock, Entropy, OsEntropy, SystemClock};
pub use context::{Context, ListedOrigins, Services, Session, Sessions};
pub use cors::RequestOrigin;
pub use etag::{IfMatch, Versioned};
pub use extract::{Path, Query};
pub use idempotency::IdempotentRequest;
pub use json::{AdminJson, Json};
pub use mail::{Mail, MailError, Mailer};
pub use page::Page;
pub use principal::{DashboardWrite, Service, Staff, Viewer, operation};
pub use problem::{Problem, ProblemType, Result};
pub use rate::{RateClass, RateKey};
pub use role::{Operation, Role};
pub use secret::{Pepper, Purpose, Secret, SecretHash};
