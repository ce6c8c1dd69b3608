//! What can be said on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Live shopping you own: from camera to paid order.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run everything in one process with a demo shop on air, on this machine alone.
    Demo(Demo),
    /// Run everything in one process with an empty shop: the first start prints a code for its first owner.
    Dev(Stack),
    /// Print the OpenAPI document of the HTTP API.
    Openapi,
}

/// Options of `demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// What is common to all ways to run.
    #[command(flatten)]
    pub stack: Stack,
    /// Write one JSON object with every address and credential to this file once everything answers.
    #[arg(long, value_name = "FILE")]
    pub ready_file: Option<PathBuf>,
    /// Leave the demo show silent: no programme, no scripted host.
    #[arg(long)]
    pub no_demo_stream: bool,
    /// Where the demo shop's programme, pictures and script lie.
    #[arg(long, value_name = "FOLDER", default_value_os_t = default_demo_dir())]
    pub demo_dir: PathBuf,
}

/// Options of everything in one process.
#[derive(Clone, Debug, Args)]
pub struct Stack {
    /// Port of the API, the edge, the player and the dashboard; 0 picks a free one.
    #[arg(long, default_value_t = 7400, env = "SHOWFLOOR_PORT")]
    pub port: u16,
    /// Port that publishers connect to; 0 picks a free one.
    #[arg(long, default_value_t = 1935, env = "SHOWFLOOR_RTMP_PORT")]
    pub rtmp_port: u16,
    /// Where everything is kept: database, media, mail, keys.
    #[arg(long, value_name = "FOLDER", default_value = ".data", env = "SHOWFLOOR_DATA_DIR")]
    pub data_dir: PathBuf,
    /// Where the built player and dashboard lie.
    #[arg(long, value_name = "FOLDER", default_value = "web", env = "SHOWFLOOR_WEB_DIR")]
    pub web_dir: PathBuf,
    /// Whether real buyers are served. Production refuses the sandbox, plain HTTP and development secrets.
    #[arg(long, value_enum, default_value_t, env = "SHOWFLOOR_ENVIRONMENT")]
    pub environment: crate::config::Environment,
    /// Address that people reach this at; by default the loopback address and the port.
    #[arg(long, value_name = "URL", env = "SHOWFLOOR_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Who takes the money.
    #[arg(long, value_enum, default_value_t, env = "SHOWFLOOR_PAYMENTS")]
    pub payments: crate::config::Payments,
    /// How many trusted proxies stand in front and add to X-Forwarded-For.
    #[arg(long, default_value_t = 0, env = "SHOWFLOOR_TRUSTED_PROXIES")]
    pub trusted_proxies: u8,
    /// Write logs as JSON lines.
    #[arg(long, env = "SHOWFLOOR_LOG_JSON")]
    pub log_json: bool,
}

fn default_demo_dir() -> PathBuf {
    std::env::var_os("SHOWFLOOR_DEMO_DIR")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/demo")), PathBuf::from)
}
