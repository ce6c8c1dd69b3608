//! What must hold in any one playlist.

use super::parse::{MediaPlaylist, ParsedSegment};
use super::{ROUNDING_US, Violation};

/// Programme date-time may be corrected against `EXTINF` by this share, in permille, between two segments.
const DRIFT_PER_MILLE: u64 = 20;

/// Everything one playlist breaks by itself.
#[must_use]
pub fn check(playlist: &MediaPlaylist) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut broken = |rule: &'static str, detail: String| found.push(Violation { rule, detail });
    let Some(target_s) = playlist.target_duration_s else {
        broken("EXT-X-TARGETDURATION is there", "it is missing".into());
        return found;
    };
    header(playlist, target_s, &mut broken);
    for segment in &playlist.segments {
        let us = segment.duration_us.unwrap_or(0);
        if (us + 500_000) / 1_000_000 > target_s {
            broken("EXTINF at most EXT-X-TARGETDURATION", format!("segment {} lasts {us} µs", segment.msn));
        }
    }
    for segment in playlist.segments.iter().chain(&playlist.open) {
        if segment.map.is_none() && playlist.skipped_segments == 0 {
            broken("EXT-X-MAP before every fragmented MP4 segment", format!("segment {}", segment.msn));
        }
        parts(playlist, segment, &mut broken);
    }
    let all: Vec<&ParsedSegment> = playlist.segments.iter().chain(&playlist.open).collect();
    for pair in all.windows(2) {
        program_date_time(pair[0], pair[1], &mut broken);
    }
    if playlist.ended && playlist.preload_hint.is_some() {
        broken("no EXT-X-PRELOAD-HINT after EXT-X-ENDLIST", "there is one".into());
    }
    if playlist.part_target_us.is_some() && !playlist.ended && playlist.preload_hint.is_none() {
        broken("EXT-X-PRELOAD-HINT in a low-latency playlist", "it is missing".into());
    }
    if let Some(hint) = &playlist.preload_hint
        && all.iter().flat_map(|segment| &segment.parts).any(|part| part.uri == *hint)
    {
        broken("EXT-X-PRELOAD-HINT names a part that is not listed", hint.clone());
    }
    found
}

fn header(playlist: &MediaPlaylist, target_s: u64, broken: &mut impl FnMut(&'static str, String)) {
    let target_us = target_s * 1_000_000;
    if playlist.version < 6 || playlist.skipped_segments > 0 && playlist.version < 9 {
        broken("EXT-X-VERSION covers what is used", format!("{}", playlist.version));
    }
    if playlist.hold_back_us.is_some_and(|us| us < 3 * target_us) {
        broken("HOLD-BACK at least three target durations", format!("{:?} µs", playlist.hold_back_us));
    }
    if playlist.can_skip_until_us.is_some_and(|us| us < 6 * target_us) {
        broken(
            "CAN-SKIP-UNTIL at least six target durations",
            format!("{:?} µs", playlist.can_skip_until_us),
        );
    }
    if playlist.skipped_segments > 0 && playlist.can_skip_until_us.is_none() {
        broken("EXT-X-SKIP only with CAN-SKIP-UNTIL", String::new());
    }
    let has_parts = playlist.segments.iter().chain(&playlist.open).any(|segment| !segment.parts.is_empty());
    match playlist.part_target_us {
        None if has_parts => broken("EXT-X-PART-INF in a playlist with parts", "it is missing".into()),
        None => {}
        Some(part_target_us) => {
            if playlist.part_hold_back_us.is_none_or(|us| us < 3 * part_target_us) {
                broken(
                    "PART-HOLD-BACK at least three part targets",
                    format!("{:?} µs", playlist.part_hold_back_us),
                );
            }
            if !playlist.can_block_reload {
                broken("CAN-BLOCK-RELOAD=YES with parts", String::new());
            }
        }
    }
}

fn parts(playlist: &MediaPlaylist, segment: &ParsedSegment, broken: &mut impl FnMut(&'static str, String)) {
    let Some(target_us) = playlist.part_target_us else { return };
    let last = segment.parts.len().saturating_sub(1);
    for (n, part) in segment.parts.iter().enumerate() {
        let detail = || format!("part {} lasts {} µs", part.uri, part.duration_us);
        if part.duration_us > target_us {
            broken("a part lasts PART-TARGET at most", detail());
        }
        // The last part of an open segment may turn out to be the last of all.
        if n < last && !part.independent && !part.gap && part.duration_us * 100 < target_us * 85 {
            broken("a part lasts 85 % of PART-TARGET at least", detail());
        }
    }
    let sum_us: u64 = segment.parts.iter().map(|part| part.duration_us).sum();
    if let Some(us) = segment.duration_us.filter(|_| !segment.parts.is_empty())
        && us.abs_diff(sum_us) > ROUNDING_US
    {
        broken("parts add up to EXTINF", format!("segment {}: {sum_us} µs of {us} µs", segment.msn));
    }
}

fn program_date_time(
    before: &ParsedSegment,
    after: &ParsedSegment,
    broken: &mut impl FnMut(&'static str, String),
) {
    let (Some(from_ms), Some(to_ms), Some(us)) =
        (before.program_date_time_ms, after.program_date_time_ms, before.duration_us)
    else {
        return;
    };
    let detail = || format!("segments {} and {}: {from_ms} ms + {us} µs, {to_ms} ms", before.msn, after.msn);
    if to_ms <= from_ms {
        broken("EXT-X-PROGRAM-DATE-TIME never runs backwards", detail());
        return;
    }
    let passed_us = to_ms.abs_diff(from_ms) * 1_000;
    if !after.discontinuity && passed_us.abs_diff(us) > us * DRIFT_PER_MILLE / 1_000 + 2 * ROUNDING_US {
        broken("EXT-X-PROGRAM-DATE-TIME follows EXTINF", detail());
    }
}
