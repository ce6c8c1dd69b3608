//! Shops and their accounts at payment providers: in the embedded stack, the sandbox for shops in test mode.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use hmac::{Hmac, Mac};
use sha2::Sha256;
use showfloor_domain::ShopId;
use showfloor_functions_payments::{
    LiveProvider, ProviderAccounts, SandboxAccount, SandboxProvider, TestProvider,
};
use showfloor_sandbox_provider::Endpoint;

use crate::keys::Secret;

/// Accounts at the sandbox, opened when a shop first needs one. Each has a webhook secret of its own.
pub struct SandboxAccounts {
    /// The provider itself, which is told where each account's webhooks go.
    pub provider: showfloor_sandbox_provider::SandboxProvider,
    /// Where it answers.
    pub provider_url: String,
    /// The key of its API.
    pub api_key: Secret,
    /// What the accounts' webhook secrets are derived from.
    pub webhook_secret: Secret,
    /// Where the functions answer.
    pub functions_url: String,
    /// Accounts that were opened.
    pub opened: Mutex<HashMap<ShopId, Arc<SandboxProvider>>>,
}

impl SandboxAccounts {
    fn open(&self, shop_id: ShopId) -> Option<Arc<SandboxProvider>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.webhook_secret.expose()).ok()?;
        mac.update(shop_id.to_string().as_bytes());
        let secret: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let account = SandboxAccount {
            shop_id,
            api_url: self.provider_url.clone(),
            browser_url: self.provider_url.clone(),
            api_key: self.api_key.expose_hex().into(),
            webhook_secret: Some(secret.clone().into()),
        };
        let client = SandboxProvider::new(account);
        let client =
            client.inspect_err(|error| tracing::error!(%error, "the sandbox can't be asked")).ok()?;
        let url = format!("{}/v1/webhooks/sandbox/{shop_id}", self.functions_url);
        self.provider.set_endpoint(shop_id.to_string(), Endpoint::new(url).with_secret(secret));
        Some(Arc::new(client))
    }
}

impl ProviderAccounts for SandboxAccounts {
    fn test(&self, shop_id: ShopId) -> Option<Arc<dyn TestProvider>> {
        // A map is whole even after a panic.
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(account) = opened.get(&shop_id) {
            return Some(account.clone());
        }
        let account = self.open(shop_id)?;
        opened.insert(shop_id, Arc::clone(&account));
        Some(account)
    }

    fn live(&self, _: ShopId) -> Option<Arc<dyn LiveProvider>> {
        None
    }
}

/// Nobody takes money.
pub struct NoAccounts;

impl ProviderAccounts for NoAccounts {
    fn test(&self, _: ShopId) -> Option<Arc<dyn TestProvider>> {
        None
    }

    fn live(&self, _: ShopId) -> Option<Arc<dyn LiveProvider>> {
        None
    }
}
