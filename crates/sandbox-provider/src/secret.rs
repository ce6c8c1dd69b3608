//! Secrets that are derived instead of stored, and how secrets are compared.

use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The API key, and what is derived from it: so that no secret lies in the state file.
pub(crate) struct Keys {
    api_key: Vec<u8>,
}

impl Keys {
    pub fn new(api_key: &str) -> Self {
        Self { api_key: api_key.as_bytes().to_vec() }
    }

    /// Whether this is the API key.
    pub fn is_api_key(&self, offered: &str) -> bool {
        // Digests have one length, so that not even the key's length is told by time.
        Sha256::digest(offered).ct_eq(&Sha256::digest(&self.api_key)).into()
    }

    /// What the buyer's browser needs to pay an intent.
    pub fn client_secret(&self, intent_id: &str) -> String {
        format!("{intent_id}_secret_{}", self.derive("client secret", intent_id))
    }

    /// Whether this is the intent's client secret.
    pub fn is_client_secret(&self, intent_id: &str, offered: &str) -> bool {
        equal(&self.client_secret(intent_id), offered)
    }

    /// What opens the page with the bank's question, for one attempt.
    pub fn challenge_token(&self, intent_id: &str, attempt: u32) -> String {
        self.derive("challenge", &format!("{intent_id}.{attempt}"))
    }

    /// What tells that two payments were made with one card.
    pub fn fingerprint(&self, card_number: &str) -> String {
        let mut text = self.derive("card", card_number);
        text.truncate(16);
        text
    }

    fn derive(&self, purpose: &str, of: &str) -> String {
        hex(&hmac(&self.api_key, &[purpose.as_bytes(), b"\0", of.as_bytes()]))
    }
}

/// Compares two texts without telling by time where they differ.
pub(crate) fn equal(expected: &str, offered: &str) -> bool {
    expected.as_bytes().ct_eq(offered.as_bytes()).into()
}

/// HMAC-SHA-256 (RFC 2104) of the parts, one after the other.
pub(crate) fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Lowercase hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_secret_opens_its_intent_only() {
        let keys = Keys::new("one");
        let secret = keys.client_secret("pi_1");
        assert!(keys.is_client_secret("pi_1", &secret));
        assert!(!keys.is_client_secret("pi_2", &secret));
        assert!(!keys.is_client_secret("pi_1", ""));
        assert!(!keys.is_client_secret("pi_1", &secret[..secret.len() - 1]));
        assert!(!Keys::new("two").is_client_secret("pi_1", &secret));
    }

    #[test]
    fn only_the_whole_api_key_is_the_api_key() {
        let keys = Keys::new("sk_test");
        assert!(keys.is_api_key("sk_test"));
        for wrong in ["", "sk_tes", "sk_test1", "SK_TEST"] {
            assert!(!keys.is_api_key(wrong), "{wrong}");
        }
    }
}
