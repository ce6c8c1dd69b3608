//! Secrets of an embedded start: made at the first start, kept in the data folder, readable by its owner only.
//!
//! No secret has a default. Two fresh starts never share one.

use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result};

use crate::config::ConfigError;

/// Bytes of entropy in every secret.
pub const SECRET_BYTES: usize = 32;

/// A secret of this start. It has no `Debug` and no `Serialize`, so that it can't be logged by a slip.
#[derive(Clone)]
pub struct Secret([u8; SECRET_BYTES]);

impl Secret {
    /// The bytes, for the one place that uses them.
    #[must_use]
    pub fn expose(&self) -> &[u8; SECRET_BYTES] {
        &self.0
    }

    /// As lower-case hexadecimal text.
    #[must_use]
    pub fn expose_hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// All of them.
pub struct Keys {
    /// Seed of the Ed25519 key that signs tokens.
    pub token_signing: Secret,
    /// Pepper of stored secrets' digests.
    pub pepper: Secret,
    /// API key of the sandbox payment provider.
    pub sandbox_api: Secret,
    /// Secret that signs the sandbox payment provider's webhooks.
    pub sandbox_webhook: Secret,
}

impl Keys {
    /// Reads them, making those that are missing.
    ///
    /// # Errors
    /// When the folder can't be written, a file is damaged, or holds an example secret.
    pub fn open(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
        let secret = |name: &str| open(&folder.join(name));
        Ok(Self {
            token_signing: secret("token-signing.key")?,
            pepper: secret("pepper.key")?,
            sandbox_api: secret("sandbox-api.key")?,
            sandbox_webhook: secret("sandbox-webhook.key")?,
        })
    }
}

fn open(path: &Path) -> Result<Secret> {
    let hex = match fs::read_to_string(path) {
        Ok(hex) => hex,
        Err(error) if error.kind() == ErrorKind::NotFound => return create(path),
        Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
    };
    let secret = decode(hex.trim()).with_context(|| {
        format!(
            "{} is damaged: restore it from a backup; a new one would void what it protects",
            path.display()
        )
    })?;
    // Zeros, repeated bytes and counting bytes are what documentation and tests use.
    let steps: Vec<u8> = secret.0.windows(2).map(|pair| pair[1].wrapping_sub(pair[0])).collect();
    if steps.iter().all(|step| *step == steps[0]) {
        return Err(ConfigError::ExampleSecret(path.display().to_string()).into());
    }
    Ok(secret)
}

fn create(path: &Path) -> Result<Secret> {
    let secret = Secret(rand::random());
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("making {}", path.display()))?;
    file.write_all(secret.expose_hex().as_bytes())?;
    file.sync_all()?;
    Ok(secret)
}

fn decode(hex: &str) -> Option<Secret> {
    let mut bytes = [0; SECRET_BYTES];
    if hex.len() != 2 * SECRET_BYTES || !hex.is_ascii() {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(Secret(bytes))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn two_fresh_starts_share_no_secret_and_a_second_start_keeps_its_own() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let first = Keys::open(one.path()).unwrap();
        let second = Keys::open(other.path()).unwrap();
        let again = Keys::open(one.path()).unwrap();
        assert_ne!(first.token_signing.expose(), second.token_signing.expose());
        assert_ne!(first.pepper.expose(), first.token_signing.expose());
        assert_eq!(first.pepper.expose(), again.pepper.expose());
    }

    #[test]
    fn only_the_owner_can_read_a_secret() {
        let folder = tempfile::tempdir().unwrap();
        Keys::open(folder.path()).unwrap();
        let mode = fs::metadata(folder.path().join("pepper.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn an_example_secret_does_not_start() {
        let folder = tempfile::tempdir().unwrap();
        for example in ["00".repeat(32), "ab".repeat(32), (0..32).map(|byte| format!("{byte:02x}")).collect()]
        {
            fs::write(folder.path().join("pepper.key"), example).unwrap();
            let error = Keys::open(folder.path()).err().unwrap().to_string();
            assert!(error.contains("example secret"), "{error}");
        }
    }

    #[test]
    fn a_damaged_secret_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("pepper.key"), "abc").unwrap();
        assert!(Keys::open(folder.path()).is_err());
        assert_eq!(fs::read_to_string(folder.path().join("pepper.key")).unwrap(), "abc");
    }
}
