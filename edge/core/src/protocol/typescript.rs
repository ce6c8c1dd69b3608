//! The wire in TypeScript.

use std::fmt::Write as _;

use showfloor_domain::event::{FlashSaleEnd, ShowState, VariantPrice};
use showfloor_domain::{Currency, ImageId, MessageId, Money, ProductId, ShowId, UtcMs, VariantId, ViewerId};
use ts_rs::{Config, TS};

use super::{
    Badge, Banner, ChatMessage, ClientMessage, Flash, Pinned, Quote, ReactionKind, Ref, Refusal, Resume,
    Sender, ServerMessage, Snapshot, You,
};
use crate::overlay::{
    Audience, ImageRef, Overlay, OverlayBanner, OverlayPinned, OverlayProduct, OverlayVariant, VariantState,
};
use crate::token::Role;

/// One TypeScript module with every type of the room's wire and of overlays.
#[must_use]
pub fn typescript() -> String {
    // Whole numbers stay below 2⁵³: offsets, versions, milliseconds, minor units.
    let config = Config::new().with_large_int("number");
    let mut module = String::from(
        "// The room's wire, `showfloor.v1`. Generated from `edge/core`; do not edit.\n\
         // A frame is a JSON array of messages.\n",
    );
    macro_rules! declare {
        ($($kind:ty),* $(,)?) => {$(
            if let Some(docs) = <$kind>::docs() {
                let _ = write!(module, "\n{}", docs.trim_end());
            }
            let _ = writeln!(module, "\nexport {}", <$kind>::decl(&config));
        )*};
    }
    declare!(
        Currency,
        Money,
        UtcMs,
        ImageId,
        MessageId,
        ProductId,
        ShowId,
        VariantId,
        ViewerId,
        Role,
        Badge,
        Ref,
        Resume,
        ReactionKind,
        ShowState,
        FlashSaleEnd,
        VariantPrice,
        Sender,
        Quote,
        ChatMessage,
        You,
        Pinned,
        Banner,
        Flash,
        Refusal,
        Snapshot,
        ClientMessage,
        ServerMessage,
        Audience,
        ImageRef,
        VariantState,
        OverlayVariant,
        OverlayProduct,
        OverlayPinned,
        OverlayBanner,
        Overlay,
    );
    // A one-line comment on one line, and no blanks at line ends.
    module.replace("/**\n * ", "/** ").replace("\n */", " */").replace(", \n", ",\n").replace("{ \n", "{\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_declared_once_and_every_number_is_a_number() {
        let module = typescript();
        for declared in ["ClientMessage", "ServerMessage", "ChatMessage", "Overlay", "VariantState", "Money"]
        {
            assert_eq!(module.matches(&format!("export type {declared} =")).count(), 1, "{declared}");
        }
        assert!(!module.contains("bigint") && !module.contains(": any"), "{module}");
        assert!(module.contains(r#""t": "pin_message""#) && module.contains(r#""t": "flash_end""#));
    }
}
