//! What does settling read, and what does it put in place?

use super::Session;
use super::codec::{Key, from_json, to_json};
use super::keep::{SHORT_DAYS, remove_event_without_tellings};
use crate::query::EventOrder;
use crate::{Near, Settlement, StoreError, rules};
use headwater_domain::id::{ClaimId, EventId, ReportId};
use headwater_domain::picture::Event;
use headwater_domain::resolution::{Incident, Lineage};
use rusqlite::params;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn unsettled(session: &Session, limit: usize) -> Result<Vec<Incident>, StoreError> {
    let rows = session.all(
        "SELECT claim, body FROM incident WHERE settled = 0 ORDER BY claim LIMIT ?1",
        [i64::try_from(limit).unwrap_or(i64::MAX)],
        |row| Ok((row.get::<_, Key<ClaimId>>(0)?.0, row.get::<_, Vec<u8>>(1)?)),
    )?;
    rows.iter().map(|(claim, body)| incident(session, *claim, body)).collect()
}

pub(super) fn incident(session: &Session, claim: ClaimId, body: &[u8]) -> Result<Incident, StoreError> {
    session.codec.unpack(body, || claim.to_string())
}

pub(super) fn near(session: &Session, keys: &[Near]) -> Result<Vec<(Incident, Option<ClaimId>)>, StoreError> {
    let mut rows = BTreeSet::new();
    for key in keys {
        let family = key.family as i64;
        let countries = match &key.country {
            Some(country) => vec![country.clone(), String::new()],
            None => countries_of(session, family)?,
        };
        let earliest = key.earliest.map_or(i32::MIN, rules::day_number);
        let latest = key.latest.map_or(i32::MAX, rules::day_number);
        for country in countries {
            for (long, ends_by) in [(false, latest.saturating_add(SHORT_DAYS)), (true, i32::MAX)] {
                rows.extend(session.all(
                    "SELECT no FROM incident WHERE family = ?1 AND country = ?2 AND long = ?3
                     AND latest BETWEEN ?4 AND ?5 AND earliest <= ?6",
                    params![family, country, long, earliest, ends_by, latest],
                    |row| row.get::<_, i64>(0),
                )?);
            }
        }
    }
    let mut found = BTreeMap::new();
    for no in rows {
        let (claim, component, body) = session
            .first(
                "SELECT claim, CASE settled WHEN 1 THEN component END, body FROM incident WHERE no = ?1",
                [no],
                |row| {
                    let component: Option<Key<ClaimId>> = row.get(1)?;
                    Ok((
                        row.get::<_, Key<ClaimId>>(0)?.0,
                        component.map(|key| key.0),
                        row.get::<_, Vec<u8>>(2)?,
                    ))
                },
            )?
            .ok_or_else(|| StoreError::Damaged { what: "an incident".to_owned() })?;
        found.insert(claim, (incident(session, claim, &body)?, component));
    }
    Ok(found.into_values().collect())
}

/// Countries of a family's incidents, stepping from one to the next in the index.
fn countries_of(session: &Session, family: i64) -> Result<Vec<String>, StoreError> {
    session.all(
        "WITH RECURSIVE step (country) AS (
             SELECT min(country) FROM incident WHERE family = ?1
             UNION ALL
             SELECT (SELECT min(country) FROM incident WHERE family = ?1 AND country > step.country)
             FROM step WHERE step.country IS NOT NULL
         )
         SELECT country FROM step WHERE country IS NOT NULL",
        [family],
        |row| row.get(0),
    )
}

pub(super) fn of_components(session: &Session, components: &[ClaimId]) -> Result<Vec<Incident>, StoreError> {
    let mut found = BTreeMap::new();
    for component in components.iter().collect::<BTreeSet<_>>() {
        let rows = session.all(
            "SELECT claim, body FROM incident WHERE component = ?1 AND settled = 1",
            [Key(*component)],
            |row| Ok((row.get::<_, Key<ClaimId>>(0)?.0, row.get::<_, Vec<u8>>(1)?)),
        )?;
        for (claim, body) in rows {
            found.insert(claim, incident(session, claim, &body)?);
        }
    }
    Ok(found.into_values().collect())
}

pub(super) fn settled_as(
    session: &Session,
    claims: &[ClaimId],
) -> Result<Vec<(ClaimId, EventId, ClaimId)>, StoreError> {
    let mut found = Vec::new();
    for &claim in claims {
        if let Some((event, component)) = event_of(session, claim)? {
            found.push((claim, event, component));
        }
    }
    Ok(found)
}

/// Event and component in which a claim, or the one that took its place, was settled last.
pub(super) fn event_of(session: &Session, claim: ClaimId) -> Result<Option<(EventId, ClaimId)>, StoreError> {
    let mut current = claim;
    let mut met = BTreeSet::new();
    // A report's wording may go back to an earlier one, so that successors run in a circle.
    while met.insert(current) {
        let row = session.first(
            "SELECT incident.event, incident.component, claim.successor
             FROM claim LEFT JOIN incident ON incident.no = claim.incident WHERE claim.id = ?1",
            [Key(current)],
            |row| {
                let event: Option<Key<EventId>> = row.get(0)?;
                let component: Option<Key<ClaimId>> = row.get(1)?;
                let successor: Option<Key<ClaimId>> = row.get(2)?;
                Ok((event.zip(component).map(|(event, component)| (event.0, component.0)), successor))
            },
        )?;
        match row {
            Some((Some(settled), _)) => return Ok(Some(settled)),
            Some((None, Some(successor))) => current = successor.0,
            _ => return Ok(None),
        }
    }
    Ok(None)
}

pub(super) fn settle(session: &Session, settlement: &Settlement) -> Result<(), StoreError> {
    let mut left = BTreeSet::new();
    for &(claim, event, component) in &settlement.settled {
        let before = session.first(
            "SELECT incident.no, incident.event FROM claim JOIN incident ON incident.no = claim.incident
             WHERE claim.id = ?1",
            [Key(claim)],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<Key<EventId>>>(1)?)),
        )?;
        // Another process may have kept a newer version meanwhile: then there is nothing to settle.
        let Some((no, before)) = before else { continue };
        session.execute(
            "UPDATE incident SET settled = 1, event = ?2, component = ?3 WHERE no = ?1",
            params![no, Key(event), Key(component)],
        )?;
        left.extend(before.map(|key| key.0).filter(|&before| before != event));
    }
    for &event in &settlement.gone {
        session.execute("DELETE FROM event WHERE id = ?1", [Key(event)])?;
    }
    for event in &settlement.events {
        put_event(session, event)?;
        left.insert(event.id);
    }
    for event in left {
        remove_event_without_tellings(session, event)?;
    }
    Ok(())
}

fn put_event(session: &Session, event: &Event) -> Result<(), StoreError> {
    let (earliest, latest) = rules::window_days(event.window.as_ref());
    let no: i64 = session
        .connection
        .prepare_cached(
            "INSERT INTO event (id, rank, reports, family, status, country, dated, earliest, latest,
                                origins, disputed, main, words, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
             ON CONFLICT (id) DO UPDATE SET rank = excluded.rank, reports = excluded.reports,
                 family = excluded.family, status = excluded.status, country = excluded.country,
                 dated = excluded.dated, earliest = excluded.earliest, latest = excluded.latest,
                 origins = excluded.origins, disputed = excluded.disputed, main = excluded.main,
                 words = excluded.words, body = excluded.body
             RETURNING no",
        )?
        .query_row(
            params![
                Key(event.id),
                EventOrder::Latest.key(event).1,
                event.assessment.reports,
                event.kind.family() as i64,
                event.status.word(),
                event.place.as_ref().and_then(|place| place.country.as_deref()),
                event.window.is_some(),
                earliest,
                latest,
                event.assessment.origins.len() as i64,
                !event.assessment.conflicts.is_empty(),
                event.main,
                words_of(event),
                session.codec.pack(event)?,
            ],
            |row| row.get(0),
        )?;
    session.execute("DELETE FROM event_actor WHERE event = ?1", [no])?;
    for actor in event.actors.iter().chain(&event.targets) {
        let sql = "INSERT OR IGNORE INTO event_actor (actor, event) VALUES (?1, ?2)";
        session.execute(sql, params![Key(actor.id), no])?;
    }
    Ok(())
}

/// All words of an event that a query may ask for, in lower case, a line each.
fn words_of(event: &Event) -> String {
    let actors = event.actors.iter().chain(&event.targets).map(|actor| actor.name.as_str());
    let place = event.place.iter().flat_map(|place| {
        [place.name.as_str(), place.words.as_str(), place.division.as_deref().unwrap_or_default()]
    });
    let words: Vec<String> =
        std::iter::once(event.title.as_str()).chain(actors).chain(place).map(str::to_lowercase).collect();
    words.join("\n")
}

pub(super) fn similar(
    session: &Session,
    report: ReportId,
    bands: &[u64],
) -> Result<Vec<ReportId>, StoreError> {
    let mut numbers = BTreeSet::new();
    for band in bands.iter().collect::<BTreeSet<_>>() {
        let sql = "SELECT report FROM band WHERE band = ?1";
        numbers.extend(session.all(sql, [band.cast_signed()], |row| row.get::<_, i64>(0))?);
    }
    let mut found = BTreeSet::new();
    for no in numbers {
        let id = session
            .first("SELECT id FROM report WHERE no = ?1", [no], |row| row.get::<_, Key<ReportId>>(0))?;
        found.extend(id.map(|key| key.0).filter(|&id| id != report));
    }
    Ok(found.into_iter().collect())
}

pub(super) fn keep_lineages(
    session: &Session,
    report: ReportId,
    lineages: &[Lineage],
) -> Result<(), StoreError> {
    session.execute("DELETE FROM lineage WHERE earlier = ?1 OR later = ?1", [Key(report)])?;
    for lineage in lineages {
        session.execute(
            "INSERT INTO lineage (earlier, later, body) VALUES (?1, ?2, ?3)
             ON CONFLICT (earlier, later) DO UPDATE SET body = excluded.body",
            params![Key(lineage.from), Key(lineage.to), to_json(lineage)?],
        )?;
    }
    Ok(())
}

pub(super) fn lineages_among(session: &Session, reports: &[ReportId]) -> Result<Vec<Lineage>, StoreError> {
    let reports: BTreeSet<ReportId> = reports.iter().copied().collect();
    let mut found = Vec::new();
    for &report in &reports {
        let rows = session.all(
            "SELECT later, body FROM lineage WHERE earlier = ?1 ORDER BY later",
            [Key(report)],
            |row| Ok((row.get::<_, Key<ReportId>>(0)?.0, row.get::<_, String>(1)?)),
        )?;
        for (later, body) in rows {
            if reports.contains(&later) {
                found.push(from_json(&body, || format!("the lineage of {later}"))?);
            }
        }
    }
    Ok(found)
}
