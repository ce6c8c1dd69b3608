//! The catalogue as its clients see it: over HTTP, over SQLite in a folder of its own.

mod harness;
mod products;
mod public;
mod uploads;
mod walk;
