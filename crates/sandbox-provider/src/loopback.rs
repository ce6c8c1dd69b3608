//! The provider on a free port of this machine, for tests and for the stack in one process.

use std::io;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::provider::SandboxProvider;
use crate::state_file::OpenError;

/// Why the provider did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// It can't be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// There is no free port.
    #[error("the sandbox provider finds no free port: {0}")]
    Listen(#[from] io::Error),
}

/// A provider that runs. Dropped, it is told to stop, but nobody waits for it.
pub struct Running {
    /// The provider.
    pub provider: SandboxProvider,
    /// Where it listens: `http://127.0.0.1:<port>`.
    pub url: String,
    stop: CancellationToken,
    task: JoinHandle<io::Result<()>>,
}

impl SandboxProvider {
    /// Opens the provider and serves it on a free port of the loopback address.
    ///
    /// # Errors
    /// When it can't be opened, or there is no port.
    pub async fn start_on_loopback(config: Config) -> Result<Running, StartError> {
        let provider = Self::open(config)?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        provider.set_public_url(&url);
        let stop = CancellationToken::new();
        let task = tokio::spawn({
            let (provider, stop) = (provider.clone(), stop.clone());
            async move { provider.serve(listener, stop).await }
        });
        Ok(Running { provider, url, stop, task })
    }
}

impl Running {
    /// Stops it and waits until it has.
    ///
    /// # Errors
    /// When the listener had failed.
    pub async fn stop(mut self) -> io::Result<()> {
        self.stop.cancel();
        (&mut self.task).await.map_err(io::Error::other)?
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
