//! One report in, one reading out: what does this report say, and in whose voice?

pub mod claims;
pub mod counts;
pub mod developments;
pub mod document;
pub mod events;
pub mod lexicon;
pub mod mentions;
pub mod modality;
pub mod perception;
pub mod pos;
pub mod relations;
mod relevance;
pub mod speech_acts;
pub mod times;
pub mod voices;

use claims::Told;
use document::Document;
use headwater_domain::reading::{Claim, NotRead, ReaderVersion, Reading};
use headwater_domain::report::Report;
use headwater_domain::time::Published;
use headwater_tagger::Tagger;
use perception::Perception;
use pos::Syntax;

/// Name and version of the reader by rules alone; a change in what it reads changes the version.
const RULES: &str = "rules/2";
/// Name and version of the reader by rules and tagger.
const TAGGED: &str = "tagged/1";

/// Reads reports by rules and lexicons, and with what a trained tagger sees where it may ask one.
///
/// Reading looks at one report and nothing else, so it can run in parallel and be repeated years
/// later with the same result.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reader {
    sight: Sight,
}

/// Which tagger a reader asks.
#[derive(Debug, Clone, Copy, Default)]
enum Sight {
    /// The one compiled in; it is loaded when the first report is read.
    #[default]
    Shipped,
    Own(&'static Tagger),
    None,
}

impl Reader {
    /// A reader with the tagger that is compiled in.
    pub fn new() -> Self {
        Self::default()
    }

    /// A reader by rules and lexicons alone.
    pub fn by_rules() -> Self {
        Self { sight: Sight::None }
    }

    /// A reader that asks a tagger of yours.
    pub fn with(tagger: &'static Tagger) -> Self {
        Self { sight: Sight::Own(tagger) }
    }

    /// The tagger's view of a document, where there is a tagger.
    pub fn perceive<'a>(&self, document: &'a Document<'a>) -> Option<Perception<'a>> {
        let tagger = match self.sight {
            Sight::Shipped => Tagger::shipped(),
            Sight::Own(tagger) => tagger,
            Sight::None => return None,
        };
        Some(Perception::of(tagger, document))
    }

    /// Which reader this is.
    pub fn version(&self) -> ReaderVersion {
        let rules = matches!(self.sight, Sight::None);
        ReaderVersion(if rules { RULES } else { TAGGED }.to_owned())
    }

    /// Reads a report. Never fails: a text that cannot be read gives a reading that says why.
    pub fn read(&self, report: &Report) -> Reading {
        let mut reading = Reading::empty(report.id, report.version, self.version());
        if let Some(language) = &report.language
            && !is_english(language)
        {
            reading.not_read = Some(NotRead::Language(language.clone()));
            return reading;
        }
        let text = report.text.as_str();
        let document = Document::new(text);
        if document.sentences.is_empty() {
            reading.not_read = Some(NotRead::NoText);
            return reading;
        }
        let published = report.published.map(Published::date).or_else(|| times::dateline_date(&document));

        let syntax = Syntax::of(&document);
        let perception = self.perceive(&document);
        let seen = perception.as_ref();
        let mentions = mentions::find(&document, &syntax, seen);
        let times = times::find(&document, published);
        let counts = counts::find(&document, &times);
        let events = events::find(&document, &syntax, &mentions, &times, &counts, published, seen);
        let events =
            relevance::keep(events, &mentions.chains, &counts, |mention| mentions.chain(mention as usize));
        let attributions = voices::find(&document, &syntax, &mentions.list, seen);

        let relations = relations::find(&document, &syntax, &mentions.list, &mentions.chains, &attributions);
        let acts = speech_acts::find(&document, &syntax, &mentions.list, &attributions);
        let judgements = voices::judgements(&document, &syntax, &attributions);

        let told = Told { report: report.id, version: report.version };
        let events: Vec<Claim> =
            events.into_iter().map(|event| told.event(&document, event, &attributions)).collect();
        let mut claims = events.clone();
        claims.extend(relations.into_iter().map(|found| told.relation(&document, found, &attributions)));
        claims
            .extend(acts.into_iter().map(|found| told.speech_act(&document, found, &attributions, &events)));
        claims.extend(judgements.into_iter().map(|found| told.judgement(&document, found, &attributions)));
        claims.extend(told.statements(&document, &attributions, &claims));

        reading.claims = claims;
        reading.sentences = document.sentence_spans();
        reading.mentions = mentions.list;
        reading.chains = mentions.chains;
        reading.times = times;
        reading.counts = counts;
        reading.attributions = attributions;
        reading
    }
}

/// Tells whether a BCP 47 tag is one of English.
fn is_english(tag: &str) -> bool {
    tag.split(['-', '_']).next().is_some_and(|language| language.eq_ignore_ascii_case("en"))
}
