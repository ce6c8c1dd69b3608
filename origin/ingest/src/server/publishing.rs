use core::time::Duration;

use bytes::{Buf, Bytes};
use showfloor_origin_packager::frame::MediaEvent;

use crate::chunk::{Message, MessageKind};
use crate::flv::{Demuxer, MediaError};

/// A publisher whose key has been proved.
#[derive(Debug)]
pub(super) struct Publishing {
    pub(super) stream_id: u32,
    /// When a configuration or a frame last came.
    pub(super) last_media: Duration,
    /// The publisher said that it is about to stop.
    pub(super) said_farewell: bool,
    pub(super) demuxer: Demuxer,
}

/// Bytes before the body of each message in an aggregate, and after it (RTMP 1.0 §7.1.6).
const SUB_HEADER_BYTES: usize = 11;
const BACK_POINTER_BYTES: usize = 4;

impl Publishing {
    pub(super) fn new(stream_id: u32, now: Duration) -> Self {
        Self { stream_id, last_media: now, said_farewell: false, demuxer: Demuxer::new() }
    }

    /// Takes an audio, video or aggregate message.
    pub(super) fn media(
        &mut self,
        now: Duration,
        message: Message,
        emit: &mut impl FnMut(MediaEvent),
    ) -> Result<(), MediaError> {
        if message.stream_id != self.stream_id {
            return Ok(());
        }
        let mut emit = |event| {
            self.last_media = now;
            emit(event);
        };
        let demuxer = &mut self.demuxer;
        match message.kind {
            MessageKind::Aggregate => aggregate(demuxer, message, &mut emit),
            kind => track(demuxer, kind, message.timestamp_ms, message.payload, &mut emit),
        }
    }
}

fn track(
    demuxer: &mut Demuxer,
    kind: MessageKind,
    timestamp_ms: u32,
    body: Bytes,
    emit: &mut impl FnMut(MediaEvent),
) -> Result<(), MediaError> {
    let event = match kind {
        MessageKind::Video => demuxer.video(timestamp_ms, body)?,
        MessageKind::Audio => demuxer.audio(timestamp_ms, body)?,
        _ => None,
    };
    event.into_iter().for_each(emit);
    Ok(())
}

/// The messages inside keep their distances; the first is at the aggregate's own time.
fn aggregate(
    demuxer: &mut Demuxer,
    message: Message,
    emit: &mut impl FnMut(MediaEvent),
) -> Result<(), MediaError> {
    let mut rest = message.payload;
    let mut first_ms = None;
    while !rest.is_empty() {
        let header: [u8; SUB_HEADER_BYTES] = *rest.first_chunk().ok_or(MediaError::Truncated)?;
        let [kind, s0, s1, s2, t0, t1, t2, t3, _, _, _] = header;
        let size_bytes = u32::from_be_bytes([0, s0, s1, s2]) as usize;
        let inner_ms = u32::from_be_bytes([t3, t0, t1, t2]);
        rest.advance(SUB_HEADER_BYTES);
        if rest.len() < size_bytes {
            return Err(MediaError::Truncated);
        }
        let body = rest.split_to(size_bytes);
        rest.advance(rest.len().min(BACK_POINTER_BYTES));
        let offset_ms = inner_ms.wrapping_sub(*first_ms.get_or_insert(inner_ms));
        track(demuxer, kind.into(), message.timestamp_ms.wrapping_add(offset_ms), body, emit)?;
    }
    Ok(())
}
