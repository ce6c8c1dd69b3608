//! What a room may hold, and how often things may happen.

/// How the room learns what of its frames has reached a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressure {
    /// The host says what it has written to the socket, with [`Input::Drained`](super::Input::Drained).
    Drained,
    /// The host cannot know (Durable Objects): clients say `ack` after this many sequenced messages.
    Acknowledged {
        /// How many.
        every: u16,
    },
}

/// So much at once, then one every so often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many at once.
    pub burst: u32,
    /// How long until one more, in milliseconds.
    pub interval_ms: i64,
}

/// The limits of one room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Sockets.
    pub conns_max: usize,
    /// Sockets of one viewer.
    pub conns_per_viewer_max: usize,
    /// Viewers that are remembered.
    pub people_max: usize,
    /// Viewers and devices that are shut out.
    pub bans_max: usize,
    /// How long a socket may take to say `hello`.
    pub hello_ms: i64,
    /// How often a client pings, in seconds.
    pub ping_s: u16,
    /// How the room learns of slow clients.
    pub pressure: Pressure,
    /// What may wait for one client; past it, it loses its connection.
    pub queue_bytes_max: usize,
    /// Past this, a client loses reactions and presence.
    pub queue_bytes_without_reactions: usize,
    /// Past this, a client loses chat too, and is told so.
    pub queue_bytes_without_chat: usize,
    /// How long a client may stay without chat before it loses its connection.
    pub stalled_ms_max: i64,
    /// Sequenced messages that a client can come back for.
    pub ring_count_max: usize,
    /// Their bytes.
    pub ring_bytes_max: usize,
    /// The most that is sent to recover; past it, a snapshot is less.
    pub recovery_bytes_max: usize,
    /// Chat messages that can be replied to, pinned and found in a snapshot.
    pub history_max: usize,
    /// Chat messages of a snapshot.
    pub snapshot_chat_max: usize,
    /// Removed messages that can be restored, and for how long.
    pub removed_max: usize,
    /// How long a removed message can be restored.
    pub removed_ms: i64,
    /// Events that are remembered as seen.
    pub seen_events_max: usize,
    /// The time between broadcasts when few watch.
    pub batch_ms_min: i64,
    /// The time between broadcasts when many watch.
    pub batch_ms_max: i64,
    /// The time between reaction counts.
    pub reactions_ms: i64,
    /// The time between presence counts.
    pub presence_ms: i64,
    /// The time between presence samples for the figures.
    pub sample_ms: i64,
    /// Chat, per viewer.
    pub chat: Rate,
    /// Reactions, per viewer.
    pub reactions: Rate,
    /// Frames, per socket.
    pub frames: Rate,
    /// Chat, of all viewers.
    pub room_chat: Rate,
    /// First messages, of all viewers: fresh tokens are cheap.
    pub newcomers: Rate,
    /// Messages that are not understood, per socket.
    pub not_understood_max: u8,
    /// Refusals within half a minute that mute a viewer for a minute.
    pub strikes_max: u8,
    /// How long after its end a show's room stays open.
    pub ended_ms: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            conns_max: 20_000,
            conns_per_viewer_max: 4,
            people_max: 40_000,
            bans_max: 10_000,
            hello_ms: 5_000,
            ping_s: 25,
            pressure: Pressure::Drained,
            queue_bytes_max: 256 * 1024,
            queue_bytes_without_reactions: 64 * 1024,
            queue_bytes_without_chat: 128 * 1024,
            stalled_ms_max: 30_000,
            ring_count_max: 1_000,
            ring_bytes_max: 1024 * 1024,
            recovery_bytes_max: 128 * 1024,
            history_max: 200,
            snapshot_chat_max: 50,
            removed_max: 100,
            removed_ms: 10 * 60_000,
            seen_events_max: 4_096,
            batch_ms_min: 50,
            batch_ms_max: 100,
            reactions_ms: 333,
            presence_ms: 1_000,
            sample_ms: 5_000,
            chat: Rate { burst: 5, interval_ms: 1_000 },
            reactions: Rate { burst: 10, interval_ms: 100 },
            frames: Rate { burst: 40, interval_ms: 50 },
            room_chat: Rate { burst: 200, interval_ms: 10 },
            newcomers: Rate { burst: 25, interval_ms: 200 },
            not_understood_max: 5,
            strikes_max: 10,
            ended_ms: 10 * 60_000,
        }
    }
}
