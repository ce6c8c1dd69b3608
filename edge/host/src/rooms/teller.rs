//! What rooms tell the functions: how many watch, and what moderators did.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::json;
use showfloor_domain::{Rfc3339, ShowId, UtcMs};
use tokio::sync::mpsc;

use super::{Rooms, Told};
use crate::upstream::Peer;

/// How long the functions may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How long samples of presence are gathered before they are sent.
const GATHER: Duration = Duration::from_secs(1);
/// What is read of an answer.
const ANSWER_BYTES_MAX: usize = 4 * 1024;
/// Moderation entries that wait for functions that do not answer.
const ENTRIES_MAX: usize = 1_000;

/// Carries what rooms tell to the functions until the rooms are gone.
pub(crate) async fn run(functions: Peer, rooms: Rooms, mut told: mpsc::Receiver<Told>) {
    let mut presence: HashMap<ShowId, (UtcMs, u32)> = HashMap::new();
    let mut entries: Vec<serde_json::Value> = Vec::new();
    let mut gather = tokio::time::interval(GATHER);
    gather.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = gather.tick() => {
                if !presence.is_empty() {
                    let items: Vec<_> = presence
                        .drain()
                        .map(|(show, (at, viewers))| json!({ "show_id": show, "at": Rfc3339(at), "viewers": viewers }))
                        .collect();
                    // The next sample says it anew.
                    post(&functions, "/v1/internal/presence", &json!({ "items": items })).await;
                }
                if !entries.is_empty() && post(&functions, "/v1/internal/moderation-log", &json!({ "items": entries })).await {
                    entries.clear();
                }
            }
            told = told.recv() => match told {
                None => return,
                Some(Told::Presence(show, at, viewers)) => {
                    presence.insert(show, (at, viewers));
                }
                Some(Told::Moderated(show, moderation)) => {
                    if entries.len() < ENTRIES_MAX {
                        let mut entry = json!(moderation);
                        entry["show_id"] = json!(show);
                        entry["at"] = json!(Rfc3339(moderation.at));
                        entries.push(entry);
                    }
                }
                Some(Told::SeedStale(show)) => rooms.reseed(show).await,
            }
        }
    }
}

async fn post(functions: &Peer, path: &str, body: &serde_json::Value) -> bool {
    match functions.post(path, body, TIMEOUT, ANSWER_BYTES_MAX).await {
        Ok(answer) if (200..300).contains(&answer.status) => true,
        Ok(answer) => {
            tracing::warn!(path, status = answer.status, "the functions did not take what rooms tell");
            false
        }
        Err(error) => {
            tracing::warn!(path, %error, "the functions did not take what rooms tell");
            false
        }
    }
}
