//! The edge's routes.

use std::fmt;
use std::str::FromStr;

use showfloor_domain::{BroadcastId, ImageId, ShowId};

/// The longest path that is looked at.
pub const PATH_BYTES_MAX: usize = 256;

/// The widths that pictures are kept in, in pixels.
pub const IMAGE_WIDTHS: [u16; 4] = [160, 320, 640, 1_200];

/// A rendition's name: 1 to 32 of `a`–`z`, `0`–`9`, `-` and `_`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rendition(Box<str>);

impl Rendition {
    /// The longest name.
    pub const BYTES_MAX: usize = 32;

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn parse(name: &str) -> Option<Self> {
        let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
        let allowed = (1..=Self::BYTES_MAX).contains(&name.len()) && name.bytes().all(letters);
        allowed.then(|| Self(name.into()))
    }
}

impl fmt::Display for Rendition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Rendition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One rendition of one broadcast.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MediaId {
    /// The broadcast.
    pub broadcast: BroadcastId,
    /// The rendition.
    pub rendition: Rendition,
}

/// A file of a rendition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MediaFile {
    /// `init-{n}.mp4`, the n-th media initialization section.
    Init(u32),
    /// `{msn}.m4s`, a media segment.
    Segment(u64),
    /// `{msn}.{part}.m4s`, a partial segment.
    Part(u64, u32),
    /// `index.m3u8`, the replay.
    Replay,
}

impl fmt::Display for MediaFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Init(n) => write!(f, "init-{n}.mp4"),
            Self::Segment(msn) => write!(f, "{msn}.m4s"),
            Self::Part(msn, part) => write!(f, "{msn}.{part}.m4s"),
            Self::Replay => f.write_str("index.m3u8"),
        }
    }
}

/// Everything that the edge answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Route {
    /// `GET /live/{show}/index.m3u8`: the multivariant playlist.
    Multivariant(ShowId),
    /// `GET /media/{broadcast}/{rendition}/live.m3u8`: the live media playlist.
    LivePlaylist(MediaId),
    /// `GET /media/{broadcast}/{rendition}/{file}`: an object of the store.
    Media(MediaId, MediaFile),
    /// `GET /images/{image}/{width}.jpg`: a picture in one of [`IMAGE_WIDTHS`].
    Image(ImageId, u16),
    /// `GET /v1/overlays/{show}`: what is shown over the picture.
    Overlay(ShowId),
    /// `GET /v1/rooms/{show}/socket`: the room.
    Socket(ShowId),
    /// `POST /v1/events`: CloudEvents for rooms.
    Events,
}

impl Route {
    /// The route of a path, as it came: nothing is decoded or normalised, since no listed path needs it.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        if path.len() > PATH_BYTES_MAX {
            return None;
        }
        let mut segments = path.strip_prefix('/')?.split('/');
        let mut next = || segments.next();
        let route = match (next()?, next()?, next(), next()) {
            ("live", show, Some("index.m3u8"), None) => Self::Multivariant(id(show)?),
            ("media", broadcast, Some(rendition), Some(file)) => {
                let media = MediaId { broadcast: id(broadcast)?, rendition: Rendition::parse(rendition)? };
                if file == "live.m3u8" {
                    Self::LivePlaylist(media)
                } else {
                    Self::Media(media, media_file(file)?)
                }
            }
            ("images", image, Some(file), None) => {
                let width = number(file.strip_suffix(".jpg")?)?;
                let width = IMAGE_WIDTHS.into_iter().find(|listed| u64::from(*listed) == width)?;
                Self::Image(id(image)?, width)
            }
            ("v1", "overlays", Some(show), None) => Self::Overlay(id(show)?),
            ("v1", "rooms", Some(show), Some("socket")) => Self::Socket(id(show)?),
            ("v1", "events", None, None) => Self::Events,
            _ => return None,
        };
        segments.next().is_none().then_some(route)
    }

    /// The one path of this route; [`Route::parse`] of it gives the route again.
    #[must_use]
    pub fn canonical_path(&self) -> String {
        match self {
            Self::Multivariant(show) => format!("/live/{show}/index.m3u8"),
            Self::LivePlaylist(MediaId { broadcast, rendition }) => {
                format!("/media/{broadcast}/{rendition}/live.m3u8")
            }
            Self::Media(MediaId { broadcast, rendition }, file) => {
                format!("/media/{broadcast}/{rendition}/{file}")
            }
            Self::Image(image, width) => format!("/images/{image}/{width}.jpg"),
            Self::Overlay(show) => format!("/v1/overlays/{show}"),
            Self::Socket(show) => format!("/v1/rooms/{show}/socket"),
            Self::Events => "/v1/events".into(),
        }
    }

    /// The key in the object store of what this route serves; none for what is not an object.
    #[must_use]
    pub fn object_key(&self) -> Option<String> {
        match self {
            Self::Media(..) | Self::Image(..) => Some(self.canonical_path()[1..].into()),
            Self::Multivariant(_)
            | Self::LivePlaylist(_)
            | Self::Overlay(_)
            | Self::Socket(_)
            | Self::Events => None,
        }
    }

    /// The `Content-Type` of a successful answer.
    #[must_use]
    pub const fn content_type(&self) -> &'static str {
        match self {
            Self::Multivariant(_) | Self::LivePlaylist(_) | Self::Media(_, MediaFile::Replay) => {
                "application/vnd.apple.mpegurl"
            }
            Self::Media(_, MediaFile::Init(_)) => "video/mp4",
            Self::Media(_, MediaFile::Segment(_) | MediaFile::Part(..)) => "video/iso.segment",
            Self::Image(..) => "image/jpeg",
            Self::Overlay(_) | Self::Socket(_) | Self::Events => "application/json",
        }
    }

    /// The methods of this route, for `Allow` (RFC 9110 §10.2.1); `OPTIONS` is answered for all but `Events`.
    #[must_use]
    pub const fn allow(&self) -> &'static str {
        match self {
            Self::Events => "POST",
            Self::Socket(_) => "GET",
            Self::Multivariant(_)
            | Self::LivePlaylist(_)
            | Self::Media(..)
            | Self::Image(..)
            | Self::Overlay(_) => "GET, HEAD, OPTIONS",
        }
    }
}

fn id<I: FromStr>(text: &str) -> Option<I> {
    text.parse().ok()
}

fn media_file(name: &str) -> Option<MediaFile> {
    if name == "index.m3u8" {
        return Some(MediaFile::Replay);
    }
    if let Some(rest) = name.strip_prefix("init-") {
        let n = number(rest.strip_suffix(".mp4")?)?;
        return u32::try_from(n).ok().map(MediaFile::Init);
    }
    let name = name.strip_suffix(".m4s")?;
    match name.split_once('.') {
        None => number(name).map(MediaFile::Segment),
        Some((msn, part)) => Some(MediaFile::Part(number(msn)?, u32::try_from(number(part)?).ok()?)),
    }
}

/// A whole number as we write it: digits alone, no leading zero, at most fifteen of them.
pub(super) fn number(text: &str) -> Option<u64> {
    let canonical = text == "0" || !text.starts_with('0');
    let digits = (1..=15).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if canonical && digits { text.parse().ok() } else { None }
}
