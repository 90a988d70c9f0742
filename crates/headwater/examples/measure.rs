//! Measures take-in and queries on generated reports: `measure [N…]`.
//!
//! Reports of 400 words are made by shuffling the sentences of the sample reports with a fixed seed.
//! For each N a fresh store is filled by the released program in a process of its own; printed are
//! reports per second, peak memory, size of the store and the time of the commonest questions.

use anyhow::{Context as _, Result, bail};
use headwater_intake::{Intake, Limits, Target};
use headwater_reader::document::Document;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Words in a generated report, at least.
const WORDS: usize = 400;
/// Days over which publication is spread.
const DAYS: u64 = 60;
const OUTLETS: &[&str] =
    &["Harbour Ledger", "Coast Wire", "Northern Post", "The Daily Signal", "Meridian Wire"];

fn main() -> Result<()> {
    let mut sizes: Vec<usize> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![1_000, 10_000];
    }
    let program = program()?;
    let sentences = sentences(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/reports")))?;
    let folder = tempfile::tempdir().context("cannot make a folder")?;
    println!("{} sentences to shuffle, {} words a report, {} cores", sentences.len(), WORDS, cores());
    println!(
        "{:>8} {:>10} {:>10} {:>10} {:>10} {:>10} {:>10}",
        "reports", "seconds", "reports/s", "peak MB", "store MB", "picture s", "events s"
    );
    for size in sizes {
        let file = folder.path().join(format!("{size}.jsonl"));
        fs::write(&file, generate(&sentences, size)?).context("cannot write the reports")?;
        let store = folder.path().join(format!("{size}.sqlite"));
        let (seconds, peak) = timed(&program, &store, &["take-in".as_ref(), file.as_os_str()])?;
        let (picture, _) = timed(&program, &store, &["picture".as_ref()])?;
        let (events, _) = timed(&program, &store, &["events".as_ref()])?;
        let megabytes = fs::metadata(&store).map_or(0.0, |data| data.len() as f64 / 1e6);
        println!(
            "{size:>8} {seconds:>10.1} {:>10.0} {:>10.0} {megabytes:>10.1} {picture:>10.2} {events:>10.2}",
            size as f64 / seconds,
            peak as f64 / 1024.0,
        );
    }
    Ok(())
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// The released program, which lies beside the folder of this example.
fn program() -> Result<PathBuf> {
    let here = std::env::current_exe().context("cannot find this program")?;
    let program = here
        .parent()
        .and_then(Path::parent)
        .map(|folder| folder.join("headwater"))
        .filter(|path| path.exists());
    program.context("cannot find the program: build it with the same profile first")
}

fn sentences(samples: &Path) -> Result<Vec<String>> {
    let mut sentences = Vec::new();
    for found in Intake::new(Limits::default()).open(&Target::parse(&samples.to_string_lossy())).flatten() {
        let document = Document::new(&found.text);
        let spans = document.sentences.iter().filter(|sentence| sentence.tokens.len() >= 6);
        sentences
            .extend(spans.filter_map(|sentence| found.text.get(sentence.span.range())).map(str::to_owned));
    }
    if sentences.is_empty() {
        bail!("cannot find the sample reports");
    }
    sentences.sort();
    sentences.dedup();
    Ok(sentences)
}

/// A sequence of numbers that looks random and is the same every time (splitmix64).
struct Shuffle(u64);

impl Shuffle {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap_or(0)
    }
}

fn generate(sentences: &[String], size: usize) -> Result<String> {
    let mut shuffle = Shuffle(7);
    let mut lines = String::new();
    for number in 0..size {
        let mut text = String::new();
        let mut words = 0;
        while words < WORDS {
            let sentence = &sentences[shuffle.below(sentences.len())];
            words += sentence.split_whitespace().count();
            text.push_str(sentence);
            text.push_str(if shuffle.below(4) == 0 { "\n\n" } else { " " });
        }
        let day = 1 + shuffle.next() % DAYS;
        let record = serde_json::json!({
            "id": format!("generated-{number}"),
            "title": text.split(". ").next(),
            "text": text,
            "published": format!("2025-{:02}-{:02}", 1 + day / 28, 1 + day % 28),
            "source": OUTLETS[shuffle.below(OUTLETS.len())],
        });
        writeln!(lines, "{record}").context("cannot put the reports together")?;
    }
    Ok(lines)
}

/// Seconds that a run took and its peak memory in kilobytes (0 where the system does not tell).
fn timed(program: &Path, store: &Path, arguments: &[&std::ffi::OsStr]) -> Result<(f64, u64)> {
    let start = Instant::now();
    let mut child = Command::new(program)
        .args(["--quiet", "--store"])
        .arg(store)
        .args(arguments)
        .stdout(Stdio::null())
        .spawn()
        .context("cannot start the program")?;
    let mut peak = 0;
    let status = loop {
        if let Some(status) = child.try_wait().context("cannot wait for the program")? {
            break status;
        }
        peak = peak.max(resident_peak(child.id()));
        thread::sleep(Duration::from_millis(5));
    };
    if !status.success() {
        bail!("cannot measure: the program ended with {status}");
    }
    Ok((start.elapsed().as_secs_f64(), peak))
}

fn resident_peak(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
