//! Mail that the functions write: a trait, so that the root chooses between a folder and SMTP.

use async_trait::async_trait;
use showfloor_domain::{OrderId, ShopId};

/// One mail, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The shop that writes.
    pub shop_id: ShopId,
    /// The order it is about, if it is about one.
    pub order_id: Option<OrderId>,
    /// One address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// The text version, which says everything.
    pub text: String,
    /// The HTML version: every value in it is escaped.
    pub html: String,
}

/// The mail was not taken; try again later.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the mail was not taken: {0}")]
pub struct MailError(pub String);

/// Takes mails.
#[async_trait]
pub trait Mailer: Send + Sync + 'static {
    /// Takes one mail; when it returns, the mail is kept.
    ///
    /// # Errors
    /// When it was not kept.
    async fn send(&self, mail: Mail) -> Result<(), MailError>;
}
