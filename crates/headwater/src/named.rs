//! Named: which thing does the user mean?

use crate::exit::Problem;
use crate::view::View;
use anyhow::Result;
use headwater_domain::id::{ActorId, ClaimId, EventId, JudgementId, RelationId, ReportId, SourceId};
use headwater_domain::report::Source;
use std::str::FromStr;

/// Anything that has an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// A report.
    Report(ReportId),
    /// An event.
    Event(EventId),
    /// A claim.
    Claim(ClaimId),
    /// An actor.
    Actor(ActorId),
    /// A relation.
    Relation(RelationId),
    /// A source.
    Source(SourceId),
    /// A judgement.
    Judgement(JudgementId),
}

impl FromStr for Named {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        macro_rules! first_of {
            ($($variant:ident),+) => {
                $(if let Ok(id) = text.parse() { return Ok(Self::$variant(id)); })+
            };
        }
        first_of!(Report, Event, Claim, Actor, Relation, Source, Judgement);
        Err(())
    }
}

/// The thing with this id, which may not exist, or with the only id that begins like this.
pub fn thing(view: &View, text: &str) -> Result<Named> {
    full_id(view, text)?.parse().map_err(|()| not_found(text).into())
}

/// As [`thing`], for a thing of one kind.
pub fn id<T: FromStr>(view: &View, text: &str) -> Result<T> {
    full_id(view, text)?.parse().map_err(|_| {
        let hint = "ids say what they name: rep- reports, evt- events, clm- claims, act- actors";
        Problem::usage(format!("cannot use {text} here: it names something else"), hint).into()
    })
}

/// The source of this name or id.
pub fn source(view: &View, text: &str) -> Result<SourceId> {
    let by_name = Source::id_of(text);
    if view.sources()?.iter().any(|source| source.id == by_name) {
        return Ok(by_name);
    }
    id(view, text)
}

fn full_id(view: &View, text: &str) -> Result<String> {
    let text = text.trim().to_lowercase();
    // Also where nothing is known under it by itself: an event is found by any of its claims.
    if text.parse::<Named>().is_ok() {
        return Ok(text);
    }
    let mut candidates = view.ids_beginning(&text)?;
    // Relations are worked out when they are looked at, so no store knows their ids.
    if text.starts_with(RelationId::PREFIX) {
        let ids = view.relations(None)?.into_iter().map(|relation| relation.id.to_string());
        candidates.extend(ids.filter(|id| id.starts_with(&text)));
    }
    candidates.sort_unstable();
    candidates.dedup();
    match candidates.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(not_found(&text).into()),
        several => {
            let message = format!("cannot tell what {text} means: several ids begin like this");
            Err(Problem::usage(message, format!("give more of it: {}", several.join(", "))).into())
        }
    }
}

fn not_found(text: &str) -> Problem {
    Problem::not_found(
        format!("cannot find {text}"),
        "`headwater picture` and the lists show ids; some may not be seen under this clearance",
    )
}
