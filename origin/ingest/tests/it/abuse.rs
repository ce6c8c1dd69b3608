//! What strangers may try: the abuse cases M1 to M5 of `docs/security.md`, as far as a session decides them.

use std::time::Duration;

use showfloor_origin_ingest::amf0::{AmfError, Value, object};
use showfloor_origin_ingest::chunk::{ChunkError, MessageKind};
use showfloor_origin_ingest::limits::{
    AMF_DEPTH_MAX, BEFORE_KEY_MAX_BYTES, NAME_MAX_BYTES, VIDEO_MESSAGE_MAX_BYTES,
};
use showfloor_origin_ingest::{AppName, Authorization, EndReason, NameError, Refusal, StreamKey};

use crate::support::{
    AAC_CONFIG, AAC_FRAME, AUDIO, COMMAND, Chunk, DATA, Publisher, VIDEO, amf, command, message,
    publish_dialogue,
};

const HOSTILE_NAMES: [&str; 6] =
    ["../../tmp/x", "..%2f..%2ftmp%2fx", "%2e%2e", "a\0b", "/etc/passwd", "\u{202e}\n\r\u{1b}[2J"];

/// M1: the session hands names out as they are, for looking up; nothing in it is made from them.
#[test]
fn names_with_dots_escapes_and_nul_are_handed_out_opaque_and_unchanged() {
    for name in HOSTILE_NAMES {
        let mut publisher = Publisher::new();
        publisher.answer = Some(Authorization::Refused(Refusal::unknown_key()));
        publisher.send(&publish_dialogue(name));
        assert_eq!(publisher.requests, [("live".to_owned(), name.to_owned())]);
        assert_eq!(publisher.last_code(), "NetStream.Publish.BadName");
    }
}

/// M1: a name of 256 bytes is looked up, one of 257 refused, one of 64 KB never even held.
#[test]
fn long_names_are_refused_with_an_answer() {
    let longest = "k".repeat(NAME_MAX_BYTES);
    let mut publisher = Publisher::new();
    publisher.send(&publish_dialogue(&longest));
    assert_eq!(publisher.requests.len(), 1);

    for unusable in [String::new(), "k".repeat(NAME_MAX_BYTES + 1), "k".repeat(20_000)] {
        let mut publisher = Publisher::new();
        publisher.send(&publish_dialogue(&unusable));
        assert_eq!(publisher.last_code(), "NetStream.Publish.BadName");
        assert_eq!(publisher.ended, Some(EndReason::UnusableStreamKey));
        assert!(publisher.requests.is_empty());
    }

    let mut publisher = Publisher::new();
    publisher.send(&publish_dialogue(&"k".repeat(64_000)));
    assert_eq!(publisher.ended, Some(EndReason::Amf(AmfError::TooMuchText)));
    let mut publisher = Publisher::new();
    publisher.send(&publish_dialogue(&"k".repeat(65_536)));
    assert!(matches!(publisher.ended, Some(EndReason::Chunk(ChunkError::MessageTooLarge { .. }))));

    let connect = |app: &str| {
        let app = object([("app", app.into())]);
        let mut publisher = Publisher::greeted();
        publisher.send(&command(0, &["connect".into(), 1.0.into(), app]));
        publisher
    };
    assert_eq!(connect(&longest).ended, None);
    let refused = connect(&"a".repeat(NAME_MAX_BYTES + 1));
    assert_eq!(refused.ended, Some(EndReason::AppNameTooLong));
    assert_eq!(refused.last_code(), "NetConnection.Connect.Rejected");
}

/// M2: nothing that a session says or reports contains the key, however the connection goes.
#[test]
fn the_stream_key_is_in_no_answer_and_no_reason() {
    const MARK: &str = "sk_live_MARKED_6b1f";
    let codec = message(6, VIDEO, 1, b"\x90hvc1\x01", 128);
    let delete = command(0, &["deleteStream".into(), 7.0.into(), Value::Null, 1.0.into()]);
    let again = command(1, &["publish".into(), 8.0.into(), Value::Null, MARK.into()]);
    let unknown = command(1, &[MARK.into(), 9.0.into(), MARK.into()]);
    let announce = command(0, &["FCPublish".into(), 9.0.into(), Value::Null, MARK.into()]);
    let garbage = vec![0xFF; 64];
    let refused = Authorization::Refused(Refusal::already_publishing());
    let endings = [
        (Authorization::Granted, codec),
        (Authorization::Granted, [again, unknown, announce, delete].concat()),
        (Authorization::Granted, garbage),
        (refused, vec![]),
    ];
    for (answer, bytes) in endings {
        let mut publisher = Publisher::new();
        publisher.answer = Some(answer);
        publisher.send(&publish_dialogue(MARK));
        publisher.send(&bytes);
        publisher.session.peer_closed();
        publisher.drain();
        let reason = publisher.ended.unwrap();
        assert!(!format!("{reason} {reason:?} {}", reason.label()).contains("MARKED"));
        assert!(publisher.messages.iter().all(|(_, body)| !String::from_utf8_lossy(body).contains("MARKED")));
    }
}

#[test]
fn keys_and_names_have_bounds() {
    assert!(StreamKey::new("k".repeat(NAME_MAX_BYTES)).is_ok());
    assert_eq!(StreamKey::new("k".repeat(NAME_MAX_BYTES + 1)).err(), Some(NameError::TooLong));
    assert_eq!(StreamKey::new(String::new()).err(), Some(NameError::Empty));
    assert!(AppName::new(String::new()).is_ok(), "an address may have no application");
    assert_eq!(AppName::new("a".repeat(NAME_MAX_BYTES + 1)).err(), Some(NameError::TooLong));
}

fn set_chunk_size(size: u32) -> Vec<u8> {
    message(2, 1, 0, &size.to_be_bytes(), 128)
}

fn begun(kind: u8, length: u32) -> Vec<u8> {
    Chunk { stream: 6, length, kind, stream_id: 1, payload: &[1; 10], ..Chunk::default() }.bytes()
}

/// M3: whatever lengths are declared, before the key and after it, ten bytes cost about ten bytes.
#[test]
fn five_hundred_declared_giants_hold_little_and_a_good_publisher_loses_nothing() {
    let mut good = Publisher::publishing();
    good.send(&message(4, AUDIO, 1, AAC_CONFIG, 128));
    let largest = u32::try_from(VIDEO_MESSAGE_MAX_BYTES).unwrap();
    let mut bad = Vec::new();
    for index in 0..500 {
        let mut publisher = if index % 2 == 0 { Publisher::greeted() } else { Publisher::publishing() };
        let size = [0, 1, 0x7FFF_FFFF, 0x8000_0000, 65_536][index % 5];
        let length = [16 * 1024 * 1024 - 1, largest][index / 5 % 2];
        publisher.send(&set_chunk_size(size));
        publisher.send(&begun(VIDEO, length));
        publisher.send(&[1; 10]);
        bad.push(publisher);
        good.send(&message(4, AUDIO, 1, AAC_FRAME, 128));
    }
    for publisher in &bad {
        let held = publisher.session.buffered_bytes();
        assert!(held < 8 * 1024, "{held} bytes are held");
    }
    assert!(bad.iter().any(|publisher| publisher.ended.is_none()), "some are still waiting for more");
    assert!(size_of_val(&bad[0].session) < 1024);
    assert_eq!((good.frames.len(), good.ended), (500, None));
}

#[test]
fn sixteen_megabytes_are_refused_as_soon_as_they_are_declared() {
    let mut publisher = Publisher::publishing();
    publisher.send(&begun(VIDEO, 16 * 1024 * 1024 - 1));
    let expected = ChunkError::MessageTooLarge {
        kind: MessageKind::Video,
        declared_bytes: 16 * 1024 * 1024 - 1,
        max_bytes: VIDEO_MESSAGE_MAX_BYTES,
    };
    assert_eq!(publisher.ended, Some(EndReason::Chunk(expected)));
}

/// M3: 64 KiB in all before the key, however it is spread over chunk streams.
#[test]
fn strangers_hold_no_more_than_64_kib_however_they_try() {
    let mut publisher = Publisher::greeted();
    publisher.send(&set_chunk_size(4000));
    let mut most = 0;
    for stream in 3..67 {
        // One chunk of a message that never ends, on each chunk stream.
        let chunk = Chunk { stream, length: 60_000, kind: COMMAND, payload: &[0; 4000], ..Chunk::default() };
        publisher.send(&chunk.bytes());
        most = most.max(publisher.session.buffered_bytes());
    }
    assert_eq!(publisher.ended, Some(EndReason::TooMuchBeforeKey));
    assert!(most <= BEFORE_KEY_MAX_BYTES, "{most} bytes were held");
}

/// M4: containers 16 deep are read, 17 and 70,000 refused, in commands and in metadata.
#[test]
fn deeply_nested_amf_ends_only_its_own_session() {
    let nested = |depth: usize| {
        let mut value = Value::Null;
        for _ in 0..depth {
            value = object([("a", value)]);
        }
        value
    };
    let in_command = |value| command(0, &["hello".into(), 0.0.into(), value]);
    let in_metadata = |value| message(4, DATA, 1, &amf(&["onMetaData".into(), value]), 128);
    for bytes in [in_command(nested(AMF_DEPTH_MAX)), in_metadata(nested(AMF_DEPTH_MAX))] {
        let mut publisher = Publisher::publishing();
        publisher.send(&bytes);
        assert_eq!(publisher.ended, None);
    }
    for bytes in [in_command(nested(AMF_DEPTH_MAX + 1)), in_metadata(nested(AMF_DEPTH_MAX + 1))] {
        let mut publisher = Publisher::publishing();
        publisher.send(&bytes);
        assert_eq!(publisher.ended, Some(EndReason::Amf(AmfError::TooDeep)));
    }

    let mut arrays = amf(&["hello".into(), 0.0.into()]);
    arrays.extend(b"\x0A\0\0\0\x01".repeat(13_000));
    let mut publisher = Publisher::publishing();
    publisher.send(&message(3, COMMAND, 0, &arrays, 128));
    assert_eq!(publisher.ended, Some(EndReason::Amf(AmfError::TooDeep)));
}

/// M5: a connection that sends nothing, or one byte at a time, is gone after five seconds and held nothing.
#[test]
fn connections_that_open_and_wait_are_cheap_and_soon_gone() {
    let mut slow = Publisher::new();
    for second in 0..5 {
        slow.now = Duration::from_secs(second);
        slow.send(if second == 0 { &[3] } else { &[0] });
        slow.session.handle_timeout(slow.now);
        slow.drain();
        assert_eq!(slow.ended, None);
        assert!(slow.session.buffered_bytes() < 4096);
    }
    slow.pass_deadline();
    assert!(slow.ended.is_some());
    assert_eq!(slow.now, Duration::from_secs(5));
}
