//! Which paths exist, how long answers are kept, and which bytes are sent.

use proptest::prelude::*;
use showfloor_edge_core::media::{
    CORS_PUBLIC, IMMUTABLE, MediaFile, Method, NO_STORE, PLAYLIST_QUERY_BYTES_MAX, PlaylistQuery, QueryError,
    Rendition, Representation, RequestConditions, Route, Selection,
};

const BROADCAST: &str = "brd_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d";
const SHOW: &str = "shw_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d";
const IMAGE: &str = "img_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d";

fn listed() -> Vec<String> {
    let media = format!("/media/{BROADCAST}/source");
    vec![
        format!("/live/{SHOW}/index.m3u8"),
        format!("{media}/live.m3u8"),
        format!("{media}/index.m3u8"),
        format!("{media}/init-0.mp4"),
        format!("{media}/init-12.mp4"),
        format!("{media}/0.m4s"),
        format!("{media}/999999999999999.m4s"),
        format!("{media}/41.0.m4s"),
        format!("{media}/41.17.m4s"),
        format!("/images/{IMAGE}/160.jpg"),
        format!("/images/{IMAGE}/1200.jpg"),
        format!("/v1/overlays/{SHOW}"),
        format!("/v1/rooms/{SHOW}/socket"),
        "/v1/events".into(),
    ]
}

#[test]
fn a_listed_path_has_one_spelling() {
    for path in listed() {
        assert_eq!(Route::parse(&path).map(|route| route.canonical_path()), Some(path));
    }
}

#[test]
fn only_listed_paths_exist() {
    let media = format!("/media/{BROADCAST}/source");
    let unlisted = [
        String::new(),
        "/".into(),
        "/cart/x.m4s".into(),
        "/v1/carts/41.m4s".into(),
        "media/x".into(),
        format!("{media}/41.m4s/"),
        format!("{media}//41.m4s"),
        format!("/{media}/41.m4s"),
        format!("{media}/041.m4s"),
        format!("{media}/+41.m4s"),
        format!("{media}/-1.m4s"),
        format!("{media}/41.m4s%00"),
        format!("{media}/%34%31.m4s"),
        format!("{media}/41.m4s?x"),
        format!("{media}/41.m4s#x"),
        format!("{media}/41.m4s;x"),
        format!("{media}/41.M4S"),
        format!("{media}/41.0.0.m4s"),
        format!("{media}/41.00.m4s"),
        format!("{media}/41..m4s"),
        format!("{media}/.m4s"),
        format!("{media}/x.m4s"),
        format!("{media}/1000000000000000.m4s"),
        format!("{media}/41.4294967296.m4s"),
        format!("{media}/init-.mp4"),
        format!("{media}/init-00.mp4"),
        format!("{media}/init-4294967296.mp4"),
        format!("{media}/master.m3u8"),
        format!("{media}/../source/41.m4s"),
        format!("{media}/..%2f41.m4s"),
        format!("/media/{BROADCAST}/../41.m4s"),
        format!("/media/{BROADCAST}/SOURCE/41.m4s"),
        format!("/media/{BROADCAST}/{}/41.m4s", "a".repeat(Rendition::BYTES_MAX + 1)),
        format!("/media/{BROADCAST}//41.m4s"),
        format!("/media/{}/source/41.m4s", BROADCAST.to_uppercase()),
        format!("/media/{SHOW}/source/41.m4s"),
        format!("/media/{BROADCAST}/41.m4s"),
        format!("/live/{SHOW}"),
        format!("/live/{SHOW}/live.m3u8"),
        format!("/images/{IMAGE}/640"),
        format!("/images/{IMAGE}/641.jpg"),
        format!("/images/{IMAGE}/0640.jpg"),
        format!("/images/{IMAGE}/640.png"),
        format!("/v1/rooms/{SHOW}"),
        format!("/v1/rooms/{SHOW}/socket/x"),
        format!("/{}", "a".repeat(300)),
    ];
    for path in unlisted {
        assert_eq!(Route::parse(&path), None, "{path}");
    }
    let longest = format!("/media/{BROADCAST}/{}/41.m4s", "a".repeat(Rendition::BYTES_MAX));
    assert!(Route::parse(&longest).is_some());
}

#[test]
fn only_objects_have_keys_and_their_keys_stay_under_our_prefixes() {
    for path in listed() {
        let route = Route::parse(&path).unwrap();
        match route.object_key() {
            Some(key) => assert!(key.starts_with("media/brd_") || key.starts_with("images/img_"), "{key}"),
            None => assert!(!matches!(route, Route::Media(..) | Route::Image(..)), "{path}"),
        }
    }
}

#[test]
fn how_long_an_answer_is_kept_equals_the_table() {
    let one_second = "public, max-age=1";
    for path in listed() {
        let route = Route::parse(&path).unwrap();
        let (ok, missing) = match &route {
            Route::Socket(_) | Route::Events => (NO_STORE, NO_STORE),
            Route::Media(_, MediaFile::Replay) => ("public, max-age=60", one_second),
            Route::Media(..) | Route::Image(..) => (IMMUTABLE, one_second),
            Route::Multivariant(_) | Route::LivePlaylist(_) | Route::Overlay(_) => (one_second, one_second),
        };
        assert_eq!((route.cache_control(200), route.cache_control(404)), (ok, missing), "{path}");
        for status in [400, 401, 403, 416, 429, 500, 503] {
            assert_eq!(route.cache_control(status), NO_STORE, "{path} {status}");
        }
    }
}

#[test]
fn any_page_reads_media_and_none_with_credentials() {
    assert!(CORS_PUBLIC.contains(&("Access-Control-Allow-Origin", "*")));
    assert!(!CORS_PUBLIC.iter().any(|(name, _)| name.contains("Credentials")));
    for path in listed() {
        let route = Route::parse(&path).unwrap();
        let private = matches!(route, Route::Socket(_) | Route::Events);
        assert_eq!(route.cors().is_empty(), private, "{path}");
    }
}

fn select(range: &str) -> Selection {
    let asked = RequestConditions { range: Some(range), ..RequestConditions::default() };
    asked.select(Method::Get, &Representation { etag: "\"v1\"", size_bytes: 1_000 })
}

#[test]
fn ranges_are_evaluated_as_http_says() {
    let partial = |first, last| Selection::Partial { first, last };
    let table = [
        ("bytes=0-0", partial(0, 0)),
        ("bytes=0-499", partial(0, 499)),
        ("bytes=500-", partial(500, 999)),
        ("bytes=999-", partial(999, 999)),
        ("bytes=0-999999", partial(0, 999)),
        ("bytes=-1", partial(999, 999)),
        ("bytes=-1000", partial(0, 999)),
        ("bytes=-5000", partial(0, 999)),
        ("Bytes=1-2", partial(1, 2)),
        ("bytes=1000-", Selection::Unsatisfiable),
        ("bytes=1000-1001", Selection::Unsatisfiable),
        ("bytes=-0", Selection::Unsatisfiable),
        ("bytes=99999999999999999999999-", Selection::Unsatisfiable),
        ("bytes=5-4", Selection::Full),
        ("bytes=0-1,5-6", Selection::Full),
        ("bytes=-", Selection::Full),
        ("bytes=", Selection::Full),
        ("bytes=a-b", Selection::Full),
        ("bytes=1--2", Selection::Full),
        ("items=0-1", Selection::Full),
        ("", Selection::Full),
    ];
    for (range, expected) in table {
        assert_eq!(select(range), expected, "{range}");
    }
    let empty = Representation { etag: "\"v1\"", size_bytes: 0 };
    for range in ["bytes=0-", "bytes=-1", "bytes=0-0"] {
        let asked = RequestConditions { range: Some(range), ..RequestConditions::default() };
        assert_eq!(asked.select(Method::Get, &empty), Selection::Unsatisfiable, "{range}");
    }
    assert_eq!(select("bytes=1000-").content_range(1_000).as_deref(), Some("bytes */1000"));
    assert_eq!(select("bytes=0-499").content_range(1_000).as_deref(), Some("bytes 0-499/1000"));
    assert_eq!(select("bytes=0-499").content_length(1_000), 500);
}

#[test]
fn conditions_come_before_ranges() {
    let stored = Representation { etag: "\"v1\"", size_bytes: 1_000 };
    let base = RequestConditions { range: Some("bytes=0-9"), ..RequestConditions::default() };
    let get = |asked: RequestConditions<'_>| asked.select(Method::Get, &stored);
    let none_match = |tags| RequestConditions { if_none_match: Some(tags), ..base };
    assert_eq!(get(none_match("\"v1\"")), Selection::NotModified);
    assert_eq!(get(none_match("\"v0\", W/\"v1\"")), Selection::NotModified);
    assert_eq!(get(none_match("*")), Selection::NotModified);
    assert_eq!(get(none_match("\"v0\"")), Selection::Partial { first: 0, last: 9 });
    let if_range = |validator| RequestConditions { if_range: Some(validator), ..base };
    assert_eq!(get(if_range("\"v1\"")), Selection::Partial { first: 0, last: 9 });
    assert_eq!(get(if_range("W/\"v1\"")), Selection::Full, "a weak tag proves no byte");
    assert_eq!(get(if_range("\"v0\"")), Selection::Full);
    assert_eq!(get(if_range("Fri, 20 Nov 2026 18:00:00 GMT")), Selection::Full);
    let if_match = |tags| RequestConditions { if_match: Some(tags), ..base };
    assert_eq!(get(if_match("\"v0\"")), Selection::PreconditionFailed);
    assert_eq!(get(if_match("\"v0\", \"v1\"")), Selection::Partial { first: 0, last: 9 });
    assert_eq!(base.select(Method::Head, &stored), Selection::Full, "a range means something to GET alone");
    assert_eq!(none_match("\"v1\"").select(Method::Head, &stored), Selection::NotModified);
}

#[test]
fn only_directives_are_left_of_a_query() {
    let read = |query| PlaylistQuery::parse(query).map(|query| query.to_string());
    assert_eq!(read(""), Ok(String::new()));
    assert_eq!(read("token=secret&x=1&_hls_msn=4"), Ok(String::new()));
    assert_eq!(
        read("_HLS_skip=YES&a=b&_HLS_part=3&_HLS_msn=41"),
        Ok("_HLS_msn=41&_HLS_part=3&_HLS_skip=YES".into())
    );
    assert_eq!(read("_HLS_skip=v2"), Ok("_HLS_skip=v2".into()));
    assert_eq!(read("_HLS_part=3"), Err(QueryError::PartWithoutMsn));
    assert_eq!(read("_HLS_msn=1&_HLS_msn=2"), Err(QueryError::Twice("_HLS_msn")));
    for bad in
        ["_HLS_msn", "_HLS_msn=", "_HLS_msn=-1", "_HLS_msn=01", "_HLS_msn=1.5", "_HLS_msn=9999999999999999"]
    {
        assert_eq!(read(bad), Err(QueryError::BadValue("_HLS_msn")), "{bad}");
    }
    assert_eq!(read("_HLS_skip=no"), Err(QueryError::BadValue("_HLS_skip")));
    assert_eq!(read("_HLS_msn=1&_HLS_part=4294967296"), Err(QueryError::BadValue("_HLS_part")));
}

#[test]
fn a_query_of_the_longest_length_is_read_and_one_byte_more_is_refused() {
    assert!(PlaylistQuery::parse(&"x".repeat(PLAYLIST_QUERY_BYTES_MAX)).is_ok());
    assert_eq!(PlaylistQuery::parse(&"x".repeat(PLAYLIST_QUERY_BYTES_MAX + 1)), Err(QueryError::TooLong));
}

proptest! {
    #[test]
    fn a_path_that_is_listed_reads_back_as_itself(path in "(/(live|media|images|v1|brd_[0-9a-f]{32}|source|[0-9.]{1,6}m4s|index.m3u8)){1,5}") {
        if let Some(route) = Route::parse(&path) {
            prop_assert_eq!(route.canonical_path(), path);
        }
    }

    #[test]
    fn what_is_left_of_a_query_reads_back_as_itself(query in "(_HLS_(msn|part|skip)=[0-9]{1,3}&?|_HLS_skip=YES&?|[a-z]=[a-z]&?){0,5}") {
        if let Ok(read) = PlaylistQuery::parse(&query) {
            prop_assert_eq!(PlaylistQuery::parse(&read.to_string()), Ok(read));
        }
    }

    #[test]
    fn a_part_that_is_sent_lies_inside_what_is_stored(range in "bytes=[0-9]{0,4}-[0-9]{0,4}", size_bytes in 0_u64..3_000) {
        let asked = RequestConditions { range: Some(&range), ..RequestConditions::default() };
        let selection = asked.select(Method::Get, &Representation { etag: "\"e\"", size_bytes });
        if let Selection::Partial { first, last } = selection {
            prop_assert!(first <= last && last < size_bytes);
        }
        prop_assert!(selection.content_length(size_bytes) <= size_bytes);
    }
}
