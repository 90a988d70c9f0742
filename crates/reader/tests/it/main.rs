//! Whole reports through the reader.

mod cases;
mod laws;

use headwater_domain::id::{BlobId, ReportId};
use headwater_domain::marking::Marking;
use headwater_domain::report::Report;
use headwater_domain::text::Text;
use headwater_domain::time::Published;

/// A report of this text, published on this day.
fn report(text: &str, published: Option<&str>) -> Report {
    Report {
        id: ReportId::of(&[b"test"]),
        version: 1,
        given_id: None,
        title: None,
        text: Text::new(text),
        source: None,
        carrier: None,
        wire: None,
        dateline: None,
        author: None,
        url: None,
        language: None,
        published: published.map(|day| Published::Day(day.parse().expect("tests give days as ISO 8601"))),
        updated: None,
        received: jiff::Timestamp::UNIX_EPOCH,
        marking: Marking::default(),
        raw: BlobId::of(&[b"test"]),
        origin: "test".to_owned(),
        extra: Default::default(),
    }
}
