//! What people write, made fit to be shown and to be compared.
//!
//! [`clean`] makes the text that is shown: normalised (NFC), without controls, bidirectional overrides and
//! invisible characters, with at most four marks on a letter, in one line. [`fold`] makes the text that is
//! compared: what looks alike is alike (the skeleton of UTS #39 §4, and digits that stand for letters). Only the
//! clean text is ever shown; the folded text never is.
//!
//! ```
//! use showfloor_edge_core::text::{Blocklist, ReservedNames, clean, fold};
//!
//! assert_eq!(clean("hi\u{202E} there\u{200B}!"), "hi there!");
//! assert_eq!(fold("Моdеrаtоr"), fold("moderator"));
//! let reserved = ReservedNames::new(["Mira", "Clay & Co"]);
//! assert!(reserved.forbids("Host ✓") && reserved.forbids("M1ra") && !reserved.forbids("Ghostly"));
//! assert!(Blocklist::new(["darn"]).finds("oh d.a.r.n it"));
//! ```

mod blocklist;
mod clean;
mod fold;
mod links;
mod names;

pub use blocklist::{BLOCKLIST_PHRASES_MAX, Blocklist};
pub use clean::{MARKS_PER_BASE_MAX, clean};
pub use fold::fold;
pub use links::has_link;
pub use names::ReservedNames;
