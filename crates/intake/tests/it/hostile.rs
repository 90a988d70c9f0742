//! Whatever comes in: no panic, and the limits hold.

use headwater_intake::{FailReason, Limits, normalise, parse_bytes};
use proptest::prelude::*;

use crate::samples::{
    ATOM, CSV, JSONL, MAIL, PAGE, RSS, STORY, docx, gzip, pdf, tar, warc, xz, zip, zstandard,
};

/// A small generator with a fixed start, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end.max(1) as u64).unwrap()
    }
}

fn mutate(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len());
        match dice.below(6) {
            0 => bytes.truncate(at),
            1 if !bytes.is_empty() => bytes[at] = u8::try_from(dice.below(256)).unwrap(),
            2 if !bytes.is_empty() => bytes[at] ^= 1 << dice.below(8),
            3 => bytes.insert(at.min(bytes.len()), b"\0\xff<{\"\n"[dice.below(6)]),
            4 => {
                let end = (at + dice.below(40)).min(bytes.len());
                let part = bytes[at.min(end)..end].to_vec();
                bytes.splice(at..at, part);
            }
            _ => {
                let end = (at + dice.below(40)).min(bytes.len());
                bytes.drain(at.min(end)..end);
            }
        }
    }
    bytes
}

#[test]
fn damaged_files_of_every_format_give_items_or_reasons() {
    let samples: Vec<(&str, Vec<u8>)> = vec![
        ("x.txt", STORY.into()),
        ("x.md", format!("---\ntitle: x\n---\n# y\n{STORY}").into()),
        ("x.html", PAGE.into()),
        ("x.rss", RSS.into()),
        ("x.atom", ATOM.into()),
        ("x.eml", MAIL.into()),
        ("x.mbox", format!("From a@b.example Mon Mar  3 08:00:00 2031\n{MAIL}\n\nFrom a\n{MAIL}").into()),
        ("x.jsonl", JSONL.into()),
        ("x.json", r#"[{"text": "One", "n": [1, {"a": "\"]"}]}, {"text": "Two"}]"#.into()),
        ("x.csv", CSV.into()),
        ("x.docx", docx()),
        ("x.pdf", pdf(&["Gunmen attacked", "a convoy."])),
        ("x.warc", warc()),
        ("x.warc.gz", gzip(&warc())),
        ("x.zip", zip(&[("a.txt", STORY.as_bytes()), ("b.jsonl", JSONL.as_bytes())])),
        ("x.tar", tar(&[("a.txt", STORY.as_bytes()), ("b.jsonl", JSONL.as_bytes())])),
        ("x.tar.xz", xz(&tar(&[("a.txt", STORY.as_bytes())]))),
        ("x.txt.zst", zstandard(STORY.as_bytes())),
    ];
    let limits = Limits { report_bytes_max: 50_000, expanded_bytes_max: 200_000, ..Limits::default() };
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for (name, bytes) in &samples {
        for round in 0..200 {
            let mutated = mutate(bytes, &mut dice);
            for item in parse_bytes(name, &mutated, &limits) {
                match item {
                    Ok(found) => {
                        assert!(found.text.len() <= 50_000 && !found.text.trim().is_empty());
                        assert_eq!(found.text, normalise(&found.text), "{name} {round}");
                        for span in
                            [found.wire.map(|wire| wire.span), found.dateline.map(|dateline| dateline.span)]
                        {
                            assert!(span.is_none_or(|span| found.text.get(span).is_some()));
                        }
                    }
                    Err(failed) => {
                        assert_ne!(failed.reason, FailReason::ReaderFailed, "{name} {round}");
                        assert_ne!(failed.reason, FailReason::TimedOut, "{name} {round}");
                    }
                }
            }
        }
    }
}

#[test]
fn deep_nesting_does_not_exhaust_the_stack() {
    for (name, open) in [
        ("x.html", "<div>"),
        ("x.html", "<b><i>"),
        ("x.rss", "<rss><a>"),
        ("x.json", "[{\"a\":"),
        ("x.eml", "("),
    ] {
        let items = parse_bytes(name, open.repeat(100_000).as_bytes(), &Limits::default());
        assert!(items.iter().all(Result::is_err), "{name}");
    }
}

proptest! {
    #[test]
    fn normalising_is_for_ever_and_moves_nothing(text in "\\PC*[\\r\\n\\t\\x00-\\x1f]{0,5}\\PC*") {
        let once = normalise(&text);
        prop_assert_eq!(once.chars().count(), text.chars().count());
        prop_assert_eq!(&normalise(&once), &once);
    }

    #[test]
    fn any_bytes_under_any_name_are_an_item(bytes in proptest::collection::vec(any::<u8>(), 0..300), name in "[a-z]{1,3}(\\.(txt|csv|eml|json|xml))?") {
        prop_assert!(!parse_bytes(&name, &bytes, &Limits::default()).is_empty());
    }
}
