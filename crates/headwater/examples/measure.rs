//! Measures take-in and queries on generated reports: `measure [N…]`.
//!
//! Reports of 400 words are made with a fixed seed in two ways. *Shuffled* ones repeat the sentences
//! of the sample reports, so that the same few hundred sentences are told again and again: the worst
//! that copies can do. *Varied* ones tell of as many events as there are reports, each in some ten
//! reports in words that differ. For each N a fresh store is filled by the released program in a
//! process of its own, which reads by rules unless HEADWATER_READER says otherwise; printed are reports per second by the clock and by the processor's time,
//! peak memory, size of the store and the time of the commonest questions.

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
    println!("{} sentences to shuffle, {WORDS} words a report, {} cores", sentences.len(), cores());
    println!(
        "{:<9} {:>7} {:>8} {:>9} {:>14} {:>8} {:>9} {:>10} {:>9}",
        "reports",
        "number",
        "seconds",
        "a second",
        "processor, ms",
        "peak MB",
        "store MB",
        "picture s",
        "events s"
    );
    for size in sizes {
        let shuffled = generate(size, |shuffle, _| sentences[shuffle.below(sentences.len())].clone())?;
        let varied = generate(size, |shuffle, number| Story::near(shuffle, number, size).tell(shuffle))?;
        for (name, reports) in [("shuffled", shuffled), ("varied", varied)] {
            let file = folder.path().join(format!("{name}-{size}.jsonl"));
            fs::write(&file, reports).context("cannot write the reports")?;
            let store = folder.path().join(format!("{name}-{size}.sqlite"));
            let taken = timed(&program, &store, &["take-in".as_ref(), file.as_os_str()])?;
            let picture = timed(&program, &store, &["picture".as_ref()])?;
            let events = timed(&program, &store, &["events".as_ref()])?;
            let number = size as f64;
            println!(
                "{name:<9} {size:>7} {:>8.1} {:>9.0} {:>14.2} {:>8.0} {:>9.1} {:>10.2} {:>9.2}",
                taken.seconds,
                number / taken.seconds,
                taken.processor_seconds * 1e3 / number,
                taken.peak_kilobytes as f64 / 1024.0,
                fs::metadata(&store).map_or(0.0, |data| data.len() as f64 / 1e6),
                picture.seconds,
                events.seconds,
            );
        }
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

fn generate(size: usize, sentence: impl Fn(&mut Shuffle, usize) -> String) -> Result<String> {
    let mut shuffle = Shuffle(7);
    let mut lines = String::new();
    for number in 0..size {
        let mut text = String::new();
        let mut words = 0;
        while words < WORDS {
            let sentence = sentence(&mut shuffle, number);
            words += sentence.split_whitespace().count();
            text.push_str(&sentence);
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

/// Something that several reports tell of.
struct Story {
    town: &'static str,
    group: &'static str,
    target: &'static str,
    killed: usize,
    hurt: usize,
    day: usize,
}

const TOWNS: &[&str] = &[
    "Maiduguri",
    "Kandahar",
    "Mosul",
    "Peshawar",
    "Mogadishu",
    "Aleppo",
    "Goma",
    "Donetsk",
    "Quetta",
    "Kismayo",
    "Gao",
    "Diffa",
    "Taiz",
    "Benghazi",
    "Jalalabad",
    "Kirkuk",
    "Bunia",
    "Mopti",
    "Sirte",
    "Hodeidah",
    "Kunduz",
    "Ramadi",
    "Beledweyne",
    "Homs",
    "Lashkar Gah",
    "Baidoa",
    "Idlib",
    "Zamboanga",
];
const GROUPS: &[&str] = &[
    "gunmen",
    "Islamic State fighters",
    "soldiers",
    "militants",
    "police officers",
    "Taliban fighters",
    "armed men on motorcycles",
    "Al-Shabaab fighters",
    "rebels",
    "members of a militia",
];
const TARGETS: &[&str] = &[
    "a checkpoint",
    "a market",
    "an army convoy",
    "a village",
    "a police station",
    "a bus",
    "a school",
    "a hospital",
    "a military base",
    "a mosque",
];
const MONTHS: &[&str] = &["January", "February", "March"];

impl Story {
    /// One of the stories around the time of a report: a few are told in many, none in all.
    fn near(shuffle: &mut Shuffle, number: usize, size: usize) -> Self {
        // The story is given by its number alone, whoever tells it.
        let story = (number + shuffle.below(24)) % size.max(1);
        let mut own = Shuffle(story as u64 ^ 0x5707);
        Self {
            town: TOWNS[own.below(TOWNS.len())],
            group: GROUPS[own.below(GROUPS.len())],
            target: TARGETS[own.below(TARGETS.len())],
            killed: 2 + own.below(30),
            hurt: 2 + own.below(60),
            day: own.below(3 * 28),
        }
    }

    fn tell(&self, shuffle: &mut Shuffle) -> String {
        let Self { town, group, target, killed, hurt, day } = self;
        let date = format!("{} {}", MONTHS[day / 28], 1 + day % 28);
        match shuffle.below(8) {
            0 => format!(
                "At least {killed} people were killed when {group} attacked {target} in {town} on {date}."
            ),
            1 => format!("On {date}, {group} opened fire on {target} near {town}, killing {killed} people."),
            2 => format!(
                "A hospital official said {hurt} people were wounded in the attack in {town} on {date}."
            ),
            3 => format!("The governor blamed {group} for the attack on {target} in {town}."),
            4 => format!(
                "Police said {killed} bodies were found in {town} after {date}, and {hurt} people were hurt."
            ),
            5 => format!(
                "“We will find those who attacked {target} in {town},” an army spokesman said on {date}."
            ),
            6 => format!(
                "Residents of {town} told reporters that {group} had fled before troops came on {date}."
            ),
            _ => format!(
                "The attack in {town} that killed {killed} people was the worst since {date}, officials said."
            ),
        }
    }
}

/// What a run took.
struct Took {
    seconds: f64,
    processor_seconds: f64,
    /// 0 where the system does not tell, as is the one above.
    peak_kilobytes: u64,
}

fn timed(program: &Path, store: &Path, arguments: &[&std::ffi::OsStr]) -> Result<Took> {
    let start = Instant::now();
    let mut child = Command::new(program)
        .args(["--quiet", "--store"])
        .arg(store)
        // By rules unless the environment asks for another reader.
        .env("HEADWATER_READER", std::env::var("HEADWATER_READER").as_deref().unwrap_or("rules"))
        .args(arguments)
        .stdout(Stdio::null())
        .spawn()
        .context("cannot start the program")?;
    let (mut peak_kilobytes, mut processor_seconds) = (0, 0.0_f64);
    let status = loop {
        if let Some(status) = child.try_wait().context("cannot wait for the program")? {
            break status;
        }
        peak_kilobytes = peak_kilobytes.max(resident_peak(child.id()));
        processor_seconds = processor_seconds.max(processor_time(child.id()).unwrap_or(0.0));
        thread::sleep(Duration::from_millis(5));
    };
    if !status.success() {
        bail!("cannot measure: the program ended with {status}");
    }
    Ok(Took { seconds: start.elapsed().as_secs_f64(), processor_seconds, peak_kilobytes })
}

/// Seconds that a process has computed, in the system's steps of a hundredth.
fn processor_time(process: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let mut numbers = status.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system): (f64, f64) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    Some((user + system) / 100.0)
}

fn resident_peak(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
