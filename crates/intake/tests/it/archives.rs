//! Archives open to a depth and within bounds.

use headwater_intake::{FailReason, Item, Limits, parse_bytes};

use crate::samples::{JSONL, STORY, docx, gzip, one, take_in, tar, warc, xz, zip, zstandard};

fn reasons(items: &[Item]) -> Vec<FailReason> {
    items.iter().filter_map(|item| item.as_ref().err()).map(|failed| failed.reason.clone()).collect()
}

#[test]
fn every_wrapping_is_taken_off() {
    for (name, bytes) in [
        ("x.txt.gz", gzip(STORY.as_bytes())),
        ("x.txt.xz", xz(STORY.as_bytes())),
        ("x.txt.zst", zstandard(STORY.as_bytes())),
        ("x.zip", zip(&[("x.txt", STORY.as_bytes())])),
        ("x.tar", tar(&[("x.txt", STORY.as_bytes())])),
        ("x.tar.gz", gzip(&tar(&[("x.txt", STORY.as_bytes())]))),
        ("x.tar.xz", xz(&tar(&[("x.txt", STORY.as_bytes())]))),
        ("x.tar.zst", zstandard(&tar(&[("x.txt", STORY.as_bytes())]))),
        ("no-name-at-all", gzip(&zip(&[("x.txt", STORY.as_bytes())]))),
    ] {
        assert_eq!(one(name, &bytes).text, STORY, "{name}");
    }
}

#[test]
fn an_archive_holds_files_of_every_kind() {
    let inner = zip(&[("deep.txt", STORY.as_bytes()), ("__MACOSX/._deep.txt", b"x")]);
    let bytes = zip(&[
        ("a/x.jsonl", JSONL.as_bytes()),
        ("b.docx", &docx()),
        ("c.zip", &inner),
        ("d.png", b"\x89PNG\r\n"),
        ("../../e.txt", STORY.as_bytes()),
    ]);
    let items = take_in("x.zip", &bytes);
    let origins: Vec<_> = items.iter().flatten().map(|found| found.origin.to_string()).collect();
    assert_eq!(
        origins,
        [
            "x.zip!a/x.jsonl#1",
            "x.zip!a/x.jsonl#2",
            "x.zip!b.docx",
            "x.zip!c.zip!deep.txt",
            "x.zip!../../e.txt"
        ]
    );
    assert_eq!(reasons(&items), [FailReason::Binary]);
}

#[test]
fn a_compressed_web_archive_is_read_record_by_record() {
    let items = take_in("x.warc.gz", &gzip(&warc()));
    assert_eq!(items[0].as_ref().unwrap().origin.to_string(), "x.warc.gz#2");
}

#[test]
fn an_archive_cut_off_gives_what_it_has() {
    let long = format!("{}{}", JSONL, format!("{{\"text\": \"{STORY}\"}}\n").repeat(2000));
    let bytes = gzip(long.as_bytes());
    let items = take_in("x.jsonl.gz", &bytes[..bytes.len() * 2 / 3]);
    assert!(items[0].is_ok());
    assert_eq!(reasons(&items).last(), Some(&FailReason::Truncated));
    let bytes = zip(&[("x.txt", STORY.as_bytes())]);
    assert_eq!(reasons(&take_in("x.zip", &bytes[..bytes.len() - 30])), [FailReason::Damaged]);
}

#[test]
fn an_encrypted_entry_is_named_as_such() {
    let mut bytes = zip(&[("x.txt", STORY.as_bytes())]);
    let central = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    bytes[6] |= 1;
    bytes[central + 8] |= 1;
    assert_eq!(reasons(&take_in("x.zip", &bytes)), [FailReason::Encrypted]);
}

#[test]
fn a_bomb_does_not_go_off() {
    let blank = vec![b'a'; 30_000_000];
    let limits = Limits { report_bytes_max: 100_000_000, ..Limits::default() };
    for bytes in [zip(&[("x.txt", &blank)]), gzip(&blank), xz(&blank), zstandard(&blank), gzip(&gzip(&blank))]
    {
        assert_eq!(reasons(&parse_bytes("x.txt", &bytes, &limits)), [FailReason::Bomb]);
    }
}

#[test]
fn the_sum_of_everything_unpacked_is_limited() {
    let files: Vec<(String, Vec<u8>)> =
        (0..20).map(|n| (format!("{n}.txt"), STORY.repeat(5).into_bytes())).collect();
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let limits = Limits { expanded_bytes_max: 5000, ..Limits::default() };
    for bytes in [zip(&files), tar(&files)] {
        let items = parse_bytes("x", &bytes, &limits);
        assert_eq!(reasons(&items).last(), Some(&FailReason::Bomb));
        assert!(items.len() < 10);
    }
}

#[test]
fn entries_and_depth_are_limited() {
    let files: Vec<(String, Vec<u8>)> = (0..20).map(|n| (format!("{n}.txt"), STORY.into())).collect();
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let limits = Limits { archive_entries_max: 5, ..Limits::default() };
    let items = parse_bytes("x", &zip(&files), &limits);
    assert_eq!((items.len(), reasons(&items)), (6, vec![FailReason::TooManyEntries { limit: 5 }]));
    let mut nested = STORY.as_bytes().to_vec();
    for _ in 0..8 {
        nested = zip(&[("x.zip", &nested)]);
    }
    assert_eq!(reasons(&take_in("x.zip", &nested)), [FailReason::TooDeep { limit: 3 }]);
}

#[test]
fn a_report_too_large_is_passed_over() {
    let large = "x ".repeat(600);
    let bytes = tar(&[("a.txt", large.as_bytes()), ("b.txt", STORY.as_bytes())]);
    let limits = Limits { report_bytes_max: 1000, ..Limits::default() };
    let items = parse_bytes("x.tar", &bytes, &limits);
    assert_eq!(reasons(&items), [FailReason::TooLarge { limit_bytes: 1000 }]);
    assert_eq!(items[1].as_ref().unwrap().text, STORY);
    let lines = format!("{{\"text\": \"{large}\"}}\n{JSONL}");
    let items = parse_bytes("x.jsonl", lines.as_bytes(), &limits);
    assert_eq!((items.len(), reasons(&items)), (3, vec![FailReason::TooLarge { limit_bytes: 1000 }]));
    let open_quote = format!("id,text\n1,\"{}", "x\n".repeat(200_000));
    let items = parse_bytes("x.csv", open_quote.as_bytes(), &limits);
    assert_eq!(reasons(&items), [FailReason::TooLarge { limit_bytes: 1000 }]);
}
