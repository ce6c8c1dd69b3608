//! How far a playlist reaches.

use crate::media::Ask;

/// The live edge of a media playlist, read from its tags (RFC 8216bis §4.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The media sequence number of the segment that is being made.
    next_msn: u64,
    /// How many parts of it are listed.
    parts: u32,
    /// How many parts the segment before it has.
    last_parts: u32,
    /// `EXT-X-TARGETDURATION`.
    target_ms: u32,
    /// `PART-TARGET` of `EXT-X-PART-INF`; none without parts.
    part_target_ms: Option<u32>,
    /// Whether `EXT-X-ENDLIST` says that nothing more comes.
    ended: bool,
}

/// The longest target duration that is believed, and the shortest.
const TARGET_MS: std::ops::RangeInclusive<u32> = 500..=30_000;
const PART_TARGET_MS: std::ops::RangeInclusive<u32> = 50..=5_000;
const SEGMENTS_AHEAD: u64 = 1;

impl Position {
    /// Reads a media playlist, whole or as a delta update. None if the text is no playlist.
    #[must_use]
    pub fn read(playlist: &str) -> Option<Self> {
        let mut lines = playlist.lines();
        if lines.next()?.trim_end() != "#EXTM3U" {
            return None;
        }
        let mut position = Self {
            next_msn: 0,
            parts: 0,
            last_parts: 0,
            target_ms: 2_000,
            part_target_ms: None,
            ended: false,
        };
        for line in lines {
            let Some((tag, value)) = line.split_once(':') else {
                position.ended |= line.trim_end() == "#EXT-X-ENDLIST";
                continue;
            };
            match tag {
                "#EXT-X-MEDIA-SEQUENCE" => position.next_msn = value.trim().parse().ok()?,
                "#EXT-X-SKIP" => {
                    let skipped: u64 = attribute(value, "SKIPPED-SEGMENTS")?.parse().ok()?;
                    position.next_msn = position.next_msn.saturating_add(skipped);
                }
                "#EXT-X-TARGETDURATION" => position.target_ms = milliseconds(value, TARGET_MS)?,
                "#EXT-X-PART-INF" => {
                    position.part_target_ms =
                        Some(milliseconds(attribute(value, "PART-TARGET")?, PART_TARGET_MS)?);
                }
                "#EXT-X-PART" => position.parts = position.parts.saturating_add(1),
                "#EXTINF" => {
                    position.next_msn = position.next_msn.saturating_add(1);
                    position.last_parts = std::mem::take(&mut position.parts);
                }
                _ => {}
            }
        }
        Some(position)
    }

    /// Whether nothing more comes.
    #[must_use]
    pub const fn ended(&self) -> bool {
        self.ended
    }

    /// The target duration, in milliseconds.
    #[must_use]
    pub fn target_ms(&self) -> i64 {
        i64::from(self.target_ms)
    }

    /// The target duration of parts, or of segments where there are no parts, in milliseconds.
    #[must_use]
    pub fn step_ms(&self) -> i64 {
        self.part_target_ms.map_or(self.target_ms(), i64::from)
    }

    /// What comes next: a part, or a segment where there are no parts.
    #[must_use]
    pub fn next(&self) -> Ask {
        Ask { msn: self.next_msn, part: self.part_target_ms.map(|_| self.parts) }
    }

    /// Whether this reaches further than `other`, or as far.
    #[must_use]
    pub fn reaches(&self, other: &Self) -> bool {
        (self.ended, self.next_msn, self.parts) >= (other.ended, other.next_msn, other.parts)
    }

    /// Whether the playlist has what was asked for. A part past its segment's last is the first of the next
    /// segment (RFC 8216bis §6.2.5.2).
    #[must_use]
    pub fn has(&self, ask: Ask) -> bool {
        match ask.part {
            None => ask.msn < self.next_msn,
            Some(part) if ask.msn.saturating_add(1) == self.next_msn => {
                part < self.last_parts || self.parts > 0
            }
            Some(part) => ask.msn < self.next_msn || (ask.msn == self.next_msn && part < self.parts),
        }
    }

    /// Whether what was asked for is too far ahead to wait for (RFC 8216bis §6.2.5.2), when this position was
    /// read `age_ms` ago: two segments past the last, or three seconds' worth of parts.
    #[must_use]
    pub fn is_beyond(&self, ask: Ask, age_ms: i64) -> bool {
        let elapsed = |step_ms: i64| u64::try_from(age_ms / step_ms.max(1)).unwrap_or(0);
        let ahead = SEGMENTS_AHEAD + elapsed(self.target_ms());
        if ask.msn > self.next_msn.saturating_add(ahead) {
            return true;
        }
        let Some(part) = ask.part else { return false };
        let parts_ahead = match self.part_target_ms {
            Some(target_ms) if target_ms < 1_000 => u64::from(3_000_u32.div_ceil(target_ms)),
            Some(_) | None => 3,
        };
        let known = if ask.msn == self.next_msn { u64::from(self.parts) } else { 0 };
        ask.msn >= self.next_msn && u64::from(part) > known + parts_ahead + elapsed(self.step_ms())
    }
}

/// The value of an attribute that is a decimal number (RFC 8216bis §4.2).
fn attribute<'a>(list: &'a str, name: &str) -> Option<&'a str> {
    list.split(',').find_map(|attribute| attribute.trim().strip_prefix(name)?.strip_prefix('='))
}

fn milliseconds(seconds: &str, bounds: std::ops::RangeInclusive<u32>) -> Option<u32> {
    let seconds: f64 = seconds.trim().parse().ok()?;
    let ms = (seconds * 1_000.0).round().clamp(f64::from(*bounds.start()), f64::from(*bounds.end()));
    // A float that is no number clamps to itself.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped into the bounds above"
    )]
    (!ms.is_nan()).then_some(ms as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIVE: &str = "#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:2\n#EXT-X-PART-INF:PART-TARGET=0.333\n\
        #EXT-X-MEDIA-SEQUENCE:10\n#EXTINF:2.0,\n10.m4s\n#EXT-X-PART:DURATION=0.3,URI=\"11.0.m4s\"\n\
        #EXT-X-PART:DURATION=0.3,URI=\"11.1.m4s\"\n#EXTINF:0.6,\n11.m4s\n\
        #EXT-X-PART:DURATION=0.3,URI=\"12.0.m4s\"\n#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"12.1.m4s\"\n";

    fn ask(msn: u64, part: Option<u32>) -> Ask {
        Ask { msn, part }
    }

    #[test]
    fn the_live_edge_is_read_from_the_tags() {
        let position = Position::read(LIVE).unwrap();
        assert!(position.has(ask(11, None)) && !position.has(ask(12, None)));
        assert!(position.has(ask(12, Some(0))) && !position.has(ask(12, Some(1))));
        let delta = LIVE.replace("#EXTINF:2.0,\n10.m4s\n", "#EXT-X-SKIP:SKIPPED-SEGMENTS=1\n");
        assert_eq!(Position::read(&delta).map(|p| p.next_msn), Some(12));
    }

    #[test]
    fn a_part_past_the_last_of_its_segment_is_the_first_of_the_next() {
        let position = Position::read(LIVE).unwrap();
        assert!(position.has(ask(11, Some(1))) && position.has(ask(11, Some(2))));
        let fresh_segment = LIVE.replace("#EXT-X-PART:DURATION=0.3,URI=\"12.0.m4s\"\n", "");
        let position = Position::read(&fresh_segment).unwrap();
        assert!(position.has(ask(11, Some(1))) && !position.has(ask(11, Some(2))));
    }

    #[test]
    fn the_advance_limit_is_two_segments_and_three_seconds_of_parts() {
        let position = Position::read(LIVE).unwrap();
        assert!(!position.is_beyond(ask(13, None), 0) && position.is_beyond(ask(14, None), 0));
        assert!(!position.is_beyond(ask(14, None), 2_000), "time has passed since the playlist was read");
        assert!(!position.is_beyond(ask(12, Some(11)), 0) && position.is_beyond(ask(12, Some(12)), 0));
        assert!(position.is_beyond(ask(1_000_000_000_000, Some(0)), 60_000));
    }

    #[test]
    fn what_is_no_playlist_has_no_position() {
        for text in ["", "<html>", "#EXTM3U8", "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:x", "#EXTM3U\n#EXT-X-SKIP:X=1"]
        {
            assert_eq!(Position::read(text), None, "{text}");
        }
        assert_eq!(Position::read("#EXTM3U\n#EXT-X-TARGETDURATION:NaN"), None);
    }
}
