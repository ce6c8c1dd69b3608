//! What real encoders say, byte for byte.

use bytes::Bytes;
use showfloor_origin_ingest::amf0::{Value, object};
use showfloor_origin_ingest::chunk::MessageKind;
use showfloor_origin_ingest::{EndReason, Metadata};
use showfloor_origin_packager::frame::{CodecConfig, TrackKind};

use crate::support::{
    AAC_CONFIG, AAC_FRAME, AUDIO, COMMAND, Chunk, DATA, FFMPEG_RECORDING, LIBRTMP_RECORDING, Publisher, Sps,
    VIDEO, amf, avc_record, message, nal,
};

/// Plays a recording to a session in pieces of different sizes; gives what came of it, which is always the same.
fn replay(recording: &[u8]) -> Publisher {
    let mut reference: Option<Publisher> = None;
    for piece_bytes in [1, 17, 128, 1460, 16 * 1024, usize::MAX] {
        let mut publisher = Publisher::new();
        for piece in recording.chunks(piece_bytes) {
            publisher.send(piece);
        }
        assert_eq!(publisher.requests, [("live".to_owned(), "sk_live_recorded".to_owned())]);
        assert_eq!(publisher.ended, Some(EndReason::Finished), "in pieces of {piece_bytes}");
        if let Some(reference) = &reference {
            assert_eq!(reference.configs, publisher.configs);
            assert_eq!(reference.frames, publisher.frames);
        }
        reference = Some(publisher);
    }
    reference.unwrap()
}

/// Both recordings are of 20 pictures of 64x64, 30 a second, and of silence.
fn expect_the_recorded_programme(publisher: &Publisher) {
    assert!(matches!(
        publisher.configs[..],
        [
            CodecConfig::Avc { width_px: 64, height_px: 64, .. },
            CodecConfig::Aac { sample_rate_hz: 44_100, channels: 2, .. },
        ]
    ));
    let (pictures, sounds): (Vec<_>, Vec<_>) =
        publisher.frames.iter().partition(|frame| frame.track == TrackKind::Video);
    assert_eq!(pictures.len(), 20);
    assert_eq!(pictures.iter().filter(|frame| frame.key).count(), 2);
    assert!(pictures.windows(2).all(|pair| (33_000..=34_000).contains(&(pair[1].dts_us - pair[0].dts_us))));
    assert!(sounds.len() >= 20);
    assert!(sounds.windows(2).all(|pair| (23_000..=24_000).contains(&(pair[1].dts_us - pair[0].dts_us))));
    let metadata = &publisher.metadata[0];
    assert_eq!(metadata.encoder.as_deref(), Some("Lavf59.27.100"));
    assert_eq!(
        (metadata.width_px, metadata.height_px, metadata.frame_rate_hz),
        (Some(64), Some(64), Some(30.0))
    );
}

#[test]
fn the_recording_of_ffmpeg_gives_every_frame_wherever_reads_end() {
    expect_the_recorded_programme(&replay(FFMPEG_RECORDING));
}

#[test]
fn the_recording_of_librtmp_gives_every_frame_wherever_reads_end() {
    expect_the_recorded_programme(&replay(LIBRTMP_RECORDING));
}

/// librtmp, as OBS has it: everything after `connect` on chunk stream 3 with short headers, `publish` and all
/// media on chunk stream 4, chunks of 4096 bytes announced first.
struct Obs {
    publisher: Publisher,
    last: Option<(u8, usize, u32)>,
}

const CHUNK_SIZE: usize = 4096;

impl Obs {
    fn connect() -> Self {
        // C1 has its time, then zeros, then random bytes.
        let mut hello = vec![3, 0, 0x12, 0x34, 0x56, 0, 0, 0, 0];
        hello.extend((0..1528).map(|at| u8::try_from(at % 253).unwrap()));
        let c2: Vec<u8> = (0..1536).map(|at| u8::try_from(at % 249).unwrap()).collect();
        let mut obs = Self { publisher: Publisher::new(), last: None };
        obs.publisher.send(&hello);
        obs.publisher.send(&c2);
        obs.publisher.send(b"\x02\0\0\0\0\0\x04\x01\0\0\0\0\0\0\x10\0");
        let url = "rtmp://127.0.0.1:1935/live";
        let connect = amf(&[
            "connect".into(),
            1.0.into(),
            object([
                ("app", "live".into()),
                ("type", "nonprivate".into()),
                ("flashVer", "FMLE/3.0 (compatible; FMSc/1.0)".into()),
                ("swfUrl", url.into()),
                ("tcUrl", url.into()),
                ("fourCcList", Value::StrictArray(vec!["av01".into(), "hvc1".into()])),
                ("capsEx", 0.0.into()),
            ]),
        ]);
        obs.publisher.send(&message(3, COMMAND, 0, &connect, CHUNK_SIZE));
        obs
    }

    fn call(&mut self, values: &[Value<'_>]) {
        let body = amf(values);
        let length = u32::try_from(body.len()).unwrap();
        let chunk = Chunk { format: 1, stream: 3, length, kind: COMMAND, payload: &body, ..Chunk::default() };
        self.publisher.send(&chunk.bytes());
    }

    fn publish(&mut self, stream_key: &str) {
        // After the result: a window size of its own, then the rest.
        self.publisher.send(b"\x42\0\0\0\0\0\x04\x05\0\x26\x25\xA0");
        self.call(&["releaseStream".into(), 2.0.into(), Value::Null, stream_key.into()]);
        self.call(&["FCPublish".into(), 3.0.into(), Value::Null, stream_key.into()]);
        self.call(&["createStream".into(), 4.0.into(), Value::Null]);
        let publish = amf(&["publish".into(), 5.0.into(), Value::Null, stream_key.into(), "live".into()]);
        self.publisher.send(&message(4, COMMAND, 1, &publish, CHUNK_SIZE));
        self.last = Some((COMMAND, publish.len(), 0));
    }

    fn metadata(&mut self) {
        let body = amf(&[
            "@setDataFrame".into(),
            "onMetaData".into(),
            Value::EcmaArray(vec![
                ("duration".into(), 0.0.into()),
                ("fileSize".into(), 0.0.into()),
                ("width".into(), 1920.0.into()),
                ("height".into(), 1080.0.into()),
                ("videocodecid".into(), 7.0.into()),
                ("videodatarate".into(), 2500.0.into()),
                ("framerate".into(), 60.0.into()),
                ("audiocodecid".into(), 10.0.into()),
                ("audiodatarate".into(), 160.0.into()),
                ("audiosamplerate".into(), 48000.0.into()),
                ("audiosamplesize".into(), 16.0.into()),
                ("audiochannels".into(), 2.0.into()),
                ("stereo".into(), true.into()),
                ("2.1".into(), false.into()),
                ("encoder".into(), "obs-output module (libobs version 31.0.0)".into()),
            ]),
        ]);
        self.publisher.send(&message(4, DATA, 1, &body, CHUNK_SIZE));
        self.last = Some((DATA, body.len(), 0));
    }

    /// `RTMP_SendPacket`: a medium header shrinks while size, type and then the time are those before. A type
    /// 3 header means "the same time" here, and only follows a delta of zero.
    fn media(&mut self, kind: u8, timestamp: u32, body: &[u8]) {
        let (last_kind, last_len, last_timestamp) = self.last.unwrap();
        let delta = timestamp - last_timestamp;
        let format = match (timestamp, last_kind == kind && last_len == body.len()) {
            (0, _) => 0,
            (_, false) => 1,
            (_, true) => 2,
        };
        let mut chunk = Chunk {
            format,
            stream: 4,
            timestamp: if format == 0 { timestamp } else { delta },
            length: u32::try_from(body.len()).unwrap(),
            kind,
            stream_id: 1,
            ..Chunk::default()
        };
        for part in body.chunks(CHUNK_SIZE) {
            chunk.payload = part;
            self.publisher.send(&chunk.bytes());
            chunk.format = 3;
        }
        self.last = Some((kind, body.len(), timestamp));
    }

    fn leave(&mut self) {
        self.call(&["FCUnpublish".into(), 6.0.into(), Value::Null, "key".into()]);
        self.call(&["deleteStream".into(), 7.0.into(), Value::Null, 1.0.into()]);
    }
}

#[test]
fn obs_publishes_and_leaves_in_good_order() {
    let mut obs = Obs::connect();
    let connected = obs.publisher.statuses.last().unwrap();
    assert_eq!(
        (connected.call.as_str(), connected.code.as_str()),
        ("_result", "NetConnection.Connect.Success")
    );
    obs.publish("sk_live_obs");
    assert_eq!(obs.publisher.requests, [("live".to_owned(), "sk_live_obs".to_owned())]);
    let calls: Vec<_> = obs.publisher.statuses.iter().map(|status| status.call.as_str()).collect();
    assert_eq!(calls, ["_result", "_result", "_result", "_result", "onStatus"], "every call has its answer");
    assert_eq!(obs.publisher.last_code(), "NetStream.Publish.Start");

    obs.metadata();
    obs.media(AUDIO, 0, AAC_CONFIG);
    let config = [b"\x17\0\0\0\0".to_vec(), avc_record(&Sps::SMALL.nal_unit())].concat();
    obs.media(VIDEO, 0, &config);
    let picture = [b"\x27\x01\0\0\0".to_vec(), nal(&vec![0x41; 9000])].concat();
    for index in 0..300 {
        // Pictures of one size and sounds of one size, on one chunk stream.
        obs.media(VIDEO, index * 100 / 6, &picture);
        obs.media(AUDIO, index * 100 / 6 + 5, AAC_FRAME);
    }
    obs.leave();

    assert_eq!(obs.publisher.ended, Some(EndReason::Finished));
    assert_eq!(obs.publisher.last_code(), "NetStream.Unpublish.Success");
    assert_eq!(obs.publisher.frames.len(), 600);
    for (index, pair) in obs.publisher.frames.chunks(2).enumerate() {
        let at_us = i64::try_from(index * 100 / 6).unwrap() * 1000;
        assert_eq!((pair[0].track, pair[0].dts_us), (TrackKind::Video, at_us));
        assert_eq!((pair[1].track, pair[1].dts_us), (TrackKind::Audio, at_us + 5000));
        assert_eq!(pair[0].payload, Bytes::copy_from_slice(&picture[5..]));
    }
    assert_eq!(
        obs.publisher.metadata,
        [Metadata {
            encoder: Some("obs-output module (libobs version 31.0.0)".into()),
            width_px: Some(1920),
            height_px: Some(1080),
            frame_rate_hz: Some(60.0),
            video_kbps: Some(2500),
            audio_kbps: Some(160),
            announces_video: Some(true),
            announces_audio: Some(true),
        }]
    );
}

#[test]
fn encoders_that_offer_four_cc_codecs_hear_which_ones_we_take() {
    let obs = Obs::connect();
    let (_, body) =
        obs.publisher.messages.iter().find(|(kind, _)| *kind == MessageKind::CommandAmf0).unwrap();
    let text = String::from_utf8_lossy(body);
    assert!(text.contains("fourCcList") && text.contains("avc1") && text.contains("mp4a"));
}

#[test]
fn the_handshake_answers_with_an_echo_and_takes_any_c2() {
    use showfloor_origin_ingest::{Output, ServerSession};
    let mut session = ServerSession::new(std::time::Duration::ZERO, 42);
    // ffmpeg and Flash put a version and a digest into C1.
    let mut hello = vec![3, 0, 0, 0, 0, 9, 0, 124, 2];
    hello.extend((0..1528).map(|at| u8::try_from(at % 241).unwrap()));
    let now = std::time::Duration::ZERO;
    session.input(now, &hello[..700]);
    assert!(session.poll_output().is_none(), "S0 waits for all of C1");
    session.input(now, &hello[700..]);
    let Some(Output::Send(answer)) = session.poll_output() else { panic!("there is an answer") };
    assert_eq!(answer.len(), 1 + 2 * 1536);
    assert_eq!(answer[0], 3);
    assert_eq!(answer[5..9], [0; 4], "version zero: no digest to be checked");
    assert_eq!(answer[1537..], hello[1..], "S2 is C1");
    assert_ne!(answer[9..137], answer[137..265], "S1 is not all one pattern");
}
