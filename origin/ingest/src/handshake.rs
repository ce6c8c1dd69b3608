//! The simple handshake of RTMP 1.0 §5.2, from both ends.
//!
//! Encoders that put a digest into C1 (ffmpeg, Flash) fall back to this one when S1 carries version zero, so
//! C1 is echoed as it came and C2 is not compared: many encoders send something else there.

use bytes::{BufMut, Bytes, BytesMut};

/// Bytes in each of C1, C2, S1 and S2.
pub const PACKET_BYTES: usize = 1536;
/// The only version: C0 and S0.
pub const VERSION: u8 = 3;

/// The peer does not speak RTMP version 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandshakeError {
    /// The first byte opens a TLS connection.
    #[error("the peer speaks TLS; the address must begin with rtmp://, not rtmps://")]
    Tls,
    /// The first byte is an encrypted variant of RTMP.
    #[error("the peer speaks RTMPE, which is not supported; the address must begin with rtmp://")]
    Encrypted,
    /// The first byte is no RTMP at all.
    #[error("the peer does not speak RTMP: its first byte is {0:#04x}, not 0x03")]
    NotRtmp(u8),
}

fn check_version(version: u8) -> Result<(), HandshakeError> {
    match version {
        VERSION => Ok(()),
        0x16 => Err(HandshakeError::Tls),
        0x06 | 0x08 | 0x09 => Err(HandshakeError::Encrypted),
        other => Err(HandshakeError::NotRtmp(other)),
    }
}

/// The listening end: reads C0, C1 and C2, answers S0, S1 and S2.
#[derive(Debug)]
pub struct ServerHandshake {
    seed: u64,
    state: ServerState,
}

#[derive(Debug)]
enum ServerState {
    C0,
    C1(BytesMut),
    C2 { left: usize },
}

impl ServerHandshake {
    /// A handshake whose S1 is filled from `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { seed, state: ServerState::C0 }
    }

    /// Takes what it needs from the front of `input`, appends answers to `out` and tells whether it is done.
    pub fn read(&mut self, input: &mut &[u8], out: &mut BytesMut) -> Result<bool, HandshakeError> {
        loop {
            match &mut self.state {
                ServerState::C0 => {
                    let Some((&version, rest)) = input.split_first() else { return Ok(false) };
                    check_version(version)?;
                    *input = rest;
                    self.state = ServerState::C1(BytesMut::new());
                }
                ServerState::C1(c1) => {
                    if !fill(c1, input) {
                        return Ok(false);
                    }
                    out.reserve(1 + 2 * PACKET_BYTES);
                    out.put_u8(VERSION);
                    put_random_packet(self.seed, out);
                    out.put_slice(c1);
                    self.state = ServerState::C2 { left: PACKET_BYTES };
                }
                ServerState::C2 { left } => {
                    let taken = input.len().min(*left);
                    *input = &input[taken..];
                    *left -= taken;
                    return Ok(*left == 0);
                }
            }
        }
    }

    /// Memory held, in bytes.
    #[must_use]
    pub fn buffered_bytes(&self) -> usize {
        match &self.state {
            ServerState::C1(c1) => c1.capacity(),
            ServerState::C0 | ServerState::C2 { .. } => 0,
        }
    }
}

/// The connecting end: sends C0 and C1, echoes S1 as C2, and is done after S2.
#[derive(Debug)]
pub struct ClientHandshake {
    state: ClientState,
}

#[derive(Debug)]
enum ClientState {
    S0,
    S1(BytesMut),
    S2 { left: usize },
}

impl ClientHandshake {
    /// Starts: returns C0 and C1, filled from `seed`, to be sent at once.
    #[must_use]
    pub fn new(seed: u64) -> (Self, Bytes) {
        let mut hello = BytesMut::with_capacity(1 + PACKET_BYTES);
        hello.put_u8(VERSION);
        put_random_packet(seed, &mut hello);
        (Self { state: ClientState::S0 }, hello.freeze())
    }

    /// Takes what it needs from the front of `input`, appends C2 to `out` and tells whether it is done.
    pub fn read(&mut self, input: &mut &[u8], out: &mut BytesMut) -> Result<bool, HandshakeError> {
        loop {
            match &mut self.state {
                ClientState::S0 => {
                    let Some((&version, rest)) = input.split_first() else { return Ok(false) };
                    check_version(version)?;
                    *input = rest;
                    self.state = ClientState::S1(BytesMut::new());
                }
                ClientState::S1(s1) => {
                    if !fill(s1, input) {
                        return Ok(false);
                    }
                    out.put_slice(s1);
                    self.state = ClientState::S2 { left: PACKET_BYTES };
                }
                ClientState::S2 { left } => {
                    let taken = input.len().min(*left);
                    *input = &input[taken..];
                    *left -= taken;
                    return Ok(*left == 0);
                }
            }
        }
    }
}

/// Moves bytes from `input` until `packet` is whole.
fn fill(packet: &mut BytesMut, input: &mut &[u8]) -> bool {
    let taken = input.len().min(PACKET_BYTES - packet.len());
    packet.extend_from_slice(&input[..taken]);
    *input = &input[taken..];
    packet.len() == PACKET_BYTES
}

/// Time zero, version zero (no digest), then bytes that only need to differ between connections.
fn put_random_packet(seed: u64, out: &mut BytesMut) {
    out.put_bytes(0, 8);
    let mut state = seed;
    for _ in 0..(PACKET_BYTES - 8) / 8 {
        // SplitMix64.
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = state;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        out.put_u64(word ^ (word >> 31));
    }
}
