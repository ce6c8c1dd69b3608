//! The one-time code on the console that makes the first owner. There is no default account (abuse case A7).

use std::sync::{Mutex, PoisonError};

use showfloor_http::{Entropy, Pepper, Purpose, Secret, SecretHash};

/// The code, good until it is used or the process ends.
#[derive(Debug)]
pub struct SetupCode {
    pepper: Pepper,
    kept: Mutex<Option<SecretHash>>,
}

impl SetupCode {
    /// A new code, and the text to print on the console.
    #[must_use]
    pub fn generate(pepper: &Pepper, entropy: &dyn Entropy) -> (Self, Secret) {
        let secret = Secret::generate(entropy);
        let kept = pepper.hash(Purpose::Setup, secret.reveal().as_bytes());
        (Self { pepper: pepper.clone(), kept: Mutex::new(Some(kept)) }, secret)
    }

    /// No code: there is an owner already.
    #[must_use]
    pub fn none(pepper: &Pepper) -> Self {
        Self { pepper: pepper.clone(), kept: Mutex::new(None) }
    }

    /// Whether this is the code.
    #[must_use]
    pub fn matches(&self, code: &str) -> bool {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.is_some_and(|kept| self.pepper.verify(Purpose::Setup, code, &kept))
    }

    /// The code was used.
    pub fn use_up(&self) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

#[cfg(test)]
mod tests {
    use showfloor_http::OsEntropy;

    use super::*;

    #[test]
    fn a7_two_fresh_starts_have_two_codes() {
        let pepper = Pepper::new([1; 32]);
        let (first, first_code) = SetupCode::generate(&pepper, &OsEntropy);
        let (second, second_code) = SetupCode::generate(&pepper, &OsEntropy);
        assert!(first.matches(first_code.reveal()) && second.matches(second_code.reveal()));
        assert!(!first.matches(second_code.reveal()) && !first.matches(""));
        first.use_up();
        assert!(!first.matches(first_code.reveal()));
    }
}
