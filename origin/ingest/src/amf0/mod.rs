//! AMF0, the notation of RTMP commands and metadata (Adobe, "Action Message Format: AMF 0", 2007).

mod decode;
mod encode;

use std::borrow::Cow;

pub use decode::Decoder;
pub use encode::encode;

use crate::limits::{AMF_DEPTH_MAX, AMF_NODES_MAX, AMF_TEXT_MAX_BYTES};

/// A value. Text borrows from the message where it can.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// A 64-bit float: the only number there is.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// Text, short or long. Bytes that are not UTF-8 have become U+FFFD.
    String(Cow<'a, str>),
    /// Named properties in the order sent; typed objects too, without their class name.
    Object(Vec<Property<'a>>),
    /// The same, as encoders send metadata.
    EcmaArray(Vec<Property<'a>>),
    /// Values in order.
    StrictArray(Vec<Value<'a>>),
    /// Milliseconds since 1970; the time zone that follows on the wire is reserved and dropped.
    Date(f64),
    /// Nothing.
    Null,
    /// Less than nothing; also what the sender says it cannot express.
    Undefined,
}

/// A name and its value.
pub type Property<'a> = (Cow<'a, str>, Value<'a>);

impl Value<'_> {
    /// The value as text, if it is text.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value as a number, if it is one.
    #[must_use]
    pub const fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The first property of that name, if this has properties.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(properties) | Self::EcmaArray(properties) => {
                properties.iter().find(|(key, _)| key == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::String(Cow::Borrowed(text))
    }
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Value<'_> {
    fn from(boolean: bool) -> Self {
        Self::Boolean(boolean)
    }
}

/// An object from names and values.
#[must_use]
pub fn object<'a, const N: usize>(properties: [(&'a str, Value<'a>); N]) -> Value<'a> {
    Value::Object(properties.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect())
}

/// Bytes that are no AMF0, or more of it than anyone needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmfError {
    /// The message ends inside a value.
    #[error("the AMF message ends inside a value")]
    Truncated,
    /// Containers inside containers, too many times.
    #[error("AMF values are nested deeper than {AMF_DEPTH_MAX}")]
    TooDeep,
    /// Too many values.
    #[error("an AMF message has more than {AMF_NODES_MAX} values")]
    TooManyValues,
    /// Too much text.
    #[error("an AMF message has more than {AMF_TEXT_MAX_BYTES} bytes of text")]
    TooMuchText,
    /// A type that is not used in RTMP: references, movie clips, record sets, AMF3.
    #[error("AMF type {0:#04x} is not supported")]
    UnsupportedType(u8),
}
