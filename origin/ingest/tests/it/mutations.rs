//! The fuzz targets' functions over recordings damaged in a few thousand seeded ways: what `fuzz/` explores at
//! length, in a second and always the same.

use showfloor_origin_ingest::fuzzing;

use crate::support::{
    AAC_CONFIG, AAC_FRAME, FFMPEG_RECORDING, LIBRTMP_RECORDING, Sps, VIDEO, avc_record, message, nal,
    publish_dialogue,
};

/// SplitMix64: the same damage on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((word ^ (word >> 31)) % u64::try_from(bound).unwrap()).unwrap()
    }

    fn byte(&mut self) -> u8 {
        const EDGES: [u8; 8] = [0, 1, 2, 3, 0x7F, 0x80, 0xFE, 0xFF];
        match self.below(3) {
            0 => EDGES[self.below(8)],
            _ => u8::try_from(self.below(256)).unwrap(),
        }
    }

    /// Changes, drops, repeats or moves a few bytes.
    fn damage(&mut self, original: &[u8]) -> Vec<u8> {
        let mut bytes = original.to_vec();
        for _ in 0..=self.below(6) {
            if bytes.is_empty() {
                return bytes;
            }
            let at = self.below(bytes.len());
            let len = (1 + self.below(12)).min(bytes.len() - at);
            match self.below(5) {
                0 => bytes[at] = self.byte(),
                1 => drop(bytes.drain(at..at + len)),
                2 => {
                    let copy = bytes[at..at + len].to_vec();
                    bytes.splice(at..at, copy);
                }
                3 => bytes.truncate(at),
                _ => bytes[at..at + len].fill_with(|| self.byte()),
            }
        }
        bytes
    }
}

fn run(target: fn(&[u8]), seeds: &[Vec<u8>], rounds: usize) {
    let mut random = Random(0x5EED);
    for seed in seeds {
        for mode in 0..=u8::MAX {
            target(&[&[mode][..], seed].concat());
        }
        for _ in 0..rounds {
            let mode = random.byte();
            target(&[vec![mode], random.damage(seed)].concat());
        }
    }
}

/// A recording after its handshake, up to its first pictures.
fn conversation(recording: &[u8]) -> Vec<u8> {
    recording[1 + 2 * 1536..][..3000].to_vec()
}

fn pictures() -> Vec<u8> {
    let config = [b"\x17\0\0\0\0".to_vec(), avc_record(&Sps::SMALL.nal_unit())].concat();
    let picture = [b"\x17\x01\0\0\0".to_vec(), nal(&[0x65; 200]), nal(&[6; 9])].concat();
    [
        message(6, VIDEO, 1, &config, 128),
        message(6, VIDEO, 1, &picture, 128),
        message(7, 22, 1, &picture, 128),
    ]
    .concat()
}

#[test]
fn the_chunk_reader_survives_damaged_conversations() {
    let conversations = [FFMPEG_RECORDING, LIBRTMP_RECORDING].map(conversation);
    run(fuzzing::chunk_reader, &[&conversations[..], &[pictures()]].concat(), 1000);
}

#[test]
fn amf_survives_damaged_commands_and_metadata() {
    let connect = FFMPEG_RECORDING[1 + 2 * 1536 + 12..][..140].to_vec();
    let metadata = FFMPEG_RECORDING[0xD80..0xEB0].to_vec();
    let mut random = Random(0xA3F0);
    for seed in [
        connect,
        metadata,
        b"\x0A\0\0\0\x02\x0A\0\0\0\x01\x03\0\x01a\x05\0\0\x09\x08\0\0\0\0\0\0\x09".to_vec(),
    ] {
        for _ in 0..3000 {
            fuzzing::amf0(&random.damage(&seed));
        }
    }
}

#[test]
fn media_survives_damaged_tags_and_configurations() {
    let tag = |track: u8, body: &[u8]| {
        let len = u16::try_from(body.len()).unwrap().to_be_bytes();
        [&[track, 0, 0, 0, 7][..], &len, body].concat()
    };
    let config = [b"\x17\0\0\0\0".to_vec(), avc_record(&Sps::SMALL.nal_unit())].concat();
    let picture = [b"\x27\x01\0\0\x21".to_vec(), nal(&[0x41; 30])].concat();
    let enhanced = [b"\x97\x02\0\x01\x02\x03avc1".to_vec(), nal(&[0x65; 30])].concat();
    let tags = [tag(0, &config), tag(0, &picture), tag(0, &enhanced), tag(1, AAC_CONFIG), tag(1, AAC_FRAME)]
        .concat();
    let high = Sps { profile: 100, scaling_lists: true, order_count_type: 1, interlaced: true, ..Sps::SMALL };
    let file =
        [&b"FLV\x01\x05\0\0\0\x09\0\0\0\0\x09\0\0\x05\0\0\0\0\0\0\0"[..], &config[..5], &[0, 0, 0, 16]]
            .concat();
    let mut random = Random(0xF1F);
    for seed in [tags, high.nal_unit(), avc_record(&high.nal_unit()), file] {
        for _ in 0..3000 {
            fuzzing::media(&random.damage(&seed));
        }
    }
}

#[test]
fn a_session_survives_damaged_publications() {
    let whole = FFMPEG_RECORDING[..6000].to_vec();
    let greeted = publish_dialogue("key")[1 + 2 * 1536..].to_vec();
    let published = [message(2, 5, 0, &[0, 0, 0, 1], 128), pictures()].concat();
    run(fuzzing::server_session, &[whole, greeted, published], 1200);
}
