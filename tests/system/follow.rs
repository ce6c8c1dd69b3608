//! Following a live playlist as a player does: with blocking reloads and delta updates, every one validated.

use std::process::Command;

use showfloor_origin_packager::validate::{MediaPlaylist, Reloads};

/// What a URL answered.
pub struct Answer {
    /// The status; 0 if there was no answer in time.
    pub status: u16,
    /// The headers, as sent.
    pub headers: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.headers.lines().filter_map(|line| line.split_once(':'));
        lines.rev().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

/// Asks with curl, as anybody would.
pub fn get(url: &str, arguments: &[&str]) -> Answer {
    let output = Command::new("curl")
        .args(["--silent", "--include", "--max-time", "30", url])
        .args(arguments)
        .output()
        .expect("curl is on every machine that follows the README");
    let head = output.stdout.windows(4).position(|bytes| bytes == b"\r\n\r\n").map_or(0, |at| at + 4);
    let headers = String::from_utf8_lossy(&output.stdout[..head]).into_owned();
    let status = headers.split_whitespace().nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Answer { status, headers, body: output.stdout[head..].to_vec() }
}

/// Puts a relative reference onto a URL; `../` climbs.
pub fn resolve(base: &str, reference: &str) -> String {
    let mut folder: Vec<&str> = base.split('?').next().unwrap_or(base).split('/').collect();
    folder.pop();
    let mut reference = reference;
    while let Some(rest) = reference.strip_prefix("../") {
        folder.pop();
        reference = rest;
    }
    format!("{}/{reference}", folder.join("/"))
}

/// One viewer of one media playlist.
pub struct Follower {
    /// Where the media playlist is.
    pub url: String,
    reloads: Reloads,
}

impl Follower {
    /// Waits until a multivariant playlist is there, and follows its first rendition.
    pub fn join(multivariant_url: &str) -> Self {
        // The origin answers 404 until the first part is stored: asking again is all that a player can do.
        let multivariant = loop {
            let answer = get(
                multivariant_url,
                &["--retry", "200", "--retry-delay", "1", "--retry-all-errors", "--fail-with-body"],
            );
            if answer.status == 200 {
                break answer.text();
            }
        };
        let media = multivariant.lines().find(|line| !line.is_empty() && !line.starts_with('#'));
        let url = resolve(multivariant_url, media.expect("a rendition is listed"));
        let mut follower = Self { url, reloads: Reloads::default() };
        follower.reload("");
        follower
    }

    /// Waits for the next part and takes in the playlist that has it.
    pub fn next(&mut self) -> &MediaPlaylist {
        let (msn, part) = self.reloads.next_part().expect("a playlist was loaded");
        self.reload(&format!("?_HLS_msn={msn}&_HLS_part={part}&_HLS_skip=YES"));
        self.playlist()
    }

    /// The playlist as last loaded.
    pub fn playlist(&self) -> &MediaPlaylist {
        self.reloads.last().expect("a playlist was loaded")
    }

    /// Follows until `enough` says so.
    pub fn until(&mut self, enough: impl Fn(&MediaPlaylist) -> bool) -> &MediaPlaylist {
        while !enough(self.playlist()) {
            self.next();
        }
        self.playlist()
    }

    /// All whole segments so far in one file, each new initialisation first.
    pub fn media(&self) -> Vec<u8> {
        let (mut bytes, mut map) = (Vec::new(), None);
        for segment in self.playlist().segments.iter().filter(|segment| !segment.gap) {
            if segment.map != map {
                map.clone_from(&segment.map);
                bytes.extend(self.file(map.as_deref().expect("a segment has a map")));
            }
            bytes.extend(self.file(&segment.uri));
        }
        bytes
    }

    fn file(&self, uri: &str) -> Vec<u8> {
        let answer = get(&resolve(&self.url, uri), &[]);
        assert_eq!(answer.status, 200, "{uri} is listed, so it is there");
        answer.body
    }

    fn reload(&mut self, query: &str) {
        let answer = get(&format!("{}{query}", self.url), &[]);
        assert_eq!(answer.status, 200, "{query}: {}", answer.text());
        let violations = self.reloads.accept(&answer.text());
        assert!(violations.is_empty(), "{violations:?}\n{}", answer.text());
    }
}

/// Length of all whole segments, in milliseconds.
pub fn listed_ms(playlist: &MediaPlaylist) -> u64 {
    playlist.segments.iter().filter_map(|segment| segment.duration_us).sum::<u64>() / 1_000
}
