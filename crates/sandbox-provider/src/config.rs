//! What the provider is told when it is opened.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::transport::Transport;

/// What time it is, in UTC milliseconds.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Fills bytes, all of them, unpredictably.
pub type Entropy = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// How long the card that answers late takes, unless it is configured.
pub const LATE_DELAY: Duration = Duration::from_secs(3);

/// The fewest bytes of a key or secret.
pub const SECRET_BYTES_MIN: usize = 16;

/// What the provider is told when it is opened.
#[derive(Clone)]
pub struct Config {
    /// What merchants prove themselves with; client secrets are derived from it.
    pub api_key: String,
    /// What signs webhooks of accounts that have no secret of their own.
    pub webhook_secret: String,
    /// Where webhooks of accounts go that have no endpoint of their own; `{account}` in it stands for the account.
    /// Without it, they wait until an endpoint is set, or are given up.
    pub webhook_url: Option<String>,
    /// The origin that browsers reach the provider at, for links to the bank's question.
    pub public_url: String,
    /// Where its state is kept; none keeps it in memory only.
    pub state_path: Option<PathBuf>,
    /// How long the card that answers late takes, and refunds that are pending.
    pub late_delay: Duration,
    /// What time it is.
    pub clock: Clock,
    /// Where ids come from.
    pub entropy: Entropy,
    /// How webhooks travel; none is HTTP.
    pub transport: Option<Arc<dyn Transport>>,
}

impl Config {
    /// A provider with this API key and this webhook secret, the machine's clock and entropy, and state in memory.
    #[must_use]
    pub fn new(api_key: impl Into<String>, webhook_secret: impl Into<String>) -> Self {
        Self {
            api_key: api_key.into(),
            webhook_secret: webhook_secret.into(),
            webhook_url: None,
            public_url: "http://localhost".into(),
            state_path: None,
            late_delay: LATE_DELAY,
            clock: Arc::new(system_now_ms),
            entropy: Arc::new(system_entropy),
            transport: None,
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("webhook_url", &self.webhook_url)
            .field("public_url", &self.public_url)
            .field("state_path", &self.state_path)
            .field("late_delay", &self.late_delay)
            .finish_non_exhaustive()
    }
}

/// Where the webhooks of one account go.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The whole address.
    pub url: String,
    /// What signs them; none is the configured secret.
    pub secret: Option<String>,
}

impl Endpoint {
    /// This address, with the configured secret.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), secret: None }
    }

    /// With a secret of its own.
    #[must_use]
    pub fn with_secret(self, secret: impl Into<String>) -> Self {
        Self { secret: Some(secret.into()), ..self }
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint").field("url", &self.url).finish_non_exhaustive()
    }
}

fn system_now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn system_entropy(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("an operating system without randomness cannot make ids: stop");
}
