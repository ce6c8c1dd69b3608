/// Decides when a peer must be told how much has arrived (RTMP 1.0 §5.4.3, §5.4.4).
#[derive(Debug, Default)]
pub(crate) struct Acknowledger {
    window_bytes: u32,
    received_bytes: u32,
    acknowledged_bytes: u32,
}

impl Acknowledger {
    /// The peer wants an acknowledgement after this many bytes. Zero means never.
    pub(crate) const fn set_window_bytes(&mut self, window_bytes: u32) {
        self.window_bytes = window_bytes;
    }

    pub(crate) fn received(&mut self, count: usize) {
        // The sequence number has 32 bits and wraps.
        let count = u32::try_from(count & 0xFFFF_FFFF).expect("32 bits were kept");
        self.received_bytes = self.received_bytes.wrapping_add(count);
    }

    /// The sequence number to send, if it is time. Ask once per read, so that a tiny window
    /// does not make a flood of answers.
    pub(crate) const fn due(&mut self) -> Option<u32> {
        let unacknowledged = self.received_bytes.wrapping_sub(self.acknowledged_bytes);
        if self.window_bytes == 0 || unacknowledged < self.window_bytes {
            return None;
        }
        self.acknowledged_bytes = self.received_bytes;
        Some(self.received_bytes)
    }
}
