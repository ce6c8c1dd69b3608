//! Where strangers' bytes come in. The fuzz targets call these, and so does the ordinary test suite with seeded
//! bytes.

use bytes::Bytes;
use showfloor_domain::{UtcMs, ViewerId};
use showfloor_edge_core::media::{PLAYLIST_QUERY_BYTES_MAX, PlaylistQuery, Route};
use showfloor_edge_core::overlay::RoomSeed;
use showfloor_edge_core::playlist_cache::{
    Limits as CacheLimits, Output as CacheOutput, Playlist, PlaylistCache,
};
use showfloor_edge_core::playlist_cache::{Position, Upstream, WaiterId};
use showfloor_edge_core::protocol::ServerMessage;
use showfloor_edge_core::room::{ConnId, Input, Limits, Output, Room};
use showfloor_edge_core::text::{clean, fold, has_link};
use showfloor_edge_core::token::{self, Participant, Role, Scope, Service, Signer, Verifier};

const NOW: UtcMs = UtcMs::new(1_795_000_000_000);

const SEED: &str = r#"{
    "shop_id": "shp_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d", "show_id": "shw_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d",
    "state": "live", "blocklist": ["darn"], "host_name": "Mira", "currencies": ["EUR"]
}"#;

/// Frames, separated by newlines, from a moderator and then from a viewer.
pub fn room_frames(data: &[u8]) {
    let seed: RoomSeed = serde_json::from_str(SEED).expect("a seed");
    let mut room = Room::new(Limits::default(), seed.clone(), 1);
    for (n, role) in [(1, Role::Moderator), (2, Role::Viewer)] {
        let conn = ConnId(n);
        let who = Participant {
            shop: seed.shop_id,
            show: seed.show_id,
            viewer: ViewerId::generate(NOW, [u8::try_from(n).unwrap_or(0); 10]),
            user: None,
            role,
            name: None,
            device: None,
            expires_at: NOW.plus_ms(900_000),
        };
        room.handle(NOW, Input::Joined { conn, who });
        room.handle(NOW, Input::Frame { conn, frame: Bytes::from_static(br#"[{"t":"hello"}]"#) });
        for (at, frame) in data.split(|byte| *byte == b'\n').enumerate() {
            let now = NOW.plus_ms(i64::try_from(at).unwrap_or(0) * 60);
            room.handle(now, Input::Frame { conn, frame: Bytes::copy_from_slice(frame) });
            drain(&mut room);
        }
    }
    room.handle(NOW.plus_ms(3_600_000), Input::Tick);
    drain(&mut room);
    assert_eq!(room.sockets(), 0, "every token is over by now");
}

fn drain(room: &mut Room) {
    loop {
        match room.poll_output() {
            Output::Send { frame, .. } | Output::Broadcast { frame, .. } => {
                let messages: Vec<ServerMessage> =
                    serde_json::from_str(frame.as_str()).expect("our own wire");
                assert!(!messages.is_empty());
            }
            Output::Timeout(_) => return,
            _ => {}
        }
    }
}

/// A path, a query and an upstream playlist, separated by newlines.
pub fn playlist_queries(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut parts = text.splitn(3, '\n');
    if let Some(route) = parts.next().and_then(Route::parse) {
        assert_eq!(Route::parse(&route.canonical_path()), Some(route));
    }
    let query = parts.next().unwrap_or_default();
    let Ok(read) = PlaylistQuery::parse(query) else { return };
    assert!(query.len() <= PLAYLIST_QUERY_BYTES_MAX);
    assert_eq!(PlaylistQuery::parse(&read.to_string()), Ok(read));
    let body = parts.next().unwrap_or_default().to_owned();
    let _ = Position::read(&body);
    let media = "/media/brd_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d/source/live.m3u8";
    let Some(Route::LivePlaylist(media)) = Route::parse(media) else { panic!("a listed route") };
    let (mut cache, playlist) = (PlaylistCache::new(CacheLimits::default()), Playlist::Media(media));
    cache.request(NOW, WaiterId(1), &playlist, read);
    for round in 0..4 {
        match cache.poll_output() {
            CacheOutput::Fetch { fetch, .. } => {
                let upstream = Upstream { status: 200, age_s: 0, body: body.clone().into() };
                cache.upstream_answered(NOW.plus_ms(round), fetch, upstream);
            }
            CacheOutput::FetchStored { playlist } => cache.stored_answered(NOW, &playlist, None),
            CacheOutput::Answer { waiters, .. } => {
                assert_eq!((waiters.as_slice(), cache.waiting()), (&[WaiterId(1)][..], 0));
                return;
            }
            CacheOutput::Timeout(_) => panic!("somebody waits for nothing"),
        }
    }
    panic!("the origin is asked in circles");
}

/// A token, or the value of a header that holds one; and, since it is at hand, a text.
pub fn tokens(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let signer = Signer::new("https://shop.example", "k", [7; 32]);
    let verifier =
        Verifier::new("https://shop.example").with_key("k", signer.public_key()).expect("a good key");
    for candidate in [Some(&*text), token::from_authorization(&text), token::from_subprotocols(&text)] {
        let candidate = candidate.unwrap_or_default();
        // Nobody guesses a signature.
        assert!(verifier.verify_participant(candidate, NOW, Scope::FromToken).is_err());
        assert!(verifier.verify_renewal(candidate, NOW, Scope::FromToken).is_err());
        assert!(verifier.verify_service(candidate, NOW, Service::Edge).is_err());
    }
    let shown = clean(&text);
    assert_eq!(clean(&shown), shown);
    let _ = (fold(&text), has_link(&text));
}
