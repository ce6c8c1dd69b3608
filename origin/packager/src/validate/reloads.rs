//! What must hold from one reload of a playlist to the next.

use super::parse::{MediaPlaylist, ParsedSegment, parse};
use super::rules::check;
use super::{ROUNDING_US, Violation};

/// The reloads of one media playlist, delta updates included.
#[derive(Debug, Default)]
pub struct Reloads {
    last: Option<MediaPlaylist>,
}

impl Reloads {
    /// Accepts the next reload's text and says what it breaks: by itself, and against what came before.
    pub fn accept(&mut self, text: &str) -> Vec<Violation> {
        let mut playlist = match parse(text) {
            Ok(playlist) => playlist,
            Err(violation) => return vec![violation],
        };
        let mut found = Vec::new();
        if playlist.skipped_segments > 0
            && let Err(violation) = self.fill_skipped(&mut playlist)
        {
            return vec![violation];
        }
        found.extend(check(&playlist));
        if let Some(last) = &self.last {
            against(last, &playlist, &mut |rule, detail| found.push(Violation { rule, detail }));
        }
        self.last = Some(playlist);
        found
    }

    /// The playlist as last accepted, delta updates filled in.
    #[must_use]
    pub fn last(&self) -> Option<&MediaPlaylist> {
        self.last.as_ref()
    }

    /// The media sequence number and part index to ask for next, as a player would.
    #[must_use]
    pub fn next_part(&self) -> Option<(u64, usize)> {
        let last = self.last.as_ref()?;
        Some(last.open.as_ref().map_or_else(
            || (last.segments.last().map_or(last.media_sequence, |segment| segment.msn + 1), 0),
            |open| (open.msn, open.parts.len()),
        ))
    }

    fn fill_skipped(&self, playlist: &mut MediaPlaylist) -> Result<(), Violation> {
        let missing =
            |detail: String| Violation { rule: "EXT-X-SKIP leaves out only what the client has", detail };
        let last = self.last.as_ref().ok_or_else(|| missing("it has nothing yet".into()))?;
        let until = playlist.media_sequence + playlist.skipped_segments;
        let mut segments = Vec::new();
        for msn in playlist.media_sequence..until {
            let known = last.segments.iter().find(|segment| segment.msn == msn);
            let known = known.ok_or_else(|| missing(format!("segment {msn}")))?;
            segments.push(ParsedSegment { parts: Vec::new(), ..known.clone() });
        }
        let mut map = segments.last().and_then(|segment| segment.map.clone());
        for mut segment in playlist.segments.drain(..) {
            map = segment.map.take().or(map);
            segment.map.clone_from(&map);
            segments.push(segment);
        }
        if let Some(open) = &mut playlist.open {
            open.map = open.map.take().or(map);
        }
        playlist.segments = segments;
        playlist.skipped_segments = 0;
        Ok(())
    }
}

fn against(last: &MediaPlaylist, now: &MediaPlaylist, broken: &mut impl FnMut(&'static str, String)) {
    if last.target_duration_s != now.target_duration_s {
        broken(
            "EXT-X-TARGETDURATION never changes",
            format!("{:?} to {:?}", last.target_duration_s, now.target_duration_s),
        );
    }
    if last.part_target_us != now.part_target_us {
        broken("PART-TARGET never changes", format!("{:?} to {:?}", last.part_target_us, now.part_target_us));
    }
    if last.part_hold_back_us != now.part_hold_back_us {
        broken(
            "PART-HOLD-BACK never changes",
            format!("{:?} to {:?}", last.part_hold_back_us, now.part_hold_back_us),
        );
    }
    if now.media_sequence < last.media_sequence {
        broken(
            "EXT-X-MEDIA-SEQUENCE never falls",
            format!("{} to {}", last.media_sequence, now.media_sequence),
        );
        return;
    }
    let removed = last.segments.iter().filter(|segment| segment.msn < now.media_sequence);
    let expected =
        last.discontinuity_sequence + removed.filter(|segment| segment.discontinuity).map(|_| 1).sum::<u64>();
    if now.discontinuity_sequence != expected {
        broken(
            "EXT-X-DISCONTINUITY-SEQUENCE counts the discontinuities that left",
            format!("{} instead of {expected}", now.discontinuity_sequence),
        );
    }
    if last.ended && !now.ended {
        broken("EXT-X-ENDLIST is final", "it is gone".into());
    }
    for before in last.segments.iter().filter(|segment| segment.msn >= now.media_sequence) {
        match now.segments.iter().find(|segment| segment.msn == before.msn) {
            None => broken("segments leave from the front only", format!("segment {}", before.msn)),
            Some(after) => same_segment(before, after, broken),
        }
    }
    if let Some(before) = &last.open {
        let after = now.segments.iter().chain(&now.open).find(|segment| segment.msn == before.msn);
        match after {
            None if now.media_sequence > before.msn => {}
            None => broken("listed parts stay", format!("segment {}", before.msn)),
            Some(after) if after.parts.is_empty() => {}
            Some(after) if after.parts.starts_with(&before.parts) => {}
            Some(_) => broken("listed parts stay as they are", format!("segment {}", before.msn)),
        }
    }
    hint_came_true(last, now, broken);
}

fn same_segment(
    before: &ParsedSegment,
    after: &ParsedSegment,
    broken: &mut impl FnMut(&'static str, String),
) {
    let same = before.uri == after.uri
        && before.duration_us == after.duration_us
        && before.discontinuity == after.discontinuity
        && before.program_date_time_ms == after.program_date_time_ms
        && before.gap == after.gap
        && before.map == after.map;
    if !same {
        broken(
            "a listed segment never changes",
            format!("segment {}: {before:?}, then {after:?}", before.msn),
        );
    }
    if !after.parts.is_empty() && after.parts != before.parts {
        broken("listed parts stay as they are", format!("segment {}", before.msn));
    }
}

/// The part that followed is the one that was hinted, unless the publisher left in between.
fn hint_came_true(last: &MediaPlaylist, now: &MediaPlaylist, broken: &mut impl FnMut(&'static str, String)) {
    let Some(hint) = &last.preload_hint else { return };
    let last_part = last.segments.iter().chain(&last.open).flat_map(|segment| &segment.parts).last();
    let Some(last_part) = last_part else { return };
    let mut following = now
        .segments
        .iter()
        .chain(&now.open)
        .flat_map(|segment| segment.parts.iter().map(move |part| (segment, part)));
    if following.by_ref().any(|(_, part)| part.uri == last_part.uri)
        && let Some((segment, part)) = following.next()
        && part.uri != *hint
        && !segment.discontinuity
        && part.duration_us > ROUNDING_US
    {
        broken("the hinted part is the next one", format!("{hint} was hinted, {} came", part.uri));
    }
}
