//! Mail of the embedded stack: written to a folder as `.eml` files that any mail program opens.

use std::path::Path;

use anyhow::{Context, Result};
use async_trait::async_trait;
use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncFileTransport, AsyncTransport, Message, Tokio1Executor};
use showfloor_http::{Mail, MailError, Mailer};

/// Writes mail into a folder.
pub struct MailFolder {
    transport: AsyncFileTransport<Tokio1Executor>,
    from: Mailbox,
}

impl MailFolder {
    /// Writes into `folder`, which is made if it is missing.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn open(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
        let from = "Showfloor <noreply@showfloor.invalid>".parse().context("the sender is an address")?;
        Ok(Self { transport: AsyncFileTransport::new(folder), from })
    }
}

#[async_trait]
impl Mailer for MailFolder {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        let to: Mailbox = mail.to.parse().map_err(|_| MailError("the address is not one".into()))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(mail.subject)
            .multipart(MultiPart::alternative_plain_html(mail.text, mail.html))
            .map_err(|error| MailError(error.to_string()))?;
        self.transport.send(message).await.map_err(|error| MailError(error.to_string()))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use showfloor_domain::{ShopId, UtcMs};

    use super::*;

    #[tokio::test]
    async fn a_mail_is_a_file_and_no_header_can_be_slipped_in() {
        let folder = tempfile::tempdir().unwrap();
        let mail = Mail {
            shop_id: ShopId::generate(UtcMs::new(1), [1; 10]),
            order_id: None,
            to: "ana@example.com".into(),
            subject: "Your order\r\nBcc: everybody@example.com".into(),
            text: "Thank you.".into(),
            html: "<p>Thank you.</p>".into(),
        };
        MailFolder::open(folder.path()).unwrap().send(mail.clone()).await.unwrap();
        let files: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()).collect();
        let text = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect::<String>();
        assert!(text.contains("ana@example.com") && !text.contains("\r\nBcc:"), "{text}");
        let bad = Mail { to: "nobody".into(), ..mail };
        assert!(MailFolder::open(folder.path()).unwrap().send(bad).await.is_err());
    }
}
