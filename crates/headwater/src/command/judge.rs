//! `judge`: somebody decides, and says why.

use super::Session;
use crate::arguments::{Because, Judge};
use crate::exit::{Exit, Problem};
use crate::named::{self, Named};
use crate::render::lists::List;
use crate::view::View;
use anyhow::Result;
use headwater_domain::id::ClaimId;
use headwater_domain::judgement::{Author, Judgement, Verdict};

/// Records a decision and settles what it changes.
pub fn judge(session: &Session, what: Judge) -> Result<Exit> {
    let view = session.view()?;
    let (verdicts, Because { because }) = match what {
        Judge::List => return session.answer(&List(view.judgements()?)),
        Judge::Accept { claim, because } => (each(claims(&view, &claim)?, Verdict::ClaimStands), because),
        Judge::Reject { claim, because } => (each(claims(&view, &claim)?, Verdict::ClaimFails), because),
        Judge::Same { first, second, because } => (vec![same(&view, &first, &second)?], because),
        Judge::NotSame { first, second, because } => (vec![not_same(&view, &first, &second)?], because),
        Judge::Rate { source, grade, because } => {
            (vec![Verdict::SourceRated(named::source(&view, &source)?, grade)], because)
        }
        Judge::Belongs { source, to, because } => {
            let (source, to) = (named::source(&view, &source)?, named::source(&view, &to)?);
            (vec![Verdict::SourceBelongs(source, to)], because)
        }
        Judge::Withdraw { judgement, because } => (vec![withdrawal(&view, &judgement)?], because),
    };
    session.changes()?;
    let mut recorded = Vec::new();
    for verdict in verdicts {
        let by = Author::Analyst(session.pipeline.user().to_owned());
        let judgement = Judgement::new(verdict, by, &because, session.now)
            .ok_or_else(|| Problem::usage("cannot judge without a reason", "say why with --because"))?;
        session.pipeline.judge(&judgement)?;
        recorded.push(judgement);
    }
    session.pipeline.settle_what_is_left()?;
    session.answer(&List(recorded))
}

fn each(claims: Vec<ClaimId>, verdict: fn(ClaimId) -> Verdict) -> Vec<Verdict> {
    claims.into_iter().map(verdict).collect()
}

/// The claim named, or all claims of the event named.
fn claims(view: &View, text: &str) -> Result<Vec<ClaimId>> {
    let found = match named::thing(view, text)? {
        Named::Claim(id) => view.report_of_claim(id)?.map(|_| vec![id]),
        Named::Event(id) => {
            let dossier = view.dossier(id)?;
            dossier.map(|dossier| dossier.incidents.into_iter().map(|incident| incident.claim).collect())
        }
        _ => {
            let message = format!("cannot accept or reject {text}: it is no claim and no event");
            return Err(Problem::usage(message, "give the id of a claim (clm-) or of an event (evt-)").into());
        }
    };
    found.ok_or_else(|| {
        Problem::not_found(format!("cannot find {text}"), "`headwater claims` lists claims").into()
    })
}

fn same(view: &View, first: &str, second: &str) -> Result<Verdict> {
    match (existing(view, first)?, existing(view, second)?) {
        (Named::Event(first), Named::Event(second)) if first != second => {
            Ok(Verdict::SameEvent(first, second))
        }
        (Named::Actor(first), Named::Actor(second)) if first != second => {
            Ok(Verdict::SameActor(first, second))
        }
        _ => Err(not_a_pair(first, second).into()),
    }
}

fn not_same(view: &View, first: &str, second: &str) -> Result<Verdict> {
    match (existing(view, first)?, existing(view, second)?) {
        (Named::Event(first), Named::Event(second)) if first != second => {
            Ok(Verdict::DistinctEvents(first, second))
        }
        (Named::Actor(first), Named::Actor(second)) if first != second => {
            Ok(Verdict::DistinctActors(first, second))
        }
        _ => Err(not_a_pair(first, second).into()),
    }
}

fn not_a_pair(first: &str, second: &str) -> Problem {
    let hint = "give the ids of two events (evt-) or of two actors (act-)";
    Problem::usage(format!("cannot judge {first} and {second} together"), hint)
}

/// The thing named, if there is such a thing.
fn existing(view: &View, text: &str) -> Result<Named> {
    let named = named::thing(view, text)?;
    let is_there = match named {
        // Two events that were joined already are still told apart by their claims.
        Named::Event(id) => view.dossier(id)?.is_some(),
        Named::Actor(id) => !view.actor_mentions(id)?.is_empty(),
        _ => true,
    };
    if !is_there {
        return Err(Problem::not_found(format!("cannot find {text}"), "`headwater picture` shows ids").into());
    }
    Ok(named)
}

fn withdrawal(view: &View, text: &str) -> Result<Verdict> {
    let Named::Judgement(id) = named::thing(view, text)? else {
        let hint = "`headwater judge list` lists judgements";
        return Err(Problem::usage(format!("cannot take back {text}: it is no judgement"), hint).into());
    };
    Ok(Verdict::Withdrawn(id))
}
