//! ffmpeg as a publisher, and ffprobe as a reader.

use std::process::{Child, Command, Stdio};

/// Pictures a second of every test publisher.
pub const FPS: u32 = 30;

/// A running ffmpeg.
pub struct Publisher(Child);

/// What it sends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sound {
    /// A tone.
    Tone,
    /// A track without a sound in it.
    Silence,
    /// No track at all.
    None,
}

impl Publisher {
    /// Sends `frames` pictures in real time to `url`, then leaves in good order.
    pub fn start(url: &str, frames: u32, sound: Sound) -> Self {
        let seconds = f64::from(frames) / f64::from(FPS);
        let mut command = Command::new("ffmpeg");
        command.args(["-hide_banner", "-nostdin", "-loglevel", "error", "-re"]);
        command.args(["-f", "lavfi", "-i", &format!("testsrc2=size=640x360:rate={FPS}")]);
        match sound {
            Sound::Tone => command.args(["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"]),
            Sound::Silence => command.args(["-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo"]),
            Sound::None => command.arg("-an"),
        };
        command.args(["-frames:v", &frames.to_string(), "-t", &format!("{seconds:.3}")]);
        command.args([
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-tune",
            "zerolatency",
            "-profile:v",
            "baseline",
        ]);
        command.args([
            "-pix_fmt",
            "yuv420p",
            "-threads",
            "1",
            "-g",
            "30",
            "-keyint_min",
            "30",
            "-sc_threshold",
            "0",
        ]);
        if sound != Sound::None {
            command.args(["-c:a", "aac", "-b:a", "96k", "-ar", "48000"]);
        }
        command.args(["-f", "flv", url]).stdout(Stdio::null()).stderr(Stdio::piped());
        Self(command.spawn().expect("ffmpeg is installed: `cargo xtask test` sees to it"))
    }

    /// Waits for its end; gives what it complained of.
    pub fn finish(self) -> (bool, String) {
        let output = self.0.wait_with_output().expect("a child can be waited for");
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Kills it in the middle.
    pub fn drop_connection(mut self) {
        self.0.kill().expect("a child can be killed");
        self.0.wait().expect("a child can be waited for");
    }
}

/// Pictures in a fragmented MP4, counted by decoding them.
pub fn frames(media: &[u8]) -> u32 {
    let file = tempfile::NamedTempFile::new().expect("a file for ffprobe");
    std::fs::write(file.path(), media).expect("a file for ffprobe");
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-count_frames", "-select_streams", "v:0"])
        .args(["-show_entries", "stream=nb_read_frames", "-of", "csv=p=0"])
        .arg(file.path())
        .output()
        .expect("ffprobe comes with ffmpeg");
    let said = String::from_utf8_lossy(&output.stdout);
    let count = said.split([',', '\n']).find_map(|word| word.trim().parse().ok());
    count
        .unwrap_or_else(|| panic!("ffprobe counts frames: {said}{}", String::from_utf8_lossy(&output.stderr)))
}
