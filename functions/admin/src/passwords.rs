//! Passwords: rules, and argon2id with a bound on how many are hashed at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use showfloor_domain::text::TextError;
use showfloor_http::{Entropy, Problem, Result};
use tokio::sync::Semaphore;

/// The fewest characters of a password.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// The most characters of a password.
pub const PASSWORD_CHARS_MAX: usize = 128;
/// Memory of one hash, in KiB: 19 MiB (OWASP's choice for two passes).
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over it.
const PASSES: u32 = 2;
/// How many hashes are computed at once; more wait.
pub const HASHES_AT_ONCE: usize = 2;

/// Passwords that a guesser tries first, of those long enough to be taken at all.
const COMMON: &[&str] = &[
    "123456789012",
    "1234567890123",
    "1234567890ab",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "abcdefghijkl",
    "abcdef123456",
    "abc123abc123",
    "administrator",
    "adminadminadmin",
    "adminpassword",
    "changemechangeme",
    "changeme1234",
    "correcthorsebatterystaple",
    "dragondragon",
    "football1234",
    "iloveyou1234",
    "iloveyouiloveyou",
    "letmeinletmein",
    "letmein12345",
    "liverpool1234",
    "monkeymonkey",
    "password1234",
    "password12345",
    "password123456",
    "password2026!",
    "passwordpassword",
    "princess1234",
    "qwerty123456",
    "qwertyqwerty",
    "qwertyuiop12",
    "qwertyuiop123",
    "qwertyuiopas",
    "qwertyuiopasdfghjkl",
    "secretsecret",
    "showfloor1234",
    "showfloorshowfloor",
    "sunshine1234",
    "superman1234",
    "trustno1trustno1",
    "welcome12345",
    "welcomewelcome",
    "zaq12wsxcde3",
];

/// Hashes and verifies passwords.
#[derive(Clone)]
pub struct Passwords(Arc<Shared>);

struct Shared {
    permits: Semaphore,
    verified: AtomicU64,
    // What a password of an account that does not exist is verified against, at the same cost.
    nobody: String,
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passwords(…)")
    }
}

impl Passwords {
    /// Ready to hash. Costs one hash.
    #[must_use]
    pub fn new(entropy: &dyn Entropy) -> Self {
        let password: String = entropy.secret_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        Self(Arc::new(Shared {
            permits: Semaphore::new(HASHES_AT_ONCE),
            verified: AtomicU64::new(0),
            nobody: hash(&password, entropy.secret_bytes()),
        }))
    }

    /// The PHC string of a password that fulfils the rules.
    ///
    /// # Errors
    /// 500 when the work was cut off.
    pub async fn hash(&self, password: String, entropy: &dyn Entropy) -> Result<String> {
        let salt = entropy.secret_bytes();
        self.blocking(move || hash(&password, salt)).await
    }

    /// Whether the password is the one of this PHC string. With none, the same work is done and the answer is
    /// no, so that time does not tell which accounts exist (abuse case A4).
    ///
    /// # Errors
    /// 500 when the work was cut off.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        if password.chars().count() > PASSWORD_CHARS_MAX {
            return Ok(false);
        }
        self.0.verified.fetch_add(1, Ordering::SeqCst);
        let exists = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.0.nobody.clone());
        let matches = self
            .blocking(move || {
                let Ok(parsed) = PasswordHash::new(&hash) else { return false };
                argon2().verify_password(password.as_bytes(), &parsed).is_ok()
            })
            .await?;
        Ok(matches && exists)
    }

    /// How many verifications were done: equal work is what a test counts.
    #[must_use]
    pub fn verified(&self) -> u64 {
        self.0.verified.load(Ordering::SeqCst)
    }

    async fn blocking<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let _permit = self.0.permits.acquire().await.map_err(|_| Problem::internal())?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Problem::internal())
    }
}

/// Checks a new password against the rules. `email` must not be it.
///
/// # Errors
/// 422 at `pointer` with what is wrong.
pub fn check_new(password: &str, email: &str, pointer: &str) -> Result<()> {
    let chars = password.chars().count();
    let lower = password.to_lowercase();
    let first = lower.chars().next();
    let wrong = if chars < PASSWORD_CHARS_MIN {
        format!("must be at least {PASSWORD_CHARS_MIN} characters")
    } else if chars > PASSWORD_CHARS_MAX {
        TextError::TooLong(PASSWORD_CHARS_MAX).to_string()
    } else if COMMON.contains(&lower.as_str()) || lower.chars().all(|c| Some(c) == first) {
        "is one of the passwords that are guessed first".into()
    } else if lower == email.to_lowercase() {
        "must not be the e-mail address".into()
    } else {
        return Ok(());
    };
    Err(Problem::invalid_at(pointer, wrong))
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).expect("the parameters are within argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash(password: &str, salt: [u8; 32]) -> String {
    let salt = SaltString::encode_b64(&salt[..16]).expect("sixteen bytes are a salt");
    argon2()
        .hash_password(password.as_bytes(), &salt)
        .expect("a bounded password and a fixed salt can be hashed")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_are_length_and_not_being_common() {
        let check = |password: &str| check_new(password, "ida@example.com", "/password").is_ok();
        assert!(check("twelve chars"));
        assert!(!check("eleven char"));
        assert!(check(&"ab".repeat(64)));
        assert!(!check(&format!("{}c", "ab".repeat(64))));
        assert!(!check("PasswordPassword"));
        assert!(!check("zzzzzzzzzzzzzz"));
        assert!(!check("Ida@example.com"));
    }
}
