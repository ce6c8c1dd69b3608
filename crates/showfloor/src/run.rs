//! What each command does.

use anyhow::{Context, Result};

use crate::cli::{self, Command};
use crate::config::Config;
use crate::demo::Demo;
use crate::stack::Stack;
use crate::{functions, logging};

/// Does what was asked for, until Ctrl-C where it goes on.
///
/// # Errors
/// With a sentence for the person at the terminal.
pub fn run(command: Command) -> Result<()> {
    match command {
        Command::Openapi => {
            println!("{}", functions::openapi().to_pretty_json()?);
            Ok(())
        }
        Command::Demo(options) => until_stopped(&options.stack, Some(&options)),
        Command::Dev(options) => until_stopped(&options, None),
    }
}

fn until_stopped(options: &cli::Stack, demo: Option<&cli::Demo>) -> Result<()> {
    let config = Config::try_from(options)?;
    logging::start(options.log_json);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting threads")?;
    runtime.block_on(async {
        let mut signals = Signals::new()?;
        let started = async {
            let stack = Stack::start(&config).await?;
            let demo = match demo {
                Some(options) => Some(Demo::start(&stack, options).await?),
                None => {
                    introduce(&stack);
                    None
                }
            };
            anyhow::Ok((stack, demo))
        };
        let (stack, demo) = tokio::select! {
            started = started => started?,
            // Nothing was promised yet, so there is nothing to end in order.
            () = signals.next() => return Ok(()),
        };
        signals.next().await;
        println!("\nStopping.");
        tokio::select! {
            () = async {
                if let Some(demo) = demo {
                    demo.shutdown().await;
                }
                stack.shutdown().await;
            } => {}
            // A second Ctrl-C means now.
            () = signals.next() => {}
        }
        Ok(())
    })
}

fn introduce(stack: &Stack) {
    println!("\nShowfloor answers at {}/dashboard/", stack.public_url);
    println!("Publishers connect to rtmp://{}/live", stack.rtmp);
    if let Some(code) = &stack.setup_code {
        println!(
            "\nMake the first owner at {}/dashboard/setup with the code\n\n  {}\n",
            stack.public_url,
            code.reveal()
        );
    }
}

/// Ctrl-C, and what a service manager sends.
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    fn new() -> Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
