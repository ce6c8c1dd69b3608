//! Secrets: made from at least 160 bits, shown once, kept only as a peppered HMAC, compared in constant time.
//!
//! A [`Secret`] can be neither printed nor serialised by accident; whoever shows it says so with
//! [`Secret::reveal`].

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::clock::Entropy;

/// Bits of a secret that we make.
pub const SECRET_BITS: usize = 256;

/// The longest text that is looked at as a secret; anything longer is wrong without being hashed.
pub const SECRET_CHARS_MAX: usize = 512;

/// A text that must not leak: no `Debug` of its content, no `Display`, no `Serialize`.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// 256 bits of entropy as base64url.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(URL_SAFE_NO_PAD.encode(entropy.secret_bytes()))
    }

    /// The text, for the one place that shows or compares it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What is kept of a secret.
#[derive(Clone, Copy)]
pub struct SecretHash(pub [u8; 32]);

impl SecretHash {
    /// Whether both are the same, in a time that does not depend on where they differ.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

/// What a hash is for; the same secret in two places has two hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A dashboard session.
    Session,
    /// A stream key.
    StreamKey,
    /// A password reset link.
    PasswordReset,
    /// A cart's secret.
    Cart,
    /// An order's secret.
    Order,
    /// A viewer's device secret.
    Device,
    /// The mark of a device that signed in before.
    KnownDevice,
    /// A page cursor.
    Cursor,
    /// The key of a rate limit.
    RateLimit,
    /// The body of an idempotent request.
    IdempotentRequest,
    /// The code on the console that makes the first owner.
    Setup,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Session => b"session\0",
            Self::StreamKey => b"stream-key\0",
            Self::PasswordReset => b"password-reset\0",
            Self::Cart => b"cart\0",
            Self::Order => b"order\0",
            Self::Device => b"device\0",
            Self::KnownDevice => b"known-device\0",
            Self::Cursor => b"cursor\0",
            Self::RateLimit => b"rate-limit\0",
            Self::IdempotentRequest => b"idempotent-request\0",
            Self::Setup => b"setup\0",
        }
    }
}

/// The key that a stolen database alone does not have.
#[derive(Clone)]
pub struct Pepper([u8; 32]);

impl Pepper {
    /// The pepper with these bytes, which the operator keeps outside the database.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// HMAC-SHA-256 of `secret` for `purpose`.
    #[must_use]
    pub fn hash(&self, purpose: Purpose, secret: &[u8]) -> SecretHash {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(purpose.label());
        mac.update(secret);
        SecretHash(mac.finalize().into_bytes().into())
    }

    /// A secret that is made anew each time instead of kept: the same for the same `name`, and not to be guessed
    /// without the pepper. An order's secret is `derive(Purpose::Order, "ord_…")`.
    #[must_use]
    pub fn derive(&self, purpose: Purpose, name: &str) -> Secret {
        Secret(URL_SAFE_NO_PAD.encode(self.hash(purpose, name.as_bytes()).0))
    }

    /// Whether `secret` is the one that [`Pepper::derive`] makes for `name`.
    #[must_use]
    pub fn verify_derived(&self, purpose: Purpose, name: &str, secret: &str) -> bool {
        let expected = self.derive(purpose, name);
        expected.reveal().as_bytes().ct_eq(secret.as_bytes()).into()
    }

    /// Whether `secret` is the one that was kept as `kept`. Over-long texts are wrong.
    #[must_use]
    pub fn verify(&self, purpose: Purpose, secret: &str, kept: &SecretHash) -> bool {
        let bounded = secret.len() <= SECRET_CHARS_MAX;
        let text = if bounded { secret } else { "" };
        self.hash(purpose, text.as_bytes()).matches(kept) && bounded
    }
}

impl fmt::Debug for Pepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pepper(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::CountingEntropy;

    #[test]
    fn a_secret_cannot_be_printed_by_accident() {
        let secret = Secret::generate(&CountingEntropy::default());
        let pepper = Pepper::new([7; 32]);
        let hash = pepper.hash(Purpose::Session, secret.reveal().as_bytes());
        let printed = format!("{secret:?} {pepper:?} {hash:?}");
        assert_eq!(printed, "Secret(…) Pepper(…) SecretHash(…)");
    }

    #[test]
    fn the_same_secret_in_two_places_has_two_hashes() {
        let pepper = Pepper::new([7; 32]);
        let session = pepper.hash(Purpose::Session, b"s");
        assert!(pepper.verify(Purpose::Session, "s", &session));
        assert!(!pepper.verify(Purpose::Cart, "s", &session));
        assert!(!Pepper::new([8; 32]).verify(Purpose::Session, "s", &session));
    }

    #[test]
    fn a_derived_secret_opens_its_own_thing_only() {
        let pepper = Pepper::new([7; 32]);
        let secret = pepper.derive(Purpose::Order, "ord_1");
        assert!(pepper.verify_derived(Purpose::Order, "ord_1", secret.reveal()));
        assert!(!pepper.verify_derived(Purpose::Order, "ord_2", secret.reveal()));
        assert!(!pepper.verify_derived(Purpose::Cart, "ord_1", secret.reveal()));
        assert!(!pepper.verify_derived(Purpose::Order, "ord_1", &secret.reveal()[1..]));
        assert!(!Pepper::new([8; 32]).verify_derived(Purpose::Order, "ord_1", secret.reveal()));
    }

    #[test]
    fn an_overlong_text_is_never_a_secret() {
        let pepper = Pepper::new([7; 32]);
        for (chars, accepted) in [(SECRET_CHARS_MAX, true), (SECRET_CHARS_MAX + 1, false)] {
            let text = "a".repeat(chars);
            let kept = pepper.hash(Purpose::Order, text.as_bytes());
            assert_eq!(pepper.verify(Purpose::Order, &text, &kept), accepted, "{chars}");
        }
    }
}
