//! The replay: every segment of a broadcast, for as long as it was, in a few bytes each.

use std::fmt::Write as _;

use showfloor_domain::{Rfc3339, UtcMs};

use super::{Seconds, init_uri, segment_uri};

/// A replay holds this many segments at most: 48 hours of two seconds each. Older ones leave it.
pub(crate) const REPLAY_MAX_SEGMENTS: usize = 86_400;

#[derive(Clone, Copy, Debug)]
pub(crate) struct ReplaySegment {
    pub(crate) msn: u64,
    pub(crate) program_date_time: UtcMs,
    pub(crate) duration_us: u32,
    pub(crate) init: u32,
    pub(crate) discontinuity: bool,
    pub(crate) gap: bool,
}

pub(crate) fn render_replay<'a>(
    target_duration_s: u32,
    segments: impl Iterator<Item = &'a ReplaySegment>,
) -> String {
    let mut segments = segments.peekable();
    let first_msn = segments.peek().map_or(0, |segment| segment.msn);
    let mut text = format!(
        "#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:{target_duration_s}\n\
         #EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-MEDIA-SEQUENCE:{first_msn}\n"
    );
    let mut init = None;
    for segment in segments {
        let _ = write_segment(&mut text, segment, &mut init);
    }
    text.push_str("#EXT-X-ENDLIST\n");
    text
}

fn write_segment(text: &mut String, segment: &ReplaySegment, init: &mut Option<u32>) -> std::fmt::Result {
    if segment.discontinuity && init.is_some() {
        text.push_str("#EXT-X-DISCONTINUITY\n");
    }
    if init.replace(segment.init) != Some(segment.init) {
        writeln!(text, "#EXT-X-MAP:URI=\"{}\"", init_uri(segment.init))?;
    }
    writeln!(text, "#EXT-X-PROGRAM-DATE-TIME:{}", Rfc3339(segment.program_date_time))?;
    if segment.gap {
        text.push_str("#EXT-X-GAP\n");
    }
    writeln!(text, "#EXTINF:{},\n{}", Seconds(segment.duration_us.into()), segment_uri(segment.msn))
}
