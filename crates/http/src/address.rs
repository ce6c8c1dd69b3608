//! Whose address a request has: the peer's, or what a known number of proxies before us say (abuse case A4).

use std::convert::Infallible;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use http::HeaderMap;
use http::request::Parts;

use crate::Context;

/// The client's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// Counts `trusted_hops` from the right of `X-Forwarded-For`; with none, the peer. Whatever a client
    /// writes to the left of what our own proxies appended is not looked at.
    #[must_use]
    pub fn of(peer: Option<IpAddr>, headers: &HeaderMap, trusted_hops: usize) -> Self {
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        if trusted_hops == 0 {
            return Self(peer.to_canonical());
        }
        let forwarded: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        let address = forwarded
            .len()
            .checked_sub(trusted_hops)
            .and_then(|index| forwarded[index].trim().parse::<IpAddr>().ok());
        Self(address.unwrap_or(peer).to_canonical())
    }

    /// Reads it off a request's parts.
    #[must_use]
    pub fn of_parts(parts: &Parts, trusted_hops: usize) -> Self {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        Self::of(peer, &parts.headers, trusted_hops)
    }
}

impl<S> FromRequestParts<S> for ClientAddress
where
    Context: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Ok(Self::of_parts(parts, Context::from_ref(state).trusted_hops))
    }
}

/// A block of addresses: what is written to logs, and what counts as one client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    network: IpAddr,
    prefix_bits: u8,
}

impl Block {
    /// What may be logged: the /24 of an IPv4 address, the /48 of an IPv6 address.
    #[must_use]
    pub fn logged(address: IpAddr) -> Self {
        Self::of(address, 24, 48)
    }

    /// What a limit counts as one client: an IPv4 address, the /64 of an IPv6 address.
    #[must_use]
    pub fn counted(address: IpAddr) -> Self {
        Self::of(address, 32, 64)
    }

    fn of(address: IpAddr, v4_bits: u8, v6_bits: u8) -> Self {
        match address {
            IpAddr::V4(v4) => {
                let mask = u32::MAX << (32 - v4_bits);
                Self { network: Ipv4Addr::from(u32::from(v4) & mask).into(), prefix_bits: v4_bits }
            }
            IpAddr::V6(v6) => {
                let mask = u128::MAX << (128 - v6_bits);
                Self { network: Ipv6Addr::from(u128::from(v6) & mask).into(), prefix_bits: v6_bits }
            }
        }
    }
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.network, self.prefix_bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        values.iter().map(|v| ("x-forwarded-for".parse().unwrap(), v.parse().unwrap())).collect()
    }

    fn client(values: &[&str], hops: usize) -> String {
        ClientAddress::of(Some("10.0.0.1".parse().unwrap()), &headers(values), hops).0.to_string()
    }

    #[test]
    fn without_proxies_a_forwarded_header_is_ignored() {
        assert_eq!(client(&["6.6.6.6"], 0), "10.0.0.1");
    }

    #[test]
    fn only_what_our_own_proxies_wrote_counts() {
        assert_eq!(client(&["6.6.6.6, 203.0.113.9"], 1), "203.0.113.9");
        assert_eq!(client(&["6.6.6.6", "203.0.113.9, 10.1.1.1"], 2), "203.0.113.9");
        assert_eq!(client(&["nonsense"], 1), "10.0.0.1");
        assert_eq!(client(&[], 1), "10.0.0.1");
    }

    #[test]
    fn a_mapped_address_is_the_address_it_maps() {
        let mapped = ClientAddress::of(Some("::ffff:192.0.2.7".parse().unwrap()), &HeaderMap::new(), 0);
        assert_eq!(mapped.0, IpAddr::from([192, 0, 2, 7]));
    }

    #[test]
    fn logs_see_a_block_never_an_address() {
        assert_eq!(Block::logged("203.0.113.9".parse().unwrap()).to_string(), "203.0.113.0/24");
        assert_eq!(Block::logged("2001:db8:1:2::3".parse().unwrap()).to_string(), "2001:db8:1::/48");
    }
}
