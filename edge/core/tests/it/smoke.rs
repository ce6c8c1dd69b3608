//! The fuzz targets' entries with seeded bytes: the same few thousand inputs in every run.

#[path = "../../fuzz/entries.rs"]
mod entries;

/// A small generator (xorshift64*), so that a run is its seed.
struct Bytes(u64);

impl Bytes {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// One of the examples, torn and patched.
    fn mutate(&mut self, examples: &[&str]) -> Vec<u8> {
        let mut bytes = examples[self.below(examples.len())].as_bytes().to_vec();
        for _ in 0..self.below(6) {
            let at = self.below(bytes.len());
            match self.below(5) {
                0 if !bytes.is_empty() => bytes[at] = self.next() as u8,
                1 => bytes.truncate(at),
                2 => bytes.insert(at, b"[]{}\",:\n.&=0123456789"[self.below(21)]),
                3 => {
                    let other = examples[self.below(examples.len())].as_bytes();
                    let tail = &other[self.below(other.len())..];
                    bytes.extend_from_slice(tail);
                }
                _ if !bytes.is_empty() => {
                    let copy = bytes[at..].to_vec();
                    bytes.extend(copy.into_iter().take(64));
                }
                _ => {}
            }
        }
        bytes
    }
}

fn run(seed: u64, rounds: usize, examples: &[&str], entry: fn(&[u8])) {
    let mut bytes = Bytes(seed);
    examples.iter().for_each(|example| entry(example.as_bytes()));
    (0..rounds).for_each(|_| entry(&bytes.mutate(examples)));
}

#[test]
fn torn_room_frames_harm_nobody() {
    let examples = [
        "[{\"t\":\"say\",\"ref\":\"1\",\"text\":\"hello \u{202E} d\u{0430}rn\"}]\n[{\"t\":\"react\",\"kind\":\"heart\",\"n\":3}]",
        "[{\"t\":\"hello\",\"resume\":{\"epoch\":1,\"offset\":18446744073709551615},\"name\":\"Ana\"}]",
        "[{\"t\":\"mute\",\"ref\":\"2\",\"viewer_id\":\"vwr_01a1ee565e0072020202020202020202\",\"seconds\":60}]",
        "[{\"t\":\"ban\",\"ref\":\"3\",\"viewer_id\":\"vwr_01a1ee565e0072020202020202020202\",\"reason\":\"x\"}]",
        "[{\"t\":\"remove\",\"ref\":\"4\",\"message_id\":\"msg_01a1ee56663470000100000000000001\"},{\"t\":\"ping\"}]",
        "[{\"t\":\"slow\",\"ref\":\"5\",\"seconds\":30},{\"t\":\"pin_message\",\"ref\":\"6\",\"message_id\":null}]",
        "[{\"t\":\"name\",\"name\":\"\u{1F1ED}\u{1F1F4}\"},{\"t\":\"ack\",\"offset\":1}]",
        "[[[[[[[[[[[[",
    ];
    run(1, 1_500, &examples, entries::room_frames);
}

#[test]
fn torn_playlist_queries_are_read_or_refused() {
    let examples = [
        "/live/shw_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d/index.m3u8\n_HLS_msn=41&_HLS_part=3&_HLS_skip=YES\n#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-PART-INF:PART-TARGET=0.333\n#EXT-X-MEDIA-SEQUENCE:40\n#EXTINF:2,\nx\n#EXT-X-PART:D",
        "/media/brd_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d/source/41.7.m4s\n_HLS_msn=0\n#EXTM3U\n#EXT-X-SKIP:SKIPPED-SEGMENTS=99999999999999999999",
        "/images/img_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d/640.jpg\n\n#EXTM3U\n#EXT-X-ENDLIST",
        "/v1/events\na=b&_HLS_msn=999999999999999&_HLS_part=4294967295\n",
    ];
    run(2, 5_000, &examples, entries::playlist_queries);
}

#[test]
fn torn_tokens_open_nothing() {
    let examples = [
        "eyJhbGciOiJFZERTQSIsImtpZCI6ImsiLCJ0eXAiOiJ2aWV3ZXIrand0In0.eyJpc3MiOiJodHRwczovL3Nob3AuZXhhbXBsZSJ9.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "Bearer eyJhbGciOiJub25lIn0.e30.",
        "showfloor.v1, token.a.b.c",
        "Z\u{0337}\u{0337}\u{0337}\u{0337}\u{0337} \u{1F468}\u{200D}\u{1F469} www.x.com \u{0915}\u{094D}\u{200D}",
    ];
    run(3, 5_000, &examples, entries::tokens);
}
