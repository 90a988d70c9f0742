//! What does settling read, and what does it put in place?

use super::Session;
use super::codec::{Key, from_json, to_json};
use super::keep::{SHORT_DAYS, remove_event, remove_event_without_tellings};
use crate::query::EventOrder;
use crate::{FIRST_OF_BAND, Near, Relatives, Settlement, StoreError, rules};
use headwater_domain::id::{ClaimId, EventId, ReportId};
use headwater_domain::picture::Event;
use headwater_domain::resolution::{Incident, Lineage, Sketch};
use rusqlite::params;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn generation(session: &Session) -> Result<u64, StoreError> {
    session.number("SELECT number FROM generation", [])
}

pub(super) fn next_generation(session: &Session) -> Result<(), StoreError> {
    session.execute("UPDATE generation SET number = number + 1", []).map(drop)
}

const SKETCH: &str = "SELECT claim, version, alike, published, event, component, settled FROM incident";

/// Sketches of incidents, as rows of [`SKETCH`] come; reports are looked up once each.
#[derive(Default)]
struct Sketches {
    reports: BTreeMap<i64, ReportId>,
    found: BTreeMap<ClaimId, Sketch>,
}

impl Sketches {
    fn add(&mut self, session: &Session, sql: &str, values: impl rusqlite::Params) -> Result<(), StoreError> {
        let mut statement = session.connection.prepare_cached(sql)?;
        let mut rows = statement.query(values)?;
        while let Some(row) = rows.next()? {
            let claim: ClaimId = row.get::<_, Key<ClaimId>>(0)?.0;
            let event: Option<Key<EventId>> = row.get(4)?;
            let component: Option<Key<ClaimId>> = row.get(5)?;
            let sketch = Sketch {
                claim,
                report: self.report(session, row.get(1)?)?,
                alike: row.get::<_, i64>(2)?.cast_unsigned(),
                published: Some(row.get(3)?).filter(|&day| day != rules::NO_DAY).and_then(rules::day_of),
                settled: event.zip(component).map(|(event, component)| (event.0, component.0)),
                open: !row.get::<_, bool>(6)?,
            };
            self.found.insert(claim, sketch);
        }
        Ok(())
    }

    fn report(&mut self, session: &Session, version: i64) -> Result<ReportId, StoreError> {
        if let Some(&report) = self.reports.get(&version) {
            return Ok(report);
        }
        let sql =
            "SELECT report.id FROM version JOIN report ON report.no = version.report WHERE version.no = ?1";
        let report = session.first(sql, [version], |row| row.get::<_, Key<ReportId>>(0))?;
        let report =
            report.ok_or_else(|| StoreError::Damaged { what: "a version of a report".to_owned() })?.0;
        self.reports.insert(version, report);
        Ok(report)
    }

    fn by_claim(self) -> Vec<Sketch> {
        self.found.into_values().collect()
    }
}

pub(super) fn unsettled(session: &Session) -> Result<Vec<Sketch>, StoreError> {
    let mut sketches = Sketches::default();
    sketches.add(session, &format!("{SKETCH} WHERE settled = 0"), [])?;
    Ok(sketches.by_claim())
}

pub(super) fn alike(session: &Session, alike: &[u64]) -> Result<Vec<Sketch>, StoreError> {
    let mut sketches = Sketches::default();
    let sql = format!("{SKETCH} WHERE alike = ?1");
    for alike in alike {
        sketches.add(session, &sql, [alike.cast_signed()])?;
    }
    Ok(sketches.by_claim())
}

pub(super) fn of_components(session: &Session, components: &[ClaimId]) -> Result<Vec<Sketch>, StoreError> {
    let mut sketches = Sketches::default();
    let sql = format!("{SKETCH} WHERE component = ?1 AND settled = 1");
    for &component in components {
        sketches.add(session, &sql, [Key(component)])?;
    }
    Ok(sketches.by_claim())
}

pub(super) fn incidents(session: &Session, claims: &[ClaimId]) -> Result<Vec<Incident>, StoreError> {
    let sql = "SELECT body FROM claim JOIN telling ON telling.incident = claim.incident WHERE claim.id = ?1";
    let mut statement = session.connection.prepare_cached(sql)?;
    let mut found = Vec::with_capacity(claims.len());
    for &claim in claims {
        let mut rows = statement.query([Key(claim)])?;
        if let Some(row) = rows.next()? {
            found.push(incident(session, claim, row.get_ref(0)?.as_blob().unwrap_or_default())?);
        }
    }
    Ok(found)
}

pub(super) fn incident(session: &Session, claim: ClaimId, body: &[u8]) -> Result<Incident, StoreError> {
    session.codec.unpack(body, || claim.to_string())
}

pub(super) fn near(session: &Session, keys: &[Near]) -> Result<Vec<u64>, StoreError> {
    let mut found = BTreeSet::new();
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
                found.extend(session.all(
                    "SELECT alike FROM incident WHERE family = ?1 AND country = ?2 AND long = ?3
                     AND latest BETWEEN ?4 AND ?5 AND earliest <= ?6",
                    params![family, country, long, earliest, ends_by, latest],
                    |row| Ok(row.get::<_, i64>(0)?.cast_unsigned()),
                )?);
            }
        }
    }
    Ok(found.into_iter().collect())
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

pub(super) fn settle(session: &Session, settlement: &Settlement) -> Result<bool, StoreError> {
    if generation(session)? != settlement.generation {
        return Ok(false);
    }
    next_generation(session)?;
    let mut left = BTreeSet::new();
    for &(claim, event, component) in &settlement.settled {
        let before = session.first(
            "SELECT incident.no, incident.event FROM claim JOIN incident ON incident.no = claim.incident
             WHERE claim.id = ?1",
            [Key(claim)],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<Key<EventId>>>(1)?)),
        )?;
        let Some((no, before)) = before else { continue };
        session.execute(
            "UPDATE incident SET settled = 1, event = ?2, component = ?3 WHERE no = ?1",
            params![no, Key(event), Key(component)],
        )?;
        left.extend(before.map(|key| key.0).filter(|&before| before != event));
    }
    for &event in &settlement.gone {
        remove_event(session, event)?;
    }
    for (event, lineages) in &settlement.events {
        put_event(session, event)?;
        session.execute("DELETE FROM lineage WHERE event = ?1 AND event <> x''", [Key(event.id)])?;
        for lineage in lineages {
            put_lineage(session, lineage, event.id.as_bytes())?;
        }
        left.insert(event.id);
    }
    for event in left {
        remove_event_without_tellings(session, event)?;
    }
    Ok(true)
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

pub(super) fn untraced(session: &Session, limit: usize) -> Result<Vec<ReportId>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    session.all("SELECT id FROM untraced ORDER BY id LIMIT ?1", [limit], |row| {
        Ok(row.get::<_, Key<ReportId>>(0)?.0)
    })
}

pub(super) fn relatives(session: &Session, report: ReportId) -> Result<Relatives, StoreError> {
    let resolved = session.first(
        "SELECT resolved.day, bands FROM report JOIN resolved ON resolved.report = report.no WHERE report.id = ?1",
        [Key(report)],
        |row| Ok((row.get::<_, i32>(0)?, row.get::<_, Vec<u8>>(1)?)),
    )?;
    let Some((day, bands)) = resolved else { return Ok(Relatives::default()) };
    let (mut like, mut displaced) = (BTreeSet::new(), BTreeSet::new());
    let of_band = |band: i64, limit: i64| {
        session.all(
            "SELECT day, id FROM band WHERE band = ?1 ORDER BY day, id LIMIT ?2",
            [band, limit],
            |row| Ok((row.get::<_, i32>(0)?, row.get::<_, Key<ReportId>>(1)?.0)),
        )
    };
    for band in bands.as_chunks::<8>().0 {
        let band = i64::from_le_bytes(*band);
        let mut members = of_band(band, FIRST_OF_BAND as i64)?;
        if members.len() == FIRST_OF_BAND && members.contains(&(day, report)) {
            members = of_band(band, -1)?;
            let first = &members[..FIRST_OF_BAND];
            let mut came = 0;
            for (_, id) in first {
                came += session.number("SELECT count(*) FROM untraced WHERE id = ?1", [Key(*id)])? as usize;
            }
            displaced.extend(members.iter().skip(FIRST_OF_BAND).take(came).map(|&(_, id)| id));
        }
        like.extend(members.into_iter().map(|(_, id)| id));
    }
    like.remove(&report);
    Ok(Relatives { like: like.into_iter().collect(), displaced: displaced.into_iter().collect() })
}

pub(super) fn keep_traced(session: &Session, traced: &[(ReportId, Vec<Lineage>)]) -> Result<(), StoreError> {
    for (report, lineages) in traced {
        let ends = |lineage: &Lineage| (lineage.from, lineage.to);
        let before: BTreeSet<(ReportId, ReportId)> = session
            .all(
                "SELECT earlier, later FROM lineage WHERE (earlier = ?1 OR later = ?1) AND event = x''",
                [Key(*report)],
                |row| Ok((row.get::<_, Key<ReportId>>(0)?.0, row.get::<_, Key<ReportId>>(1)?.0)),
            )?
            .into_iter()
            .collect();
        let now: BTreeSet<(ReportId, ReportId)> = lineages.iter().map(ends).collect();
        for &(earlier, later) in before.difference(&now) {
            session.execute(
                "DELETE FROM lineage WHERE earlier = ?1 AND later = ?2 AND event = x''",
                [Key(earlier), Key(later)],
            )?;
        }
        for lineage in lineages {
            put_lineage(session, lineage, &[])?;
        }
        if before != now {
            open_again(session, *report)?;
        }
        session.execute("DELETE FROM untraced WHERE id = ?1", [Key(*report)])?;
    }
    Ok(())
}

/// Has the settled incidents of a report settled again.
fn open_again(session: &Session, report: ReportId) -> Result<(), StoreError> {
    let opened = session.execute(
        "UPDATE incident SET settled = 0 WHERE settled = 1 AND version =
             (SELECT resolved.version FROM report JOIN resolved ON resolved.report = report.no
              WHERE report.id = ?1)",
        [Key(report)],
    )?;
    if opened > 0 { next_generation(session) } else { Ok(()) }
}

fn put_lineage(session: &Session, lineage: &Lineage, event: &[u8]) -> Result<(), StoreError> {
    session.execute(
        "INSERT INTO lineage (earlier, later, event, body) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (earlier, later, event) DO UPDATE SET body = excluded.body",
        params![Key(lineage.from), Key(lineage.to), event, to_json(lineage)?],
    )?;
    Ok(())
}

pub(super) fn lineages_among(
    session: &Session,
    reports: &[ReportId],
    only_traced: bool,
) -> Result<Vec<Lineage>, StoreError> {
    let reports: BTreeSet<ReportId> = reports.iter().copied().collect();
    let sql = match only_traced {
        true => "SELECT later, body FROM lineage WHERE earlier = ?1 AND event = x'' ORDER BY later",
        false => "SELECT later, body FROM lineage WHERE earlier = ?1 ORDER BY later",
    };
    let mut found: BTreeMap<(ReportId, ReportId), Lineage> = BTreeMap::new();
    for &report in &reports {
        let mut statement = session.connection.prepare_cached(sql)?;
        let mut rows = statement.query([Key(report)])?;
        while let Some(row) = rows.next()? {
            let later = row.get::<_, Key<ReportId>>(0)?.0;
            if reports.contains(&later) && !found.contains_key(&(report, later)) {
                let body = row.get_ref(1)?.as_str().unwrap_or_default();
                found.insert((report, later), from_json(body, || format!("the lineage of {later}"))?);
            }
        }
    }
    Ok(found.into_values().collect())
}
