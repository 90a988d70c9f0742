//! How fast does the network read? Articles of about 600 words, made of the sentences below.
//!
//! `cargo run --release -p headwater-tagger --example speed [seconds] [threads]`

#![expect(clippy::disallowed_methods, reason = "what is measured is time")]

use headwater_tagger::{Isa, Tagger};
use std::ops::Range;
use std::time::{Duration, Instant};

const SENTENCES: [&str; 24] = [
    "Gunmen on motorcycles opened fire on a bus carrying miners near the town of Brisa late on Monday.",
    "At least nine people were killed and more than twenty wounded, hospital officials said.",
    "The River Front claimed responsibility in a statement sent to reporters on Tuesday morning.",
    "Colonel Ana Veldt, a spokeswoman for the Third Brigade, said that soldiers had been sent to the area.",
    "She denied reports that troops had fired at residents who fled across the river.",
    "A shopkeeper who asked not to be named said the attackers wore uniforms of the border police.",
    "The governor of Harrow Province accused the front of trying to disrupt next month's elections.",
    "Opposition parties called for an independent inquiry and a protest march on Friday.",
    "It was the third attack on the road between Brisa and Port Laren since the ceasefire collapsed in March.",
    "In April a roadside bomb destroyed an army truck near the same bridge, killing four soldiers.",
    "The front, which wants self-rule for the eastern districts, has fought the government since 1994.",
    "Talks brokered by the Union of Coastal States broke down when both sides refused to withdraw.",
    "The minister of defence, Tomas Ekberg, told parliament that those behind the attack would be found.",
    "Police arrested two men on suspicion of supplying the weapons, a court document seen by Coast Wire shows.",
    "Their lawyer said that neither had been to Brisa and that they would plead not guilty.",
    "Aid groups warned that thousands of families could be cut off if the road stayed closed.",
    "The World Relief Mission suspended deliveries after one of its drivers was abducted last week.",
    "He was released unharmed on Sunday, but his vehicle and radio have not been recovered.",
    "Witnesses described hearing an explosion shortly before dusk, followed by bursts of gunfire.",
    "\"We hid under the seats until it was quiet,\" said Mirela Dosh, 34, who was travelling with two children.",
    "The army said that it had killed seven rebels in a raid on a camp in the hills north of Lake Orin.",
    "There was no way to confirm the claim, and the front said that it had lost no fighters.",
    "Neighbouring Talvia offered to host a new round of negotiations, its foreign ministry said.",
    "Markets in the provincial capital stayed shut, and schools will not open before Thursday.",
];
const ARTICLES: usize = 24;
const SENTENCES_PER_ARTICLE: usize = 36;

fn main() {
    let mut arguments = std::env::args().skip(1).map_while(|argument| argument.parse().ok());
    let time = Duration::from_secs(arguments.next().unwrap_or(5));
    let threads_max = arguments.next().unwrap_or(2);

    let start = Instant::now();
    let mut tagger = Tagger::from_bytes(
        include_bytes!("../model/embeddings.safetensors"),
        include_bytes!("../model/tagger.safetensors"),
        include_str!("../model/vocab.txt"),
    )
    .expect("the files in the repository are whole");
    println!("loaded in {} ms", start.elapsed().as_millis());

    let articles: Vec<_> = (0..ARTICLES).map(article).collect();
    let words: usize = articles.iter().map(|(text, _)| text.split_whitespace().count()).sum();
    println!("{ARTICLES} articles of {} words", words / ARTICLES);
    for isa in Isa::all().into_iter().rev() {
        tagger = tagger.with_instructions(isa);
        for threads in 1..=threads_max {
            let network = articles_per_second(&articles, time, threads, |text, sentences| {
                tagger.read(text, sentences).words().len()
            });
            let with_spans = articles_per_second(&articles, time, threads, |text, sentences| {
                let encoded = tagger.read(text, sentences);
                tagger.heads().map(|(head, _)| encoded.spans(head).len()).sum()
            });
            println!("{:12} {threads} threads: {network}; with all spans: {with_spans}", isa.name());
        }
    }
    if let Some(peak) = peak_memory() {
        println!("peak memory {peak}");
    }
}

/// The `number`th article: a different choice of sentences each time.
fn article(number: usize) -> (String, Vec<Range<usize>>) {
    let mut text = String::new();
    let mut sentences = Vec::new();
    for at in 0..SENTENCES_PER_ARTICLE {
        let sentence = SENTENCES[(number * 5 + at * (2 * number + 7)) % SENTENCES.len()];
        let start = text.len();
        text.push_str(sentence);
        sentences.push(start..text.len());
        text.push(' ');
    }
    (text, sentences)
}

/// How many articles a second are read, and how many a second of processor time, which does not depend on what
/// else the machine is doing.
fn articles_per_second(
    articles: &[(String, Vec<Range<usize>>)],
    time: Duration,
    threads: u64,
    read: impl Fn(&str, &[Range<usize>]) -> usize + Sync,
) -> String {
    let (start, processor_start) = (Instant::now(), processor_seconds());
    let work = || {
        let mut done = 0;
        for (text, sentences) in articles.iter().cycle() {
            if start.elapsed() >= time {
                break;
            }
            std::hint::black_box(read(text, sentences));
            done += 1;
        }
        done
    };
    let done: u32 = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().expect("reading does not panic")).sum()
    });
    let second = f64::from(done) / start.elapsed().as_secs_f64();
    match processor_start.zip(processor_seconds()) {
        Some((before, after)) => {
            format!("{second:.1} articles/s ({:.1} per processor second)", f64::from(done) / (after - before))
        }
        None => format!("{second:.1} articles/s"),
    }
}

/// What Linux says of the processor time that this program has used, which it counts in hundredths.
fn processor_seconds() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = status.rsplit_once(')')?;
    let mut ticks = fields.split_whitespace().skip(11).map_while(|field| field.parse::<f64>().ok());
    Some((ticks.next()? + ticks.next()?) / 100.0)
}

/// What Linux says of the most memory that was held.
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    Some(status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().to_owned())
}
