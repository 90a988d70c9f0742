//! What is written when something is kept?

use super::Session;
use super::codec::{Key, from_json, to_json};
use crate::query::ReportSummary;
use crate::rules;
use crate::{FIRST_OF_BAND, Kept, StoreError, Taken};
use headwater_domain::id::{ClaimId, EventId, ReportId};
use headwater_domain::judgement::Judgement;
use headwater_domain::reading::Reading;
use headwater_domain::record::{Deed, Entry, Failure};
use headwater_domain::report::{Report, Source};
use headwater_domain::resolution::{ActorMention, Incident, RelationClaim, Resolution, Saying};
use headwater_domain::time::Published;
use rusqlite::params;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Windows of at most so many days are found by their end; longer ones are few.
pub(super) const SHORT_DAYS: i32 = 31;

pub(super) fn report(session: &Session, taken: &Taken) -> Result<Kept, StoreError> {
    let known = session.first(
        "SELECT report.no, version.no, version.number, version.body
         FROM report JOIN version ON version.no = report.latest WHERE report.id = ?1",
        [Key(taken.report.id)],
        |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, u32>(2)?,
                row.get::<_, Vec<u8>>(3)?,
            ))
        },
    )?;
    let mut number = 1;
    if let Some((_, _, latest, body)) = &known {
        let kept: Report = session.codec.unpack(body, || taken.report.id.to_string())?;
        if rules::is_unchanged(&kept, &taken.report) {
            return Ok(Kept::Unchanged);
        }
        number = latest + 1;
    }
    let taken = match taken.report.version == number && taken.reading.version == number {
        true => Cow::Borrowed(taken),
        false => Cow::Owned(rules::numbered(taken, number)),
    };
    let report = &taken.report;

    if let Some(source) = &taken.source {
        add_source(session, source)?;
    }
    add_raw(session, &taken)?;
    let report_no = match known {
        Some((no, ..)) => no,
        None => {
            // The row is filled in below, once it is known what it points at.
            session.execute(
                "INSERT INTO report (id, latest, rank, head) VALUES (?1, 0, 0, '')",
                [Key(report.id)],
            )?;
            session.connection.last_insert_rowid()
        }
    };
    session.execute(
        "INSERT INTO version (report, number, body) VALUES (?1, ?2, ?3)",
        params![report_no, number, session.codec.pack(report)?],
    )?;
    let version_no = session.connection.last_insert_rowid();
    put_reading(session, version_no, &taken.reading)?;
    session.execute(
        "UPDATE report SET latest = ?2, rank = ?3, source = ?4, not_read = ?5, head = ?6 WHERE no = ?1",
        params![
            report_no,
            version_no,
            rules::latest_first(report.published.map(Published::date)),
            report.source.map(Key),
            taken.reading.not_read.as_ref().map(rules::not_read_words),
            to_json(&head(report))?,
        ],
    )?;
    // "Or replace" is how an index without content takes a document anew.
    session.execute(
        "INSERT OR REPLACE INTO words (rowid, title, text) VALUES (?1, ?2, ?3)",
        params![report_no, report.title, report.text.as_str()],
    )?;
    resolve(session, report_no, version_no, report, &taken.reading, &taken.resolution)?;
    session.execute("DELETE FROM failure WHERE origin = ?1", [&report.origin])?;
    entry(session, rules::deed_of_report(&taken, number == 1))?;
    Ok(if number == 1 { Kept::New } else { Kept::NewVersion(number) })
}

/// What a list shows of a report, but for what is counted when it is listed.
fn head(report: &Report) -> ReportSummary {
    ReportSummary {
        id: report.id,
        version: report.version,
        given_id: report.given_id.clone(),
        title: report.title.clone(),
        source: report.source,
        source_name: None,
        published: report.published,
        language: report.language.clone(),
        not_read: None,
        events: 0,
        sayings: 0,
        sayings_unnamed: 0,
        marking: report.marking.clone(),
    }
}

fn add_source(session: &Session, source: &Source) -> Result<(), StoreError> {
    let sql = "INSERT OR IGNORE INTO source (id, body) VALUES (?1, ?2)";
    session.execute(sql, params![Key(source.id), to_json(source)?]).map(drop)
}

fn add_raw(session: &Session, taken: &Taken) -> Result<(), StoreError> {
    let id = Key(taken.report.raw);
    if session.first("SELECT 1 FROM blob WHERE id = ?1", [&id], |_| Ok(()))?.is_some() {
        return Ok(());
    }
    let sql = "INSERT INTO blob (id, body) VALUES (?1, ?2)";
    session.execute(sql, params![id, session.codec.pack_bytes(&taken.raw)?]).map(drop)
}

fn put_reading(session: &Session, version_no: i64, reading: &Reading) -> Result<(), StoreError> {
    let sql = "INSERT INTO reading (version, body) VALUES (?1, ?2)
               ON CONFLICT (version) DO UPDATE SET body = excluded.body";
    session.execute(sql, params![version_no, session.codec.pack(reading)?]).map(drop)
}

pub(super) fn reading(
    session: &Session,
    reading: &Reading,
    resolution: &Resolution,
) -> Result<(), StoreError> {
    let kept = session.first(
        "SELECT report.no, version.no, report.latest = version.no
         FROM report JOIN version ON version.report = report.no
         WHERE report.id = ?1 AND version.number = ?2",
        params![Key(reading.report), reading.version],
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, bool>(2)?)),
    )?;
    let Some((report_no, version_no, is_latest)) = kept else {
        return Err(StoreError::Damaged { what: format!("{} version {}", reading.report, reading.version) });
    };
    put_reading(session, version_no, reading)?;
    if is_latest {
        session.execute(
            "UPDATE report SET not_read = ?2 WHERE no = ?1",
            params![report_no, reading.not_read.as_ref().map(rules::not_read_words)],
        )?;
    }
    let newest =
        session.first("SELECT version FROM resolved WHERE report = ?1", [report_no], |row| row.get(0))?;
    if newest.is_none_or(|newest: i64| newest <= version_no) {
        let report = super::look::report(session, reading.report, Some(reading.version))?;
        let what = || format!("{} version {}", reading.report, reading.version);
        let report = report.ok_or_else(|| StoreError::Damaged { what: what() })?;
        resolve(session, report_no, version_no, &report, reading, resolution)?;
    }
    Ok(())
}

/// Puts what a report contributes in place of what it contributed before.
fn resolve(
    session: &Session,
    report_no: i64,
    version_no: i64,
    report: &Report,
    reading: &Reading,
    resolution: &Resolution,
) -> Result<(), StoreError> {
    let gone = take_back(session, report_no, report.id)?;
    let mut incident_numbers = BTreeMap::new();
    for incident in &resolution.incidents {
        incident_numbers.insert(incident.claim, add_incident(session, version_no, incident)?);
    }
    let told = resolution.sayings.iter().map(|saying| saying.claim);
    let related = resolution.relations.iter().map(|relation| relation.claim);
    let claims: BTreeSet<ClaimId> = reading
        .claims
        .iter()
        .map(|claim| claim.id)
        .chain(incident_numbers.keys().copied())
        .chain(told)
        .chain(related)
        .collect();
    for claim in claims {
        session.execute(
            "INSERT INTO claim (id, version, incident) VALUES (?1, ?2, ?3) ON CONFLICT (id)
             DO UPDATE SET version = excluded.version, incident = excluded.incident, successor = NULL",
            params![Key(claim), version_no, incident_numbers.get(&claim)],
        )?;
    }
    for (claim, incident) in gone {
        if incident_numbers.contains_key(&claim) {
            continue;
        }
        let successor = incident.and_then(|gone| rules::successor(&gone, &resolution.incidents));
        session.execute(
            "UPDATE claim SET incident = NULL, successor = ?2 WHERE id = ?1",
            params![Key(claim), successor.map(Key)],
        )?;
    }
    for saying in &resolution.sayings {
        add_saying(session, version_no, saying)?;
    }
    for relation in &resolution.relations {
        add_relation(session, version_no, relation)?;
    }
    for mention in &resolution.actors {
        add_mention(session, version_no, mention)?;
    }
    let bands: BTreeSet<u64> = resolution.fingerprint.bands.iter().copied().collect();
    let day = rules::band_day(report);
    for band in &bands {
        session.execute(
            "INSERT INTO band (band, day, id) VALUES (?1, ?2, ?3)",
            params![band.cast_signed(), day, Key(report.id)],
        )?;
    }
    session.execute("INSERT OR IGNORE INTO untraced (id) VALUES (?1)", [Key(report.id)])?;
    let bands: Vec<u8> = bands.iter().flat_map(|band| band.to_le_bytes()).collect();
    session.execute(
        "INSERT INTO resolved (report, version, day, bands) VALUES (?1, ?2, ?3, ?4)",
        params![report_no, version_no, day, bands],
    )?;
    Ok(())
}

/// Takes back what a report contributes; its former companions are to be settled again. Gives the
/// claims that went, with their incidents where those can still be read.
fn take_back(
    session: &Session,
    report_no: i64,
    report: ReportId,
) -> Result<Vec<(ClaimId, Option<Incident>)>, StoreError> {
    let resolved =
        session.first("SELECT version, day, bands FROM resolved WHERE report = ?1", [report_no], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i32>(1)?, row.get::<_, Vec<u8>>(2)?))
        })?;
    let Some((version_no, day, bands)) = resolved else { return Ok(Vec::new()) };
    super::settle::next_generation(session)?;
    let gone = session.all(
        "SELECT claim, event, component, body FROM incident JOIN telling ON incident = no
         WHERE version = ?1 ORDER BY no",
        [version_no],
        |row| {
            let claim: Key<ClaimId> = row.get(0)?;
            let event: Option<Key<EventId>> = row.get(1)?;
            let component: Option<Key<ClaimId>> = row.get(2)?;
            Ok((claim.0, event.map(|key| key.0), component.map(|key| key.0), row.get::<_, Vec<u8>>(3)?))
        },
    )?;
    for table in [
        "DELETE FROM telling WHERE incident IN (SELECT no FROM incident WHERE version = ?1)",
        "DELETE FROM incident WHERE version = ?1",
        "DELETE FROM saying WHERE version = ?1",
        "DELETE FROM relation WHERE version = ?1",
        "DELETE FROM mention WHERE version = ?1",
        "DELETE FROM resolved WHERE version = ?1",
    ] {
        session.execute(table, [version_no])?;
    }
    for band in bands.as_chunks::<8>().0 {
        let band = i64::from_le_bytes(*band);
        session.execute(
            "DELETE FROM band WHERE band = ?1 AND day = ?2 AND id = ?3",
            params![band, day, Key(report)],
        )?;
        // Whoever moves up among the first has more relatives now.
        session.execute(
            "INSERT OR IGNORE INTO untraced (id)
             SELECT id FROM band WHERE band = ?1 ORDER BY day, id LIMIT 1 OFFSET ?2",
            params![band, FIRST_OF_BAND as i64 - 1],
        )?;
    }
    session.execute("DELETE FROM untraced WHERE id = ?1", [Key(report)])?;
    session.execute("DELETE FROM lineage WHERE earlier = ?1 OR later = ?1", [Key(report)])?;
    let components: BTreeSet<ClaimId> = gone.iter().filter_map(|(_, _, component, _)| *component).collect();
    let events: BTreeSet<EventId> = gone.iter().filter_map(|(_, event, _, _)| *event).collect();
    for component in components {
        unsettle_component(session, component)?;
    }
    for event in events {
        remove_event_without_tellings(session, event)?;
    }
    // Old tellings of a form no longer read must not stop newer ones from taking their place.
    Ok(gone
        .into_iter()
        .map(|(claim, _, _, body)| (claim, session.codec.unpack(&body, || claim.to_string()).ok()))
        .collect())
}

pub(super) fn unsettle_component(session: &Session, component: ClaimId) -> Result<(), StoreError> {
    session.execute("UPDATE incident SET settled = 0 WHERE component = ?1", [Key(component)]).map(drop)
}

/// Removes an event that no report tells of any more.
pub(super) fn remove_event_without_tellings(session: &Session, event: EventId) -> Result<(), StoreError> {
    if session.first("SELECT 1 FROM incident WHERE event = ?1 LIMIT 1", [Key(event)], |_| Ok(()))?.is_none() {
        remove_event(session, event)?;
    }
    Ok(())
}

/// Removes an event with the lineages that telling it showed.
pub(super) fn remove_event(session: &Session, event: EventId) -> Result<(), StoreError> {
    session.execute("DELETE FROM event WHERE id = ?1", [Key(event)])?;
    session.execute("DELETE FROM lineage WHERE event = ?1 AND event <> x''", [Key(event)]).map(drop)
}

fn add_incident(session: &Session, version_no: i64, incident: &Incident) -> Result<i64, StoreError> {
    let (earliest, latest) = rules::telling_days(incident);
    let long = latest.checked_sub(earliest).is_none_or(|days| days > SHORT_DAYS);
    let country = incident.place.as_ref().and_then(|place| place.country.as_deref());
    session.execute(
        "INSERT INTO incident (claim, version, alike, published, family, country, long, earliest, latest)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            Key(incident.claim),
            version_no,
            incident.alike.cast_signed(),
            incident.published.map_or(rules::NO_DAY, rules::day_number),
            incident.kind.family() as i64,
            country.unwrap_or_default(),
            long,
            earliest,
            latest,
        ],
    )?;
    let no = session.connection.last_insert_rowid();
    let body = session.codec.pack(incident)?;
    session.execute("INSERT INTO telling (incident, body) VALUES (?1, ?2)", params![no, body])?;
    Ok(no)
}

fn add_saying(session: &Session, version_no: i64, saying: &Saying) -> Result<(), StoreError> {
    let speaker = saying.voice.as_ref().and_then(|voice| voice.actor.as_ref());
    session.execute(
        "INSERT INTO saying (version, claim, day, start, speaker, source_kind, stance, act, sort, unnamed, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            version_no,
            Key(saying.claim),
            saying.published.map_or(rules::NO_DAY, rules::day_number),
            saying.content.start() as i64,
            speaker.map(|actor| Key(actor.id)),
            saying.voice.as_ref().map(|voice| voice.kind.word()),
            saying.stance.word(),
            saying.act.map(|act| act.word()),
            saying.is,
            rules::is_unnamed(saying),
            session.codec.pack(saying)?,
        ],
    )?;
    Ok(())
}

fn add_relation(session: &Session, version_no: i64, relation: &RelationClaim) -> Result<(), StoreError> {
    session.execute(
        "INSERT INTO relation (version, left_actor, right_actor, body) VALUES (?1, ?2, ?3, ?4)",
        params![version_no, Key(relation.from.id), Key(relation.to.id), session.codec.pack(relation)?],
    )?;
    Ok(())
}

fn add_mention(session: &Session, version_no: i64, mention: &ActorMention) -> Result<(), StoreError> {
    let names = std::iter::once(&mention.actor.name).chain(&mention.names);
    let folded: Vec<String> = names.map(|name| name.to_lowercase()).collect();
    session.execute(
        "INSERT INTO mention (version, actor, times, names, folded, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            version_no,
            Key(mention.actor.id),
            mention.spans.len() as i64,
            to_json(&mention.names)?,
            folded.join("\n"),
            session.codec.pack(mention)?,
        ],
    )?;
    Ok(())
}

pub(super) fn failure(session: &Session, failure: &Failure, by: &str) -> Result<(), StoreError> {
    session.execute(
        "INSERT INTO failure (origin, body) VALUES (?1, ?2)
         ON CONFLICT (origin) DO UPDATE SET body = excluded.body",
        params![failure.origin, to_json(failure)?],
    )?;
    entry(session, rules::deed_of_failure(failure, by))
}

pub(super) fn judgement(
    session: &Session,
    judgement: &Judgement,
    touches: &[ClaimId],
) -> Result<(), StoreError> {
    let added = session.execute(
        "INSERT OR IGNORE INTO judgement (id, body) VALUES (?1, ?2)",
        params![Key(judgement.id), to_json(judgement)?],
    )?;
    if added == 0 {
        return Ok(());
    }
    super::settle::next_generation(session)?;
    for (_, _, component) in super::settle::settled_as(session, touches)? {
        unsettle_component(session, component)?;
    }
    entry(session, rules::deed_of_judgement(judgement))
}

/// Appends to the record.
pub(super) fn entry(session: &Session, deed: Deed) -> Result<(), StoreError> {
    let previous = session.first(&format!("{ENTRY} ORDER BY sequence DESC LIMIT 1"), [], entry_columns)?;
    let previous = previous.map(entry_of).transpose()?;
    let entry = Entry::following(previous.as_ref(), deed);
    session.execute(
        "INSERT INTO entry (sequence, at, by, action, object, digest, marking, previous, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            entry.sequence.cast_signed(),
            to_json(&entry.at)?,
            entry.by,
            to_json(&entry.action)?,
            entry.object,
            entry.digest,
            to_json(&entry.marking)?,
            entry.previous,
            entry.hash,
        ],
    )?;
    Ok(())
}

pub(super) const ENTRY: &str =
    "SELECT sequence, at, by, action, object, digest, marking, previous, hash FROM entry";

/// An entry's columns, those that are JSON still unread.
pub(super) type EntryColumns = (i64, [String; 8]);

pub(super) fn entry_columns(row: &rusqlite::Row<'_>) -> rusqlite::Result<EntryColumns> {
    let text = |index| row.get(index);
    Ok((row.get(0)?, [text(1)?, text(2)?, text(3)?, text(4)?, text(5)?, text(6)?, text(7)?, text(8)?]))
}

pub(super) fn entry_of(columns: EntryColumns) -> Result<Entry, StoreError> {
    let (sequence, [at, by, action, object, digest, marking, previous, hash]) = columns;
    let what = || format!("entry {sequence} of the record");
    Ok(Entry {
        sequence: sequence.cast_unsigned(),
        at: from_json(&at, what)?,
        by,
        action: from_json(&action, what)?,
        object,
        digest,
        marking: from_json(&marking, what)?,
        previous,
        hash,
    })
}

/// Throws away what is derived. Claims keep their report and their successors.
pub(super) fn clear_derived(session: &Session) -> Result<(), StoreError> {
    session.connection.execute_batch(
        "DELETE FROM event_actor; DELETE FROM event; DELETE FROM lineage; DELETE FROM mention;
         DELETE FROM relation; DELETE FROM saying; DELETE FROM telling; DELETE FROM incident;
         DELETE FROM band; DELETE FROM untraced; DELETE FROM resolved;
         UPDATE generation SET number = number + 1; UPDATE claim SET incident = NULL WHERE incident IS NOT NULL;",
    )?;
    Ok(())
}
