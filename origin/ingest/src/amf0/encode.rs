use bytes::{BufMut, BytesMut};

use super::{Property, Value};

/// Appends a value to `out`.
///
/// Property names longer than a name can be (65,535 bytes) are cut at a character's border.
pub fn encode(value: &Value<'_>, out: &mut BytesMut) {
    match value {
        Value::Number(number) => {
            out.put_u8(0x00);
            out.put_f64(*number);
        }
        Value::Boolean(boolean) => out.put_slice(&[0x01, u8::from(*boolean)]),
        Value::String(text) => match u16::try_from(text.len()) {
            Ok(_) => {
                out.put_u8(0x02);
                put_name(text, out);
            }
            Err(_) => {
                out.put_u8(0x0C);
                out.put_u32(u32::try_from(text.len()).expect("no text here comes near 4 GiB"));
                out.put_slice(text.as_bytes());
            }
        },
        Value::Object(properties) => {
            out.put_u8(0x03);
            put_properties(properties, out);
        }
        Value::EcmaArray(properties) => {
            out.put_u8(0x08);
            put_count(properties.len(), out);
            put_properties(properties, out);
        }
        Value::StrictArray(elements) => {
            out.put_u8(0x0A);
            put_count(elements.len(), out);
            for element in elements {
                encode(element, out);
            }
        }
        Value::Date(time_ms) => {
            out.put_u8(0x0B);
            out.put_f64(*time_ms);
            out.put_i16(0);
        }
        Value::Null => out.put_u8(0x05),
        Value::Undefined => out.put_u8(0x06),
    }
}

fn put_properties(properties: &[Property<'_>], out: &mut BytesMut) {
    for (name, value) in properties {
        put_name(name, out);
        encode(value, out);
    }
    out.put_slice(&[0, 0, 0x09]);
}

fn put_name(name: &str, out: &mut BytesMut) {
    let name = &name[..name.floor_char_boundary(usize::from(u16::MAX))];
    out.put_u16(u16::try_from(name.len()).expect("cut to 16 bits"));
    out.put_slice(name.as_bytes());
}

fn put_count(count: usize, out: &mut BytesMut) {
    out.put_u32(u32::try_from(count).expect("no array here comes near 2^32 values"));
}
