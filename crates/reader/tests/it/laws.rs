//! What holds for every text, however hostile.

use crate::report;
use headwater_domain::reading::{NotRead, Reading};
use headwater_reader::Reader;
use proptest::prelude::*;

/// Checks that every span quotes the text and every index points somewhere.
fn holds(text: &str, reading: &Reading) {
    for mention in &reading.mentions {
        assert!(text.get(mention.span.range()).is_some());
        assert!((mention.chain.0 as usize) < reading.chains.len());
    }
    for (claim, event) in reading.events() {
        assert!(text.get(event.trigger.range()).is_some());
        assert!(event.more_triggers.iter().all(|span| text.get(span.range()).is_some()));
        assert!(event.arguments.iter().all(|argument| reading.mention(argument.mention).is_some()));
        assert!(event.times.iter().all(|time| (time.0 as usize) < reading.times.len()));
        assert!(event.tolls.iter().all(|toll| (toll.0 as usize) < reading.counts.len()));
        assert!(claim.said_by.iter().all(|voice| (voice.0 as usize) < reading.attributions.len()));
    }
    for claim in &reading.claims {
        assert!(claim.evidence.spans().all(|span| text.get(span.range()).is_some()));
    }
}

/// Words of reports in any order, which reach deeper than random letters.
fn scrambled() -> impl Strategy<Value = String> {
    let words = [
        "Gunmen",
        "attacked",
        "attack",
        "killed",
        "killing",
        "12",
        "people",
        "the",
        "a",
        "in",
        "Kabul",
        "on",
        "Monday",
        "police",
        "said",
        "that",
        ",",
        ".",
        "\"",
        "“",
        "”",
        "(",
        ")",
        "who",
        "were",
        "to",
        "by",
        "and",
        "Taliban",
        "bomb",
        "exploded",
        "his",
        "'s",
        "not",
        "may",
        "if",
        "threatened",
        "—",
        "\n\n",
        "    ",
        "denied",
        "U.S.",
        "-",
        "arrested",
        "he",
        "they",
        "of",
        "was",
        "shot",
        "dead",
        "É",
        "中",
        "TTP",
        "Gen.",
        "Omar",
    ];
    proptest::collection::vec(proptest::sample::select(words.to_vec()), 0..80)
        .prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,300}") {
        holds(&text, &Reader::new().read(&report(&text, Some("2031-03-05"))));
    }

    #[test]
    fn any_words_of_reports_are_read_without_panic(text in scrambled()) {
        let reading = Reader::new().read(&report(&text, Some("2031-03-05")));
        holds(&text, &reading);
        prop_assert_eq!(reading, Reader::new().read(&report(&text, Some("2031-03-05"))));
    }
}

#[test]
fn a_text_in_another_language_says_so_and_an_empty_one_too() {
    let mut french = report("Des hommes armés ont attaqué le village.", None);
    french.language = Some("fr".to_owned());
    assert_eq!(Reader::new().read(&french).not_read, Some(NotRead::Language("fr".to_owned())));
    assert_eq!(Reader::new().read(&report(" \n ", None)).not_read, Some(NotRead::NoText));
}
