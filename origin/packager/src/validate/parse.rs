//! Playlist text to values, strictly.

use std::collections::HashMap;

use showfloor_domain::Rfc3339;

use super::Violation;

/// `EXT-X-PART`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedPart {
    /// Microseconds.
    pub duration_us: u64,
    /// As written.
    pub uri: String,
    /// `INDEPENDENT=YES`.
    pub independent: bool,
    /// `GAP=YES`.
    pub gap: bool,
}

/// A segment, or the parts of one that is not complete.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParsedSegment {
    /// Media sequence number.
    pub msn: u64,
    /// `EXTINF` in microseconds; `None` while it is not complete.
    pub duration_us: Option<u64>,
    /// As written; empty while it is not complete.
    pub uri: String,
    /// `EXT-X-PART`s before it.
    pub parts: Vec<ParsedPart>,
    /// `EXT-X-DISCONTINUITY` before it.
    pub discontinuity: bool,
    /// `EXT-X-GAP`.
    pub gap: bool,
    /// `EXT-X-PROGRAM-DATE-TIME`, milliseconds since 1970.
    pub program_date_time_ms: Option<i64>,
    /// The `EXT-X-MAP` in force.
    pub map: Option<String>,
}

/// A media playlist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MediaPlaylist {
    /// `EXT-X-VERSION`, 1 if absent.
    pub version: u64,
    /// `EXT-X-TARGETDURATION`, seconds.
    pub target_duration_s: Option<u64>,
    /// `PART-TARGET`, microseconds.
    pub part_target_us: Option<u64>,
    /// `HOLD-BACK`, microseconds.
    pub hold_back_us: Option<u64>,
    /// `PART-HOLD-BACK`, microseconds.
    pub part_hold_back_us: Option<u64>,
    /// `CAN-SKIP-UNTIL`, microseconds.
    pub can_skip_until_us: Option<u64>,
    /// `CAN-BLOCK-RELOAD=YES`.
    pub can_block_reload: bool,
    /// `EXT-X-MEDIA-SEQUENCE`.
    pub media_sequence: u64,
    /// `EXT-X-DISCONTINUITY-SEQUENCE`.
    pub discontinuity_sequence: u64,
    /// `EXT-X-SKIP`'s `SKIPPED-SEGMENTS`.
    pub skipped_segments: u64,
    /// Complete segments.
    pub segments: Vec<ParsedSegment>,
    /// Parts after the last complete segment.
    pub open: Option<ParsedSegment>,
    /// The `URI` of `EXT-X-PRELOAD-HINT:TYPE=PART`.
    pub preload_hint: Option<String>,
    /// `EXT-X-ENDLIST`.
    pub ended: bool,
    /// `EXT-X-PLAYLIST-TYPE:VOD`.
    pub vod: bool,
}

/// Reads a media playlist.
///
/// # Errors
/// The first [`Violation`] that makes the text unreadable.
pub fn parse(text: &str) -> Result<MediaPlaylist, Violation> {
    let mut lines = text.lines();
    if lines.next() != Some("#EXTM3U") {
        return Err(unreadable("the first line is not #EXTM3U"));
    }
    let mut playlist = MediaPlaylist { version: 1, ..MediaPlaylist::default() };
    let mut current = ParsedSegment::default();
    let mut extinf_us = None;
    let mut map = None;
    for line in lines.filter(|line| !line.is_empty()) {
        let (tag, value) = line.split_once(':').unwrap_or((line, ""));
        match tag {
            "#EXT-X-VERSION" => playlist.version = number(value)?,
            "#EXT-X-TARGETDURATION" => playlist.target_duration_s = Some(number(value)?),
            "#EXT-X-MEDIA-SEQUENCE" => playlist.media_sequence = number(value)?,
            "#EXT-X-DISCONTINUITY-SEQUENCE" => playlist.discontinuity_sequence = number(value)?,
            "#EXT-X-PLAYLIST-TYPE" => playlist.vod = value == "VOD",
            "#EXT-X-PART-INF" => {
                playlist.part_target_us = attributes(value)?.get("PART-TARGET").map(|s| us(s)).transpose()?;
            }
            "#EXT-X-SERVER-CONTROL" => {
                let control = attributes(value)?;
                let seconds = |name: &str| control.get(name).map(|text| us(text)).transpose();
                playlist.hold_back_us = seconds("HOLD-BACK")?;
                playlist.part_hold_back_us = seconds("PART-HOLD-BACK")?;
                playlist.can_skip_until_us = seconds("CAN-SKIP-UNTIL")?;
                playlist.can_block_reload = control.get("CAN-BLOCK-RELOAD").is_some_and(|yes| yes == "YES");
            }
            "#EXT-X-SKIP" => {
                playlist.skipped_segments = number(required(&attributes(value)?, "SKIPPED-SEGMENTS")?)?;
            }
            "#EXT-X-MAP" => map = Some(required(&attributes(value)?, "URI")?.clone()),
            "#EXT-X-DISCONTINUITY" => current.discontinuity = true,
            "#EXT-X-GAP" => current.gap = true,
            "#EXT-X-PROGRAM-DATE-TIME" => {
                let time: Rfc3339 = value.parse().map_err(|_| unreadable(line))?;
                current.program_date_time_ms = Some(time.0.get());
            }
            "#EXT-X-PART" => {
                let part = attributes(value)?;
                let yes = |name: &str| part.get(name).is_some_and(|yes| yes == "YES");
                current.parts.push(ParsedPart {
                    duration_us: us(required(&part, "DURATION")?)?,
                    uri: required(&part, "URI")?.clone(),
                    independent: yes("INDEPENDENT"),
                    gap: yes("GAP"),
                });
            }
            "#EXT-X-PRELOAD-HINT" => {
                let hint = attributes(value)?;
                if hint.get("TYPE").is_some_and(|kind| kind == "PART") {
                    playlist.preload_hint = Some(required(&hint, "URI")?.clone());
                }
            }
            "#EXTINF" => extinf_us = Some(us(value.split(',').next().unwrap_or(""))?),
            "#EXT-X-ENDLIST" => playlist.ended = true,
            _ if line.starts_with('#') => {}
            _ => {
                let duration_us = extinf_us.take().ok_or_else(|| unreadable("a URI without EXTINF"))?;
                let msn = next_msn(&playlist);
                let segment = ParsedSegment {
                    msn,
                    duration_us: Some(duration_us),
                    uri: line.into(),
                    map: map.clone(),
                    ..current
                };
                playlist.segments.push(segment);
                current = ParsedSegment::default();
            }
        }
    }
    if !current.parts.is_empty() {
        let msn = next_msn(&playlist);
        playlist.open = Some(ParsedSegment { msn, map, ..current });
    }
    Ok(playlist)
}

fn next_msn(playlist: &MediaPlaylist) -> u64 {
    let listed = u64::try_from(playlist.segments.len()).unwrap_or(u64::MAX);
    playlist.media_sequence + playlist.skipped_segments + listed
}

fn unreadable(detail: &str) -> Violation {
    Violation { rule: "readable playlist", detail: detail.into() }
}

fn number(text: &str) -> Result<u64, Violation> {
    text.parse().map_err(|_| unreadable(&format!("{text} is not a decimal integer")))
}

/// Decimal seconds to microseconds, without floats.
fn us(text: &str) -> Result<u64, Violation> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 6 {
        return Err(unreadable(&format!("{text} has more than six decimals")));
    }
    Ok(number(whole)? * 1_000_000 + number(&format!("{fraction:0<6}"))?)
}

fn required<'a>(attributes: &'a HashMap<String, String>, name: &str) -> Result<&'a String, Violation> {
    attributes.get(name).ok_or_else(|| unreadable(&format!("{name} is missing")))
}

/// An attribute list (RFC 8216 §4.2); quoted values lose their quotes.
fn attributes(text: &str) -> Result<HashMap<String, String>, Violation> {
    let mut list = HashMap::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (name, value) = rest.split_once('=').ok_or_else(|| unreadable(text))?;
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or_else(|| unreadable(text))?,
            None => value.split_at(value.find(',').unwrap_or(value.len())),
        };
        if list.insert(name.to_owned(), value.to_owned()).is_some() {
            return Err(unreadable(&format!("{name} comes twice")));
        }
        rest = after.strip_prefix(',').unwrap_or(after);
    }
    Ok(list)
}
