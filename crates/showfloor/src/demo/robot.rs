//! The scripted host: does on the public API what the person in the programme does in the picture.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_util::sync::CancellationToken;

use super::dashboard::Dashboard;
use super::files::{Action, Programme};
use super::seed::Seeded;

/// How long the robot waits before it tries again what failed.
const RETRY_MS: u64 = 2_000;

/// The host of the demo show.
pub struct Robot {
    /// The signed-in owner.
    pub dashboard: Arc<Dashboard>,
    /// What the shop has.
    pub seeded: Seeded,
    /// What to do.
    pub programme: Programme,
    /// WebSocket of the show's room.
    pub room_url: String,
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
        for cue in &self.programme.cues {
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
                let made = self.dashboard.post(&format!("{show}/cues"), &cue).await?;
                let id = made["id"].as_str().context("a new cue has an id")?;
                self.dashboard.post(&format!("{show}/cues/{id}/start"), &json!({})).await?;
            }
            Action::Chat { text } => self.say(text).await?,
        }
        Ok(())
    }

    fn product(&self, slug: &str) -> Result<&super::seed::SeededProduct> {
        self.seeded.products.get(slug).with_context(|| format!("the shop has no product `{slug}`"))
    }

    /// One message needs one connection: the robot says something every half minute.
    async fn say(&self, text: &str) -> Result<()> {
        let path = format!("/v1/admin/shows/{}/staff-token", self.seeded.show.id);
        let token = self.dashboard.post(&path, &json!({})).await?;
        let token = token["token"].as_str().context("a staff token was given")?;
        let mut request = self.room_url.as_str().into_client_request()?;
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", format!("showfloor.v1, token.{token}").parse()?);
        headers.insert("origin", self.dashboard.origin().parse()?);
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await?;
        let frame = json!([{ "t": "hello" }, { "t": "say", "ref": "1", "text": text }]).to_string();
        socket.send(Message::text(frame)).await?;
        while let Some(message) = socket.next().await {
            let Message::Text(frame) = message? else { continue };
            let messages: Vec<Value> = serde_json::from_str(frame.as_str())?;
            if messages.iter().any(|message| message["t"] == "sent" || message["t"] == "refused") {
                break;
            }
        }
        socket.close(None).await?;
        Ok(())
    }
}
