//! The signature of a webhook.

use crate::secret::{equal, hex, hmac};

/// The header that carries the signature.
pub const SIGNATURE_HEADER: &str = "sandbox-signature";

/// Signs a body: the value of the `Sandbox-Signature` header, `t=<unix seconds>,v1=<hex>`, where the digits are
/// HMAC-SHA-256 of `"<t>.<body>"`.
///
/// ```
/// use showfloor_sandbox_provider::{sign, verify};
///
/// let header = sign("whsec_of_a_shop", 1_795_176_000, b"{}");
/// assert!(header.starts_with("t=1795176000,v1="));
/// assert_eq!(verify("whsec_of_a_shop", &header, b"{}"), Some(1_795_176_000));
/// assert_eq!(verify("whsec_of_another", &header, b"{}"), None);
/// ```
#[must_use]
pub fn sign(secret: &str, t: i64, body: &[u8]) -> String {
    let mac = hmac(secret.as_bytes(), &[t.to_string().as_bytes(), b".", body]);
    format!("t={t},v1={}", hex(&mac))
}

/// The time, in unix seconds, at which `secret` signed `body` with this header; none when it did not. Whether that
/// is recent enough is the receiver's to say.
#[must_use]
pub fn verify(secret: &str, header: &str, body: &[u8]) -> Option<i64> {
    let t = header.strip_prefix("t=")?.split_once(",v1=")?.0.parse().ok()?;
    equal(&sign(secret, t, body), header).then_some(t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_one_that_openssl_makes() {
        // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac secret
        let header = sign("secret", 1_700_000_000, br#"{"a":1}"#);
        assert_eq!(header, format!("t=1700000000,v1={OPENSSL}"));
    }

    const OPENSSL: &str = "49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686";

    #[test]
    fn a_changed_body_time_or_header_does_not_verify() {
        let header = sign("secret", 7, b"body");
        assert_eq!(verify("secret", &header, b"body"), Some(7));
        assert_eq!(verify("secret", &header, b"body "), None);
        assert_eq!(verify("secret", &header.replace("t=7", "t=8"), b"body"), None);
        assert_eq!(verify("secret", &header.replace("t=7", "t=+7"), b"body"), None);
        assert_eq!(verify("secret", &header.to_uppercase(), b"body"), None);
        assert_eq!(verify("secret", "", b"body"), None);
    }
}
