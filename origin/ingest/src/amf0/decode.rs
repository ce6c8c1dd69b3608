use std::borrow::Cow;

use super::{AmfError, Property, Value};
use crate::limits::{AMF_DEPTH_MAX, AMF_NODES_MAX, AMF_TEXT_MAX_BYTES};

/// Reads one message's values, one after another, within one budget of depth, values and text.
///
/// The budget is charged before anything is allocated, and counts that arrays declare are not believed.
///
/// ```
/// use showfloor_origin_ingest::amf0::{Decoder, Value};
///
/// let mut values = Decoder::new(&[0x02, 0, 2, b'h', b'i', 0x05]);
/// assert_eq!(values.read()?, Some(Value::from("hi")));
/// assert_eq!(values.read()?, Some(Value::Null));
/// assert_eq!(values.read()?, None);
/// # Ok::<(), showfloor_origin_ingest::amf0::AmfError>(())
/// ```
pub struct Decoder<'a> {
    input: &'a [u8],
    values_left: usize,
    text_bytes_left: usize,
}

impl<'a> Decoder<'a> {
    /// A decoder of a message's body.
    #[must_use]
    pub const fn new(input: &'a [u8]) -> Self {
        Self { input, values_left: AMF_NODES_MAX, text_bytes_left: AMF_TEXT_MAX_BYTES }
    }

    /// The next value, or `None` at the end of the message.
    pub fn read(&mut self) -> Result<Option<Value<'a>>, AmfError> {
        if self.input.is_empty() { Ok(None) } else { self.value(0).map(Some) }
    }

    /// Reads a value inside `depth` containers. It calls itself at most [`AMF_DEPTH_MAX`] times.
    fn value(&mut self, depth: usize) -> Result<Value<'a>, AmfError> {
        self.values_left = self.values_left.checked_sub(1).ok_or(AmfError::TooManyValues)?;
        let [marker] = self.array()?;
        Ok(match marker {
            0x00 => Value::Number(f64::from_be_bytes(self.array()?)),
            0x01 => Value::Boolean(self.array::<1>()? != [0]),
            0x02 => Value::String(self.short_text()?),
            0x03 => Value::Object(self.properties(depth)?),
            0x05 => Value::Null,
            0x06 | 0x0D => Value::Undefined,
            0x08 => {
                let _declared_count: [u8; 4] = self.array()?;
                Value::EcmaArray(self.properties(depth)?)
            }
            0x0A => Value::StrictArray(self.elements(depth)?),
            0x0B => {
                let time_ms = f64::from_be_bytes(self.array()?);
                let _time_zone: [u8; 2] = self.array()?;
                Value::Date(time_ms)
            }
            0x0C | 0x0F => Value::String(self.long_text()?),
            0x10 => {
                let _class = self.short_text()?;
                Value::Object(self.properties(depth)?)
            }
            other => return Err(AmfError::UnsupportedType(other)),
        })
    }

    /// Properties up to the end marker, which is an empty name and 0x09.
    fn properties(&mut self, depth: usize) -> Result<Vec<Property<'a>>, AmfError> {
        let depth = deeper(depth)?;
        let mut properties = Vec::new();
        loop {
            if let Some(rest) = self.input.strip_prefix(&[0, 0, 0x09]) {
                self.input = rest;
                return Ok(properties);
            }
            let name = self.short_text()?;
            let value = self.value(depth)?;
            properties.push((name, value));
        }
    }

    fn elements(&mut self, depth: usize) -> Result<Vec<Value<'a>>, AmfError> {
        let depth = deeper(depth)?;
        let declared_count = u32::from_be_bytes(self.array()?);
        let mut elements = Vec::new();
        for _ in 0..declared_count {
            elements.push(self.value(depth)?);
        }
        Ok(elements)
    }

    fn short_text(&mut self) -> Result<Cow<'a, str>, AmfError> {
        let len = u16::from_be_bytes(self.array()?);
        self.text(usize::from(len))
    }

    fn long_text(&mut self) -> Result<Cow<'a, str>, AmfError> {
        let len = u32::from_be_bytes(self.array()?);
        self.text(len as usize)
    }

    fn text(&mut self, len: usize) -> Result<Cow<'a, str>, AmfError> {
        let (bytes, rest) = self.input.split_at_checked(len).ok_or(AmfError::Truncated)?;
        self.input = rest;
        // A byte that is not UTF-8 becomes three: count what will be there, not what came.
        let invalid_bytes: usize = bytes.utf8_chunks().map(|chunk| chunk.invalid().len()).sum();
        self.text_bytes_left =
            self.text_bytes_left.checked_sub(len + 2 * invalid_bytes).ok_or(AmfError::TooMuchText)?;
        Ok(String::from_utf8_lossy(bytes))
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], AmfError> {
        let (array, rest) = self.input.split_first_chunk().ok_or(AmfError::Truncated)?;
        self.input = rest;
        Ok(*array)
    }
}

const fn deeper(depth: usize) -> Result<usize, AmfError> {
    if depth < AMF_DEPTH_MAX { Ok(depth + 1) } else { Err(AmfError::TooDeep) }
}
