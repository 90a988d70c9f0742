//! Measures how fast reports are kept and settled, and how large the file grows.
//!
//! `cargo run --release -p headwater-store --example measure -- 5000`
//!
//! The reports are synthetic: some 400 words, ten incidents, fifteen sayings and forty bands each.
//! Times are the processor's, where the system tells them.

use headwater_domain::id::EventId;
use headwater_store::query::{EventQuery, Page, ReportQuery};
use headwater_store::sqlite::Options;
use headwater_store::{Near, Settlement, SqliteStore, Store, StoreError, Taken};
use headwater_testkit::{event_of, number_of, told};
use jiff::ToSpan as _;
use jiff::civil::date;
use std::time::{Duration, Instant};

const PLACES: [&str; 8] = ["Brisa", "Nordhaven", "Costa Alta", "Merin", "Velo", "Tarsk", "Oron", "Lisk"];
const COUNTRIES: [&str; 5] = ["XBR", "XNO", "XCA", "XME", "XVE"];
const ACTS: [&str; 5] = ["attacked", "shelled", "ambushed", "bombed", "raided"];
const WORDS: [&str; 24] = [
    "convoy",
    "market",
    "village",
    "soldiers",
    "officials",
    "night",
    "border",
    "checkpoint",
    "district",
    "residents",
    "wounded",
    "fighters",
    "statement",
    "morning",
    "hospital",
    "troops",
    "vehicle",
    "road",
    "north",
    "governor",
    "houses",
    "river",
    "school",
    "commander",
];

fn pick<'a>(from: &[&'a str], seed: &str) -> &'a str {
    from[usize::try_from(number_of(seed) % from.len() as u64).unwrap_or_default()]
}

fn report(number: usize) -> Taken {
    let words = |line: usize, count: usize| -> String {
        let word = |at| match number_of(&format!("{number}/{line}/{at}")) {
            // One word in six is rare, as names are.
            rare if rare % 6 == 0 => format!("name{}", rare % 50_000),
            common => WORDS[usize::try_from(common % 24).unwrap_or_default()].to_owned(),
        };
        (0..count).map(word).collect::<Vec<_>>().join(" ")
    };
    let mut text = String::new();
    for line in 0..10 {
        let seed = format!("{number}/{line}");
        text += &format!(
            "[Gunmen of {}]{{actor}} [{}]{{event}} [the {}]{{target}} in [{}]{{place:{}}} killing [three]{{killed:3}} {}.\n",
            words(line, 1),
            pick(&ACTS, &seed),
            words(line + 100, 1),
            pick(&PLACES, &seed),
            pick(&COUNTRIES, &seed),
            words(line + 200, 6),
        );
    }
    for line in 10..25 {
        text +=
            &format!("[A spokesman of {}]{{voice}} said that {}.\n", words(line, 1), words(line + 300, 10));
    }
    let day = date(2024, 1, 1) + i32::try_from(number / 100).unwrap_or_default().days();
    let mut told = told(&format!("Paper {number}"), &day.to_string(), &text);
    told.report.source = Some(headwater_domain::report::Source::id_of(&format!("Paper {}", number % 200)));
    told.resolution.fingerprint.bands = (0..40).map(|band| number_of(&format!("{number}/{band}"))).collect();
    Taken {
        report: told.report,
        source: Some(told.source),
        raw: told.raw,
        reading: told.reading,
        resolution: told.resolution,
        by: "measure".to_owned(),
    }
}

/// How long this thread has been on a processor, where the system tells: on a shared machine the
/// clock counts what others do.
fn on_processor() -> Option<Duration> {
    let schedule = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    schedule.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

/// Runs something, and gives its time on the processor, or by the clock where that is not known.
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let (start, before) = (Instant::now(), on_processor());
    let outcome = work();
    let by_clock = start.elapsed();
    (outcome, on_processor().zip(before).map_or(by_clock, |(after, before)| after - before))
}

/// How often each look is taken.
const LOOKS: u32 = 100;

/// A way of looking: its name, and how many things it finds.
type Look<'a> = (&'a str, &'a dyn Fn() -> Result<usize, StoreError>);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(2000);
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("store");
    let store = SqliteStore::open(&path, Options { create: true, ..Options::default() })?;

    let start = Instant::now();
    let mut keeping = Duration::ZERO;
    for number in 0..count {
        let taken = report(number);
        let (kept, took) = timed(|| store.keep_report(&taken));
        kept?;
        keeping += took;
    }
    let each = |total: Duration| total.as_secs_f64() * 1e6 / count as f64;
    println!("keeping: {count} reports, {:.0} µs each, {:.0}/s", each(keeping), 1e6 / each(keeping));
    println!("  by the clock, with building the reports: {:.0} µs each", each(start.elapsed()));

    let mut settling = Duration::ZERO;
    let open: Vec<_> = store.unsettled()?.iter().map(|sketch| sketch.claim).collect();
    for some in open.chunks(1000) {
        let mut settlement = Settlement { generation: store.generation()?, ..Settlement::default() };
        for incident in store.incidents(some)? {
            let event = EventId::founded_by(incident.claim);
            settlement.settled.push((incident.claim, event, incident.claim));
            settlement.events.push((event_of(&[&incident]), Vec::new()));
        }
        let (settled, took) = timed(|| store.settle(&settlement));
        settled?;
        settling += took;
    }
    println!("settling: an event for each incident, {:.0} µs a report", each(settling));

    let sample = report(count / 2);
    let near = Near {
        family: headwater_domain::kind::Family::Violence,
        country: Some("XBR".to_owned()),
        earliest: Some(date(2024, 1, 3)),
        latest: Some(date(2024, 1, 4)),
    };
    let words = ReportQuery { words: Some("governor checkpoint".to_owned()), ..ReportQuery::default() };
    let text = EventQuery { text: Some("governor".to_owned()), ..EventQuery::default() };
    let looks: [Look<'_>; 8] = [
        ("a report", &|| Ok(store.report(sample.report.id, None)?.iter().count())),
        ("its reading", &|| Ok(store.reading(sample.report.id, None)?.iter().count())),
        ("near: two days, one country", &|| Ok(store.near(std::slice::from_ref(&near))?.len())),
        ("relatives", &|| Ok(store.relatives(sample.report.id)?.like.len())),
        ("first page of events", &|| Ok(store.events(&EventQuery::default(), Page::first(50))?.len())),
        ("first page of events by a word", &|| Ok(store.events(&text, Page::first(50))?.len())),
        ("first page of reports by words", &|| Ok(store.reports(&words, Page::first(50))?.len())),
        ("first page of actors", &|| Ok(store.actors(None, Page::first(50))?.len())),
    ];
    for (what, look) in looks {
        look()?;
        // The processor's time is counted in steps of some milliseconds, so one look is too short.
        let (found, took) = timed(|| (0..LOOKS).try_fold(0, |_, _| look()));
        println!("{what}: {} found, {:.2} ms", found?, took.as_secs_f64() * 1e3 / f64::from(LOOKS));
    }
    let (verification, took) = timed(|| headwater_store::verify::verify(&store, &mut |_| {}));
    println!("verifying: {} problems, {:.1} s", verification?.problems.len(), took.as_secs_f64());

    drop(store);
    let size = std::fs::metadata(&path)?.len();
    println!("file: {:.1} MB, {:.1} kB a report", size as f64 / 1e6, size as f64 / 1e3 / count as f64);
    Ok(())
}
