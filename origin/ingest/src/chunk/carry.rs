/// Longest chunk header: three bytes of basic header, eleven of message header, four of extended timestamp.
pub(super) const HEADER_MAX_BYTES: usize = 18;

/// The beginning of a header whose end has not arrived.
pub(super) struct Carry {
    bytes: [u8; HEADER_MAX_BYTES],
    len: usize,
}

/// Bytes from the carry, or from the caller's input.
pub(super) enum Part<'a> {
    Carried { bytes: [u8; HEADER_MAX_BYTES], len: usize },
    Input(&'a [u8]),
}

impl Part<'_> {
    pub(super) fn as_slice(&self) -> &[u8] {
        match self {
            Self::Carried { bytes, len } => &bytes[..*len],
            Self::Input(bytes) => bytes,
        }
    }
}

impl Carry {
    pub(super) const fn new() -> Self {
        Self { bytes: [0; HEADER_MAX_BYTES], len: 0 }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What comes next: at least a header's length if that much is there.
    pub(super) fn peek<'a>(&self, input: &'a [u8], joined: &'a mut [u8; HEADER_MAX_BYTES]) -> &'a [u8] {
        if self.len == 0 {
            return input;
        }
        let fresh = input.len().min(HEADER_MAX_BYTES - self.len);
        joined[..self.len].copy_from_slice(&self.bytes[..self.len]);
        joined[self.len..self.len + fresh].copy_from_slice(&input[..fresh]);
        &joined[..self.len + fresh]
    }

    /// Keeps all of `input`, which is known to be shorter than a header.
    pub(super) fn keep(&mut self, input: &mut &[u8]) {
        let taken = input.len().min(HEADER_MAX_BYTES - self.len);
        self.bytes[self.len..self.len + taken].copy_from_slice(&input[..taken]);
        self.len += taken;
        *input = &input[taken..];
    }

    pub(super) fn advance(&mut self, input: &mut &[u8], count: usize) {
        let carried = count.min(self.len);
        self.bytes.copy_within(carried..self.len, 0);
        self.len -= carried;
        *input = &input[count - carried..];
    }

    pub(super) fn take<'a>(&mut self, input: &mut &'a [u8], max: usize) -> Part<'a> {
        if self.len > 0 {
            let len = self.len.min(max);
            let bytes = self.bytes;
            self.advance(input, len);
            return Part::Carried { bytes, len };
        }
        let (part, rest) = input.split_at(input.len().min(max));
        *input = rest;
        Part::Input(part)
    }
}
