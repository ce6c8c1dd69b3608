//! The scripted host: does on the public API what the person in the programme does in the picture.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tokio::sync::{Mutex, mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::dashboard::Dashboard;
use super::files::{Action, Cue};
use super::seed::Seeded;

/// How long the robot waits before it tries again what failed.
const RETRY_MS: u64 = 2_000;

/// The host of the demo show.
pub struct Robot {
    /// The signed-in owner.
    pub dashboard: Arc<Dashboard>,
    /// What the shop has.
    pub seeded: Seeded,
    /// What to do in each round.
    pub cues: Vec<Cue>,
    /// What is to be said in chat.
    pub lines: mpsc::Sender<String>,
    /// The flash sale of the round before, which makes way for the next.
    pub last_sale: Mutex<Option<String>>,
    /// Counts the rounds that the programme's picture has begun.
    pub rounds: watch::Receiver<u64>,
}

impl Robot {
    /// Plays the script along with each round of the picture, until stopped.
    pub async fn run(mut self, stop: CancellationToken) {
        loop {
            let round = tokio::select! {
                () = stop.cancelled() => return,
                changed = self.rounds.changed() => changed,
            };
            if round.is_err() {
                return;
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.play_round() => {}
            }
        }
    }

    async fn play_round(&self) {
        let started = tokio::time::Instant::now();
        for cue in &self.cues {
            tokio::time::sleep_until(started + Duration::from_millis(cue.at_ms)).await;
            if let Err(error) = self.act(&cue.action).await {
                tracing::warn!(%error, at_ms = cue.at_ms, "the scripted host could not do this");
                tokio::time::sleep(Duration::from_millis(RETRY_MS)).await;
            }
        }
    }

    async fn act(&self, action: &Action) -> Result<()> {
        let show = format!("/v1/admin/shows/{}", self.seeded.show.id);
        match action {
            Action::Pin { product } => {
                let cue = self.product(product)?.cue;
                self.dashboard.post(&format!("{show}/cues/{cue}/start"), &json!({})).await?;
            }
            Action::Unpin => {
                self.dashboard.post(&format!("{show}/unpin"), &json!({})).await?;
            }
            Action::Banner { text } => {
                self.dashboard.post(&format!("{show}/banner"), &json!({ "text": text })).await?;
            }
            Action::FlashSale { product, price_minor, currency, duration_s, cap } => {
                let product = self.product(product)?;
                let price = json!({ "minor": price_minor, "currency": currency });
                let prices: Vec<Value> = product
                    .variants
                    .iter()
                    .map(|variant| json!({ "variant_id": variant, "price": price }))
                    .collect();
                let cue = json!({
                    "kind": "flash_sale",
                    "product_id": product.id,
                    "flash": { "prices": prices, "duration_s": duration_s, "cap": cap },
                });
                let mut last_sale = self.last_sale.lock().await;
                if let Some(before) = last_sale.take() {
                    self.dashboard.delete(&format!("{show}/cues/{before}")).await?;
                }
                let made = self.dashboard.post(&format!("{show}/cues"), &cue).await?;
                let id = made["id"].as_str().context("a new cue has an id")?;
                *last_sale = Some(id.to_owned());
                self.dashboard.post(&format!("{show}/cues/{id}/start"), &json!({})).await?;
            }
            Action::Chat { text } => self.lines.send(text.clone()).await?,
        }
        Ok(())
    }

    fn product(&self, slug: &str) -> Result<&super::seed::SeededProduct> {
        self.seeded.products.get(slug).with_context(|| format!("the shop has no product `{slug}`"))
    }
}
