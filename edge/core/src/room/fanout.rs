//! One broadcast in its forms, each encoded when it is first needed, and once.

use crate::protocol::{Frame, FrameBuilder, Offset, ServerMessage, encode};

use super::conn::Level;
use super::ring::{Class, Entry};

/// What is told with one broadcast.
pub(super) struct Batch<'a> {
    pub(super) entries: Vec<&'a Entry>,
    /// Reactions and presence, encoded.
    pub(super) extras: Vec<bytes::Bytes>,
}

impl Batch<'_> {
    /// The frame for clients at this level; none if there is nothing in it for them.
    pub(super) fn frame(&self, level: Level) -> Option<Frame> {
        let mut frame = FrameBuilder::default();
        match level {
            Level::Everything => {
                self.entries.iter().for_each(|entry| frame.push(&entry.encoded));
                self.extras.iter().for_each(|extra| frame.push(extra));
            }
            Level::WithoutReactions => self.entries.iter().for_each(|entry| frame.push(&entry.encoded)),
            Level::WithoutChat => self.without_chat(&mut frame),
        }
        frame.finish()
    }

    /// Control, and where chat was left out.
    fn without_chat(&self, frame: &mut FrameBuilder) {
        let mut skipped: Option<(Offset, Offset)> = None;
        let tell = |frame: &mut FrameBuilder, skipped: &mut Option<(Offset, Offset)>| {
            if let Some((from, to)) = skipped.take() {
                frame.push(&encode(&ServerMessage::Skipped { from, to }));
            }
        };
        for entry in &self.entries {
            match entry.class {
                Class::Chat => {
                    skipped = Some((skipped.map_or(entry.offset, |(from, _)| from), entry.offset));
                }
                Class::Control => {
                    tell(frame, &mut skipped);
                    frame.push(&entry.encoded);
                }
            }
        }
        tell(frame, &mut skipped);
    }
}
