//! Prints the room's wire as a TypeScript module.

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(showfloor_edge_core::protocol::typescript().as_bytes())
}
