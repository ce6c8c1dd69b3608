//! The multivariant playlist: one variant, measured.

use std::fmt::Write as _;

/// What a multivariant playlist says of the one rendition there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Multivariant {
    /// The media playlist's URI, relative to the multivariant playlist.
    pub uri: String,
    /// Peak segment bit rate.
    pub bandwidth_bps: u64,
    /// Average segment bit rate.
    pub average_bandwidth_bps: u64,
    /// RFC 6381 codecs, comma separated.
    pub codecs: String,
    /// Width and height in pixels; `None` for sound alone.
    pub resolution_px: Option<(u32, u32)>,
    /// Frames a thousand seconds; `None` if unknown or sound alone.
    pub frame_rate_milli: Option<u32>,
}

impl Multivariant {
    /// The playlist's text.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = String::with_capacity(256);
        text.push_str("#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-STREAM-INF:");
        let _ = write!(text, "BANDWIDTH={}", self.bandwidth_bps.max(1));
        if self.average_bandwidth_bps > 0 {
            let _ = write!(text, ",AVERAGE-BANDWIDTH={}", self.average_bandwidth_bps);
        }
        if !self.codecs.is_empty() {
            let _ = write!(text, ",CODECS=\"{}\"", self.codecs);
        }
        if let Some((width, height)) = self.resolution_px {
            let _ = write!(text, ",RESOLUTION={width}x{height}");
        }
        if let Some(milli) = self.frame_rate_milli {
            let _ = write!(text, ",FRAME-RATE={}.{:03}", milli / 1_000, milli % 1_000);
        }
        let _ = writeln!(text, "\n{}", self.uri);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_all_that_a_player_chooses_by() {
        let playlist = Multivariant {
            uri: "../../media/brd_1/source/live.m3u8".into(),
            bandwidth_bps: 900_000,
            average_bandwidth_bps: 700_000,
            codecs: "avc1.42c01e,mp4a.40.2".into(),
            resolution_px: Some((640, 360)),
            frame_rate_milli: Some(29_970),
        };
        assert_eq!(
            playlist.render(),
            "#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-STREAM-INF:BANDWIDTH=900000,AVERAGE-BANDWIDTH=700000,\
             CODECS=\"avc1.42c01e,mp4a.40.2\",RESOLUTION=640x360,FRAME-RATE=29.970\n\
             ../../media/brd_1/source/live.m3u8\n"
        );
    }
}
