//! The provider: the ledger behind a lock, its file, its clock and its receivers.

use std::collections::HashMap;
use std::future::IntoFuture as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::config::{Config, Endpoint, SECRET_BYTES_MIN};
use crate::courier::SHUTDOWN_GRACE;
use crate::ledger::{Delivery, Ledger, Moment, Outcome, Refusal};
use crate::problem::Problem;
use crate::secret::{Keys, hex};
use crate::state_file::{OpenError, StateFile};
use crate::transport::{HttpTransport, Transport};
use crate::{courier, routes};

/// A stand-in for a card payment provider. Clones are the same provider.
#[derive(Clone)]
pub struct SandboxProvider(Arc<Inner>);

struct Inner {
    config: Config,
    keys: Keys,
    transport: Arc<dyn Transport>,
    ledger: Arc<Mutex<Ledger>>,
    file: Option<Arc<StateFile>>,
    endpoints: Mutex<HashMap<String, Endpoint>>,
    public_url: Mutex<String>,
    changed: Notify,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A ledger row is replaced as a whole, so a panic elsewhere leaves nothing half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SandboxProvider {
    /// Opens the provider with whatever its state file holds.
    ///
    /// # Errors
    /// When a secret is too short, or the state file can't be read.
    pub fn open(config: Config) -> Result<Self, OpenError> {
        if config.api_key.len() < SECRET_BYTES_MIN {
            return Err(OpenError::WeakSecret("API key"));
        }
        if config.webhook_secret.len() < SECRET_BYTES_MIN {
            return Err(OpenError::WeakSecret("webhook secret"));
        }
        let late_delay_ms = i64::try_from(config.late_delay.as_millis()).unwrap_or(i64::MAX / 4);
        let (file, ledger) = match &config.state_path {
            Some(path) => {
                let (file, ledger) = StateFile::open(path, late_delay_ms)?;
                (Some(Arc::new(file)), ledger)
            }
            None => (None, Ledger::new(vec![], vec![], vec![], late_delay_ms)),
        };
        Ok(Self(Arc::new(Inner {
            keys: Keys::new(&config.api_key),
            transport: config.transport.clone().unwrap_or_else(|| Arc::new(HttpTransport::new())),
            ledger: Arc::new(Mutex::new(ledger)),
            file,
            endpoints: Mutex::default(),
            public_url: Mutex::new(config.public_url.trim_end_matches('/').to_owned()),
            changed: Notify::new(),
            config,
        })))
    }

    /// Sends the webhooks of an account here from now on; those that failed before are tried at once.
    pub fn set_endpoint(&self, account: impl Into<String>, endpoint: Endpoint) {
        let account = account.into();
        lock(&self.0.endpoints).insert(account.clone(), endpoint);
        lock(&self.0.ledger).hasten(&account, self.now_ms());
        self.0.changed.notify_one();
    }

    /// Says where browsers reach the provider, once its port is known.
    pub fn set_public_url(&self, url: &str) {
        url.trim_end_matches('/').clone_into(&mut lock(&self.0.public_url));
    }

    /// Its HTTP API, for merchants, browsers and people.
    pub fn router(&self) -> Router {
        routes::router(self.clone())
    }

    /// Delivers webhooks and lets late things happen, until it is stopped. It returns within
    /// [`SHUTDOWN_GRACE`](crate::SHUTDOWN_GRACE); what was not taken by then is tried at the next start.
    pub async fn run(&self, stop: CancellationToken) {
        courier::run(self, stop).await;
    }

    /// Serves its API and delivers its webhooks until it is stopped. It returns within
    /// [`SHUTDOWN_GRACE`](crate::SHUTDOWN_GRACE), whoever is still connected.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(&self, listener: TcpListener, stop: CancellationToken) -> std::io::Result<()> {
        let server =
            axum::serve(listener, self.router()).with_graceful_shutdown(stop.clone().cancelled_owned());
        // A connection on which nothing was asked yet would be waited for without end; browsers open such.
        let patience = async {
            stop.cancelled().await;
            tokio::time::sleep(SHUTDOWN_GRACE).await;
        };
        let served = async {
            tokio::select! {
                served = server.into_future() => served,
                () = patience => Ok(()),
            }
        };
        let (served, ()) = tokio::join!(served, self.run(stop.clone()));
        served
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.0.keys
    }

    pub(crate) fn now_ms(&self) -> i64 {
        (self.0.config.clock)()
    }

    pub(crate) fn transport(&self) -> &Arc<dyn Transport> {
        &self.0.transport
    }

    /// Does something to the ledger. When it changed, the change is in the file before this returns.
    pub(crate) async fn command<T>(
        &self,
        does: impl FnOnce(&mut Ledger, &Moment<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Problem> {
        let (result, revision) = self.change(|ledger, moment| {
            ledger.settle(moment);
            does(ledger, moment)
        });
        if let Some(revision) = revision {
            self.0.changed.notify_one();
            self.keep(revision).await?;
        }
        Ok(result?)
    }

    /// What is due by now happens.
    pub(crate) async fn settle(&self) {
        if let ((), Some(revision)) = self.change(Ledger::settle) {
            // The failure is logged; memory goes on, and the next change tries again.
            let _ = self.keep(revision).await;
        }
    }

    pub(crate) fn take_due(&self, most: usize) -> Vec<Delivery> {
        lock(&self.0.ledger).take_due(self.now_ms(), most)
    }

    pub(crate) async fn delivered(&self, id: &str, taken: bool) -> Outcome {
        let (outcome, revision) = self.change(|ledger, moment| ledger.delivered(id, taken, moment.now_ms));
        if let Some(revision) = revision {
            let _ = self.keep(revision).await;
        }
        outcome
    }

    pub(crate) async fn changed(&self) {
        self.0.changed.notified().await;
    }

    /// How long until something is due.
    pub(crate) fn until_next_due(&self) -> Option<Duration> {
        let due_ms = lock(&self.0.ledger).next_due_ms()?;
        Some(Duration::from_millis(u64::try_from(due_ms - self.now_ms()).unwrap_or(0)))
    }

    /// The address and the secret of an account's webhooks.
    pub(crate) fn endpoint_of(&self, account: &str) -> Option<(String, String)> {
        let config = &self.0.config;
        let own = lock(&self.0.endpoints).get(account).cloned();
        let endpoint = match own {
            Some(endpoint) => endpoint,
            None => Endpoint::new(config.webhook_url.as_ref()?.replace("{account}", account)),
        };
        Some((endpoint.url, endpoint.secret.unwrap_or_else(|| config.webhook_secret.clone())))
    }

    /// Does something to the ledger, and gives its revision if that changed it.
    fn change<T>(&self, does: impl FnOnce(&mut Ledger, &Moment<'_>) -> T) -> (T, Option<u64>) {
        let new_id = |prefix: &'static str| {
            let mut bytes = [0; 12];
            (self.0.config.entropy)(&mut bytes);
            format!("{prefix}{}", hex(&bytes))
        };
        let challenge_url = |id: &str, attempt: u32| {
            let token = self.0.keys.challenge_token(id, attempt);
            format!("{}/challenge/{id}?token={token}", lock(&self.0.public_url))
        };
        let moment = Moment { now_ms: self.now_ms(), new_id: &new_id, challenge_url: &challenge_url };
        let mut ledger = lock(&self.0.ledger);
        let before = ledger.revision();
        let result = does(&mut ledger, &moment);
        let revision = ledger.revision();
        (result, (revision != before).then_some(revision))
    }

    async fn keep(&self, revision: u64) -> Result<(), Problem> {
        let Some(file) = self.0.file.clone() else { return Ok(()) };
        let ledger = Arc::clone(&self.0.ledger);
        let kept = tokio::task::spawn_blocking(move || file.keep(revision, &ledger)).await;
        let error = match kept {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        tracing::error!(error, "the sandbox provider's state could not be written");
        Err(Problem::not_kept())
    }
}
