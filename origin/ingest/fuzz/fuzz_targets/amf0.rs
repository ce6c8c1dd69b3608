#![no_main]

use showfloor_origin_ingest::fuzzing;

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzzing::amf0(data));
