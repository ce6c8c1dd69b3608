//! Every bound the origin keeps, in one place. What a session keeps is in `showfloor_origin_ingest::limits`.

/// How long a broadcast waits for its publisher to return.
pub const GRACE_MS: u64 = 30_000;
/// A publisher that has sent nothing for this long may be replaced even where a second one is refused: it is most
/// likely the same person, back after a broken connection.
pub const SILENT_PUBLISHER_MS: i64 = 3_000;

/// Connections that have not proved a key. One more, and the oldest of them is closed: an honest publisher needs
/// milliseconds to prove its key, so a flood cannot keep it out.
pub const UNPROVED_CONNECTIONS_MAX: usize = 512;
/// Connections that publish. One more is refused.
pub const PUBLISHERS_MAX: usize = 1_024;
/// Wrong keys from one address (IPv6: /64) in [`BAD_KEY_WINDOW_MS`]; past it the authority is not asked any more.
pub const BAD_KEYS_MAX: u32 = 10;
/// See [`BAD_KEYS_MAX`].
pub const BAD_KEY_WINDOW_MS: u64 = 60_000;
/// Addresses whose wrong keys are counted at a time.
pub const BAD_KEY_ADDRESSES_MAX: usize = 65_536;
/// Keys of late publishers that may try again from an address with too many wrong keys.
pub const PROVED_KEYS_MAX: usize = 4_096;
/// The authority answers within this.
pub const AUTHORITY_TIMEOUT_MS: u64 = 5_000;

/// Bytes read from a connection at once, before its key is proved.
pub const READ_BEFORE_KEY_BYTES: usize = 4 * 1024;
/// Bytes read from a publisher at once.
pub const READ_PUBLISHER_BYTES: usize = 64 * 1024;
/// A peer takes what is sent to it within this.
pub const WRITE_TIMEOUT_MS: u64 = 5_000;
/// Events of one publisher that wait to be packaged; past it its connection is not read.
pub const PUBLISHER_QUEUE_EVENTS: usize = 64;
/// A publisher that sends more than this over [`METER_WINDOW_S`] is told so and closed.
pub const PUBLISHER_BITRATE_MAX_BPS: u64 = 60_000_000;
/// Seconds over which rates are measured.
pub const METER_WINDOW_S: i64 = 5;

/// A part is retried for as long as a player still waits for it: at least this, and three part targets if they are
/// longer.
pub const PART_UPLOAD_MS: u64 = 1_000;
/// A segment is retried for this long: parts that follow it wait to be listed meanwhile.
pub const SEGMENT_UPLOAD_MS: u64 = 2_000;
/// An initialisation segment is retried for this long, then again while its broadcast runs.
pub const INIT_UPLOAD_MS: u64 = 3_000;
/// A replay's playlist is retried for this long.
pub const REPLAY_UPLOAD_MS: u64 = 10_000;
/// The first wait between two tries of an upload; it doubles, with jitter.
pub const UPLOAD_BACKOFF_MS: u64 = 50;
/// Uploads of one broadcast that run at a time; past it a part is a gap at once.
pub const UPLOADS_MAX: usize = 64;
/// The replay so far is stored after every so many segments, so that a crash costs its end at most.
pub const REPLAY_EVERY_SEGMENTS: u64 = 15;

/// Parts are deleted this long after their segment is whole: playlists list the segment by then, and nobody asks for
/// its parts any more.
pub const PARTS_KEPT_MS: u64 = 120_000;
/// Segments whose parts wait to be deleted; past it the oldest parts stay where they are.
pub const PARTS_WAITING_MAX: usize = 512;

/// Lifecycle events of one broadcast that wait to be told.
pub const EVENTS_WAITING_MAX: usize = 64;
/// One lifecycle event is told within this.
pub const EVENT_TIMEOUT_MS: u64 = 10_000;
/// Ended broadcasts whose playlists are still answered; past it the oldest is left to its stored replay.
pub const ENDED_BROADCASTS_MAX: usize = 256;
/// How long an ended broadcast's playlist is still answered.
pub const ENDED_KEPT_MS: u64 = 600_000;

/// Requests that wait for a part at a time; one more is answered 503.
pub const HELD_REQUESTS_MAX: usize = 4_096;
/// A blocking reload is answered after this many target durations, whatever happens (RFC 8216bis §6.2.5.2).
pub const HELD_TARGET_DURATIONS: u32 = 3;
/// A request for a broadcast that is just starting waits this long for its first part.
pub const START_WAIT_MS: u64 = 4_000;

/// At shutdown, publishers are told, what is open is stored, and events are told, within this.
pub const SHUTDOWN_MS: u64 = 2_500;
