//! Delivers webhooks: several at once, in no promised order, each until it is taken.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::ledger::{Delivery, Outcome};
use crate::provider::SandboxProvider;
use crate::signature::sign;
use crate::transport::Webhook;

/// How many webhooks are tried at the same time.
pub const DELIVERIES_AT_ONCE: usize = 16;

/// How long deliveries may take to end when the provider stops. What is cut off is tried again at the next start.
pub const SHUTDOWN_GRACE: Duration = Duration::from_secs(1);

/// How long to sleep when nothing is due.
const IDLE: Duration = Duration::from_secs(3_600);

pub(crate) async fn run(provider: &SandboxProvider, stop: CancellationToken) {
    let mut tries = JoinSet::new();
    while !stop.is_cancelled() {
        provider.settle().await;
        for delivery in provider.take_due(DELIVERIES_AT_ONCE - tries.len()) {
            tries.spawn(attempt(provider.clone(), delivery));
        }
        let full = tries.len() >= DELIVERIES_AT_ONCE;
        tokio::select! {
            () = stop.cancelled() => {}
            Some(_) = tries.join_next() => {}
            () = provider.changed() => {}
            () = tokio::time::sleep(provider.until_next_due().unwrap_or(IDLE)), if !full => {}
        }
    }
    let all = async { while tries.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(SHUTDOWN_GRACE, all).await;
}

async fn attempt(provider: SandboxProvider, delivery: Delivery) {
    let taken = match provider.endpoint_of(&delivery.account) {
        Some((url, secret)) => {
            let signature = sign(&secret, provider.now_ms().div_euclid(1000), delivery.body.as_bytes());
            let webhook = Webhook { url, signature, body: delivery.body };
            match Arc::clone(provider.transport()).post(webhook).await {
                Ok(status) if (200..300).contains(&status) => true,
                Ok(status) => {
                    tracing::debug!(event = delivery.event_id, status, "a webhook was not taken");
                    false
                }
                Err(error) => {
                    tracing::debug!(event = delivery.event_id, %error, "a webhook did not arrive");
                    false
                }
            }
        }
        None => false,
    };
    match provider.delivered(&delivery.id, taken).await {
        Outcome::Taken | Outcome::Later { .. } => {}
        Outcome::GivenUp => {
            tracing::warn!(event = delivery.event_id, account = delivery.account, "a webhook was given up");
        }
    }
}
