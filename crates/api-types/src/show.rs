//! Shows, their keys, what the encoder sends, and figures of moderation.

use serde::{Deserialize, Serialize};
use showfloor_domain::event::ShowState;
use showfloor_domain::{
    Currency, ImageId, MessageId, Rfc3339, ShopId, ShowId, StreamKeyId, UserId, ViewerId,
};
use utoipa::ToSchema;

pub use showfloor_domain::show::{LinkPolicy, SecondPublisher, ShowSettings};

use crate::image::ImageRef;

/// A show as viewers see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublicShow {
    /// The show.
    pub id: ShowId,
    /// Who sells.
    pub shop: PublicShop,
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// Who hosts it.
    pub host: Host,
    /// Where it stands; never `draft`.
    pub state: ShowState,
    /// When it is planned to start.
    pub starts_at: Rfc3339,
    /// When it went on air.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Rfc3339>,
    /// When it was over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Rfc3339>,
    /// Its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover: Option<ImageRef>,
    /// Seconds between two messages of one viewer; 0 for none.
    pub slow_mode_s: u32,
    /// The live playlist's path.
    pub playlist_url: String,
    /// The room's socket's path.
    pub room_url: String,
    /// The overlay's path.
    pub overlay_url: String,
    /// The countries the shop ships to.
    pub ships_to: Vec<String>,
}

/// A shop as viewers see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublicShop {
    /// The shop.
    pub id: ShopId,
    /// Its name.
    pub name: String,
    /// Its language (BCP 47).
    pub locale: String,
    /// Its country, ISO 3166-1 alpha-2.
    pub country: String,
    /// Its first currency.
    pub currency: Currency,
    /// All its currencies.
    pub currencies: Vec<Currency>,
}

/// Who hosts a show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Host {
    /// Their name.
    pub name: String,
    /// Their picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar: Option<ImageRef>,
}

/// What to change of a show's settings; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditShowSettings {
    /// Whether the first frames make a scheduled show live.
    pub auto_live: Option<bool>,
    /// What a second publisher does.
    pub second_publisher: Option<SecondPublisher>,
    /// The length of a part, 200 to 1,000 ms.
    pub part_target_ms: Option<u32>,
    /// Seconds between two messages of one viewer, 0 to 300.
    pub slow_mode_s: Option<u32>,
    /// Words that no message may hold.
    pub blocklist: Option<Vec<String>>,
    /// What happens to links.
    pub links: Option<LinkPolicy>,
}

/// A show as its makers see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Show {
    /// The show.
    pub id: ShowId,
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// Who hosts it.
    pub host_name: String,
    /// Where it stands.
    pub state: ShowState,
    /// When it is planned to start.
    pub starts_at: Rfc3339,
    /// How long it is planned to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned_minutes: Option<u32>,
    /// When it went on air.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Rfc3339>,
    /// When it was over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Rfc3339>,
    /// Its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover: Option<ImageRef>,
    /// How it is run.
    pub settings: ShowSettings,
    /// Products in its run of show.
    pub product_count: u32,
    /// Counts edits; also the ETag.
    pub version: u64,
}

/// A new show.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateShow {
    /// What it is called, up to 80 characters.
    pub title: String,
    /// What it is about, up to 4,000 characters.
    #[serde(default)]
    pub description: String,
    /// When it is planned to start.
    pub starts_at: Rfc3339,
    /// How long it is planned to be, 1 to 1,440.
    #[serde(default)]
    pub planned_minutes: Option<u32>,
    /// Who hosts it, up to 80 characters.
    pub host_name: String,
}

/// What to change of a show; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditShow {
    /// What it is called.
    pub title: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// When it is planned to start.
    pub starts_at: Option<Rfc3339>,
    /// How long it is planned to be.
    pub planned_minutes: Option<u32>,
    /// Who hosts it.
    pub host_name: Option<String>,
    /// Its picture.
    pub cover_image_id: Option<ImageId>,
    /// How it is run.
    pub settings: Option<EditShowSettings>,
}

/// A yes that cannot be given by a slip.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// Must be true.
    pub confirm: bool,
}

/// A new stream key; the only time the key itself is shown.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct CreatedStreamKey {
    /// Its public half.
    pub id: StreamKeyId,
    /// The whole key, as the encoder takes it.
    pub key: String,
    /// Where the encoder publishes to.
    pub rtmp_url: String,
    /// The key's last four characters.
    pub hint: String,
}

/// A stream key, without the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StreamKey {
    /// Its public half.
    pub id: StreamKeyId,
    /// The key's last four characters.
    pub hint: String,
    /// When it was made.
    pub created_at: Rfc3339,
    /// When it last published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Rfc3339>,
}

/// Whether an encoder sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IngestState {
    /// None yet.
    Waiting,
    /// Media comes in.
    Receiving,
    /// It stopped; it may return.
    Interrupted,
}

/// What the encoder sends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Ingest {
    /// Whether it sends.
    pub state: IngestState,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Rfc3339>,
    /// What it calls itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoder: Option<String>,
    /// Its video.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video: Option<IngestVideo>,
    /// Its audio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<IngestAudio>,
    /// Frames that were lost.
    #[serde(default)]
    pub dropped_frames: u64,
    /// How far the media lags behind the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behind_ms: Option<i64>,
    /// Sentences that say what to do.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// The encoder's video.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct IngestVideo {
    /// `h264`.
    pub codec: String,
    /// `high`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Frames per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fps: Option<f64>,
    /// Bits per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bitrate_bps: Option<u64>,
    /// Between two key frames.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyframe_interval_ms: Option<u32>,
}

/// The encoder's audio.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct IngestAudio {
    /// `aac`.
    pub codec: String,
    /// Samples per second.
    pub sample_rate_hz: u32,
    /// 1 or 2.
    pub channels: u32,
    /// Bits per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bitrate_bps: Option<u64>,
}

/// What a moderator did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ModerationEntry {
    /// When.
    pub at: Rfc3339,
    /// What: `remove`, `restore`, `mute`, `unmute`, `ban`, `unban`, `slow`, `pin_message`.
    pub action: String,
    /// Who did it; absent when a rule did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
    /// The name of who did it, as it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_name: Option<String>,
    /// In which role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Whom it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewer_id: Option<ViewerId>,
    /// Which message it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// For how long, or how slow, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
}

/// What the edge reports of its rooms.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportModeration {
    /// What was done, oldest first, at most 1,000.
    pub items: Vec<ReportedModeration>,
}

/// What was done in a room.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportedModeration {
    /// The show.
    pub show_id: ShowId,
    /// When.
    pub at: Rfc3339,
    /// What.
    pub action: String,
    /// Who did it; none when the room itself did.
    #[serde(default)]
    pub by: Option<UserId>,
    /// In which role.
    #[serde(default)]
    pub role: Option<String>,
    /// Whom it concerns.
    #[serde(default)]
    pub viewer_id: Option<ViewerId>,
    /// Which message it concerns.
    #[serde(default)]
    pub message_id: Option<MessageId>,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
    /// For how long, or how slow, in seconds.
    #[serde(default)]
    pub seconds: Option<u32>,
}
