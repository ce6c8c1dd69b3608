//! FLV tag bodies, H.264 and AAC configurations, FLV files.

use bytes::Bytes;
use proptest::prelude::*;
use showfloor_origin_ingest::flv::{
    Codec, Demuxer, FlvFileError, MediaError, Tag, TagKind, Tags, parse_aac_config, parse_avc_record,
    parse_sps,
};
use showfloor_origin_ingest::limits::{
    AAC_CONFIG_MAX_BYTES, AVC_RECORD_MAX_BYTES, COMPOSITION_OFFSET_MAX_MS, PICTURE_SIDE_MAX_PX,
};
use showfloor_origin_packager::frame::{CodecConfig, Frame, MediaEvent, TrackKind};

use crate::support::{AAC_CONFIG, AAC_FRAME, Sps, avc_record, nal};

fn size(sps: &Sps) -> Result<(u32, u32), MediaError> {
    parse_sps(&sps.nal_unit()).map(|size| (size.width_px, size.height_px))
}

/// As x264 writes it for 64x64, with emulation prevention bytes in its VUI.
const REAL_SPS: &[u8] = b"\x67\x4d\x40\x0a\xec\xa2\x13\x60\x22\0\0\x03\0\x02\0\0\x03\0\x78\x1e\x24\x4b\x2c";

#[test]
fn picture_sizes_are_read_from_parameter_sets() {
    let real = parse_sps(REAL_SPS).unwrap();
    assert_eq!((real.width_px, real.height_px), (64, 64));

    assert_eq!(size(&Sps::SMALL), Ok((640, 360)));
    let full_hd = Sps { profile: 100, width_mbs: 120, height_map_units: 68, ..Sps::SMALL };
    assert_eq!(size(&full_hd), Ok((1920, 1080)));
    let lists = Sps { scaling_lists: true, order_count_type: 0, ..full_hd };
    assert_eq!(size(&lists), Ok((1920, 1080)));
    let interlaced = Sps { interlaced: true, height_map_units: 34, crop: Some([0, 0, 0, 2]), ..full_hd };
    assert_eq!(size(&interlaced), Ok((1920, 1080)));
    let counted = Sps { order_count_type: 1, ..Sps::SMALL };
    assert_eq!(size(&counted), Ok((640, 360)));
    let full_colour =
        Sps { profile: 244, chroma_format: 3, scaling_lists: true, crop: Some([1, 2, 3, 4]), ..Sps::SMALL };
    assert_eq!(size(&full_colour), Ok((637, 361)));
}

#[test]
fn absurd_picture_sizes_are_refused_with_their_figures() {
    let largest = PICTURE_SIDE_MAX_PX / 16;
    let sized =
        |width_mbs, height_map_units| size(&Sps { width_mbs, height_map_units, crop: None, ..Sps::SMALL });
    assert_eq!(sized(largest, largest), Ok((PICTURE_SIDE_MAX_PX, PICTURE_SIDE_MAX_PX)));
    let one_past = MediaError::UnreasonablePictureSize { width_px: 8208, height_px: 8192 };
    assert_eq!(sized(largest + 1, largest), Err(one_past));
    assert!(matches!(sized(u32::MAX - 1, u32::MAX - 1), Err(MediaError::UnreasonablePictureSize { .. })));

    let cropped_away = Sps { crop: Some([400, 400, 0, 0]), ..Sps::SMALL };
    let nothing_left = MediaError::UnreasonablePictureSize { width_px: 0, height_px: 368 };
    assert_eq!(size(&cropped_away), Err(nothing_left));
}

#[test]
fn a_configuration_record_that_is_cut_anywhere_is_refused() {
    let record = avc_record(&Sps::SMALL.nal_unit());
    assert!(parse_avc_record(&record).is_ok());
    for len in 0..record.len() {
        assert!(parse_avc_record(&record[..len]).is_err(), "{len} bytes");
    }
}

#[test]
fn a_configuration_record_is_taken_up_to_its_limit() {
    let mut record = avc_record(&Sps::SMALL.nal_unit());
    record.resize(AVC_RECORD_MAX_BYTES, 0);
    assert!(parse_avc_record(&record).is_ok(), "what follows the sets belongs to higher profiles");
    record.push(0);
    assert_eq!(parse_avc_record(&record), Err(MediaError::MalformedAvcConfig("it is too long")));
}

#[test]
fn a_configuration_record_that_cannot_be_used_says_why() {
    let good = avc_record(&Sps::SMALL.nal_unit());
    let reason = |at: usize, byte: u8| {
        let mut record = good.clone();
        record[at] = byte;
        parse_avc_record(&record).unwrap_err().to_string()
    };
    assert!(reason(0, 2).ends_with("its version is not 1"));
    assert!(reason(4, 0xFC).ends_with("its NAL unit lengths do not have 4 bytes"));
    assert!(reason(8, 0x68).ends_with("the first parameter set is no SPS"));
    assert!(reason(good.len() - 7, 0).ends_with("it lacks parameter sets"));
}

#[test]
fn aac_configurations_are_read_or_refused_by_what_they_are() {
    let parse = |config: &[u8]| parse_aac_config(config).map(|aac| (aac.sample_rate_hz, aac.channels));
    assert_eq!(parse(&[0x12, 0x10]), Ok((44_100, 2)));
    assert_eq!(parse(&[0x11, 0x90, 0x56, 0xE5, 0]), Ok((48_000, 2)));
    assert_eq!(parse(&[0x11, 0xB8]), Ok((48_000, 8)));
    assert_eq!(parse(&[0x2B, 0x92, 0x08, 0]), Ok((22_050, 2)), "HE-AAC at 44.1 kHz, by its core");
    assert_eq!(parse(&[0x17, 0x80, 0x5D, 0xC0, 0x10]), Ok((48_000, 2)), "the rate spelt out");
    assert_eq!(parse(&[0x0A, 0x10]), Err(MediaError::UnsupportedAacType(1)));
    assert_eq!(parse(&[0xF8, 0x10]), Err(MediaError::UnsupportedAacType(255)));
    assert_eq!(parse(&[0x12, 0x00]), Err(MediaError::UnsupportedAacLayout), "channels told elsewhere");
    assert_eq!(parse(&[0x16, 0x90]), Err(MediaError::UnsupportedAacLayout), "a reserved rate");
    assert_eq!(parse(&[0x17, 0x80, 0, 0, 0x10]), Err(MediaError::UnsupportedAacLayout), "no rate");
    assert_eq!(parse(&[0x12]), Err(MediaError::MalformedAacConfig));

    let mut longest = vec![0; AAC_CONFIG_MAX_BYTES];
    longest[..2].copy_from_slice(&[0x12, 0x10]);
    assert!(parse(&longest).is_ok());
    longest.push(0);
    assert_eq!(parse(&longest), Err(MediaError::MalformedAacConfig));
}

fn video_config() -> Bytes {
    [b"\x17\0\0\0\0".to_vec(), avc_record(&Sps::SMALL.nal_unit())].concat().into()
}

fn picture(head: &[u8], unit: &[u8]) -> Bytes {
    [head.to_vec(), nal(unit)].concat().into()
}

/// A demuxer that knows both tracks.
fn configured() -> Demuxer {
    let mut demuxer = Demuxer::new();
    assert!(matches!(demuxer.video(0, video_config()), Ok(Some(MediaEvent::Config(_)))));
    assert!(matches!(demuxer.audio(0, Bytes::from_static(AAC_CONFIG)), Ok(Some(MediaEvent::Config(_)))));
    demuxer
}

fn frame(event: Result<Option<MediaEvent>, MediaError>) -> Frame {
    match event {
        Ok(Some(MediaEvent::Frame(frame))) => frame,
        other => panic!("{other:?} is no frame"),
    }
}

#[test]
fn pictures_and_sounds_become_frames_without_being_copied() {
    let mut demuxer = configured();
    let body = picture(&[0x27, 1, 0, 0, 66], &[0x41, 1, 2, 3]);
    let video = frame(demuxer.video(40, body.clone()));
    assert_eq!(
        video,
        Frame {
            track: TrackKind::Video,
            dts_us: 40_000,
            composition_offset_us: 66_000,
            key: false,
            payload: body.slice(5..),
        }
    );
    assert_eq!(video.payload.as_ptr(), body[5..].as_ptr(), "it is the message's own memory");

    assert!(frame(demuxer.video(73, picture(&[0x17, 1, 0xFF, 0xFF, 0xDF], &[0x65]))).key);
    let audio = frame(demuxer.audio(46, Bytes::from_static(AAC_FRAME)));
    assert_eq!((audio.track, audio.dts_us, audio.key), (TrackKind::Audio, 46_000, true));
    assert_eq!(&audio.payload[..], &AAC_FRAME[2..]);
}

#[test]
fn composition_offsets_have_a_sign_and_a_bound() {
    let mut demuxer = configured();
    let mut offset_us = |bytes: [u8; 3]| {
        let head = [0x27, 1, bytes[0], bytes[1], bytes[2]];
        frame(demuxer.video(0, picture(&head, &[0x41]))).composition_offset_us
    };
    assert_eq!(offset_us([0xFF, 0xFF, 0xDF]), -33_000);
    assert_eq!(offset_us([0x7F, 0xFF, 0xFF]), COMPOSITION_OFFSET_MAX_MS * 1000);
    assert_eq!(offset_us([0x80, 0, 0]), -COMPOSITION_OFFSET_MAX_MS * 1000);
}

#[test]
fn a_configuration_is_told_once_and_again_when_it_changes() {
    let mut demuxer = configured();
    assert_eq!(demuxer.video(0, video_config()), Ok(None));
    let wide = Sps { width_mbs: 80, crop: None, ..Sps::SMALL };
    let body = [b"\x17\0\0\0\0".to_vec(), avc_record(&wide.nal_unit())].concat();
    let event = demuxer.video(0, body.into()).unwrap();
    assert!(matches!(
        event,
        Some(MediaEvent::Config(CodecConfig::Avc { width_px: 1280, height_px: 368, .. }))
    ));
}

#[test]
fn what_nothing_could_decode_is_dropped_and_harms_nothing() {
    let mut demuxer = Demuxer::new();
    assert_eq!(demuxer.video(0, picture(&[0x17, 1, 0, 0, 0], &[0x65])), Ok(None), "before its configuration");
    assert_eq!(demuxer.audio(0, Bytes::from_static(AAC_FRAME)), Ok(None), "before its configuration");
    assert!(!demuxer.has_track(TrackKind::Video) && !demuxer.has_track(TrackKind::Audio));

    let mut demuxer = configured();
    assert!(demuxer.has_track(TrackKind::Video) && demuxer.has_track(TrackKind::Audio));
    for body in [&b""[..], b"\x17\x02\0\0\0", b"\x17\x01\0\0\0", b"\x57\x00", b"\x17\x09\0\0\0"] {
        assert_eq!(demuxer.video(0, Bytes::from_static(body)), Ok(None), "{body:?}");
    }
    for body in [&b""[..], b"\xAF\x01", b"\xAF\x07"] {
        assert_eq!(demuxer.audio(0, Bytes::from_static(body)), Ok(None), "{body:?}");
    }
}

#[test]
fn pictures_whose_nal_units_do_not_fit_are_refused_and_padding_is_cut_off() {
    let mut demuxer = configured();
    let mut body = picture(&[0x27, 1, 0, 0, 0], &[0x41, 1, 2, 3]).to_vec();
    body.extend([0, 0, 0]);
    assert_eq!(frame(demuxer.video(0, body.clone().into())).payload.len(), 8);
    body.push(9);
    assert_eq!(demuxer.video(0, body.into()), Err(MediaError::MalformedAvcFrame));
    let annex_b = Bytes::from_static(b"\x27\x01\0\0\0\0\0\0\x01\x41\x9A\x00\x11\x22\x33\x44");
    assert_eq!(demuxer.video(0, annex_b), Err(MediaError::MalformedAvcFrame));
    let huge = Bytes::from_static(b"\x27\x01\0\0\0\xFF\xFF\xFF\xFF\x41");
    assert_eq!(demuxer.video(0, huge), Err(MediaError::MalformedAvcFrame));
}

#[test]
fn enhanced_bodies_are_read_when_they_carry_what_we_support() {
    let record = avc_record(&Sps::SMALL.nal_unit());
    let mut demuxer = Demuxer::new();
    let config = [b"\x90avc1".to_vec(), record].concat();
    assert!(matches!(demuxer.video(0, config.into()), Ok(Some(MediaEvent::Config(CodecConfig::Avc { .. })))));

    let with_offset = frame(demuxer.video(0, picture(b"\xA1avc1\0\0\x21", &[0x41])));
    assert_eq!((with_offset.key, with_offset.composition_offset_us), (false, 33_000));
    let without = frame(demuxer.video(0, picture(b"\x93avc1", &[0x65])));
    assert_eq!((without.key, without.composition_offset_us), (true, 0));
    // A modifier of three bytes (a nanosecond offset) before a coded frame.
    let modified = frame(demuxer.video(0, picture(b"\x97\x02\0\x01\x02\x03avc1", &[0x65])));
    assert!(modified.key);
    assert_eq!(demuxer.video(0, Bytes::from_static(b"\x94avc1\x02\0\x09colorInfo")), Ok(None));

    let config = Bytes::from_static(b"\x90mp4a\x12\x10");
    assert!(matches!(demuxer.audio(0, config), Ok(Some(MediaEvent::Config(CodecConfig::Aac { .. })))));
    let sound = frame(demuxer.audio(23, Bytes::from_static(b"\x91mp4a\x21\x10")));
    assert_eq!(&sound.payload[..], b"\x21\x10");
}

#[test]
fn codecs_we_do_not_support_are_named_with_the_setting_to_change() {
    let mut demuxer = configured();
    let mut video = |body: &'static [u8]| demuxer.video(0, Bytes::from_static(body)).unwrap_err();
    let hevc = video(b"\x90hvc1\x01");
    assert_eq!(hevc, MediaError::UnsupportedVideo(Codec::FourCc(*b"hvc1")));
    assert!(
        hevc.to_string().starts_with("the encoder sends HEVC (H.265) video, and only H.264 is supported.")
    );
    assert!(hevc.to_string().contains("In OBS: Settings, Output, Streaming, set Video Encoder"));
    assert_eq!(video(b"\x1C\0\0\0\0"), MediaError::UnsupportedVideo(Codec::FlvVideo(12)));
    assert!(video(b"\x91av01\x01").to_string().contains("AV1"));
    assert!(video(b"\x91\x00\x1b\"\n").to_string().contains(r#"unknown (\x00\x1b\"\n)"#));
    assert_eq!(video(b"\x96\x00avc1"), MediaError::Multitrack);

    let mut audio = |body: &'static [u8]| demuxer.audio(0, Bytes::from_static(body)).unwrap_err();
    let mp3 = audio(b"\x2F\xFF");
    assert!(mp3.to_string().starts_with("the encoder sends MP3 audio, and only AAC is supported."));
    assert!(mp3.to_string().contains("set Audio Encoder to AAC"));
    assert_eq!(audio(b"\x90Opus"), MediaError::UnsupportedAudio(Codec::FourCc(*b"Opus")));
    assert_eq!(audio(b"\x95\x00mp4a"), MediaError::Multitrack);
}

#[test]
fn media_messages_cut_inside_their_header_are_refused() {
    let mut demuxer = configured();
    for body in [&b"\x17"[..], b"\x17\x01\0\0", b"\x90avc", b"\x91avc1\0\0", b"\x97", b"\x97\x05\0\0"] {
        assert_eq!(demuxer.video(0, Bytes::from_static(body)), Err(MediaError::Truncated), "{body:?}");
    }
    for body in [&b"\xAF"[..], b"\x90mp4", b"\x97\xFF\0"] {
        assert_eq!(demuxer.audio(0, Bytes::from_static(body)), Err(MediaError::Truncated), "{body:?}");
    }
}

fn flv_file(tags: &[Tag]) -> Vec<u8> {
    let mut file = b"FLV\x01\x05\0\0\0\x09\0\0\0\0".to_vec();
    for tag in tags {
        let kind = match tag.kind {
            TagKind::Audio => 8,
            TagKind::Video => 9,
            TagKind::Script => 18,
        };
        let size = u32::try_from(tag.body.len()).unwrap();
        let [high, time @ ..] = tag.timestamp_ms.to_be_bytes();
        file.push(kind);
        file.extend(&size.to_be_bytes()[1..]);
        file.extend(time);
        file.extend([high, 0, 0, 0]);
        file.extend(&tag.body[..]);
        file.extend((size + 11).to_be_bytes());
    }
    file
}

#[test]
fn the_tags_of_a_file_come_in_order_with_their_full_time() {
    let tag = |kind, timestamp_ms| Tag { kind, timestamp_ms, body: Bytes::from_static(b"body") };
    let tags = [tag(TagKind::Script, 0), tag(TagKind::Video, 0x0123_4567), tag(TagKind::Audio, 0xFFFF_FFFF)];
    let read: Vec<_> = Tags::new(flv_file(&tags).into()).unwrap().map(Result::unwrap).collect();
    assert_eq!(read, tags);
}

#[test]
fn a_file_that_is_damaged_says_so_once() {
    assert_eq!(Tags::new(Bytes::from_static(b"FLV")).err(), Some(FlvFileError::NotFlv));
    assert_eq!(Tags::new(Bytes::from_static(b"RIFF\0\0\0\x09\0\0\0\0\0")).err(), Some(FlvFileError::NotFlv));
    let huge_offset = Bytes::from_static(b"FLV\x01\x05\xFF\xFF\xFF\xFF\0\0\0\0");
    assert_eq!(Tags::new(huge_offset).err(), Some(FlvFileError::Truncated));

    let whole = flv_file(&[Tag { kind: TagKind::Audio, timestamp_ms: 0, body: Bytes::from_static(b"body") }]);
    let results = |len: usize| Tags::new(whole[..len].to_vec().into()).unwrap().collect::<Vec<_>>();
    assert_eq!(results(13), [], "no tags at all");
    assert_eq!(results(20), [Err(FlvFileError::Truncated)]);
    assert_eq!(results(27), [Err(FlvFileError::Truncated)]);
    assert!(matches!(results(28)[..], [Ok(_)]), "the last size may be missing");
}

proptest! {
    #[test]
    fn any_picture_size_is_read_as_it_was_written(
        (width_mbs, height_map_units) in (4..=512_u32, 4..=256_u32),
        profile in prop_oneof![Just(66_u8), Just(77), Just(100), Just(110), Just(244)],
        chroma_format in 0..=3_u32,
        interlaced in any::<bool>(),
        crop in prop::option::of([0..6_u32, 0..6, 0..4, 0..4]),
        scaling_lists in any::<bool>(),
        order_count_type in 0..=2_u32,
    ) {
        let sps = Sps { profile, chroma_format, width_mbs, height_map_units, interlaced, crop, scaling_lists, order_count_type };
        let chroma_format = if profile >= 100 { chroma_format } else { 1 };
        let field = if interlaced { 2 } else { 1 };
        let [left, right, top, bottom] = crop.unwrap_or_default();
        let unit_x = if matches!(chroma_format, 1 | 2) { 2 } else { 1 };
        let unit_y = field * if chroma_format == 1 { 2 } else { 1 };
        let expected = (16 * width_mbs - unit_x * (left + right), 16 * field * height_map_units - unit_y * (top + bottom));
        prop_assert_eq!(size(&sps), Ok(expected));
    }

    #[test]
    fn no_configuration_panics(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
        let _ = parse_sps(&bytes);
        let _ = parse_sps(&[&[0x67, 100, 0, 30][..], &bytes].concat());
        let _ = parse_avc_record(&bytes);
        let _ = parse_aac_config(&bytes);
    }
}

#[test]
fn an_empty_sound_configuration_is_passed_over_and_the_real_one_counts() {
    let mut demuxer = Demuxer::default();
    assert_eq!(demuxer.audio(0, Bytes::from_static(&[0xAF, 0])), Ok(None));
    let real = demuxer.audio(0, Bytes::from_static(AAC_CONFIG));
    assert!(matches!(real, Ok(Some(MediaEvent::Config(_)))));
}
