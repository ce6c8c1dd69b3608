//! Binding ports, with errors that say what to do.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpListener;

/// A port could not be had.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Another program has it.
    #[error("port {port} is taken by another program: stop that one, or choose another with {option}")]
    Taken {
        /// The port.
        port: u16,
        /// The option that chooses another.
        option: &'static str,
    },
    /// This user may not have it.
    #[error("port {port} needs rights that this user lacks: choose one above 1023 with {option}")]
    Forbidden {
        /// The port.
        port: u16,
        /// The option that chooses another.
        option: &'static str,
    },
    /// The system said something else.
    #[error("port {port} could not be opened ({option}): {source}")]
    Other {
        /// The port.
        port: u16,
        /// The option that chooses another.
        option: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Listens on the loopback address; port 0 picks a free one.
///
/// # Errors
/// When the port is taken, forbidden, or the system refuses for a reason of its own.
pub async fn loopback(port: u16, option: &'static str) -> Result<TcpListener, ListenError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(address).await.map_err(|source| error(port, option, source))
}

/// What to tell whoever chose `port` with `option`.
#[must_use]
pub fn error(port: u16, option: &'static str, source: std::io::Error) -> ListenError {
    match source.kind() {
        ErrorKind::AddrInUse => ListenError::Taken { port, option },
        ErrorKind::PermissionDenied => ListenError::Forbidden { port, option },
        _ => ListenError::Other { port, option, source },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_is_named_with_the_option_that_changes_it() {
        let first = loopback(0, "--port").await.unwrap();
        let port = first.local_addr().unwrap().port();
        let error = loopback(port, "--port").await.unwrap_err().to_string();
        assert!(error.contains(&port.to_string()) && error.contains("--port"), "{error}");
    }
}
