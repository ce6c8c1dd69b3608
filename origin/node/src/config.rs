//! What whoever runs an origin chooses.

use std::net::{Ipv4Addr, SocketAddr};

use showfloor_origin_packager::Settings;

/// An origin's configuration.
#[derive(Clone, Debug)]
pub struct OriginConfig {
    /// Where RTMP is listened for. Default `0.0.0.0:1935`.
    pub rtmp_bind: SocketAddr,
    /// How media is cut where a show says nothing else.
    pub packaging: Settings,
    /// How long a broadcast waits for its publisher. Default [`limits::GRACE_MS`](crate::limits::GRACE_MS).
    pub grace_ms: u64,
    /// Whether wrong keys are counted for loopback addresses too. Default false: behind a local proxy, and on a
    /// developer's machine, they are everybody.
    pub limit_loopback: bool,
}

impl Default for OriginConfig {
    fn default() -> Self {
        Self {
            rtmp_bind: (Ipv4Addr::UNSPECIFIED, 1_935).into(),
            packaging: Settings::default(),
            grace_ms: crate::limits::GRACE_MS,
            limit_loopback: false,
        }
    }
}
