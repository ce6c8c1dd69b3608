#![no_main]

#[path = "../entries.rs"]
#[allow(dead_code, reason = "the entries of the other targets")]
mod entries;

libfuzzer_sys::fuzz_target!(|data: &[u8]| entries::playlist_queries(data));
