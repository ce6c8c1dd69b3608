use bytes::{Buf, Bytes};

/// Audio, video or script data: which kind of RTMP message a tag becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagKind {
    /// Sound.
    Audio,
    /// Picture.
    Video,
    /// Metadata, such as `onMetaData`.
    Script,
}

/// One tag of an FLV file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// What it carries.
    pub kind: TagKind,
    /// Its time from the start of the file, in milliseconds.
    pub timestamp_ms: u32,
    /// Its body, as an RTMP message carries it.
    pub body: Bytes,
}

/// A file that is no FLV, or is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlvFileError {
    /// It does not begin as FLV files do.
    #[error("this is not an FLV file")]
    NotFlv,
    /// It ends inside a tag.
    #[error("the FLV file ends inside a tag")]
    Truncated,
}

/// The tags of an FLV file (annex E.2 to E.4.1), in order, sharing the file's memory. Encrypted tags and
/// kinds that do not exist are left out. After an error there is nothing more.
///
/// ```
/// use bytes::Bytes;
/// use showfloor_origin_ingest::flv::{TagKind, Tags};
///
/// let file = Bytes::from_static(
///     b"FLV\x01\x05\0\0\0\x09\0\0\0\0\x08\0\0\x02\0\0\x28\0\0\0\0\xAF\x01\0\0\0\x0D",
/// );
/// let tags: Vec<_> = Tags::new(file)?.collect::<Result<_, _>>()?;
/// assert_eq!((tags[0].kind, tags[0].timestamp_ms), (TagKind::Audio, 40));
/// # Ok::<(), showfloor_origin_ingest::flv::FlvFileError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Tags {
    rest: Bytes,
}

const TAG_HEADER_BYTES: usize = 11;
const PREVIOUS_TAG_SIZE_BYTES: usize = 4;

impl Tags {
    /// Checks the file's header.
    pub fn new(mut file: Bytes) -> Result<Self, FlvFileError> {
        let &[b'F', b'L', b'V', _version, _flags, offset @ ..] =
            file.first_chunk::<9>().ok_or(FlvFileError::NotFlv)?
        else {
            return Err(FlvFileError::NotFlv);
        };
        let body_at = u32::from_be_bytes(offset) as usize + PREVIOUS_TAG_SIZE_BYTES;
        if body_at < 9 + PREVIOUS_TAG_SIZE_BYTES {
            return Err(FlvFileError::NotFlv);
        }
        if file.len() < body_at {
            return Err(FlvFileError::Truncated);
        }
        file.advance(body_at);
        Ok(Self { rest: file })
    }

    fn next_tag(&mut self) -> Result<Option<Tag>, FlvFileError> {
        loop {
            if self.rest.is_empty() {
                return Ok(None);
            }
            let header: [u8; TAG_HEADER_BYTES] = *self.rest.first_chunk().ok_or(FlvFileError::Truncated)?;
            let [kind, s0, s1, s2, t0, t1, t2, t3, _, _, _] = header;
            self.rest.advance(TAG_HEADER_BYTES);
            let size_bytes = u32::from_be_bytes([0, s0, s1, s2]) as usize;
            if self.rest.len() < size_bytes {
                return Err(FlvFileError::Truncated);
            }
            let body = self.rest.split_to(size_bytes);
            // The last tag's trailing size is sometimes missing.
            self.rest.advance(self.rest.len().min(PREVIOUS_TAG_SIZE_BYTES));
            let kind = match kind {
                8 => TagKind::Audio,
                9 => TagKind::Video,
                18 => TagKind::Script,
                _ => continue,
            };
            return Ok(Some(Tag { kind, timestamp_ms: u32::from_be_bytes([t3, t0, t1, t2]), body }));
        }
    }
}

impl Iterator for Tags {
    type Item = Result<Tag, FlvFileError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.next_tag();
        if next.is_err() {
            self.rest = Bytes::new();
        }
        next.transpose()
    }
}
