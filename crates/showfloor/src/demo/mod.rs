//! The demo: a shop made through the public API, a programme pushed over RTMP, a host who follows a script.

mod dashboard;
mod files;
mod programme;
mod ready;
mod robot;
mod seed;
mod voice;

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use serde_json::json;
use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::cli;
use crate::stack::Stack;
use dashboard::Dashboard;
use files::{ShopFile, read};
use programme::Programme;
use ready::{Owner, Ready};
use robot::Robot;
use seed::Seeded;
use voice::Voice;

/// What the host says and has not been sent.
const LINES_MAX: usize = 8;
/// Address of the demo shop's host.
const HOST_EMAIL: &str = "mara@fern-and-kiln.example";
/// Address of the demo shop's owner.
const OWNER_EMAIL: &str = "owner@fern-and-kiln.example";

/// The demo's own tasks.
pub struct Demo {
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Demo {
    /// Fills the shop at the first start, goes on air, and says where everything is.
    ///
    /// # Errors
    /// When the shop can't be made or the ready file can't be written.
    pub async fn start(stack: &Stack, options: &cli::Demo) -> Result<Self> {
        let origin = stack.public_url.as_str();
        let http = reqwest::Client::builder().no_proxy().build()?;
        let seeded = open_shop(http.clone(), stack, options).await?;
        let demo = Self { stop: CancellationToken::new(), tasks: TaskTracker::new() };
        if !options.no_demo_stream {
            let Owner { email, password } = &seeded.host;
            let host = Dashboard::sign_in(http, origin, email, password).await?;
            demo.go_on_air(stack, &options.demo_dir, Arc::new(host), &seeded)?;
        }
        let ready = describe(origin, stack, &seeded);
        if let Some(file) = &options.ready_file {
            ready.write(file)?;
        }
        print(&ready);
        Ok(demo)
    }

    /// Goes off air.
    pub async fn shutdown(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn go_on_air(
        &self,
        stack: &Stack,
        demo_dir: &Path,
        dashboard: Arc<Dashboard>,
        seeded: &Seeded,
    ) -> Result<()> {
        let script: files::Programme = read(demo_dir, "programme.json")?;
        let path = demo_dir.join(&script.picture);
        let file = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        let programme =
            Programme::new(file.into(), script.loop_ms, stack.rtmp, seeded.show.stream_key.clone())?;
        let (lines, said) = mpsc::channel(LINES_MAX);
        let show = seeded.show.id;
        let voice = Voice {
            dashboard: Arc::clone(&dashboard),
            token_path: format!("/v1/admin/shows/{show}/staff-token"),
            room_url: room_url(&stack.public_url, show),
            answers: script.answers,
            lines: said,
        };
        let robot = Robot {
            dashboard,
            seeded: seeded.clone(),
            cues: script.cues,
            lines,
            last_sale: Mutex::default(),
            rounds: programme.rounds(),
        };
        self.tasks.spawn(programme.run(self.stop.clone()));
        self.tasks.spawn(voice.run(self.stop.clone()));
        self.tasks.spawn(robot.run(self.stop.clone()));
        Ok(())
    }
}

async fn open_shop(http: reqwest::Client, stack: &Stack, options: &cli::Demo) -> Result<Seeded> {
    let (origin, data_dir) = (stack.public_url.as_str(), options.stack.data_dir.as_path());
    if let Some(seeded) = Seeded::find(data_dir)? {
        return Ok(seeded);
    }
    let code = stack.setup_code.as_ref().context(
        "this data folder has a shop that the demo did not make: choose another folder with --data-dir",
    )?;
    let file: ShopFile = read(&options.demo_dir, "shop.json")?;
    let owner = Owner { email: OWNER_EMAIL.into(), password: password() };
    let host = Owner { email: HOST_EMAIL.into(), password: password() };
    let setup = json!({
        "code": code.reveal(),
        "email": owner.email,
        "name": file.shop.name,
        "password": owner.password,
        "shop_name": file.shop.name,
        "currency": file.shop.currency,
        "country": file.shop.country,
        "timezone": file.shop.timezone,
        "locale": file.shop.locale,
    });
    println!("Making the demo shop…");
    let dashboard = Dashboard::set_up(http, origin, &setup).await?;
    Seeded::make(&dashboard, (owner, host), &file, &options.demo_dir, data_dir).await
}

/// Four groups of five letters and digits that are told apart on paper: some hundred bits.
fn password() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let bytes: [u8; 20] = rand::random();
    let letters: Vec<char> = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

fn room_url(origin: &str, show: showfloor_domain::ShowId) -> String {
    format!("{}/v1/rooms/{show}/socket", origin.replacen("http", "ws", 1))
}

fn describe(origin: &str, stack: &Stack, seeded: &Seeded) -> Ready {
    let (show, idle) = (seeded.show.id, seeded.idle.id);
    Ready {
        show_id: show,
        show_url: format!("{origin}/s/{show}"),
        dashboard_url: format!("{origin}/dashboard/"),
        api_url: origin.to_owned(),
        playlist_url: format!("{origin}/live/{show}/index.m3u8"),
        room_url: room_url(origin, show),
        rtmp_url: format!("rtmp://{}/live", stack.rtmp),
        stream_key: seeded.idle.stream_key.clone(),
        idle_show_id: idle,
        idle_show_url: format!("{origin}/s/{idle}"),
        idle_playlist_url: format!("{origin}/live/{idle}/index.m3u8"),
        idle_room_url: room_url(origin, idle),
        owner: seeded.owner.clone(),
        sandbox_cards: showfloor_sandbox_provider::CARDS.iter().copied().collect(),
    }
}

fn print(ready: &Ready) {
    println!(
        "\nOn air.\n\n  Watch and buy   {}\n  Dashboard       {}\n                  {} / {}\n\n  Pay with the sandbox card 4242 4242 4242 4242, any future date, any three digits.\n\n  Publish yourself: {} with the key {}\n  and watch it at   {}\n\nCtrl-C stops; the next start carries on with the same data.",
        ready.show_url,
        ready.dashboard_url,
        ready.owner.email,
        ready.owner.password,
        ready.rtmp_url,
        ready.stream_key,
        ready.idle_show_url,
    );
}
