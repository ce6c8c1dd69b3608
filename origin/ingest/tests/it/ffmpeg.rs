//! The real thing: `ffmpeg` publishes over a socket.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use showfloor_origin_ingest::{Authorization, EndReason, Metadata, Output, Refusal, ServerSession};
use showfloor_origin_packager::frame::{CodecConfig, Frame, MediaEvent, TrackKind};

const KEY: &str = "sk_live_8f3a?x=1";

#[derive(Default)]
struct Received {
    app: String,
    stream_key: String,
    configs: Vec<CodecConfig>,
    frames: Vec<Frame>,
    metadata: Option<Metadata>,
    ended: Option<EndReason>,
}

impl Received {
    fn frames_of(&self, track: TrackKind) -> Vec<&Frame> {
        self.frames.iter().filter(|frame| frame.track == track).collect()
    }
}

/// Publishes 90 pictures at 30 a second and as much sound, as fast as it goes.
fn spawn_ffmpeg(port: u16, output: &[&str]) -> Child {
    Command::new("ffmpeg")
        .args(["-hide_banner", "-loglevel", "error", "-nostdin"])
        .args([
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=320x180:rate=30",
            "-f",
            "lavfi",
            "-i",
            "anullsrc=r=44100:cl=stereo",
        ])
        .args(["-frames:v", "90", "-threads", "1", "-g", "30"])
        .args(output)
        .args(["-f", "flv", &format!("rtmp://127.0.0.1:{port}/live/{KEY}")])
        .stderr(Stdio::piped())
        .spawn()
        .expect("ffmpeg is installed")
}

const H264_AAC: [&str; 8] = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-c:a", "aac"];

/// A host in the simplest form: one blocking socket.
fn serve(mut socket: TcpStream, authorization: &Authorization) -> Received {
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let started = Instant::now();
    let mut session = ServerSession::new(started.elapsed(), 7);
    let mut received = Received::default();
    let mut buffer = vec![0; 16 * 1024];
    loop {
        while let Some(output) = session.poll_output() {
            match output {
                // An encoder that has left does not hear our last words.
                Output::Send(bytes) => drop(socket.write_all(&bytes)),
                Output::Authorize(request) => {
                    request.app.expose().clone_into(&mut received.app);
                    request.stream_key.expose().clone_into(&mut received.stream_key);
                    session.authorize(started.elapsed(), authorization.clone());
                }
                Output::Media(MediaEvent::Config(config)) => received.configs.push(config),
                Output::Media(MediaEvent::Frame(frame)) => received.frames.push(frame),
                Output::Metadata(metadata) => received.metadata = Some(metadata),
                Output::Ended(reason) => {
                    received.ended = Some(reason);
                    return received;
                }
            }
        }
        match socket.read(&mut buffer) {
            Ok(count @ 1..) => session.input(started.elapsed(), &buffer[..count]),
            Ok(0) => session.peer_closed(),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => session.peer_closed(),
            Err(error) => panic!("ffmpeg neither sends nor leaves: {error}"),
        }
    }
}

fn publish(output: &[&str], authorization: &Authorization) -> (Received, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut ffmpeg = spawn_ffmpeg(listener.local_addr().unwrap().port(), output);
    let (socket, _) = listener.accept().unwrap();
    let received = serve(socket, authorization);
    let mut errors = String::new();
    ffmpeg.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    ffmpeg.wait().unwrap();
    (received, errors)
}

#[test]
fn ffmpeg_publishes_and_every_frame_arrives_in_order() {
    let (received, errors) = publish(&H264_AAC, &Authorization::Granted);

    assert_eq!(errors, "", "ffmpeg is content");
    assert_eq!((received.app.as_str(), received.stream_key.as_str()), ("live", KEY));
    assert_eq!(received.ended, Some(EndReason::Finished));

    assert!(matches!(
        received.configs[..],
        [
            CodecConfig::Avc { width_px: 320, height_px: 180, .. },
            CodecConfig::Aac { sample_rate_hz: 44_100, channels: 2, .. },
        ]
    ));
    let pictures = received.frames_of(TrackKind::Video);
    assert_eq!(pictures.len(), 90);
    assert_eq!(pictures.iter().filter(|frame| frame.key).count(), 3);
    assert!(pictures.is_sorted_by(|a, b| a.dts_us < b.dts_us));
    assert!(pictures.iter().any(|frame| frame.composition_offset_us > 0), "there are B-frames");
    let span_us = pictures[89].dts_us - pictures[0].dts_us;
    assert!((2_960_000..=2_974_000).contains(&span_us), "89 frames of 33.3 ms: {span_us}");

    // Silence makes sound frames of one size: their deltas are in type 3 chunks.
    let sounds = received.frames_of(TrackKind::Audio);
    assert!(sounds.len() >= 100, "{} sound frames", sounds.len());
    let steps_us = sounds.windows(2).map(|pair| pair[1].dts_us - pair[0].dts_us);
    assert!(steps_us.clone().all(|step_us| (23_000..=24_000).contains(&step_us)), "none is missing");
    let frames = i64::try_from(sounds.len()).unwrap() - 1;
    let expected_us = frames * 1024 * 1_000_000 / 44_100;
    let span_us = sounds.last().unwrap().dts_us - sounds[0].dts_us;
    assert!((span_us - expected_us).abs() <= 2_000, "{span_us} is not {expected_us}");

    let metadata = received.metadata.expect("ffmpeg describes its stream");
    assert_eq!((metadata.width_px, metadata.height_px), (Some(320), Some(180)));
    assert_eq!((metadata.announces_video, metadata.announces_audio), (Some(true), Some(true)));
}

/// 16,777.215 s is where 24 bits of milliseconds end: every header and every continuing chunk grows.
#[test]
fn ffmpeg_runs_on_past_four_hours_and_forty_minutes() {
    let output = [&H264_AAC[..], &["-output_ts_offset", "16776"]].concat();
    let (received, errors) = publish(&output, &Authorization::Granted);

    assert_eq!((errors.as_str(), received.ended.as_ref()), ("", Some(&EndReason::Finished)));
    let pictures = received.frames_of(TrackKind::Video);
    assert_eq!(pictures.len(), 90);
    let steps_us = pictures.windows(2).map(|pair| pair[1].dts_us - pair[0].dts_us);
    assert!(steps_us.clone().all(|step_us| (33_000..=34_000).contains(&step_us)));
    assert!(pictures[0].dts_us < 16_777_000_000 && pictures[89].dts_us > 16_778_000_000);
}

#[test]
fn ffmpeg_shows_why_a_second_publisher_is_refused() {
    let refusal = Refusal::already_publishing();
    let (received, errors) = publish(&H264_AAC, &Authorization::Refused(refusal.clone()));

    assert_eq!(received.ended, Some(EndReason::Refused(refusal)));
    assert!(errors.contains("Somebody is already publishing with this stream key"), "{errors}");
}

#[test]
fn ffmpeg_with_the_wrong_codec_is_told_which_one_to_set() {
    let codecs = ["-c:v", "flv1", "-c:a", "aac"];
    let (received, _) = publish(&codecs, &Authorization::Granted);

    let reason = received.ended.unwrap().to_string();
    assert!(reason.contains("Sorenson H.263") && reason.contains("set Video Encoder to one that says H.264"));
}
