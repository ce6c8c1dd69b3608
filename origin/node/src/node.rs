//! The origin as a whole: started, asked for its router, shut down.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::broadcast::Registry;
use crate::clock::IngestClock;
use crate::config::OriginConfig;
use crate::deps::Deps;
use crate::http::{Http, origin_router};
use crate::limits::SHUTDOWN_MS;
use crate::rtmp;

/// What all tasks of one origin share.
pub(crate) struct Shared {
    pub(crate) config: OriginConfig,
    pub(crate) deps: Deps,
    pub(crate) clock: IngestClock,
    pub(crate) registry: Registry,
    pub(crate) tasks: TaskTracker,
    pub(crate) stopping: CancellationToken,
}

/// A running origin.
pub struct OriginNode {
    shared: Arc<Shared>,
    rtmp_addr: SocketAddr,
    http: Http,
}

impl OriginNode {
    /// Listens for publishers. HTTP is served by whoever serves [`router`](Self::router).
    ///
    /// # Errors
    /// That the RTMP address cannot be listened on, such as a port that is taken.
    pub async fn spawn(config: OriginConfig, deps: Deps) -> io::Result<Self> {
        let listener = TcpListener::bind(config.rtmp_bind).await?;
        let rtmp_addr = listener.local_addr()?;
        let shared = Arc::new(Shared {
            config,
            deps,
            clock: IngestClock::start(),
            registry: Registry::default(),
            tasks: TaskTracker::new(),
            stopping: CancellationToken::new(),
        });
        shared.tasks.spawn(rtmp::listen(shared.clone(), listener));
        Ok(Self { http: Http::new(shared.clone()), shared, rtmp_addr })
    }

    /// Where RTMP is listened for.
    #[must_use]
    pub fn rtmp_addr(&self) -> SocketAddr {
        self.rtmp_addr
    }

    /// The origin's HTTP routes: `/live/{show}/index.m3u8`, `/media/{broadcast}/{rendition}/live.m3u8`,
    /// `/streams/{show}` and `/healthz`.
    pub fn router(&self) -> Router {
        origin_router(self.http.clone())
    }

    /// Tells publishers to go, stores what is open and the replays, tells the events, and returns within
    /// [`SHUTDOWN_MS`].
    pub async fn shutdown(self) {
        self.shared.stopping.cancel();
        self.shared.tasks.close();
        if tokio::time::timeout(Duration::from_millis(SHUTDOWN_MS), self.shared.tasks.wait()).await.is_err() {
            tracing::warn!(tasks = self.shared.tasks.len(), "the origin stopped before all was stored");
        }
    }
}

impl Drop for OriginNode {
    fn drop(&mut self) {
        self.shared.stopping.cancel();
    }
}
