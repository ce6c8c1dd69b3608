//! What a start needs to know, checked before anything starts.

use std::path::PathBuf;

use crate::cli;

/// Whether real buyers are served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Environment {
    /// On somebody's machine: loopback only, sandbox payments, plain HTTP.
    #[default]
    Development,
    /// Real buyers and real money.
    Production,
}

/// Who takes the money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Payments {
    /// The sandbox provider of this process: test cards, no money.
    #[default]
    Sandbox,
    /// Nobody: shows can be watched, nothing can be paid.
    None,
}

/// A setting that must not go into production, or makes no sense.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Sandbox cards would pay for real goods.
    #[error("--payments sandbox takes no money: production must not run with it. Choose another provider.")]
    SandboxInProduction,
    /// Tokens and cookies would travel in the clear.
    #[error("--public-url must start with https:// in production")]
    PlainHttpInProduction,
    /// Production has no address by default.
    #[error("--public-url is needed in production: the https address that people open")]
    PublicUrlMissing,
    /// A URL that is not one.
    #[error("--public-url must be an origin like https://live.example.com, without a path")]
    PublicUrlMalformed,
    /// A known secret from documentation or tests.
    #[error("the file {0} holds an example secret: delete it, a new one is made at the next start")]
    ExampleSecret(String),
}

/// Everything in one process, as it will run.
#[derive(Clone, Debug)]
pub struct Config {
    /// Who takes the money.
    pub payments: Payments,
    /// Port of everything that speaks HTTP; 0 picks a free one.
    pub port: u16,
    /// Port of RTMP; 0 picks a free one.
    pub rtmp_port: u16,
    /// Where everything is kept.
    pub data_dir: PathBuf,
    /// Where the player and the dashboard lie.
    pub web_dir: PathBuf,
    /// The address people open, if it isn't the loopback one.
    pub public_url: Option<String>,
    /// Trusted proxies in front.
    pub trusted_proxies: u8,
}

impl TryFrom<&cli::Stack> for Config {
    type Error = ConfigError;

    fn try_from(options: &cli::Stack) -> Result<Self, ConfigError> {
        if let Some(url) = &options.public_url {
            check_origin(url)?;
        }
        if options.environment == Environment::Production {
            if options.payments == Payments::Sandbox {
                return Err(ConfigError::SandboxInProduction);
            }
            let url = options.public_url.as_deref().ok_or(ConfigError::PublicUrlMissing)?;
            if !url.starts_with("https://") {
                return Err(ConfigError::PlainHttpInProduction);
            }
        }
        Ok(Self {
            payments: options.payments,
            port: options.port,
            rtmp_port: options.rtmp_port,
            data_dir: options.data_dir.clone(),
            web_dir: options.web_dir.clone(),
            public_url: options.public_url.clone(),
            trusted_proxies: options.trusted_proxies,
        })
    }
}

fn check_origin(url: &str) -> Result<(), ConfigError> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match rest {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']) => Ok(()),
        _ => Err(ConfigError::PublicUrlMalformed),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn configured(arguments: &[&str]) -> Result<Config, ConfigError> {
        let cli = cli::Cli::parse_from([&["showfloor", "dev"], arguments].concat());
        let cli::Command::Dev(stack) = cli.command else { panic!("`dev` was parsed") };
        Config::try_from(&stack)
    }

    #[test]
    fn production_refuses_the_sandbox() {
        let error = configured(&["--environment", "production", "--public-url", "https://live.example.com"]);
        assert_eq!(error.unwrap_err(), ConfigError::SandboxInProduction);
    }

    #[test]
    fn production_refuses_plain_http_and_a_missing_address() {
        let production = ["--environment", "production", "--payments", "none"];
        assert_eq!(configured(&production).unwrap_err(), ConfigError::PublicUrlMissing);
        let plain = [&production[..], &["--public-url", "http://live.example.com"]].concat();
        assert_eq!(configured(&plain).unwrap_err(), ConfigError::PlainHttpInProduction);
        let right = [&production[..], &["--public-url", "https://live.example.com"]].concat();
        assert!(configured(&right).is_ok());
    }

    #[test]
    fn an_address_is_an_origin_and_nothing_more() {
        for url in ["live.example.com", "https://", "https://a/b", "https://u@h", "ftp://h"] {
            assert_eq!(
                configured(&["--public-url", url]).unwrap_err(),
                ConfigError::PublicUrlMalformed,
                "{url}"
            );
        }
    }
}
