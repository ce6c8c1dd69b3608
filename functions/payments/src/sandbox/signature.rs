//! The signature of a sandbox webhook: `Sandbox-Signature: t=<unix seconds>,v1=<hex>`, where the digits are
//! HMAC-SHA-256 (RFC 2104) of `"<t>.<body>"` under the account's secret.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use showfloor_domain::UtcMs;
use subtle::ConstantTimeEq;

/// The header that carries it.
pub const SIGNATURE_HEADER: &str = "sandbox-signature";

/// How far the signature's time may be from ours, in either direction.
pub const SIGNATURE_WINDOW_S: i64 = 5 * 60;

/// Whether `secret` signed these bytes, recently. An empty secret signs nothing.
pub(crate) fn is_genuine(secret: &str, header: &str, body: &[u8], now: UtcMs) -> bool {
    let Some((t, digits)) = header.strip_prefix("t=").and_then(|rest| rest.split_once(",v1=")) else {
        return false;
    };
    let Ok(signed_at_s) = t.parse::<i64>() else { return false };
    if secret.is_empty() || signed_at_s.to_string() != t {
        return false;
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(t.as_bytes());
    mac.update(b".");
    mac.update(body);
    let expected = hex(&mac.finalize().into_bytes());
    let same: bool = expected.as_bytes().ct_eq(digits.as_bytes()).into();
    let age_s = now.get().div_euclid(1_000).saturating_sub(signed_at_s);
    same && (-SIGNATURE_WINDOW_S..=SIGNATURE_WINDOW_S).contains(&age_s)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac secret
    const HEADER: &str = "t=1700000000,v1=49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686";
    const BODY: &[u8] = br#"{"a":1}"#;

    fn at(seconds: i64) -> UtcMs {
        UtcMs::new(seconds * 1_000)
    }

    #[test]
    fn a_signature_is_good_for_five_minutes_in_either_direction() {
        for (seconds, genuine) in
            [(-301, false), (-300, true), (0, true), (300, true), (301, false), (i64::MAX / 2_000, false)]
        {
            assert_eq!(is_genuine("secret", HEADER, BODY, at(1_700_000_000 + seconds)), genuine, "{seconds}");
        }
    }

    #[test]
    fn nothing_else_is_a_signature() {
        let now = at(1_700_000_000);
        assert!(!is_genuine("", HEADER, BODY, now));
        assert!(!is_genuine("other", HEADER, BODY, now));
        assert!(!is_genuine("secret", HEADER, br#"{"a": 1}"#, now));
        for header in ["", "t=,v1=", "v1=49f2", &HEADER.to_uppercase(), &HEADER.replace("t=1", "t=+1")] {
            assert!(!is_genuine("secret", header, BODY, now), "{header}");
        }
    }
}
