//! AMF0: values, and the budget that strangers have for them.

use proptest::prelude::*;
use showfloor_origin_ingest::amf0::{AmfError, Decoder, Value};
use showfloor_origin_ingest::limits::{AMF_DEPTH_MAX, AMF_NODES_MAX, AMF_TEXT_MAX_BYTES};

use crate::support::amf;

fn decode(bytes: &[u8]) -> Result<Vec<Value<'_>>, AmfError> {
    let mut decoder = Decoder::new(bytes);
    let mut values = Vec::new();
    while let Some(value) = decoder.read()? {
        values.push(value);
    }
    Ok(values)
}

#[test]
fn every_type_that_encoders_send_is_read() {
    let bytes = b"\x00\x40\x0C\0\0\0\0\0\0\x01\x01\x02\0\x02hi\x03\0\x01a\x05\0\0\x09\x06\
        \x08\0\0\0\x63\0\x01b\x01\0\0\0\x09\x0A\0\0\0\x02\x05\x06\x0B\x42\x76\xF5\xE6\x6E\x80\x00\x00\0\0\
        \x0C\0\0\0\x03abc\x0D\x0F\0\0\0\x03<a>\x10\0\x01C\0\x01d\x05\0\0\x09";
    let values = decode(bytes).unwrap();
    assert_eq!(
        values,
        [
            Value::Number(3.5),
            Value::Boolean(true),
            "hi".into(),
            Value::Object(vec![("a".into(), Value::Null)]),
            Value::Undefined,
            Value::EcmaArray(vec![("b".into(), Value::Boolean(false))]),
            Value::StrictArray(vec![Value::Null, Value::Undefined]),
            Value::Date(1_577_836_800_000.0),
            "abc".into(),
            Value::Undefined,
            "<a>".into(),
            Value::Object(vec![("d".into(), Value::Null)]),
        ]
    );
}

#[test]
fn text_that_is_not_utf_8_is_replaced_and_not_refused() {
    assert_eq!(decode(b"\x02\0\x03a\xFFb").unwrap(), ["a\u{FFFD}b".into()]);
}

#[test]
fn types_that_rtmp_does_not_use_are_refused_by_number() {
    for marker in [0x04, 0x07, 0x09, 0x0E, 0x11, 0x12, 0xFF] {
        assert_eq!(decode(&[marker, 0, 0, 0, 0]), Err(AmfError::UnsupportedType(marker)));
    }
}

#[test]
fn a_value_that_is_cut_anywhere_is_refused() {
    let whole = amf(&[Value::EcmaArray(vec![
        ("number".into(), 1.0.into()),
        ("list".into(), Value::StrictArray(vec!["text".into(), Value::Date(1.0)])),
    ])]);
    assert!(decode(&whole).is_ok());
    for len in 1..whole.len() {
        assert_eq!(decode(&whole[..len]), Err(AmfError::Truncated), "{len} bytes");
    }
}

/// A number inside containers, each the only content of the one before.
fn nested(marker: u8, depth: usize) -> Vec<u8> {
    let (open, close): (&[u8], &[u8]) = match marker {
        0x03 => (b"\x03\0\x01a", b"\0\0\x09"),
        0x08 => (b"\x08\0\0\0\x01\0\x01a", b"\0\0\x09"),
        0x10 => (b"\x10\0\x01C\0\x01a", b"\0\0\x09"),
        _ => (b"\x0A\0\0\0\x01", b""),
    };
    [open.repeat(depth), vec![0x05], close.repeat(depth)].concat()
}

#[test]
fn containers_may_be_nested_sixteen_deep_and_not_seventeen() {
    for marker in [0x03, 0x08, 0x0A, 0x10] {
        assert!(decode(&nested(marker, AMF_DEPTH_MAX)).is_ok(), "type {marker:#x}");
        assert_eq!(decode(&nested(marker, AMF_DEPTH_MAX + 1)), Err(AmfError::TooDeep));
        assert_eq!(decode(&nested(marker, 70_000)), Err(AmfError::TooDeep));
    }
}

#[test]
fn values_are_counted_up_to_their_limit_over_the_whole_message() {
    let list = |count: usize| {
        let mut bytes = b"\x0A\xFF\xFF\xFF\xFF"[..1].to_vec();
        bytes.extend(u32::try_from(count).unwrap().to_be_bytes());
        bytes.extend(vec![0x05; count]);
        bytes
    };
    assert!(decode(&list(AMF_NODES_MAX - 1)).is_ok(), "the list itself counts too");
    assert_eq!(decode(&list(AMF_NODES_MAX)), Err(AmfError::TooManyValues));
    assert_eq!(decode(&vec![0x05; AMF_NODES_MAX + 1]), Err(AmfError::TooManyValues));
}

#[test]
fn a_count_that_is_declared_and_does_not_come_takes_no_memory() {
    assert_eq!(decode(b"\x0A\xFF\xFF\xFF\xFF"), Err(AmfError::Truncated));
    assert_eq!(decode(b"\x0C\xFF\xFF\xFF\xFFabc"), Err(AmfError::Truncated));
}

#[test]
fn text_is_counted_up_to_its_limit_as_it_will_be_held() {
    let text = |byte: u8, len: usize| {
        let mut bytes = vec![0x0C];
        bytes.extend(u32::try_from(len).unwrap().to_be_bytes());
        bytes.extend(vec![byte; len]);
        bytes
    };
    assert!(decode(&text(b'a', AMF_TEXT_MAX_BYTES)).is_ok());
    assert_eq!(decode(&text(b'a', AMF_TEXT_MAX_BYTES + 1)), Err(AmfError::TooMuchText));
    // Each of these becomes three bytes.
    assert!(decode(&text(0xFF, AMF_TEXT_MAX_BYTES / 3)).is_ok());
    assert_eq!(decode(&text(0xFF, AMF_TEXT_MAX_BYTES / 3 + 1)), Err(AmfError::TooMuchText));
}

fn value() -> impl Strategy<Value = Value<'static>> {
    let name = || "[a-zé]{1,8}".prop_map(std::borrow::Cow::Owned);
    let leaf = prop_oneof![
        any::<f64>().prop_filter("equal to itself", |n| !n.is_nan()).prop_map(Value::Number),
        any::<bool>().prop_map(Value::Boolean),
        ".{0,40}".prop_map(|text| Value::String(text.into())),
        (-1e15_f64..1e15).prop_map(Value::Date),
        Just(Value::Null),
        Just(Value::Undefined),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        let properties = || prop::collection::vec((name(), inner.clone()), 0..6);
        prop_oneof![
            properties().prop_map(Value::Object),
            properties().prop_map(Value::EcmaArray),
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::StrictArray),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_encoded_decodes_to_the_same(values in prop::collection::vec(value(), 0..5)) {
        let bytes = amf(&values);
        prop_assert_eq!(decode(&bytes).unwrap(), values);
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode(&bytes);
    }
}
