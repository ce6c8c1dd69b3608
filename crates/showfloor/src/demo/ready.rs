//! What a program that started the demo needs to know, as one JSON object.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;
use showfloor_domain::ShowId;

/// Every address and credential of a demo that answers.
#[derive(Debug, Serialize)]
pub struct Ready {
    /// The show on air.
    pub show_id: ShowId,
    /// Its page.
    pub show_url: String,
    /// The dashboard.
    pub dashboard_url: String,
    /// Base of the HTTP API: paths start with `/v1`.
    pub api_url: String,
    /// Multivariant playlist of the show on air.
    pub playlist_url: String,
    /// WebSocket of its room.
    pub room_url: String,
    /// Where publishers connect; the stream key is the next path segment.
    pub rtmp_url: String,
    /// Stream key of the idle show.
    pub stream_key: String,
    /// A show with nobody on air, for the caller to publish to.
    pub idle_show_id: ShowId,
    /// Its page.
    pub idle_show_url: String,
    /// Its multivariant playlist.
    pub idle_playlist_url: String,
    /// WebSocket of its room.
    pub idle_room_url: String,
    /// Who may sign in to the dashboard.
    pub owner: Owner,
    /// Card numbers of the sandbox provider, by what they do.
    pub sandbox_cards: BTreeMap<&'static str, &'static str>,
}

/// Who may sign in to the dashboard.
#[derive(Clone, Debug, Serialize, serde::Deserialize)]
pub struct Owner {
    /// E-mail address.
    pub email: String,
    /// Password, made at the first start.
    pub password: String,
}

impl Ready {
    /// Puts the object in place whole: who can read the file reads all of it.
    ///
    /// # Errors
    /// When the folder can't be written.
    pub fn write(&self, file: &Path) -> Result<()> {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut name = file.file_name().context("--ready-file must name a file")?.to_owned();
        name.push(".part");
        let partial = folder.join(name);
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        let mut written =
            std::fs::File::create(&partial).with_context(|| format!("writing {}", partial.display()))?;
        written.write_all(&text)?;
        written.sync_all()?;
        std::fs::rename(&partial, file).with_context(|| format!("writing {}", file.display()))
    }
}
