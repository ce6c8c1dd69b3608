//! Sessions: answers, states and deadlines.

use std::time::Duration;

use showfloor_origin_ingest::amf0::{Value, object};
use showfloor_origin_ingest::chunk::MessageKind;
use showfloor_origin_ingest::flv::MediaError;
use showfloor_origin_ingest::handshake::HandshakeError;
use showfloor_origin_ingest::limits::{
    AUTHORIZE_TIMEOUT, HANDSHAKE_TIMEOUT, HELD_MAX_BYTES, MESSAGE_STREAMS_MAX, MESSAGES_BEFORE_KEY_MAX,
    OUTPUT_MAX_BYTES, PUBLISH_TIMEOUT, SILENCE_TIMEOUT,
};
use showfloor_origin_ingest::{Authorization, EndReason, Refusal, Wait};
use showfloor_origin_packager::frame::TrackKind;

use crate::support::{
    AAC_CONFIG, AAC_FRAME, AUDIO, COMMAND, DATA, Publisher, Sps, VIDEO, amf, avc_record, command, handshake,
    message, metadata, nal, publish_dialogue, timed_message,
};

fn connect() -> Vec<u8> {
    command(0, &["connect".into(), 1.0.into(), object([("app", "live".into())])])
}

fn create_stream() -> Vec<u8> {
    command(0, &["createStream".into(), 2.0.into(), Value::Null])
}

fn publish(stream_id: u32) -> Vec<u8> {
    command(stream_id, &["publish".into(), 3.0.into(), Value::Null, "key".into(), "live".into()])
}

fn video_config() -> Vec<u8> {
    let body = [b"\x17\0\0\0\0".to_vec(), avc_record(&Sps::SMALL.nal_unit())].concat();
    message(6, VIDEO, 1, &body, 128)
}

fn picture(timestamp: u32) -> Vec<u8> {
    timed_message(6, timestamp, VIDEO, 1, &[b"\x17\x01\0\0\0".to_vec(), nal(&[0x65; 40])].concat(), 128)
}

#[test]
fn connect_is_answered_with_window_bandwidth_chunk_size_and_result() {
    let mut publisher = Publisher::greeted();
    publisher.send(&connect());
    let kinds: Vec<_> = publisher.messages.iter().map(|(kind, _)| *kind).collect();
    // The test's reader has acted on the chunk size.
    assert_eq!(
        kinds,
        [MessageKind::WindowAcknowledgementSize, MessageKind::SetPeerBandwidth, MessageKind::CommandAmf0,]
    );
    assert_eq!(publisher.last_code(), "NetConnection.Connect.Success");
}

#[test]
fn calls_out_of_order_are_answered_with_what_to_do_first() {
    let mut publisher = Publisher::greeted();
    publisher.send(&create_stream());
    assert_eq!(publisher.statuses.last().unwrap().description, "Call connect first.");
    publisher.send(&publish(1));
    assert_eq!(publisher.last_code(), "NetStream.Publish.BadName");
    publisher.send(&connect());
    publisher.send(&publish(1));
    assert_eq!(publisher.last_code(), "NetStream.Publish.BadName", "there is no stream yet");
    publisher.send(&connect());
    assert_eq!(publisher.last_code(), "NetConnection.Call.Failed");
    publisher.send(&create_stream());
    publisher.send(&publish(1));
    assert_eq!(publisher.last_code(), "NetStream.Publish.Start", "nothing of this was fatal");
}

#[test]
fn message_streams_are_created_up_to_their_limit() {
    let mut publisher = Publisher::greeted();
    publisher.send(&connect());
    for _ in 0..MESSAGE_STREAMS_MAX {
        publisher.send(&create_stream());
        assert_eq!(publisher.statuses.last().unwrap().call, "_result");
    }
    publisher.send(&create_stream());
    assert_eq!(publisher.statuses.last().unwrap().call, "_error");
    publisher.send(&publish(MESSAGE_STREAMS_MAX));
    assert_eq!(publisher.last_code(), "NetStream.Publish.Start");
}

#[test]
fn unknown_commands_get_an_error_unless_they_expect_no_answer() {
    let mut publisher = Publisher::greeted();
    publisher.send(&command(0, &["getStreamLength".into(), 9.0.into(), Value::Null, "name".into()]));
    let status = publisher.statuses.last().unwrap();
    assert_eq!((status.call.as_str(), status.code.as_str()), ("_error", "NetConnection.Call.Failed"));
    let answers = publisher.statuses.len();
    publisher.send(&command(0, &["whatever".into(), 0.0.into()]));
    publisher.send(&command(0, &["_result".into(), 4.0.into(), Value::Null]));
    publisher.send(&command(0, &[]));
    publisher.send(&command(0, &[Value::Null, Value::Null]));
    assert_eq!((publisher.statuses.len(), &publisher.ended), (answers, &None));
    publisher.send(&command(0, &["_checkbw".into(), 5.0.into(), Value::Null]));
    assert_eq!(publisher.statuses.last().unwrap().call, "_result");
}

#[test]
fn commands_and_metadata_in_amf3_messages_are_understood() {
    let mut publisher = Publisher::greeted();
    let prefixed = |values: &[Value<'_>]| [vec![0], amf(values)].concat();
    let body = prefixed(&["connect".into(), 1.0.into(), object([("app", "live".into())])]);
    publisher.send(&message(3, 17, 0, &body, 128));
    assert_eq!(publisher.last_code(), "NetConnection.Connect.Success");
    publisher.send(&create_stream());
    publisher.send(&publish(1));
    let body = prefixed(&["onMetaData".into(), object([("width", 640.0.into())])]);
    publisher.send(&message(4, 15, 1, &body, 128));
    assert_eq!(publisher.metadata[0].width_px, Some(640));
}

#[test]
fn metadata_is_bounded_and_other_data_is_ignored() {
    let mut publisher = Publisher::publishing();
    publisher.send(&metadata(&["onTextData".into(), object([("text", "x".into())])]));
    publisher.send(&metadata(&[
        "@setDataFrame".into(),
        "onMetaData".into(),
        Value::EcmaArray(vec![
            ("encoder".into(), Value::String(format!("bad\r\n\u{1b}name{}", "x".repeat(200)).into())),
            ("width".into(), (-5.0).into()),
            ("height".into(), f64::NAN.into()),
            ("framerate".into(), f64::INFINITY.into()),
            ("videodatarate".into(), 1e300.into()),
            ("audiodatarate".into(), "many".into()),
            ("videocodecid".into(), "avc1".into()),
        ]),
    ]));
    assert_eq!(publisher.metadata.len(), 1);
    let metadata = publisher.metadata.pop().unwrap();
    assert_eq!(
        metadata.encoder.map(|name| name.chars().take(8).collect::<String>()).as_deref(),
        Some("badnamex")
    );
    assert_eq!((metadata.width_px, metadata.height_px, metadata.frame_rate_hz), (None, None, None));
    assert_eq!((metadata.video_kbps, metadata.audio_kbps), (None, None));
    assert_eq!((metadata.announces_video, metadata.announces_audio), (Some(true), Some(false)));
}

#[test]
fn pings_are_answered_and_bandwidth_limits_with_our_window() {
    let mut publisher = Publisher::greeted();
    publisher.send(&message(2, 4, 0, &[0, 6, 1, 2, 3, 4], 128));
    assert_eq!(publisher.messages.pop(), Some((MessageKind::UserControl, vec![0, 7, 1, 2, 3, 4])));
    publisher.send(&message(2, 6, 0, &[0, 0, 0, 1, 2], 128));
    assert_eq!(publisher.messages.pop().unwrap().0, MessageKind::WindowAcknowledgementSize);
    for body in [&[][..], &[0, 6], &[0, 3, 0, 0, 0, 1, 0, 0, 1, 44], &[0xFF; 10]] {
        publisher.send(&message(2, 4, 0, body, 128));
    }
    assert_eq!((publisher.messages.len(), publisher.ended), (0, None));
}

#[test]
fn bytes_are_acknowledged_when_the_window_is_full_and_a_window_of_zero_means_never() {
    let acknowledged = |window: u32| {
        let mut publisher = Publisher::publishing();
        publisher.messages.clear();
        publisher.send(&message(2, 5, 0, &window.to_be_bytes(), 128));
        for _ in 0..100 {
            publisher.send(&message(4, AUDIO, 1, &[0xAF; 100], 128));
        }
        let is_acknowledgement = |kind: MessageKind| kind == MessageKind::Acknowledgement;
        publisher.messages.retain(|(kind, _)| is_acknowledgement(*kind));
        publisher.messages
    };
    assert_eq!(acknowledged(0).len(), 0);
    assert_eq!(acknowledged(1).len(), 101, "at most one for each read");
    assert_eq!(acknowledged(u32::MAX).len(), 0);
    let every_kilobyte = acknowledged(1024);
    assert!((10..=11).contains(&every_kilobyte.len()));
    let sequence = u32::from_be_bytes(*every_kilobyte.last().unwrap().1.first_chunk().unwrap());
    assert!((10_000..=12_000).contains(&sequence), "bytes since the handshake: {sequence}");
}

#[test]
fn a_connection_that_does_not_finish_its_handshake_is_closed_after_five_seconds() {
    let mut publisher = Publisher::new();
    publisher.send(&handshake()[..2000]);
    assert_eq!(publisher.session.next_timeout(), Some(HANDSHAKE_TIMEOUT));
    publisher.pass_deadline();
    assert_eq!(publisher.ended, Some(EndReason::TimedOut(Wait::Handshake)));
    assert_eq!(HANDSHAKE_TIMEOUT, Duration::from_secs(5));
}

#[test]
fn a_connection_that_presents_no_key_is_closed_however_busy_it_is() {
    let mut publisher = Publisher::greeted();
    publisher.now = Duration::from_secs(9);
    publisher.send(&connect());
    assert_eq!(publisher.session.next_timeout(), Some(PUBLISH_TIMEOUT));
    publisher.pass_deadline();
    assert_eq!(publisher.ended, Some(EndReason::TimedOut(Wait::Publish)));
}

#[test]
fn a_key_that_cannot_be_checked_in_time_is_refused_with_advice() {
    let mut publisher = Publisher::new();
    publisher.answer = None;
    publisher.now = Duration::from_secs(1);
    publisher.send(&publish_dialogue("key"));
    assert_eq!(publisher.session.next_timeout(), Some(publisher.now + AUTHORIZE_TIMEOUT));
    publisher.pass_deadline();
    assert_eq!(publisher.ended, Some(EndReason::TimedOut(Wait::Authorization)));
    assert_eq!(publisher.last_code(), "NetStream.Publish.BadName");
    assert!(publisher.statuses.last().unwrap().description.contains("Try again"));
    publisher.session.authorize(publisher.now, Authorization::Granted);
    assert!(publisher.session.poll_output().is_none(), "an answer that comes too late changes nothing");
}

#[test]
fn a_publisher_that_falls_silent_is_told_and_closed() {
    let mut publisher = Publisher::publishing();
    publisher.send(&video_config());
    publisher.now = Duration::from_secs(7);
    publisher.send(&picture(0));
    // Neither pings nor media of a stream that is not its own keep it alive.
    publisher.now = Duration::from_secs(12);
    publisher.send(&message(2, 4, 0, &[0, 6, 1, 2, 3, 4], 128));
    publisher.send(&message(4, AUDIO, 2, AAC_CONFIG, 128));
    assert_eq!(publisher.session.next_timeout(), Some(Duration::from_secs(7) + SILENCE_TIMEOUT));
    publisher.pass_deadline();
    assert_eq!(publisher.ended, Some(EndReason::TimedOut(Wait::Media)));
    assert_eq!(publisher.statuses.last().unwrap().description, "no sound or picture came for 10 s");
    assert_eq!(publisher.session.next_timeout(), None);
}

#[test]
fn media_that_arrives_with_the_publish_command_waits_for_the_answer() {
    let mut publisher = Publisher::new();
    publisher.answer = None;
    publisher.send(&[publish_dialogue("key"), video_config(), picture(0)].concat());
    publisher.send(&picture(33));
    assert_eq!(
        (publisher.configs.len(), publisher.requests.len()),
        (0, 1),
        "nothing is read before the answer"
    );
    publisher.session.authorize(publisher.now, Authorization::Granted);
    publisher.drain();
    assert_eq!((publisher.configs.len(), publisher.frames.len()), (1, 2));
}

#[test]
fn what_waits_for_the_answer_is_bounded() {
    let held = |bytes: usize| {
        let mut publisher = Publisher::new();
        publisher.answer = None;
        publisher.send(&publish_dialogue("key"));
        publisher.send(&vec![0; bytes]);
        publisher.ended
    };
    assert_eq!(held(HELD_MAX_BYTES), None);
    assert_eq!(held(HELD_MAX_BYTES + 1), Some(EndReason::TooMuchBeforeKey));
}

#[test]
fn a_refusal_reaches_the_encoder_in_words_and_ends_the_session() {
    let refusals =
        [Refusal::unknown_key(), Refusal::already_publishing(), Refusal::new("The show is over.".into())];
    for refusal in refusals {
        let mut publisher = Publisher::new();
        publisher.answer = Some(Authorization::Refused(refusal.clone()));
        publisher.send(&[publish_dialogue("key"), video_config()].concat());
        let status = publisher.statuses.last().unwrap();
        assert_eq!((status.call.as_str(), status.code.as_str()), ("onStatus", "NetStream.Publish.BadName"));
        assert_eq!(status.description, refusal.description());
        assert_eq!(publisher.ended, Some(EndReason::Refused(refusal)));
        assert_eq!(publisher.configs, []);
        publisher.send(&picture(0));
        assert_eq!(publisher.frames, [], "a session that is over reads nothing");
    }
}

#[test]
fn a_second_publish_on_one_connection_is_refused_and_the_first_goes_on() {
    let mut publisher = Publisher::publishing();
    publisher.send(&publish(1));
    assert_eq!(publisher.last_code(), "NetStream.Publish.BadName");
    publisher.send(&[video_config(), picture(0)].concat());
    assert_eq!((publisher.requests.len(), publisher.frames.len()), (1, 1));
}

#[test]
fn one_track_is_enough_and_the_other_may_come_late() {
    let mut publisher = Publisher::publishing();
    publisher.send(&[video_config(), picture(0), picture(33)].concat());
    assert!(publisher.session.has_track(TrackKind::Video));
    assert!(!publisher.session.has_track(TrackKind::Audio));
    publisher.send(&timed_message(4, 5000, AUDIO, 1, AAC_CONFIG, 128));
    publisher.send(&timed_message(4, 5000, AUDIO, 1, AAC_FRAME, 128));
    assert!(publisher.session.has_track(TrackKind::Audio));
    assert_eq!(publisher.frames.last().unwrap().dts_us, 5_000_000);
}

#[test]
fn tracks_that_start_on_different_sides_of_the_wrap_stay_together() {
    let mut publisher = Publisher::publishing();
    publisher.send(&video_config());
    publisher.send(&timed_message(4, 0, AUDIO, 1, AAC_CONFIG, 128));
    publisher.send(&picture(u32::MAX - 10));
    publisher.send(&timed_message(4, 2, AUDIO, 1, AAC_FRAME, 128));
    publisher.send(&picture(22));
    let times: Vec<_> = publisher.frames.iter().map(|frame| frame.dts_us / 1000).collect();
    assert_eq!(times, [-11, 2, 22]);
}

#[test]
fn an_unsupported_codec_ends_the_session_with_the_setting_to_change() {
    let mut publisher = Publisher::publishing();
    publisher.send(&message(6, VIDEO, 1, b"\x90hvc1\x01", 128));
    let status = publisher.statuses.last().unwrap();
    assert_eq!(status.code, "NetStream.Failed");
    assert!(status.description.contains("HEVC") && status.description.contains("In OBS:"));
    assert!(matches!(publisher.ended, Some(EndReason::Media(MediaError::UnsupportedVideo(_)))));
}

#[test]
fn aggregates_are_taken_apart_at_their_own_time() {
    let sub = |kind: u8, timestamp: u32, body: &[u8]| {
        let [high, time @ ..] = timestamp.to_be_bytes();
        let size = u32::try_from(body.len()).unwrap();
        [&[kind][..], &size.to_be_bytes()[1..], &time, &[high, 0, 0, 0], body, &(size + 11).to_be_bytes()]
            .concat()
    };
    let body = [sub(8, 1000, AAC_CONFIG), sub(8, 1000, AAC_FRAME), sub(8, 1023, AAC_FRAME)].concat();
    let mut publisher = Publisher::publishing();
    publisher.send(&timed_message(4, 7000, 22, 1, &body, 128));
    let times: Vec<_> = publisher.frames.iter().map(|frame| frame.dts_us).collect();
    assert_eq!(times, [7_000_000, 7_023_000]);
    publisher.send(&timed_message(4, 7046, 22, 1, &body[..body.len() - 10], 128));
    assert_eq!(publisher.ended, Some(EndReason::Media(MediaError::Truncated)));
}

#[test]
fn a_lost_connection_is_told_apart_from_a_farewell() {
    let farewell = command(0, &["FCUnpublish".into(), 6.0.into(), Value::Null, "key".into()]);
    let ends = [(vec![], EndReason::ConnectionLost), (farewell, EndReason::Finished)];
    for (bytes, reason) in ends {
        let mut publisher = Publisher::publishing();
        publisher.send(&bytes);
        publisher.session.peer_closed();
        publisher.drain();
        assert_eq!(publisher.ended, Some(reason));
    }
}

#[test]
fn a_stream_is_stopped_by_either_command_for_it_and_no_other() {
    let delete = |id: f64| command(0, &["deleteStream".into(), 7.0.into(), Value::Null, id.into()]);
    let close = |id| message(3, COMMAND, id, &amf(&["closeStream".into(), 0.0.into(), Value::Null]), 128);
    for (other, own) in [(delete(2.0), delete(1.0)), (close(2), close(1))] {
        let mut publisher = Publisher::publishing();
        publisher.send(&other);
        assert_eq!(publisher.ended, None);
        publisher.send(&own);
        assert_eq!(publisher.ended, Some(EndReason::Finished));
    }
}

#[test]
fn the_host_can_close_a_session_with_its_reason() {
    let mut publisher = Publisher::publishing();
    publisher.session.close("The show has ended.".into());
    publisher.drain();
    assert_eq!(publisher.statuses.last().unwrap().description, "The show has ended.");
    assert_eq!(publisher.ended, Some(EndReason::Closed("The show has ended.".into())));
}

#[test]
fn other_protocols_are_named_when_they_are_recognised() {
    let reason = |bytes: &[u8]| {
        let mut publisher = Publisher::new();
        publisher.send(bytes);
        publisher.ended
    };
    assert_eq!(reason(b"\x16\x03\x01"), Some(EndReason::Handshake(HandshakeError::Tls)));
    assert_eq!(reason(b"\x06"), Some(EndReason::Handshake(HandshakeError::Encrypted)));
    assert_eq!(reason(b"GET / HTTP/1.1\r\n"), Some(EndReason::Handshake(HandshakeError::NotRtmp(b'G'))));
}

#[test]
fn messages_before_the_key_are_counted_up_to_their_limit() {
    let mut publisher = Publisher::greeted();
    for _ in 0..MESSAGES_BEFORE_KEY_MAX {
        publisher.send(&message(3, DATA, 0, &amf(&["hello".into()]), 128));
    }
    assert_eq!(publisher.ended, None);
    publisher.send(&message(3, DATA, 0, &amf(&["hello".into()]), 128));
    assert_eq!(publisher.ended, Some(EndReason::TooManyMessagesBeforeKey));
}

#[test]
fn a_peer_that_makes_us_answer_more_than_it_reads_is_cut_off() {
    let ping = |count: usize| message(2, 4, 0, &[0, 6, 1, 2, 3, 4], 128).repeat(count);
    // An answer takes 18 bytes the first time and 7 after that.
    let fits = (OUTPUT_MAX_BYTES - 18) / 7;
    let mut publisher = Publisher::publishing();
    publisher.send(&ping(fits));
    assert_eq!(publisher.ended, None);
    let mut publisher = Publisher::publishing();
    publisher.send(&ping(fits + 20));
    assert_eq!(publisher.ended, Some(EndReason::PeerDoesNotRead));
}

#[test]
fn media_before_publish_ends_the_session() {
    let mut publisher = Publisher::greeted();
    publisher.send(&connect());
    publisher.send(&message(6, VIDEO, 1, b"\x17\x01", 128));
    assert_eq!(publisher.ended, Some(EndReason::MediaBeforePublish));
}
