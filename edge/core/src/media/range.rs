//! Conditional and range requests (RFC 9110 §13 and §14).

/// The methods that read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The headers and the body.
    Get,
    /// The headers alone.
    Head,
}

/// What is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Representation<'a> {
    /// Its entity tag with the quotes, like `"abc"`, or `W/"abc"` for a weak one.
    pub etag: &'a str,
    /// Its whole length.
    pub size_bytes: u64,
}

/// The headers of a request that choose what is sent, as they came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RequestConditions<'a> {
    /// `Range`.
    pub range: Option<&'a str>,
    /// `If-Range`.
    pub if_range: Option<&'a str>,
    /// `If-None-Match`.
    pub if_none_match: Option<&'a str>,
    /// `If-Match`.
    pub if_match: Option<&'a str>,
}

/// What to send. For `HEAD`, the same without the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// 200, all of it.
    Full,
    /// 206, the bytes from `first` to `last`, both included.
    Partial {
        /// The first byte's position.
        first: u64,
        /// The last byte's position.
        last: u64,
    },
    /// 304: the caller has it.
    NotModified,
    /// 412: the caller wanted another one.
    PreconditionFailed,
    /// 416, with `Content-Range: bytes */{size}`.
    Unsatisfiable,
}

impl Selection {
    /// The status that says so.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Full => 200,
            Self::Partial { .. } => 206,
            Self::NotModified => 304,
            Self::PreconditionFailed => 412,
            Self::Unsatisfiable => 416,
        }
    }

    /// The `Content-Range` of the answer, where it has one (RFC 9110 §14.4).
    #[must_use]
    pub fn content_range(self, size_bytes: u64) -> Option<String> {
        match self {
            Self::Partial { first, last } => Some(format!("bytes {first}-{last}/{size_bytes}")),
            Self::Unsatisfiable => Some(format!("bytes */{size_bytes}")),
            Self::Full | Self::NotModified | Self::PreconditionFailed => None,
        }
    }

    /// The `Content-Length` of the answer.
    #[must_use]
    pub const fn content_length(self, size_bytes: u64) -> u64 {
        match self {
            Self::Full => size_bytes,
            Self::Partial { first, last } => last - first + 1,
            Self::NotModified | Self::PreconditionFailed | Self::Unsatisfiable => 0,
        }
    }
}

impl RequestConditions<'_> {
    /// What to send of `stored`, in the order of RFC 9110 §13.2.2. Several ranges at once get the whole, as
    /// §14.2 allows: nobody plays from them, and they are a known way to multiply work.
    #[must_use]
    pub fn select(&self, method: Method, stored: &Representation<'_>) -> Selection {
        if let Some(tags) = self.if_match
            && !lists(tags, stored.etag, strong_match)
        {
            return Selection::PreconditionFailed;
        }
        if let Some(tags) = self.if_none_match
            && lists(tags, stored.etag, weak_match)
        {
            return Selection::NotModified;
        }
        let Some(range) = self.range else { return Selection::Full };
        let same = self.if_range.is_none_or(|validator| strong_match(validator.trim(), stored.etag));
        // A range has a meaning for GET alone (RFC 9110 §14.2).
        if method == Method::Head || !same {
            return Selection::Full;
        }
        one_range(range, stored.size_bytes)
    }
}

fn one_range(range: &str, size_bytes: u64) -> Selection {
    let Some((unit, spec)) = range.split_once('=') else { return Selection::Full };
    let Some((first, last)) = spec.trim().split_once('-') else { return Selection::Full };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Selection::Full;
    }
    match (position(first), position(last)) {
        // A suffix: the last n bytes.
        (Position::Absent, Position::At(0)) => Selection::Unsatisfiable,
        (Position::Absent, Position::At(length)) if size_bytes > 0 => {
            Selection::Partial { first: size_bytes.saturating_sub(length), last: size_bytes - 1 }
        }
        (Position::Absent, Position::At(_)) => Selection::Unsatisfiable,
        (Position::At(first), Position::At(last)) if last < first => Selection::Full,
        (Position::At(first), Position::At(_) | Position::Absent) if first >= size_bytes => {
            Selection::Unsatisfiable
        }
        (Position::At(first), Position::At(last)) => {
            Selection::Partial { first, last: last.min(size_bytes - 1) }
        }
        (Position::At(first), Position::Absent) => Selection::Partial { first, last: size_bytes - 1 },
        (Position::Absent, Position::Absent) | (Position::Bad, _) | (_, Position::Bad) => Selection::Full,
    }
}

enum Position {
    Absent,
    At(u64),
    Bad,
}

fn position(text: &str) -> Position {
    if text.is_empty() {
        return Position::Absent;
    }
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return Position::Bad;
    }
    // Digits that do not fit are a position beyond every object.
    Position::At(text.parse().unwrap_or(u64::MAX))
}

fn lists(tags: &str, etag: &str, same: fn(&str, &str) -> bool) -> bool {
    // Our tags hold no comma, so a tag that is split by one never equals one of ours.
    tags.trim() == "*" || tags.split(',').any(|tag| same(tag.trim(), etag))
}

/// Strong comparison (RFC 9110 §8.8.3.2).
fn strong_match(a: &str, b: &str) -> bool {
    a == b && a.starts_with('"')
}

/// Weak comparison (RFC 9110 §8.8.3.2).
fn weak_match(a: &str, b: &str) -> bool {
    let opaque = |tag: &'_ str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    opaque(a) == opaque(b)
}
