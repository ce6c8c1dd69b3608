//! What the edge promises.

mod forged_tokens;
