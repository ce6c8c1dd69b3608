//! Object keys, built from our own ids alone.

use std::fmt;
use std::str::FromStr;

use showfloor_domain::{BroadcastId, ImageId};

/// A rendition of a broadcast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rendition {
    /// What the publisher sent.
    Source,
}

/// A file of a rendition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MediaFile {
    /// `init-{n}.mp4`
    Init {
        /// Its number, from 0.
        n: u32,
    },
    /// `{msn}.m4s`
    Segment {
        /// Media sequence number.
        msn: u64,
    },
    /// `{msn}.{part}.m4s`
    Part {
        /// Its segment's media sequence number.
        msn: u64,
        /// Its index in the segment.
        part: u32,
    },
    /// `index.m3u8`: the replay's playlist.
    Replay,
}

/// A name is not one of our files. It is answered as an object that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a stored file")]
pub struct ParseMediaPathError;

/// The name of one object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectKey(String);

impl ObjectKey {
    /// `media/{broadcast}/{rendition}/{file}`
    #[must_use]
    pub fn media(broadcast: BroadcastId, rendition: Rendition, file: MediaFile) -> Self {
        Self(format!("media/{broadcast}/{rendition}/{file}"))
    }

    /// `media/{broadcast}/timeline.jsonl`: the room's synced events, beside the media.
    #[must_use]
    pub fn timeline(broadcast: BroadcastId) -> Self {
        Self(format!("media/{broadcast}/timeline.jsonl"))
    }

    /// `images/{image}/{width_px}.jpg`: an uploaded picture, made this wide.
    #[must_use]
    pub fn image(image: ImageId, width_px: u32) -> Self {
        Self(format!("images/{image}/{width_px}.jpg"))
    }

    /// The key's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Rendition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Source => "source",
        })
    }
}

impl FromStr for Rendition {
    type Err = ParseMediaPathError;

    fn from_str(text: &str) -> Result<Self, ParseMediaPathError> {
        match text {
            "source" => Ok(Self::Source),
            _ => Err(ParseMediaPathError),
        }
    }
}

impl MediaFile {
    /// What it is served and stored as.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Init { .. } => "video/mp4",
            Self::Segment { .. } | Self::Part { .. } => "video/iso.segment",
            Self::Replay => "application/vnd.apple.mpegurl",
        }
    }
}

impl fmt::Display for MediaFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Init { n } => write!(f, "init-{n}.mp4"),
            Self::Segment { msn } => write!(f, "{msn}.m4s"),
            Self::Part { msn, part } => write!(f, "{msn}.{part}.m4s"),
            Self::Replay => f.write_str("index.m3u8"),
        }
    }
}

impl FromStr for MediaFile {
    type Err = ParseMediaPathError;

    /// Reads a file's name. Only the one way in which it is written is accepted, so that an object has one name.
    fn from_str(text: &str) -> Result<Self, ParseMediaPathError> {
        let file = if text == "index.m3u8" {
            Self::Replay
        } else if let Some(n) = text.strip_prefix("init-").and_then(|rest| rest.strip_suffix(".mp4")) {
            Self::Init { n: n.parse().map_err(|_| ParseMediaPathError)? }
        } else {
            let stem = text.strip_suffix(".m4s").ok_or(ParseMediaPathError)?;
            match stem.split_once('.') {
                None => Self::Segment { msn: stem.parse().map_err(|_| ParseMediaPathError)? },
                Some((msn, part)) => Self::Part {
                    msn: msn.parse().map_err(|_| ParseMediaPathError)?,
                    part: part.parse().map_err(|_| ParseMediaPathError)?,
                },
            }
        };
        if file.to_string() == text { Ok(file) } else { Err(ParseMediaPathError) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written_and_in_no_other_way() {
        for text in [
            "init-0.mp4",
            "init-12.mp4",
            "0.m4s",
            "7.m4s",
            "7.0.m4s",
            "18446744073709551615.3.m4s",
            "index.m3u8",
        ] {
            assert_eq!(text.parse::<MediaFile>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "..",
            "../x",
            "07.m4s",
            "+7.m4s",
            "7.00.m4s",
            "7.m4s/",
            "7.1.2.m4s",
            "init-.mp4",
            "live.m3u8",
            "x.m4s",
        ] {
            assert_eq!(text.parse::<MediaFile>(), Err(ParseMediaPathError), "{text}");
        }
    }
}
