//! A folder with reports, a store, and the program to run over both.

use serde_json::Value;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder of its own for one test.
pub struct Scene {
    folder: tempfile::TempDir,
}

/// How a run ended and what it said.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// Fails the test unless the run ended with this code.
    #[track_caller]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        self
    }

    /// The answer in JSON of a run that went well.
    #[track_caller]
    pub fn json(self) -> Value {
        let ran = self.ends(0);
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.out))
    }
}

impl Scene {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file and gives its path.
    pub fn file(&self, name: &str, content: &str) -> String {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Writes a report as an outlet publishes it.
    pub fn report(&self, name: &str, source: &str, date: &str, text: &str) -> String {
        let head = format!("---\ntitle: \"{source} on {date}\"\ndate: {date}\nsource: \"{source}\"\n---\n\n");
        self.file(name, &(head + text + "\n"))
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_headwater"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("HEADWATER_")) {
            command.env_remove(name);
        }
        command
            .env("HEADWATER_STORE", self.path("store.sqlite"))
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("XDG_DATA_HOME", self.path("data"))
            .env("HOME", self.folder.path())
            .env("USER", "anna");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.command(arguments).output().unwrap().into()
    }

    /// Runs with this on standard input.
    pub fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap().into()
    }

    /// Runs and reads the answer as JSON.
    #[track_caller]
    pub fn ask(&self, arguments: &[&str]) -> Value {
        self.run(&[arguments, &["--json"]].concat()).json()
    }

    /// Takes in three reports of two outlets on one attack, and one on another.
    pub fn with_reports() -> Self {
        let scene = Self::new();
        scene.report(
            "in/1.md",
            "Harbour News",
            "2024-03-05",
            "Gunmen attacked a market in Maiduguri on Monday, killing at least 12 people, police said.\n\nThe \
             attackers came on motorcycles. Security experts warned that more attacks may follow.",
        );
        scene.report(
            "in/2.md",
            "Brisa Post",
            "2024-03-06",
            "At least 15 people were killed when gunmen stormed a market in Maiduguri on Monday, the governor \
             said.\n\nBoko Haram claimed responsibility for the attack. The army denied that soldiers had fled.",
        );
        scene.report(
            "in/3.md",
            "Harbour News",
            "2024-04-20",
            "A bomb exploded near a police station in Mogadishu on Friday, killing three officers. Al-Shabaab said \
             that it had carried out the bombing.",
        );
        scene.run(&["take-in", "in"]).ends(0);
        scene
    }
}

/// The reports that come with the program.
pub fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/reports")
}
