//! The publishing end against the listening end.

use std::time::Duration;

use bytes::Bytes;
use showfloor_origin_ingest::flv::{Tag, TagKind};
use showfloor_origin_ingest::{
    Authorization, ClientConfig, ClientEnd, ClientOutput, ClientSession, EndReason, NotPublishing, Refusal,
    StreamKey,
};
use showfloor_origin_packager::frame::MediaEvent;

use crate::support::{AAC_CONFIG, AAC_FRAME, FFMPEG_RECORDING, Publisher, amf};

/// A client and a server, and no network between them.
struct Pair {
    client: ClientSession,
    server: Publisher,
    publishing: bool,
    ended: Option<ClientEnd>,
    heard: usize,
}

impl Pair {
    fn new(answer: Authorization) -> Self {
        let config = ClientConfig {
            app: "live".into(),
            tc_url: "rtmp://127.0.0.1/live".into(),
            stream_key: StreamKey::new("key".into()).unwrap(),
        };
        let mut server = Publisher::new();
        server.answer = Some(answer);
        server.keep_sent = true;
        let client = ClientSession::new(Duration::ZERO, 5, config);
        let mut pair = Self { client, server, publishing: false, ended: None, heard: 0 };
        pair.talk();
        pair
    }

    fn talk(&mut self) {
        loop {
            let mut silent = true;
            while let Some(output) = self.client.poll_output() {
                silent = false;
                match output {
                    ClientOutput::Send(bytes) => self.server.send(&bytes),
                    ClientOutput::Publishing => self.publishing = true,
                    ClientOutput::Ended(end) => self.ended = Some(end),
                }
            }
            let fresh = self.server.sent[self.heard..].to_vec();
            self.heard += fresh.len();
            self.client.input(&fresh);
            if silent && fresh.is_empty() {
                return;
            }
        }
    }
}

#[test]
fn what_a_client_publishes_arrives_as_it_was() {
    // Any frames will do: those of the recording.
    let mut source = Publisher::new();
    source.send(FFMPEG_RECORDING);

    let mut pair = Pair::new(Authorization::Granted);
    assert!(pair.publishing);
    for config in &source.configs {
        pair.client.publish_event(&MediaEvent::Config(config.clone()), 0).unwrap();
    }
    for frame in &source.frames {
        pair.client.publish_event(&MediaEvent::Frame(frame.clone()), 0).unwrap();
    }
    pair.talk();
    assert_eq!(pair.server.configs, source.configs);
    assert_eq!(pair.server.frames, source.frames);

    pair.client.finish();
    pair.talk();
    assert_eq!((pair.server.ended, pair.ended), (Some(EndReason::Finished), Some(ClientEnd::Finished)));
}

#[test]
fn tags_of_a_file_are_published_at_the_time_given() {
    let mut pair = Pair::new(Authorization::Granted);
    let tag = |kind, body: &'static [u8]| Tag { kind, timestamp_ms: 0, body: Bytes::from_static(body) };
    let metadata =
        amf(&["onMetaData".into(), showfloor_origin_ingest::amf0::object([("width", 640.0.into())])]);
    let script = Tag { kind: TagKind::Script, timestamp_ms: 0, body: metadata.into() };
    pair.client.publish_tag(&script, 0).unwrap();
    pair.client.publish_tag(&tag(TagKind::Audio, AAC_CONFIG), 0).unwrap();
    // A loop runs past the file's end, and past what 32 bits hold.
    for timestamp_ms in [0, 23, 0x00FF_FFFF, 0x0100_0016, 0x7FFF_FFFF, 0xFFFF_FFF0, 7] {
        pair.client.publish_tag(&tag(TagKind::Audio, AAC_FRAME), timestamp_ms).unwrap();
    }
    pair.talk();
    assert_eq!(pair.server.metadata[0].width_px, Some(640));
    let times: Vec<_> = pair.server.frames.iter().map(|frame| frame.dts_us / 1000).collect();
    assert_eq!(times, [0, 23, 0x00FF_FFFF, 0x0100_0016, 0x7FFF_FFFF, 0xFFFF_FFF0, 0x1_0000_0007]);
}

#[test]
fn a_client_that_is_refused_knows_why() {
    let pair = Pair::new(Authorization::Refused(Refusal::already_publishing()));
    let expected = ClientEnd::Refused {
        code: "NetStream.Publish.BadName".into(),
        description: Refusal::already_publishing().description().into(),
    };
    assert_eq!((pair.publishing, pair.ended), (false, Some(expected)));
}

#[test]
fn a_client_does_not_send_media_before_it_may() {
    let config = ClientConfig {
        app: "live".into(),
        tc_url: "rtmp://127.0.0.1/live".into(),
        stream_key: StreamKey::new("key".into()).unwrap(),
    };
    let mut client = ClientSession::new(Duration::ZERO, 5, config);
    let tag = Tag { kind: TagKind::Audio, timestamp_ms: 0, body: Bytes::from_static(AAC_FRAME) };
    assert_eq!(client.publish_tag(&tag, 0), Err(NotPublishing));
    client.handle_timeout(Duration::from_secs(10));
    while let Some(output) = client.poll_output() {
        if let ClientOutput::Ended(end) = output {
            assert_eq!(end, ClientEnd::TimedOut);
            return;
        }
    }
    panic!("a client that hears nothing gives up");
}

#[test]
fn a_client_hears_when_the_host_closes() {
    let mut pair = Pair::new(Authorization::Granted);
    pair.server.session.close("The show has ended.".into());
    pair.server.drain();
    pair.talk();
    assert!(
        matches!(pair.ended, Some(ClientEnd::Refused { description, .. }) if description == "The show has ended.")
    );
}
