//! RTMP ingest: bytes from an encoder in, coded frames out.
//!
//! This is a chunk and message layer of our own after Adobe's "RTMP specification 1.0" (2012), with H.264 and
//! AAC from FLV tag bodies, and the two ends of a publishing connection: [`ServerSession`] for the origin and
//! [`ClientSession`] for publishing programmes and for load tests.
//!
//! It does no I/O, has no clock and starts no tasks. It does not know which keys are valid, whether somebody
//! publishes already, or what becomes of the frames: that is its host's business. It plays nothing back.
//!
//! # Contract
//! - Feed [`ServerSession::input`] what the socket gives, then drain [`ServerSession::poll_output`] until it
//!   is `None`; then wait for the socket or for [`ServerSession::next_timeout`].
//! - Call [`ServerSession::peer_closed`] when the socket ends or fails, a reset included: encoders often leave
//!   without reading what was sent to them.
//! - Between [`Output::Authorize`] and [`ServerSession::authorize`], do not read from the socket.
//! - [`Output::Ended`] is the last output. Everything to be sent came before it.
//! - Peers are strangers: everything has a limit (see [`limits`]), memory follows bytes received and never
//!   lengths declared, and no input panics. [`ServerSession::buffered_bytes`] tells what is held.
//! - Names and keys from the wire are opaque: look them up, and build nothing from them.
//!
//! ```
//! use core::time::Duration;
//! use showfloor_origin_ingest::{
//!     Authorization, ClientConfig, ClientOutput, ClientSession, Output, Refusal, ServerSession, StreamKey,
//! };
//!
//! let now = Duration::ZERO;
//! let mut server = ServerSession::new(now, 1);
//! let mut client = ClientSession::new(now, 2, ClientConfig {
//!     app: "live".into(),
//!     tc_url: "rtmp://127.0.0.1/live".into(),
//!     stream_key: StreamKey::new("a key that nobody has".into())?,
//! });
//!
//! // A host would carry the bytes over a socket.
//! let refusal = 'connection: loop {
//!     while let Some(output) = client.poll_output() {
//!         match output {
//!             ClientOutput::Send(bytes) => server.input(now, &bytes),
//!             ClientOutput::Publishing => unreachable!("the key is refused below"),
//!             ClientOutput::Ended(end) => break 'connection end,
//!         }
//!     }
//!     while let Some(output) = server.poll_output() {
//!         match output {
//!             Output::Send(bytes) => client.input(&bytes),
//!             Output::Authorize(_request) => {
//!                 server.authorize(now, Authorization::Refused(Refusal::unknown_key()));
//!             }
//!             Output::Media(_) | Output::Metadata(_) | Output::Ended(_) => {}
//!         }
//!     }
//! };
//! assert!(refusal.to_string().contains("NetStream.Publish.BadName"));
//! # Ok::<(), showfloor_origin_ingest::NameError>(())
//! ```

mod acknowledgement;
pub mod amf0;
pub mod chunk;
mod client;
pub mod command;
pub mod flv;
#[doc(hidden)]
pub mod fuzzing;
pub mod handshake;
mod key;
pub mod limits;
mod server;
mod timestamp;

pub use client::{ClientConfig, ClientEnd, ClientOutput, ClientSession, NotPublishing};
pub use command::Metadata;
pub use key::{AppName, NameError, StreamKey};
pub use server::{Authorization, EndReason, Output, PublishRequest, Refusal, ServerSession, Wait};
pub use timestamp::TimestampExtender;
