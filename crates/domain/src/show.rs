//! A show's life: draft → scheduled → live ⇄ paused → ended.
//!
//! What moves it: its people (publish, go live, end) and its broadcast. Ended is final; a new evening is a new
//! show. A broadcast that ends does not end the show: the host may come back, and only a person says it is over.

use serde::{Deserialize, Serialize};

pub use crate::event::ShowState;

/// What a second publisher with a valid key does to the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SecondPublisher {
    /// It is refused.
    #[default]
    Refuse,
    /// It takes over.
    TakeOver,
}

/// What happens to links in the chat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LinkPolicy {
    /// They are sent.
    Allow,
    /// The message is refused.
    #[default]
    Block,
}

/// How a show is run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShowSettings {
    /// Whether the first frames make a scheduled show live.
    pub auto_live: bool,
    /// What a second publisher does.
    pub second_publisher: SecondPublisher,
    /// The length of a part, 200 to 1,000 ms.
    pub part_target_ms: u32,
    /// Seconds between two messages of one viewer, 0 to 300.
    pub slow_mode_s: u32,
    /// Words that no message may hold, at most 500 of up to 80 characters.
    pub blocklist: Vec<String>,
    /// What happens to links.
    pub links: LinkPolicy,
}

impl Default for ShowSettings {
    fn default() -> Self {
        Self {
            auto_live: true,
            second_publisher: SecondPublisher::default(),
            part_target_ms: 333,
            slow_mode_s: 0,
            blocklist: Vec::new(),
            links: LinkPolicy::default(),
        }
    }
}

/// What moves a show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShowInput {
    /// Viewers may know of it.
    Publish,
    /// Its host says that it begins.
    GoLive,
    /// Its host says that it is over.
    End,
    /// A publisher's first frames are watchable.
    BroadcastStarted,
    /// The publisher was lost.
    BroadcastInterrupted,
    /// The publisher came back.
    BroadcastResumed,
    /// The publisher did not come back, or left.
    BroadcastEnded,
}

/// The show is not where this could be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a show that is {from:?} cannot {input:?}")]
pub struct IllegalTransition {
    /// Where it stands.
    pub from: ShowState,
    /// What was asked.
    pub input: ShowInput,
}

/// Where the show stands after `input`. A broadcast's news never fails: what does not concern the show leaves
/// it where it is.
///
/// # Errors
/// When a person asks for what is not possible now.
pub const fn advance(
    from: ShowState,
    input: ShowInput,
    auto_live: bool,
) -> Result<ShowState, IllegalTransition> {
    use ShowInput as I;
    use ShowState as S;
    Ok(match (from, input) {
        (S::Draft, I::Publish) => S::Scheduled,
        (S::Scheduled, I::GoLive) => S::Live,
        (S::Live | S::Paused, I::End) => S::Ended,
        (S::Scheduled, I::BroadcastStarted | I::BroadcastResumed) if auto_live => S::Live,
        (S::Paused, I::BroadcastStarted | I::BroadcastResumed) => S::Live,
        (S::Live, I::BroadcastInterrupted | I::BroadcastEnded) => S::Paused,
        (
            S::Draft | S::Scheduled | S::Live | S::Paused | S::Ended,
            I::BroadcastStarted | I::BroadcastInterrupted | I::BroadcastResumed | I::BroadcastEnded,
        ) => from,
        (S::Scheduled | S::Live | S::Paused | S::Ended, I::Publish)
        | (S::Draft | S::Live | S::Paused | S::Ended, I::GoLive)
        | (S::Draft | S::Scheduled | S::Ended, I::End) => return Err(IllegalTransition { from, input }),
    })
}

/// Whether a show is on air, picture or not.
#[must_use]
pub const fn is_on_air(state: ShowState) -> bool {
    matches!(state, ShowState::Live | ShowState::Paused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ShowInput as I;
    use ShowState as S;

    const STATES: [S; 5] = [S::Draft, S::Scheduled, S::Live, S::Paused, S::Ended];
    const INPUTS: [I; 7] = [
        I::Publish,
        I::GoLive,
        I::End,
        I::BroadcastStarted,
        I::BroadcastInterrupted,
        I::BroadcastResumed,
        I::BroadcastEnded,
    ];

    #[test]
    fn every_transition_is_as_drawn() {
        // Rows: states; columns: inputs. `-` refused, `.` stays.
        let table = |auto_live: bool| {
            STATES.map(|state| {
                INPUTS
                    .map(|input| match advance(state, input, auto_live) {
                        Err(_) => '-',
                        Ok(next) if next == state => '.',
                        Ok(S::Draft) => 'd',
                        Ok(S::Scheduled) => 's',
                        Ok(S::Live) => 'l',
                        Ok(S::Paused) => 'p',
                        Ok(S::Ended) => 'e',
                    })
                    .iter()
                    .collect::<String>()
            })
        };
        assert_eq!(table(true), ["s--....", "-l-l.l.", "--e.p.p", "--el.l.", "---...."]);
        assert_eq!(table(false), ["s--....", "-l-....", "--e.p.p", "--el.l.", "---...."]);
    }

    #[test]
    fn an_ended_show_never_comes_back() {
        for input in INPUTS {
            assert!(matches!(advance(S::Ended, input, true), Ok(S::Ended) | Err(_)), "{input:?}");
        }
    }
}
