//! One viewer's socket: frames in, frames out.

use std::sync::atomic::Ordering;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use showfloor_edge_core::room::{ConnId, Input};
use tokio::sync::{mpsc, oneshot};

use super::actor::{Command, Delivery, Joined};
use showfloor_edge_core::token::Participant;

/// Frames put into the socket's buffer before it is flushed.
const FLUSH_EVERY: usize = 64;

/// Serves a socket until either side is done with it.
pub async fn serve(socket: WebSocket, who: Participant, room: mpsc::Sender<Command>) {
    let (reply, joined) = oneshot::channel();
    if room.send(Command::Join { who, reply }).await.is_err() {
        return;
    }
    let Ok(joined) = joined.await else { return };
    let conn = joined.conn;
    let (sink, stream) = socket.split();
    // Whichever ends first ends the other: a client that is gone, or a room that closes.
    tokio::select! {
        () = read(stream, conn, &room) => {}
        () = write(sink, joined) => {}
    }
    // The room may have forgotten it already, or be gone itself.
    let _ = room.send(Command::Input(Input::Left { conn })).await;
}

async fn read(mut stream: SplitStream<WebSocket>, conn: ConnId, room: &mpsc::Sender<Command>) {
    while let Some(Ok(message)) = stream.next().await {
        let frame = match message {
            Message::Text(text) => text.into(),
            // The room says what it thinks of a frame that is no text.
            Message::Binary(bytes) => bytes,
            Message::Ping(_) | Message::Pong(_) => continue,
            Message::Close(_) => return,
        };
        if room.send(Command::Input(Input::Frame { conn, frame })).await.is_err() {
            return;
        }
    }
}

async fn write(mut sink: SplitSink<WebSocket, Message>, joined: Joined) {
    let Joined { mut queue, written, .. } = joined;
    let mut deliveries = Vec::with_capacity(FLUSH_EVERY);
    while queue.recv_many(&mut deliveries, FLUSH_EVERY).await > 0 {
        let mut bytes = 0;
        for delivery in deliveries.drain(..) {
            match delivery {
                Delivery::Frame(text) => {
                    bytes += text.len();
                    if sink.feed(Message::Text(text)).await.is_err() {
                        return;
                    }
                }
                Delivery::Close(code) => {
                    let frame = CloseFrame { code: code.as_u16(), reason: code.reason().into() };
                    // Nothing can be done about a client that does not take its leave.
                    let _ = sink.send(Message::Close(Some(frame))).await;
                    return;
                }
            }
        }
        if sink.flush().await.is_err() {
            return;
        }
        written.fetch_add(bytes, Ordering::Relaxed);
    }
}
