//! One connection: bytes between a socket and a session, and what the session says to its broadcast.

use std::net::IpAddr;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use showfloor_domain::ShowId;
use showfloor_origin_ingest::{Authorization, EndReason, Output, PublishRequest, Refusal, ServerSession};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout};

use super::admission::{Admission, Proved, Unproved};
use crate::address::{CountedAddress, Network};
use crate::broadcast::{Actor, Command, JoinAnswer};
use crate::deps::{Authorized, Refused};
use crate::limits::{AUTHORITY_TIMEOUT_MS, READ_BEFORE_KEY_BYTES, READ_PUBLISHER_BYTES, WRITE_TIMEOUT_MS};
use crate::node::Shared;

/// A join is tried again this often when the broadcast ends at that very moment.
const JOIN_TRIES_MAX: u32 = 3;

/// A publisher that has been let in.
struct Publishing {
    show_id: ShowId,
    number: u64,
    broadcast: mpsc::Sender<Command>,
    closed: oneshot::Receiver<String>,
    _place: Proved,
}

pub(super) struct Connection {
    shared: Arc<Shared>,
    admission: Arc<Admission>,
    stream: TcpStream,
    network: Network,
    counted: CountedAddress,
    started: Instant,
    session: ServerSession,
    publishing: Option<Publishing>,
}

enum Wake {
    Read,
    Lost,
    Timeout,
    Close(String),
    Drop,
}

impl Connection {
    pub(super) fn new(
        shared: Arc<Shared>,
        admission: Arc<Admission>,
        stream: TcpStream,
        address: IpAddr,
    ) -> Self {
        Self {
            shared,
            admission,
            stream,
            network: address.into(),
            counted: address.into(),
            started: Instant::now(),
            session: ServerSession::new(Duration::ZERO, rand::random()),
            publishing: None,
        }
    }

    /// Runs until either side ends it.
    pub(super) async fn run(mut self, unproved: Unproved) {
        // A socket that cannot be set so works all the same.
        let _ = self.stream.set_nodelay(true);
        let mut unproved = Some(unproved);
        let mut buffer = BytesMut::with_capacity(READ_BEFORE_KEY_BYTES);
        loop {
            let wake = self.wait(&mut buffer, unproved.as_ref()).await;
            let now = self.started.elapsed();
            match wake {
                Wake::Read => {
                    self.session.input(now, &buffer);
                    buffer.clear();
                }
                Wake::Lost => self.session.peer_closed(),
                Wake::Timeout => self.session.handle_timeout(now),
                Wake::Close(text) => self.session.close(text),
                Wake::Drop => {
                    tracing::warn!(client = %self.network, "a connection without a key was closed to make room");
                    break;
                }
            }
            if self.drain().await.is_break() {
                break;
            }
            if self.publishing.is_some() && unproved.take().is_some() {
                buffer = BytesMut::with_capacity(READ_PUBLISHER_BYTES);
            }
        }
        if let Some(publishing) = self.publishing.take() {
            // It fails only if the broadcast is over.
            let _ = publishing.broadcast.send(Command::Left(publishing.number)).await;
        }
        let _ = timeout(Duration::from_millis(WRITE_TIMEOUT_MS), self.stream.shutdown()).await;
    }

    async fn wait(&mut self, buffer: &mut BytesMut, unproved: Option<&Unproved>) -> Wake {
        let timeout_at = self.session.next_timeout().map(|at| self.started + at);
        let closed = self.publishing.as_mut().map(|publishing| &mut publishing.closed);
        tokio::select! {
            biased;
            text = closed_by_broadcast(closed) => Wake::Close(text),
            () = made_room(unproved) => Wake::Drop,
            () = self.shared.stopping.cancelled() => {
                Wake::Close("The server is shutting down. Start again in a moment.".into())
            }
            read = self.stream.read_buf(buffer) => match read {
                Ok(0) | Err(_) => Wake::Lost,
                Ok(_) => Wake::Read,
            },
            () = sleep_until(timeout_at) => Wake::Timeout,
        }
    }

    /// Does what the session says until it waits.
    async fn drain(&mut self) -> ControlFlow<()> {
        while let Some(output) = self.session.poll_output() {
            match output {
                Output::Send(bytes) => self.send(bytes).await,
                Output::Authorize(request) => {
                    let authorization = self.authorize(request).await;
                    self.session.authorize(self.started.elapsed(), authorization);
                }
                Output::Media(event) => {
                    let now = self.shared.clock.now();
                    self.tell(|number| Command::Media(number, now, event)).await;
                }
                Output::Metadata(metadata) => self.tell(|number| Command::Metadata(number, metadata)).await,
                Output::Ended(reason) => {
                    self.log(&reason);
                    return ControlFlow::Break(());
                }
            }
        }
        ControlFlow::Continue(())
    }

    async fn send(&mut self, bytes: Bytes) {
        let written = timeout(Duration::from_millis(WRITE_TIMEOUT_MS), self.stream.write_all(&bytes)).await;
        if !matches!(written, Ok(Ok(()))) {
            self.session.peer_closed();
        }
    }

    async fn tell(&mut self, command: impl FnOnce(u64) -> Command) {
        let Some(publishing) = &self.publishing else { return };
        if publishing.broadcast.send(command(publishing.number)).await.is_err() {
            self.session.close("This broadcast is over. Start again to begin another.".into());
        }
    }

    async fn authorize(&mut self, request: PublishRequest) -> Authorization {
        match self.admit(request).await {
            Ok(publishing) => {
                tracing::info!(client = %self.network, show = %publishing.show_id, "a publisher was let in");
                self.publishing = Some(publishing);
                Authorization::Granted
            }
            Err(refusal) => Authorization::Refused(refusal),
        }
    }

    async fn admit(&mut self, request: PublishRequest) -> Result<Publishing, Refusal> {
        let key = request.stream_key;
        let counts = self.shared.config.limit_loopback || !self.counted.is_loopback();
        let may_ask = self.admission.bad_keys(|bad| bad.may_ask(Instant::now(), self.counted, &key));
        if counts && !may_ask {
            tracing::warn!(client = %self.network, reason = "too-many-wrong-keys", "a publisher was refused");
            return Err(Refusal::new(
                "Too many wrong stream keys came from your address. Wait a minute, then copy the key again from the \
                 show's page in the dashboard."
                    .into(),
            ));
        }
        let asked = self.shared.deps.authority.authorize(&key);
        let answer = timeout(Duration::from_millis(AUTHORITY_TIMEOUT_MS), asked).await;
        let authorized = match answer.unwrap_or(Err(Refused::Unavailable)) {
            Ok(authorized) => authorized,
            Err(reason @ Refused::UnknownKey) => {
                self.admission.bad_keys(|bad| bad.was_wrong(Instant::now(), self.counted));
                tracing::warn!(client = %self.network, reason = "wrong-key", "a publisher was refused: {reason}");
                return Err(Refusal::unknown_key());
            }
            Err(reason @ Refused::Unavailable) => {
                tracing::error!(client = %self.network, reason = "authority", "a publisher was refused: {reason}");
                return Err(Refusal::try_again());
            }
        };
        self.admission.bad_keys(|bad| bad.was_right(&key));
        drop(key);
        let Some(place) = self.admission.prove() else {
            tracing::error!(client = %self.network, reason = "full", "a publisher was refused: all places are taken");
            return Err(Refusal::try_again());
        };
        self.join(&authorized, place).await
    }

    async fn join(&self, authorized: &Authorized, place: Proved) -> Result<Publishing, Refusal> {
        for _ in 0..JOIN_TRIES_MAX {
            let broadcast = Actor::reach(&self.shared, authorized);
            let (close, closed) = oneshot::channel();
            let (answer, answered) = oneshot::channel();
            let join = Command::Join { second_publisher: authorized.second_publisher, close, answer };
            if broadcast.send(join).await.is_err() {
                continue;
            }
            match answered.await {
                Ok(JoinAnswer::Accepted(number)) => {
                    return Ok(Publishing {
                        show_id: authorized.show_id,
                        number,
                        broadcast,
                        closed,
                        _place: place,
                    });
                }
                Ok(JoinAnswer::AlreadyPublishing) => return Err(Refusal::already_publishing()),
                // It ended just then: the next try begins another.
                Err(_) => {}
            }
        }
        Err(Refusal::try_again())
    }

    fn log(&self, reason: &EndReason) {
        let show = self.publishing.as_ref().map(|publishing| tracing::field::display(publishing.show_id));
        let label = reason.label();
        match reason {
            EndReason::Finished | EndReason::Closed(_) | EndReason::Refused(_) => {
                tracing::info!(client = %self.network, show, reason = label, "a connection ended: {reason}");
            }
            _ => tracing::warn!(client = %self.network, show, reason = label, "a connection ended: {reason}"),
        }
    }
}

async fn closed_by_broadcast(closed: Option<&mut oneshot::Receiver<String>>) -> String {
    match closed {
        Some(closed) => match closed.await {
            Ok(text) => text,
            Err(_) => "This broadcast is over. Start again to begin another.".into(),
        },
        None => std::future::pending().await,
    }
}

async fn made_room(unproved: Option<&Unproved>) {
    match unproved {
        Some(unproved) => unproved.closed.cancelled().await,
        None => std::future::pending().await,
    }
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
