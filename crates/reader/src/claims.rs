//! Claims: what does the report have somebody say, and where does that stand?

use crate::document::Document;
use crate::events::Found;
use crate::relations::Relation;
use crate::speech_acts::Act;
use crate::voices::{Judgement, JudgementKind};
use headwater_domain::id::{ClaimId, ReportId};
use headwater_domain::kind::{EventStatus, Plover};
use headwater_domain::reading::{
    Attribution, AttributionIndex, Claim, Hedge, Proposition, Score, SourceKind, SpeechAct, SpeechActKind,
    Stance,
};
use headwater_domain::text::{Evidence, Span};

/// Where a claim stands: which version of which report.
#[derive(Debug, Clone, Copy)]
pub struct Told {
    /// The report.
    pub report: ReportId,
    /// Its version.
    pub version: u32,
}

impl Told {
    /// Makes the claim of an event.
    pub fn event(self, document: &Document<'_>, found: Found, attributions: &[Attribution]) -> Claim {
        let mut event = found.proposition;
        let (said_by, stance) = voices_over(attributions, event.trigger);
        let innermost = said_by.last().and_then(|index| attributions.get(index.0 as usize));
        let hedge = found.hedge.or(innermost.and_then(|attribution| attribution.hedge));
        let violent = event.kind.event == Plover::Assault;
        event.status = status(event.status, innermost, violent, &event.more_triggers);
        let mut spans = found
            .sentences
            .iter()
            .filter_map(|&sentence| document.sentences.get(sentence))
            .map(|sentence| sentence.span);
        let first = spans.next().unwrap_or(event.trigger);
        let evidence = spans.fold(Evidence::new(self.report, self.version, first), Evidence::and);
        self.claim(Proposition::Event(event), said_by, stance, hedge, evidence, Score::new(found.score))
    }

    /// Makes the claim that two actors stand so to one another.
    pub fn relation(self, document: &Document<'_>, found: Relation, attributions: &[Attribution]) -> Claim {
        let said_by = up_from(attributions, found.said_by);
        let proposition = Proposition::Relation(found.proposition);
        self.passage(document, proposition, said_by, found.hedge, Score::new(0.6), attributions)
    }

    /// Makes the claim of an act done by saying it, about the events told in what is said.
    pub fn speech_act(
        self,
        document: &Document<'_>,
        found: Act,
        attributions: &[Attribution],
        events: &[Claim],
    ) -> Claim {
        let mut act = found.act;
        // Whoever does the act says it; only others around may report it.
        let said_by = match found.attribution {
            Some(index) => {
                up_from(attributions, attributions.get(index.0 as usize).and_then(|own| own.within))
            }
            None => voices_over(attributions, act.anchor).0,
        };
        act.about = about(document, &act, found.content, events);
        let proposition = Proposition::SpeechAct(act);
        self.passage(document, proposition, said_by, found.hedge, Score::new(0.65), attributions)
    }

    /// Makes the claim of an assessment or outlook.
    pub fn judgement(self, document: &Document<'_>, found: Judgement, attributions: &[Attribution]) -> Claim {
        let said_by = up_from(attributions, found.said_by);
        let proposition = match found.kind {
            JudgementKind::Assessment => Proposition::Assessment(found.span),
            JudgementKind::Outlook => Proposition::Outlook(found.span),
        };
        self.passage(document, proposition, said_by, found.hedge, Score::new(0.6), attributions)
    }

    /// Makes claims of what is said and holds nothing that the other claims hold.
    pub fn statements(
        self,
        document: &Document<'_>,
        attributions: &[Attribution],
        others: &[Claim],
    ) -> Vec<Claim> {
        let mut anchors: Vec<Span> = others.iter().map(|claim| claim.proposition.anchor()).collect();
        anchors.sort();
        (0u32..)
            .zip(attributions)
            .filter(|(_, attribution)| {
                let first = anchors.partition_point(|anchor| anchor.start() < attribution.content.start());
                anchors.get(first).is_none_or(|anchor| anchor.end() > attribution.content.end())
            })
            .map(|(index, attribution)| {
                let said_by = up_from(attributions, Some(AttributionIndex(index)));
                let proposition = Proposition::Statement(attribution.content);
                self.passage(
                    document,
                    proposition,
                    said_by,
                    attribution.hedge,
                    attribution.score,
                    attributions,
                )
            })
            .collect()
    }

    fn passage(
        self,
        document: &Document<'_>,
        proposition: Proposition,
        said_by: Vec<AttributionIndex>,
        hedge: Option<Hedge>,
        score: Score,
        attributions: &[Attribution],
    ) -> Claim {
        let anchor = proposition.anchor();
        let sentence = document
            .sentence_of(document.tokens_in(anchor).start)
            .and_then(|index| document.sentences.get(index))
            .map_or(anchor, |sentence| sentence.span);
        let stance = said_by
            .last()
            .and_then(|index| attributions.get(index.0 as usize))
            .map_or(Stance::Asserts, |attribution| attribution.stance);
        let evidence = Evidence::new(self.report, self.version, sentence);
        self.claim(proposition, said_by, stance, hedge, evidence, score)
    }

    fn claim(
        self,
        proposition: Proposition,
        said_by: Vec<AttributionIndex>,
        stance: Stance,
        hedge: Option<Hedge>,
        evidence: Evidence,
        score: Score,
    ) -> Claim {
        Claim { id: self.id(&proposition), proposition, said_by, stance, hedge, evidence, score }
    }

    /// The id of a claim: the same whenever the same version of the report is read again.
    pub fn id(self, proposition: &Proposition) -> ClaimId {
        let anchor = proposition.anchor();
        ClaimId::of(&[
            self.report.to_string().as_bytes(),
            &self.version.to_be_bytes(),
            proposition.word().as_bytes(),
            &(anchor.start() as u64).to_be_bytes(),
            &(anchor.end() as u64).to_be_bytes(),
        ])
    }
}

/// The attributions inside which a passage is said, outermost first, and the innermost one's stance.
fn voices_over(attributions: &[Attribution], passage: Span) -> (Vec<AttributionIndex>, Stance) {
    let innermost = attributions
        .iter()
        .enumerate()
        .filter(|(_, attribution)| {
            attribution.content.contains(passage) && attribution.source_kind != SourceKind::Author
        })
        .min_by_key(|(_, attribution)| attribution.content.end() - attribution.content.start());
    let Some((innermost, attribution)) = innermost else { return (Vec::new(), Stance::Asserts) };
    (up_from(attributions, u32::try_from(innermost).ok().map(AttributionIndex)), attribution.stance)
}

/// An attribution and those inside which it is said, outermost first.
fn up_from(attributions: &[Attribution], innermost: Option<AttributionIndex>) -> Vec<AttributionIndex> {
    let mut chain = Vec::new();
    let mut next = innermost;
    while let Some(index) = next {
        if chain.contains(&index) {
            break;
        }
        chain.push(index);
        next = attributions.get(index.0 as usize).and_then(|attribution| attribution.within);
    }
    chain.reverse();
    chain
}

/// The event claims that a speech act is about: those told in what is said, else, for acts that own,
/// deny or blame, the last violence told before.
fn about(document: &Document<'_>, act: &SpeechAct, content: Option<Span>, events: &[Claim]) -> Vec<ClaimId> {
    let inside: Vec<ClaimId> = events
        .iter()
        .filter(|claim| content.is_some_and(|content| content.contains(claim.proposition.anchor())))
        .map(|claim| claim.id)
        .collect();
    let looks_back = matches!(
        act.kind,
        SpeechActKind::ClaimsResponsibility | SpeechActKind::DeniesResponsibility | SpeechActKind::Accuses
    );
    if !inside.is_empty() || !looks_back {
        return inside;
    }
    let sentence = |span: Span| document.sentence_of(document.tokens_in(span).start);
    let here = sentence(act.anchor);
    events
        .iter()
        .filter(|claim| matches!(&claim.proposition, Proposition::Event(event) if event.kind.event == Plover::Assault))
        .filter(|claim| sentence(claim.proposition.anchor()) <= here)
        .max_by_key(|claim| claim.proposition.anchor())
        .map(|claim| claim.id)
        .into_iter()
        .collect()
}

/// An act told only in somebody's mouth is alleged where the speaker holds back, denies or accuses.
fn status(read: EventStatus, innermost: Option<&Attribution>, violent: bool, more: &[Span]) -> EventStatus {
    if read != EventStatus::Happened {
        return read;
    }
    let Some(attribution) = innermost else { return read };
    // A report that returns to the act outside the quotation takes it for a fact.
    if more.iter().any(|span| !attribution.content.contains(*span)) {
        return read;
    }
    match attribution.stance {
        Stance::Denies => EventStatus::Denied,
        Stance::Predicts | Stance::Speculates => EventStatus::Hypothetical,
        Stance::Promises => EventStatus::Planned,
        Stance::Accuses => EventStatus::Alleged,
        Stance::Asserts | Stance::ClaimsResponsibility | Stance::Demands => {
            // A party or witness with a name vouches for itself; "police said" is how facts are told.
            let doubtful = violent
                && matches!(
                    attribution.source_kind,
                    SourceKind::NamedPerson
                        | SourceKind::NamedOrganisation
                        | SourceKind::Media
                        | SourceKind::Document
                );
            if doubtful { EventStatus::Alleged } else { read }
        }
    }
}
