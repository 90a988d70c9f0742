//! Each format gives up its text and metadata.

use headwater_intake::{FailReason, Intake, Limits, MediaType, Origin, Target, extract_page};

use crate::samples::{ATOM, CSV, JSONL, MAIL, PAGE, RSS, STORY, docx, one, pdf, take_in, warc};

fn day(at: &Option<headwater_intake::PublishedAt>) -> String {
    at.as_ref().map(|at| at.date.to_string()).unwrap_or_default()
}

#[test]
fn a_text_is_taken_as_it_is() {
    let found = one("x.txt", STORY.as_bytes());
    assert_eq!(found.text, STORY);
    assert_eq!(found.media_type, MediaType::Text);
    assert_eq!(found.language.unwrap().tag, "en");
    assert_eq!(found.raw, STORY.as_bytes());
}

#[test]
fn a_page_gives_its_article_and_what_it_states() {
    let found = one("x", PAGE.as_bytes());
    assert!(
        found.text.contains("Gunmen attacked a convoy") && !found.text.contains("Sport pages"),
        "{}",
        found.text
    );
    assert_eq!(found.title.as_deref(), Some("Attack near Brisa"));
    assert_eq!(found.author.as_deref(), Some("A. Writer"));
    assert_eq!(found.publisher.as_deref(), Some("Brisa Post"));
    assert_eq!(found.carrier, None);
    assert_eq!(found.url.as_deref(), Some("https://brisa.example/news/attack"));
    let published = found.published.unwrap();
    assert_eq!(published.timestamp().unwrap().to_string(), "2031-03-03T06:00:00Z");
    assert_eq!(day(&found.updated), "2031-03-03");
    assert!(found.language.unwrap().stated);
}

#[test]
fn a_page_without_an_article_says_so() {
    assert_eq!(
        extract_page(b"<html><body><script>x()</script></body></html>", None),
        Err(FailReason::NoArticle)
    );
    assert_eq!(extract_page(b" \n", None), Err(FailReason::Empty));
}

#[test]
fn rss_keeps_the_true_publisher_apart_from_who_passes_it_on() {
    let items: Vec<_> = take_in("x", RSS.as_bytes()).into_iter().map(Result::unwrap).collect();
    let [first, second] = items.as_slice() else { panic!("{items:?}") };
    assert_eq!(first.publisher.as_deref(), Some("Brisa Post"));
    assert_eq!(first.carrier.as_deref(), Some("All the News"));
    assert_eq!(first.extra["source_url"], "https://brisa.example/feed");
    assert_eq!(first.title.as_deref(), Some("Attack near Brisa"));
    assert_eq!(first.text, "Gunmen attacked a convoy & fled.");
    assert_eq!(first.extra["only_summary"], true);
    assert_eq!((first.given_id.as_deref(), day(&first.published).as_str()), (Some("n-1"), "2031-03-03"));
    assert_eq!(second.text, "The whole story.\nWith two paragraphs.");
    assert_eq!(second.title.as_deref(), Some("Calm & quiet"));
    assert_eq!(second.author.as_deref(), Some("A. Writer"));
    assert_eq!((second.publisher.as_deref(), second.carrier.as_deref()), (Some("All the News"), None));
    assert_eq!(second.origin, Origin { base: "x".into(), inside: vec![], record: Some(2) });
    assert!(!second.extra.contains_key("only_summary"));
}

#[test]
fn atom_keeps_its_source_too() {
    let found = one("x", ATOM.as_bytes());
    assert_eq!(found.text, "Gunmen attacked.\nThey fled.");
    assert_eq!(found.title.as_deref(), Some("Attack near Brisa"));
    assert_eq!(
        (found.publisher.as_deref(), found.carrier.as_deref()),
        (Some("Brisa Post"), Some("Collected"))
    );
    assert_eq!((day(&found.published).as_str(), day(&found.updated).as_str()), ("2031-03-03", "2031-03-04"));
    assert_eq!(found.url.as_deref(), Some("https://brisa.example/1"));
}

#[test]
fn a_json_feed_is_a_feed() {
    let feed = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "Brisa Post", "language": "en",
        "items": [{"id": 1, "content_html": "<p>Gunmen attacked.</p>", "date_published": "2031-03-03T08:00:00Z",
        "url": "https://brisa.example/1", "authors": [{"name": "A. Writer"}]}, {"id": 2}]}"#;
    let items = take_in("x", feed.as_bytes());
    let found = items[0].as_ref().unwrap();
    assert_eq!((found.text.as_str(), found.publisher.as_deref()), ("Gunmen attacked.", Some("Brisa Post")));
    assert_eq!(found.author.as_deref(), Some("A. Writer"));
    assert_eq!(items[1].as_ref().unwrap_err().reason, FailReason::MalformedRecord);
}

#[test]
fn a_feed_that_breaks_off_gives_what_it_has() {
    let cut = &RSS[..RSS.rfind("<content:encoded>").unwrap()];
    let items = take_in("x", cut.as_bytes());
    assert_eq!(items.len(), 2);
    assert!(items[0].is_ok());
    assert_eq!(items[1].as_ref().unwrap_err().reason, FailReason::MalformedFeed);
}

#[test]
fn mail_gives_its_plain_part() {
    let found = one("x", MAIL.as_bytes());
    assert_eq!(found.text, "Gunmen attacked a convoy.");
    assert_eq!(found.title.as_deref(), Some("Attack near Brisa"));
    assert_eq!(found.author.as_deref(), Some("Ana Brandt"));
    assert_eq!(found.given_id.as_deref(), Some("m1@desk.example"));
    assert_eq!(found.published.unwrap().offset_minutes, Some(120));
}

#[test]
fn a_mailbox_is_cut_into_messages() {
    let message = "Subject: One\nFrom: a@b.example\n\nGunmen attacked.\n>From the harbour.\n";
    let mailbox = format!(
        "From a@b.example Mon Mar  3 08:00:00 2031\n{message}\nFrom a@b.example Mon Mar  3 09:00:00 2031\n{message}"
    );
    let items: Vec<_> = take_in("x", mailbox.as_bytes()).into_iter().map(Result::unwrap).collect();
    assert_eq!(items.len(), 2);
    assert_eq!(items[1].text, "Gunmen attacked.\nFrom the harbour.");
    assert_eq!(items[1].origin.record, Some(2));
}

#[test]
fn a_document_attached_to_mail_is_a_report_too() {
    let mail = "From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n\
        --cut\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n--cut\r\nContent-Type: text/html; name=\"p.html\"\r\n\
        Content-Disposition: attachment; filename=\"p.html\"\r\n\r\n";
    let mail = format!("{mail}{}\r\n--cut--\r\n", PAGE.replace('\n', "\r\n"));
    let items: Vec<_> = take_in("x.eml", mail.as_bytes()).into_iter().map(Result::unwrap).collect();
    assert_eq!(items.len(), 2);
    assert_eq!(items[1].origin.to_string(), "x.eml!p.html");
    assert_eq!(items[1].title.as_deref(), Some("Attack near Brisa"));
}

#[test]
fn lines_of_json_are_reports_and_a_broken_one_stops_nothing() {
    let items = take_in("x.jsonl", format!("{JSONL}{{\"id\": \"c\", \"te\n{JSONL}").as_bytes());
    assert_eq!(items.iter().filter(|item| item.is_ok()).count(), 4);
    let failed = items[2].as_ref().unwrap_err();
    assert_eq!(
        (failed.reason.clone(), failed.origin.to_string()),
        (FailReason::MalformedRecord, "x.jsonl#3".to_owned())
    );
    assert_eq!(items[1].as_ref().unwrap().extra["desk"], 7);
}

#[test]
fn json_comes_as_a_list_an_object_or_an_object_with_a_list() {
    let list = r#" [ {"text": "One, [two] {three}", "n": "\"]"}, {"text": "Four"} ] "#;
    let texts = |json: &str| {
        take_in("x.json", json.as_bytes()).into_iter().map(|item| item.unwrap().text).collect::<Vec<_>>()
    };
    assert_eq!(texts(list), ["One, [two] {three}", "Four"]);
    assert_eq!(texts(r#"{"text": "One"}"#), ["One"]);
    assert_eq!(texts(&format!(r#"{{"articles": {list}}}"#)), ["One, [two] {three}", "Four"]);
    assert_eq!(
        take_in("x.json", b"[{\"text\": \"One\"}, {\"te")[1].as_ref().unwrap_err().reason,
        FailReason::Truncated
    );
}

#[test]
fn rows_of_a_table_are_reports() {
    let found = one("x.csv", CSV.as_bytes());
    assert_eq!(found.text, "Gunmen attacked, then fled.\nNobody followed.");
    assert_eq!(found.publisher.as_deref(), Some("Brisa Post"));
    assert_eq!(one("x.csv", CSV.replace(',', ";").as_bytes()).title.as_deref(), Some("Attack"));
    let (old, _, _) =
        encoding_rs::WINDOWS_1252.encode("id;text\n1;Überfall auf die Straße nach Brüssel für Müller\n");
    assert!(one("x.csv", &old).text.contains("Überfall"));
}

#[test]
fn a_word_document_gives_its_paragraphs() {
    let found = one("x", &docx());
    assert_eq!(found.text, "Gunmen attacked a convoy & fled.\nSecond paragraph.");
    assert_eq!(found.title.as_deref(), Some("Attack near Brisa"));
    assert_eq!((found.media_type, found.published), (MediaType::Docx, None));
}

#[test]
fn a_pdf_gives_its_lines_as_paragraphs() {
    let found = one(
        "x",
        &pdf(&[
            "Gunmen attacked a convoy near the har-",
            "bour of Brisa on Monday and killed",
            "three soldiers.",
        ]),
    );
    assert_eq!(
        found.text,
        "Gunmen attacked a convoy near the harbour of Brisa on Monday and killed three soldiers."
    );
    assert_eq!(found.title.as_deref(), Some("Attack near Brisa"));
}

#[test]
fn a_scan_says_that_it_has_no_text() {
    let items = take_in("x.pdf", &pdf(&[]));
    assert_eq!(items[0].as_ref().unwrap_err().reason, FailReason::NoText);
}

#[test]
fn a_web_archive_gives_its_pages_only() {
    let items = take_in("x.warc", &warc());
    let found = items[0].as_ref().unwrap();
    assert_eq!(found.title.as_deref(), Some("Attack near Brisa"));
    assert_eq!(found.origin.to_string(), "x.warc#2");
    assert_eq!(items[1].as_ref().unwrap_err().reason, FailReason::HttpStatus(404));
    assert_eq!(items.len(), 2);
}

#[test]
fn broken_encodings_and_binary_data_are_told_apart() {
    let mut text = STORY.as_bytes().to_vec();
    text.insert(10, 0xff);
    assert!(one("x.txt", &text).text.contains("killed three soldiers"));
    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain(STORY.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    assert_eq!(one("x.txt", &utf16).text, STORY);
    let items = take_in("x.txt", &[0, 1, 2, 3, 250, 251, 0, 0, 1]);
    assert_eq!(items[0].as_ref().unwrap_err().reason, FailReason::Binary);
    assert_eq!(take_in("x.txt", b"")[0].as_ref().unwrap_err().reason, FailReason::Empty);
    assert_eq!(take_in("x.txt", b" \n\n")[0].as_ref().unwrap_err().reason, FailReason::Empty);
}

#[test]
fn wire_copy_carries_its_credit() {
    let found = one("x.txt", format!("BRISA, March 3 (Reuters) - {STORY}").as_bytes());
    assert_eq!(found.wire.unwrap().agency, "Reuters");
    let dateline = found.dateline.unwrap();
    assert_eq!((dateline.place.as_str(), dateline.date_words.as_deref()), ("BRISA", Some("March 3")));
}

#[test]
fn a_folder_is_taken_in_by_name_and_any_item_can_be_taken_in_again() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("b")).unwrap();
    std::fs::write(folder.path().join("a.txt"), STORY).unwrap();
    std::fs::write(folder.path().join("b/x.jsonl"), JSONL).unwrap();
    std::fs::write(folder.path().join("c.png"), b"\x89PNG\r\n\x1a\n").unwrap();
    std::fs::write(folder.path().join(".hidden"), "x").unwrap();
    let intake = Intake::new(Limits::default());
    let target = Target::Path(folder.path().into());
    let items: Vec<_> = intake.open(&target).collect();
    assert_eq!(items.iter().filter(|item| item.is_ok()).count(), 3);
    assert_eq!(items[3].as_ref().unwrap_err().reason, FailReason::Binary);
    assert_eq!(intake.extent(&target).items, Some(4), "the hidden file counts too, records do not");
    let third = items[2].as_ref().unwrap();
    let again: Vec<_> = intake.open(&Target::Again(third.origin.clone())).collect();
    assert_eq!(again, [Ok(third.clone())]);
}

#[test]
fn a_path_that_is_not_there_is_a_failure_with_a_way_out() {
    let items: Vec<_> = Intake::default().open(&Target::parse("/no/such/file")).collect();
    let failed = items[0].as_ref().unwrap_err();
    assert_eq!(failed.reason, FailReason::Unreadable);
    assert_eq!(failed.to_string(), "cannot take in /no/such/file");
    assert!(!failed.hint().is_empty());
}
