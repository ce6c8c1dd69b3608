//! The listening end of a publishing connection, without I/O.

mod commands;
mod end;
mod publishing;
mod replies;
mod session;

pub use end::{EndReason, Refusal, Wait};
pub use session::{Authorization, Output, PublishRequest, ServerSession};
