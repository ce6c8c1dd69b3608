//! The host's voice in chat: says what the script says, and answers what viewers ask.

use std::collections::VecDeque;
use std::time::Duration;

use anyhow::{Context, Result};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use tokio_util::sync::CancellationToken;

use super::dashboard::Dashboard;
use super::files::Answer;

/// Before the room is joined again after the connection was lost.
const REJOIN_MS: u64 = 1_000;
/// A person takes a moment to read and to type.
const ANSWER_AFTER_MS: u64 = 2_500;
/// Answers that wait; more questions than that at once go unanswered, as with any host.
const ANSWERS_MAX: usize = 4;

/// The host in the room of their show.
pub struct Voice {
    /// The signed-in owner.
    pub dashboard: Arc<Dashboard>,
    /// Path that gives staff tokens for the room.
    pub token_path: String,
    /// WebSocket of the room.
    pub room_url: String,
    /// What to answer to which words.
    pub answers: Vec<Answer>,
    /// What the script says.
    pub lines: mpsc::Receiver<String>,
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

impl Voice {
    /// Stays in the room until stopped.
    pub async fn run(mut self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                outcome = self.stay() => {
                    if let Err(error) = outcome {
                        tracing::debug!(%error, "the scripted host joins the room again");
                    }
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(Duration::from_millis(REJOIN_MS)) => {}
            }
        }
    }

    async fn stay(&mut self) -> Result<()> {
        let mut socket = self.join().await?;
        let mut waiting: VecDeque<(tokio::time::Instant, Value)> = VecDeque::new();
        let mut number = 0_u64;
        loop {
            let due = waiting.front().map(|(at, _)| *at);
            let say = tokio::select! {
                line = self.lines.recv() => json!({ "text": line.context("the script is over")? }),
                () = sleep_until(due) => waiting.pop_front().map(|(_, answer)| answer).unwrap_or_default(),
                message = socket.next() => {
                    let Some(message) = message else { return Ok(()) };
                    if let Message::Text(frame) = message? {
                        let now = tokio::time::Instant::now();
                        for answer in self.heard(frame.as_str())? {
                            if waiting.len() < ANSWERS_MAX {
                                waiting.push_back((now + Duration::from_millis(ANSWER_AFTER_MS), answer));
                            }
                        }
                    }
                    continue;
                }
            };
            number += 1;
            let mut message = say;
            message["t"] = "say".into();
            message["ref"] = number.to_string().into();
            socket.send(Message::text(json!([message]).to_string())).await?;
        }
    }

    async fn join(&self) -> Result<Socket> {
        let token = self.dashboard.post(&self.token_path, &json!({})).await?;
        let token = token["token"].as_str().context("a staff token was given")?;
        let mut request = self.room_url.as_str().into_client_request()?;
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", format!("showfloor.v1, token.{token}").parse()?);
        headers.insert("origin", self.dashboard.origin().parse()?);
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await?;
        socket.send(Message::text(json!([{ "t": "hello" }]).to_string())).await?;
        Ok(socket)
    }

    /// What to say to the questions in a frame.
    fn heard(&self, frame: &str) -> Result<Vec<Value>> {
        let messages: Vec<Value> = serde_json::from_str(frame)?;
        let asked =
            messages.iter().filter(|message| message["t"] == "chat").map(|message| &message["message"]);
        let from_viewers = asked.filter(|message| message["from"]["role"] == "viewer");
        Ok(from_viewers
            .filter_map(|message| {
                let text = answer_to(message["text"].as_str()?, &self.answers)?;
                Some(json!({ "text": text, "reply_to": message["id"] }))
            })
            .collect())
    }
}

async fn sleep_until(at: Option<tokio::time::Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// The first answer that knows a word, or some words in a row, of the question.
fn answer_to<'a>(question: &str, answers: &'a [Answer]) -> Option<&'a str> {
    let question = apart(question);
    let knows = |answer: &&Answer| answer.any.iter().any(|words| question.contains(&apart(words)));
    answers.iter().find(knows).map(|answer| answer.text.as_str())
}

/// The words of a text in lower case, each with a space before and behind it.
fn apart(text: &str) -> String {
    let text = text.to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(String::from(" "), |text, word| text + word + " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_are_answered() {
        let answers = [Answer { any: vec!["hi".into(), "food safe".into()], text: "Hello".into() }];
        assert_eq!(answer_to("Hi there!", &answers), Some("Hello"));
        assert_eq!(answer_to("Is it food-safe?", &answers), Some("Hello"));
        assert_eq!(answer_to("is this the shipping price?", &answers), None);
    }
}
