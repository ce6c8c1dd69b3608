//! The chunk layer: RTMP 1.0 §5.3 and §5.4.

use std::collections::VecDeque;

use bytes::BytesMut;
use proptest::prelude::*;
use showfloor_origin_ingest::chunk::{ChunkError, ChunkReader, ChunkWriter, Message, MessageKind};
use showfloor_origin_ingest::limits::{
    AUDIO_MESSAGE_MAX_BYTES, CHUNK_STREAMS_MAX, COMMAND_MESSAGE_MAX_BYTES, CONTROL_MESSAGE_MAX_BYTES,
    UNFINISHED_MESSAGES_MAX_BYTES, VIDEO_MESSAGE_MAX_BYTES,
};

use crate::support::{AUDIO, COMMAND, Chunk, VIDEO, message, read_all, timed_message};

fn read(bytes: &[u8]) -> Result<Vec<Message>, ChunkError> {
    read_all(bytes, usize::MAX)
}

/// Expects an error, and drops what was read before it.
fn refusal(bytes: &[u8]) -> ChunkError {
    read(bytes).err().expect("the bytes are refused")
}

fn times(bytes: &[u8]) -> Vec<u32> {
    read(bytes).unwrap().iter().map(|message| message.timestamp_ms).collect()
}

fn set_chunk_size(size: u32) -> Vec<u8> {
    message(2, 1, 0, &size.to_be_bytes(), 128)
}

/// §5.3.2.1, example 1: four audio messages of 32 bytes, 20 ms apart, shrink to headers of one byte.
#[test]
fn the_specifications_first_example_reads_as_it_says() {
    let payload = &[0xAA; 32][..];
    let full = Chunk {
        stream: 3,
        timestamp: 1000,
        length: 32,
        kind: AUDIO,
        stream_id: 12345,
        payload,
        ..Chunk::default()
    };
    let delta = Chunk { format: 2, stream: 3, timestamp: 20, payload, ..Chunk::default() };
    let same = Chunk { format: 3, stream: 3, payload, ..Chunk::default() };
    let bytes = [full.bytes(), delta.bytes(), same.bytes(), same.bytes()];
    assert_eq!(bytes.each_ref().map(Vec::len), [44, 36, 33, 33], "the lengths of table 6.3.2.1");

    let messages = read(&bytes.concat()).unwrap();
    let times: Vec<_> = messages.iter().map(|message| message.timestamp_ms).collect();
    assert_eq!(times, [1000, 1020, 1040, 1060]);
    assert!(messages.iter().all(|message| message.stream_id == 12345 && message.payload == payload));
}

/// §5.3.2.2, example 2: a video message of 307 bytes takes three chunks of 140, 129 and 52 bytes.
#[test]
fn the_specifications_second_example_reads_as_it_says() {
    let payload: Vec<u8> = (0..=255).chain(0..51).collect();
    let bytes = timed_message(4, 1000, VIDEO, 12346, &payload, 128);
    assert_eq!(bytes.len(), 140 + 129 + 52);

    let messages = read(&bytes).unwrap();
    assert_eq!(messages.len(), 1);
    assert_eq!((messages[0].timestamp_ms, messages[0].stream_id), (1000, 12346));
    assert_eq!(messages[0].payload, payload);
}

/// §5.3.1.2.4: after a type 0 header the delta of a type 3 chunk is that header's timestamp.
#[test]
fn a_type_3_message_after_type_0_repeats_its_timestamp_as_a_delta() {
    let full = Chunk { stream: 4, timestamp: 23, length: 1, kind: AUDIO, payload: &[1], ..Chunk::default() };
    let same = Chunk { format: 3, stream: 4, payload: &[2], ..Chunk::default() };
    assert_eq!(times(&[full.bytes(), same.bytes(), same.bytes()].concat()), [23, 46, 69]);
}

#[test]
fn silent_sound_in_type_3_chunks_keeps_its_time_between_pictures() {
    let mut bytes = Vec::new();
    let first = Chunk {
        stream: 4,
        timestamp: 0,
        length: 6,
        kind: AUDIO,
        stream_id: 1,
        payload: &[0; 6],
        ..Chunk::default()
    };
    bytes.extend(first.bytes());
    bytes.extend(Chunk { format: 2, stream: 4, timestamp: 23, payload: &[0; 6], ..Chunk::default() }.bytes());
    for picture in 1..=100 {
        bytes.extend(timed_message(6, picture * 33, VIDEO, 1, &[7; 300], 128));
        bytes.extend(Chunk { format: 3, stream: 4, payload: &[0; 6], ..Chunk::default() }.bytes());
    }
    let messages = read(&bytes).unwrap();
    let last = messages.iter().rfind(|message| message.kind == MessageKind::Audio).unwrap();
    assert_eq!(last.timestamp_ms, 101 * 23);
}

#[test]
fn interleaved_messages_are_put_together_each_for_itself() {
    let video: Vec<u8> = (0..=255).cycle().take(300).collect();
    let mut header = Chunk {
        stream: 6,
        timestamp: 40,
        length: 300,
        kind: VIDEO,
        stream_id: 1,
        payload: &video[..128],
        ..Chunk::default()
    };
    let mut bytes = header.bytes();
    bytes.extend(timed_message(4, 41, AUDIO, 1, &[9; 20], 128));
    header = Chunk { format: 3, stream: 6, payload: &video[128..256], ..Chunk::default() };
    bytes.extend(header.bytes());
    bytes.extend(timed_message(400, 42, AUDIO, 1, &[8; 20], 128));
    header.payload = &video[256..];
    bytes.extend(header.bytes());

    let messages = read(&bytes).unwrap();
    let kinds: Vec<_> = messages.iter().map(|message| (message.timestamp_ms, message.kind)).collect();
    assert_eq!(kinds, [(41, MessageKind::Audio), (42, MessageKind::Audio), (40, MessageKind::Video)]);
    assert_eq!(messages[2].payload, video);
}

#[test]
fn chunk_streams_of_one_two_and_three_byte_headers_are_told_apart() {
    for stream in [2, 3, 63, 64, 65, 319, 320, 321, 65_599] {
        let bytes =
            [message(stream, AUDIO, 1, &[1; 200], 128), message(stream, AUDIO, 1, &[2], 128)].concat();
        assert_eq!(read(&bytes).unwrap().len(), 2, "chunk stream {stream}");
    }
}

#[test]
fn a_chunk_size_up_to_the_largest_message_is_taken_and_longer_ones_mean_the_same() {
    for size in [1, 2, 127, 128, 4096, 65_536, 0x00FF_FFFF, 0x0100_0000, 0x7FFF_FFFF] {
        let usable = usize::try_from(size).unwrap();
        let bytes = [set_chunk_size(size), message(6, VIDEO, 1, &[3; 70_000], usable)].concat();
        assert_eq!(read(&bytes).unwrap()[0].payload.len(), 70_000, "chunk size {size}");
    }
}

#[test]
fn a_chunk_size_of_zero_or_with_the_top_bit_is_refused() {
    for size in [0, 0x8000_0000, u32::MAX] {
        assert_eq!(refusal(&set_chunk_size(size)), ChunkError::InvalidChunkSize(size));
    }
}

#[test]
fn an_aborted_message_is_forgotten_and_its_chunk_stream_lives_on() {
    let begun = Chunk {
        stream: 6,
        timestamp: 10,
        length: 300,
        kind: VIDEO,
        stream_id: 1,
        payload: &[1; 128],
        ..Chunk::default()
    };
    let bytes = [
        begun.bytes(),
        message(2, 2, 0, &6_u32.to_be_bytes(), 128),
        message(2, 2, 0, &7_u32.to_be_bytes(), 128), // a chunk stream that never was
        timed_message(6, 20, VIDEO, 1, &[2; 10], 128),
    ]
    .concat();
    let messages = read(&bytes).unwrap();
    assert_eq!(messages.len(), 1);
    assert_eq!((messages[0].timestamp_ms, &messages[0].payload[..]), (20, &[2; 10][..]));
}

#[test]
fn control_messages_that_are_cut_short_are_refused() {
    assert_eq!(
        refusal(&message(2, 1, 0, &[0, 0, 1], 128)),
        ChunkError::ControlTooShort(MessageKind::SetChunkSize)
    );
    assert_eq!(refusal(&message(2, 2, 0, &[], 128)), ChunkError::ControlTooShort(MessageKind::Abort));
}

const LATE_MS: u32 = 0x0100_0000; // 4 h 39 min 37 s

#[test]
fn extended_timestamps_are_read_from_every_header_type() {
    let full = Chunk {
        stream: 4,
        timestamp: 0xFF_FFFF,
        extended: Some(LATE_MS),
        length: 1,
        kind: AUDIO,
        payload: &[1],
        ..Chunk::default()
    };
    let type_1 = Chunk { format: 1, timestamp: 0xFF_FFFF, extended: Some(0xFF_FFFF), ..full.clone() };
    let type_2 = Chunk { format: 2, extended: Some(LATE_MS), ..type_1.clone() };
    let type_3 = Chunk { format: 3, ..type_2.clone() };
    let bytes = [full.bytes(), type_1.bytes(), type_2.bytes(), type_3.bytes()].concat();
    let second = LATE_MS + 0xFF_FFFF;
    assert_eq!(times(&bytes), [LATE_MS, second, second + LATE_MS, second + 2 * LATE_MS]);
}

/// Everything but the first chunk's header, in the three ways encoders write it.
fn late_message(repeat: Option<u32>) -> Vec<u8> {
    let payload: Vec<u8> = (1..=255).cycle().take(500).collect();
    let mut chunk = Chunk {
        stream: 6,
        timestamp: 0xFF_FFFF,
        extended: Some(LATE_MS),
        length: 500,
        kind: VIDEO,
        stream_id: 1,
        payload: &payload[..128],
        ..Chunk::default()
    };
    let mut bytes = chunk.bytes();
    (chunk.format, chunk.extended) = (3, repeat);
    for part in payload[128..].chunks(128) {
        chunk.payload = part;
        bytes.extend(chunk.bytes());
    }
    bytes.extend(timed_message(6, LATE_MS + 40, VIDEO, 1, &[5], 128));
    bytes
}

#[test]
fn continuing_chunks_may_repeat_the_extended_timestamp_or_not() {
    let expected: Vec<u8> = (1..=255).cycle().take(500).collect();
    for repeat in [Some(LATE_MS), None] {
        for piece_bytes in [1, 2, 3, 5, 129, 10_000] {
            let messages = read_all(&late_message(repeat), piece_bytes).unwrap();
            assert_eq!(messages[0].payload, expected, "repeat {repeat:?} in pieces of {piece_bytes}");
            assert_eq!(messages[1].timestamp_ms, LATE_MS + 40);
        }
    }
}

#[test]
fn a_continuing_chunk_may_repeat_the_messages_time_where_the_delta_belongs() {
    let payload = [7; 200];
    let first = timed_message(6, LATE_MS, VIDEO, 1, &[1], 128);
    let delta = Chunk {
        format: 1,
        stream: 6,
        timestamp: 0xFF_FFFF,
        extended: Some(LATE_MS),
        length: 200,
        kind: VIDEO,
        payload: &payload[..128],
        ..Chunk::default()
    };
    let rest = Chunk {
        format: 3,
        stream: 6,
        extended: Some(2 * LATE_MS),
        payload: &payload[128..],
        ..Chunk::default()
    };
    let messages = read(&[first, delta.bytes(), rest.bytes()].concat()).unwrap();
    assert_eq!((messages[1].timestamp_ms, &messages[1].payload[..]), (2 * LATE_MS, &payload[..]));
}

#[test]
fn a_chunk_stream_may_begin_with_type_1_but_not_with_less() {
    let type_1 = Chunk {
        format: 1,
        stream: 5,
        timestamp: 7,
        length: 1,
        kind: AUDIO,
        payload: &[1],
        ..Chunk::default()
    };
    assert_eq!(times(&type_1.bytes()), [7]);
    for format in [2, 3] {
        let chunk = Chunk { format, ..type_1.clone() };
        assert_eq!(refusal(&chunk.bytes()), ChunkError::NoHeaderToContinue { chunk_stream: 5 });
    }
}

#[test]
fn a_message_is_continued_by_a_header_that_agrees_and_broken_by_one_that_does_not() {
    let first = Chunk {
        stream: 6,
        timestamp: 10,
        length: 200,
        kind: VIDEO,
        stream_id: 1,
        payload: &[1; 128],
        ..Chunk::default()
    };
    for format in [0, 1, 2, 3] {
        let second = Chunk { format, payload: &[1; 72], ..first.clone() };
        assert_eq!(times(&[first.bytes(), second.bytes()].concat()), [10], "type {format}");
    }
    let other = Chunk { length: 100, payload: &[], ..first.clone() };
    assert_eq!(
        refusal(&[first.bytes(), other.bytes()].concat()),
        ChunkError::MessageInterrupted { chunk_stream: 6 }
    );
}

#[test]
fn messages_are_taken_up_to_their_kinds_limit_and_refused_one_byte_past_it() {
    let kinds = [
        (VIDEO, VIDEO_MESSAGE_MAX_BYTES),
        (22, VIDEO_MESSAGE_MAX_BYTES),
        (AUDIO, AUDIO_MESSAGE_MAX_BYTES),
        (COMMAND, COMMAND_MESSAGE_MAX_BYTES),
        (18, COMMAND_MESSAGE_MAX_BYTES),
        (99, COMMAND_MESSAGE_MAX_BYTES),
        (4, CONTROL_MESSAGE_MAX_BYTES),
    ];
    for (kind, max_bytes) in kinds {
        let size = set_chunk_size(0x7FFF_FFFF);
        let largest = [size.clone(), message(6, kind, 1, &vec![0; max_bytes], usize::MAX)].concat();
        assert_eq!(read_all(&largest, 16 * 1024).unwrap()[0].payload.len(), max_bytes);

        let declared = u32::try_from(max_bytes + 1).unwrap();
        let header = Chunk { stream: 6, length: declared, kind, ..Chunk::default() };
        let error =
            ChunkError::MessageTooLarge { kind: kind.into(), declared_bytes: max_bytes + 1, max_bytes };
        assert_eq!(refusal(&header.bytes()), error);
    }
}

#[test]
fn chunk_streams_are_opened_up_to_their_limit_and_refused_one_past_it() {
    let open = |stream| message(stream, AUDIO, 1, &[1], 128);
    let last = 3 + u32::try_from(CHUNK_STREAMS_MAX).unwrap();
    let all: Vec<u8> = (3..last).flat_map(open).collect();
    assert_eq!(read(&all).unwrap().len(), CHUNK_STREAMS_MAX);
    assert_eq!(refusal(&[all, open(last)].concat()), ChunkError::TooManyChunkStreams);
}

#[test]
fn unfinished_messages_are_held_up_to_their_limit_and_refused_one_byte_past_it() {
    let begun =
        |stream, payload| Chunk { stream, length: 1000, kind: VIDEO, payload, ..Chunk::default() }.bytes();
    let held = [set_chunk_size(400), begun(4, &[0; 400]), begun(5, &[0; 400])].concat();
    let read_with_limit = |last_bytes: usize| {
        let mut reader = ChunkReader::new();
        reader.set_unfinished_max_bytes(1000);
        let bytes = [held.clone(), message(6, VIDEO, 1, &vec![0; last_bytes], 400)].concat();
        reader.read(&mut &bytes[..]).map(|message| message.map(|message| message.payload.len()))
    };
    assert_eq!(read_with_limit(200), Ok(Some(200)));
    assert_eq!(read_with_limit(201), Err(ChunkError::UnfinishedTooLarge { max_bytes: 1000 }));
    assert_eq!(UNFINISHED_MESSAGES_MAX_BYTES, 9 * 1024 * 1024);
}

#[test]
fn memory_follows_what_arrived_and_not_what_was_declared() {
    let header =
        Chunk { stream: 6, length: 8 * 1024 * 1024, kind: VIDEO, payload: &[1; 10], ..Chunk::default() };
    let bytes = [set_chunk_size(0x7FFF_FFFF), header.bytes()].concat();
    let mut reader = ChunkReader::new();
    assert!(reader.read(&mut &bytes[..]).unwrap().is_none());
    assert!(reader.buffered_bytes() < 1024, "{} bytes", reader.buffered_bytes());
    for received in 1..=64 {
        assert!(reader.read(&mut &[2; 16 * 1024][..]).unwrap().is_none());
        assert!(reader.buffered_bytes() <= 2 * (received * 16 * 1024) + 1024);
    }
}

/// What a test sends: chunk stream, kind, stream, time since the message before on it, payload.
#[derive(Clone, Debug)]
struct Sent {
    stream: u32,
    kind: u8,
    stream_id: u32,
    step_ms: u32,
    payload: Vec<u8>,
}

fn sent() -> impl Strategy<Value = Sent> {
    let stream = prop_oneof![3_u32..8, 60..70_u32, 310..330_u32, Just(65_599)];
    let step = prop_oneof![Just(0_u32), Just(23), 0..50_u32, 0x00FF_FF00..0x0100_0100_u32, any::<u32>()];
    let len = prop_oneof![Just(0_usize), Just(9), 0..20_usize, 100..700_usize];
    (stream, prop_oneof![Just(AUDIO), Just(VIDEO), Just(18)], 0..3_u32, step, len, any::<u8>()).prop_map(
        |(stream, kind, stream_id, step_ms, len, fill)| Sent {
            stream,
            kind,
            stream_id,
            step_ms,
            payload: (0..len).map(|at| fill.wrapping_add(u8::try_from(at % 251).unwrap())).collect(),
        },
    )
}

/// Times on each chunk stream begin near the wrap.
fn with_times(sent: &[Sent]) -> Vec<(u32, &Sent)> {
    let mut clocks = std::collections::HashMap::new();
    sent.iter()
        .map(|message| {
            let clock = clocks.entry(message.stream).or_insert(u32::MAX - 60);
            *clock = clock.wrapping_add(message.step_ms);
            (*clock, message)
        })
        .collect()
}

fn agrees(read: &[Message], sent: &[(u32, &Sent)]) -> bool {
    read.len() == sent.len()
        && read.iter().zip(sent).all(|(read, (time_ms, sent))| {
            read.timestamp_ms == *time_ms
                && u8::from(read.kind) == sent.kind
                && read.stream_id == sent.stream_id
                && read.payload == sent.payload
        })
}

proptest! {
    #[test]
    fn what_the_writer_writes_the_reader_reads_wherever_reads_end(
        sent in prop::collection::vec(sent(), 1..40),
        sizes in prop::collection::vec((0..40_usize, 1..5000_usize), 0..4),
        piece_bytes in 1..400_usize,
    ) {
        let timed = with_times(&sent);
        let mut writer = ChunkWriter::new();
        let mut out = BytesMut::new();
        for (index, (time_ms, message)) in timed.iter().enumerate() {
            for (_, size) in sizes.iter().filter(|(at, _)| *at == index) {
                writer.set_chunk_size(*size, &mut out);
            }
            let (head, tail) = message.payload.split_at(message.payload.len() / 3);
            writer.write(message.stream, message.kind.into(), message.stream_id, *time_ms, &[head, tail], &mut out);
        }
        prop_assert!(agrees(&read_all(&out, piece_bytes).unwrap(), &timed));
    }

    /// Chunks of several messages in any order, as long as each message's own are in order.
    #[test]
    fn any_interleaving_gives_the_same_messages(
        sent in prop::collection::vec(sent(), 1..12),
        order in prop::collection::vec(any::<prop::sample::Index>(), 200),
        piece_bytes in 1..400_usize,
        chunk_size in 1..200_u32,
        repeats_extended in any::<bool>(),
    ) {
        // One message for each chunk stream, so that their chunks may cross.
        let sent: Vec<Sent> = sent.into_iter().enumerate().map(|(index, message)| Sent {
            stream: 3 + u32::try_from(index).unwrap(),
            ..message
        }).collect();
        let mut queues: Vec<(VecDeque<Vec<u8>>, u32, &Sent)> =
            sent.iter().map(|sent| (chunks(sent, chunk_size, repeats_extended), sent.step_ms, sent)).collect();
        let mut bytes = set_chunk_size(chunk_size);
        let mut finished = Vec::new();
        let mut picks = order.iter().cycle();
        while !queues.is_empty() {
            let at = picks.next().unwrap().index(queues.len());
            bytes.extend(queues[at].0.pop_front().unwrap());
            if queues[at].0.is_empty() {
                let (_, time_ms, message) = queues.remove(at);
                finished.push((time_ms, message));
            }
        }
        prop_assert!(agrees(&read_all(&bytes, piece_bytes).unwrap(), &finished));
    }
}

fn chunks(sent: &Sent, chunk_size: u32, repeats_extended: bool) -> VecDeque<Vec<u8>> {
    let extended = (sent.step_ms >= 0xFF_FFFF).then_some(sent.step_ms);
    let mut chunk = Chunk {
        stream: sent.stream,
        timestamp: sent.step_ms.min(0xFF_FFFF),
        extended,
        length: u32::try_from(sent.payload.len()).unwrap(),
        kind: sent.kind,
        stream_id: sent.stream_id,
        ..Chunk::default()
    };
    let mut parts = sent.payload.chunks(usize::try_from(chunk_size).unwrap());
    chunk.payload = parts.next().unwrap_or_default();
    let mut all = VecDeque::from([chunk.bytes()]);
    for part in parts {
        chunk.format = 3;
        chunk.extended = extended.filter(|_| repeats_extended);
        chunk.payload = part;
        all.push_back(chunk.bytes());
    }
    all
}
