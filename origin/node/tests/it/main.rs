//! A whole origin on loopback: real sockets, the real object store.

mod abuse;
mod ffmpeg;
mod http;
mod lifecycle;
mod publishing;
mod storage;
mod support;
