//! RTMP over TCP: accepting, limiting, and driving sessions.

mod admission;
mod bad_keys;
mod connection;

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::node::Shared;
use admission::Admission;
use connection::Connection;

/// How long accepting pauses when descriptors have run out.
const ACCEPT_PAUSE_MS: u64 = 20;

/// Accepts publishers until the origin stops.
pub(crate) async fn listen(shared: Arc<Shared>, listener: TcpListener) {
    let admission = Arc::new(Admission::default());
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shared.stopping.cancelled() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                let unproved = admission.enter();
                let connection = Connection::new(shared.clone(), admission.clone(), stream, peer.ip());
                shared.tasks.spawn(connection.run(unproved));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                admission.close_oldest();
                tokio::time::sleep(Duration::from_millis(ACCEPT_PAUSE_MS)).await;
            }
        }
    }
}
