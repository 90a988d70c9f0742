//! What is read when somebody looks?

use super::Session;
use super::codec::{Key, from_json};
use super::keep::{ENTRY, entry_columns, entry_of};
use super::settle::{event_of, incident};
use crate::query::{
    ActorSummary, EventOrder, EventQuery, Page, ReportQuery, ReportSummary, SayingQuery, Totals, search_words,
};
use crate::{StoreError, rules};
use headwater_domain::id::{ActorId, BlobId, ClaimId, EventId, JudgementId, ReportId, SourceId};
use headwater_domain::judgement::Judgement;
use headwater_domain::picture::{Dossier, Event};
use headwater_domain::reading::Reading;
use headwater_domain::record::{Entry, Failure};
use headwater_domain::report::{Report, Source};
use headwater_domain::resolution::{ActorMention, Lineage, RelationClaim, Saying};
use rusqlite::types::Value;
use rusqlite::{ToSql, params, params_from_iter};
use std::collections::{BTreeMap, BTreeSet};

/// A "where" clause as it grows, with the values that it asks for.
#[derive(Default)]
struct Filter {
    conditions: Vec<&'static str>,
    values: Vec<Value>,
}

impl Filter {
    /// Adds a condition with one `?` if there is a value for it.
    fn by(&mut self, condition: &'static str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.conditions.push(condition);
            self.values.push(value.into());
        }
    }

    fn clause(&self) -> String {
        match self.conditions.as_slice() {
            [] => String::new(),
            conditions => format!("WHERE {}", conditions.join(" AND ")),
        }
    }
}

fn bytes(id: &[u8; 10]) -> Vec<u8> {
    id.to_vec()
}

/// Limit and offset as SQLite takes them; no limit is -1.
fn limits(page: Page) -> [i64; 2] {
    [i64::try_from(page.limit).unwrap_or(-1), i64::try_from(page.skip).unwrap_or(i64::MAX)]
}

pub(super) fn totals(session: &Session) -> Result<Totals, StoreError> {
    let count = |table: &str| session.number(&format!("SELECT count(*) FROM {table}"), []);
    let last_rank = "SELECT max(rank) FROM report WHERE rank < ?1";
    let first_rank = "SELECT min(rank) FROM report WHERE rank < ?1";
    let rank = |sql: &str| -> Result<Option<jiff::civil::Date>, StoreError> {
        let rank: Option<i32> = session.first(sql, [rules::NO_DAY], |row| row.get(0))?.flatten();
        Ok(rank.and_then(|rank| rules::day_of(-rank)))
    };
    Ok(Totals {
        reports: count("report")?,
        versions: count("version")?,
        not_read: count("report WHERE not_read IS NOT NULL")?,
        sources: count("source")?,
        events: count("event")?,
        sayings: count("saying")?,
        actors: session.number("SELECT count(DISTINCT actor) FROM mention", [])?,
        judgements: count("judgement")?,
        failures: count("failure")?,
        entries: count("entry")?,
        published: rank(last_rank)?.zip(rank(first_rank)?),
    })
}

pub(super) fn reports(
    session: &Session,
    query: &ReportQuery,
    page: Page,
) -> Result<Vec<ReportSummary>, StoreError> {
    let mut filter = Filter::default();
    filter.by("source = ?", query.source.map(|id| bytes(id.as_bytes())));
    filter.by("rank <= ?", query.since.map(|day| -rules::day_number(day)));
    filter.by("rank >= ?", query.until.map(|day| -rules::day_number(day)));
    if query.since.is_some() || query.until.is_some() {
        filter.by("rank < ?", Some(rules::NO_DAY));
    }
    let words = query.words.as_deref().map(search_words).unwrap_or_default();
    if !words.is_empty() {
        // In quotation marks whatever the words hold is text, never syntax.
        let quoted: Vec<String> =
            words.iter().map(|word| format!("\"{}\"", word.replace('"', "\"\""))).collect();
        filter.by("no IN (SELECT rowid FROM words WHERE words MATCH ?)", Some(quoted.join(" ")));
    }
    let sql = format!(
        "SELECT latest, not_read, head FROM report {} ORDER BY rank, no LIMIT ? OFFSET ?",
        filter.clause()
    );
    filter.values.extend(limits(page).map(Value::from));
    let rows = session.all(&sql, params_from_iter(filter.values), |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, Option<String>>(1)?, row.get::<_, String>(2)?))
    })?;
    rows.into_iter().map(|(version, not_read, head)| summary(session, version, not_read, &head)).collect()
}

fn summary(
    session: &Session,
    version: i64,
    not_read: Option<String>,
    head: &str,
) -> Result<ReportSummary, StoreError> {
    let head: ReportSummary = from_json(head, || "the head of a report".to_owned())?;
    let count = |sql: &str| session.connection.prepare_cached(sql)?.query_row([version], |row| row.get(0));
    let source_name = match head.source {
        Some(id) => source(session, id)?.map(|source| source.name),
        None => None,
    };
    Ok(ReportSummary {
        source_name,
        not_read,
        events: count("SELECT count(DISTINCT event) FROM incident WHERE version = ?1")?,
        sayings: count("SELECT count(*) FROM saying WHERE version = ?1")?,
        sayings_unnamed: count("SELECT count(*) FROM saying WHERE version = ?1 AND unnamed = 1")?,
        ..head
    })
}

pub(super) fn all_versions(session: &Session) -> Result<Vec<(ReportId, u32)>, StoreError> {
    session.all(
        "SELECT report.id, version.number FROM version JOIN report ON report.no = version.report
         ORDER BY version.no",
        [],
        |row| Ok((row.get::<_, Key<ReportId>>(0)?.0, row.get(1)?)),
    )
}

/// Finds a version's row by its report and number; the latest if no number is given.
fn version_row(session: &Session, id: ReportId, version: Option<u32>) -> Result<Option<i64>, StoreError> {
    match version {
        None => session.first("SELECT latest FROM report WHERE id = ?1", [Key(id)], |row| row.get(0)),
        Some(number) => session.first(
            "SELECT version.no FROM version JOIN report ON report.no = version.report
             WHERE report.id = ?1 AND version.number = ?2",
            params![Key(id), number],
            |row| row.get(0),
        ),
    }
}

pub(super) fn report(
    session: &Session,
    id: ReportId,
    version: Option<u32>,
) -> Result<Option<Report>, StoreError> {
    let Some(no) = version_row(session, id, version)? else { return Ok(None) };
    let body =
        session.first("SELECT body FROM version WHERE no = ?1", [no], |row| row.get::<_, Vec<u8>>(0))?;
    body.map(|body| session.codec.unpack(&body, || id.to_string())).transpose()
}

pub(super) fn reading(
    session: &Session,
    id: ReportId,
    version: Option<u32>,
) -> Result<Option<Reading>, StoreError> {
    let Some(no) = version_row(session, id, version)? else { return Ok(None) };
    let sql = "SELECT body FROM reading WHERE version = ?1";
    let body = session.first(sql, [no], |row| row.get::<_, Vec<u8>>(0))?;
    body.map(|body| session.codec.unpack(&body, || format!("the reading of {id}"))).transpose()
}

pub(super) fn raw(session: &Session, id: BlobId) -> Result<Option<Vec<u8>>, StoreError> {
    let body =
        session.first("SELECT body FROM blob WHERE id = ?1", [Key(id)], |row| row.get::<_, Vec<u8>>(0))?;
    body.map(|body| session.codec.unpack_bytes(&body, || id.to_string())).transpose()
}

pub(super) fn source(session: &Session, id: SourceId) -> Result<Option<Source>, StoreError> {
    let body =
        session.first("SELECT body FROM source WHERE id = ?1", [Key(id)], |row| row.get::<_, String>(0))?;
    body.map(|body| from_json(&body, || id.to_string())).transpose()
}

pub(super) fn sources(session: &Session) -> Result<Vec<Source>, StoreError> {
    let rows = session.all("SELECT body FROM source ORDER BY id", [], |row| row.get::<_, String>(0))?;
    rows.iter().map(|body| from_json(body, || "a source".to_owned())).collect()
}

/// What rows can tell of a query; `text` and `place` are left to [`EventQuery::matches`].
fn event_filter(query: &EventQuery) -> Filter {
    let mut filter = Filter::default();
    filter.by("family = ?", query.family.map(|family| family as i64));
    filter.by("status = ?", query.status.map(|status| status.word().to_owned()));
    filter.by("country = ?", query.country.clone());
    filter.by("dated = 1 AND latest >= ?", query.since.map(rules::day_number));
    filter.by("dated = 1 AND earliest <= ?", query.until.map(rules::day_number));
    filter.by("origins >= ?", query.origins_min);
    filter.by("disputed >= ?", query.disputed.then_some(1));
    filter.by("main >= ?", query.main.then_some(1));
    filter.by(
        "no IN (SELECT event FROM event_actor WHERE actor = ?)",
        query.actor.map(|id| bytes(id.as_bytes())),
    );
    filter.by(
        "id IN (SELECT incident.event FROM report JOIN resolved ON resolved.report = report.no
                JOIN incident ON incident.version = resolved.version WHERE report.id = ?)",
        query.report.map(|id| bytes(id.as_bytes())),
    );
    filter.by("instr(words, ?)", query.text.as_ref().map(|text| text.to_lowercase()));
    filter.by("instr(words, ?)", query.place.as_ref().map(|place| place.to_lowercase()));
    filter
}

/// Tells whether rows alone decide a query.
fn rows_decide(query: &EventQuery) -> bool {
    query.text.is_none() && query.place.is_none()
}

pub(super) fn events(session: &Session, query: &EventQuery, page: Page) -> Result<Vec<Event>, StoreError> {
    let mut filter = event_filter(query);
    let order = match query.order {
        EventOrder::Latest => "rank, id",
        EventOrder::MostReported => "reports DESC, rank, id",
    };
    let clause = filter.clause();
    let in_rows = rows_decide(query);
    filter.values.extend(limits(if in_rows { page } else { Page::ALL }).map(Value::from));
    let sql = format!("SELECT id, body FROM event {clause} ORDER BY {order} LIMIT ? OFFSET ?");
    let mut statement = session.connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(filter.values))?;
    let mut found = Vec::new();
    let mut to_skip = if in_rows { 0 } else { page.skip };
    while found.len() < page.limit
        && let Some(row) = rows.next()?
    {
        let id: Key<EventId> = row.get(0)?;
        let event: Event =
            session.codec.unpack(row.get_ref(1)?.as_blob().unwrap_or_default(), || id.0.to_string())?;
        if !in_rows && !query.matches(&event) {
            continue;
        }
        if to_skip > 0 {
            to_skip -= 1;
            continue;
        }
        found.push(event);
    }
    Ok(found)
}

pub(super) fn event_count(session: &Session, query: &EventQuery) -> Result<u64, StoreError> {
    if !rows_decide(query) {
        return Ok(events(session, query, Page::ALL)?.len() as u64);
    }
    let filter = event_filter(query);
    let sql = format!("SELECT count(*) FROM event {}", filter.clause());
    session.number(&sql, params_from_iter(filter.values))
}

pub(super) fn dossier(session: &Session, id: EventId) -> Result<Option<Dossier>, StoreError> {
    let mut found = event(session, id)?;
    if found.is_none()
        && let Some((founded, _)) = event_of(session, id.founding_claim())?
    {
        found = event(session, founded)?;
    }
    let Some(event) = found else { return Ok(None) };
    let rows = session.all(
        "SELECT claim, body FROM incident JOIN telling ON incident = no WHERE event = ?1",
        [Key(event.id)],
        |row| Ok((row.get::<_, Key<ClaimId>>(0)?.0, row.get::<_, Vec<u8>>(1)?)),
    )?;
    let mut incidents = Vec::with_capacity(rows.len());
    for (claim, body) in rows {
        incidents.push(incident(session, claim, &body)?);
    }
    incidents.sort_by_key(rules::telling_order);
    Ok(Some(Dossier { event, incidents }))
}

fn event(session: &Session, id: EventId) -> Result<Option<Event>, StoreError> {
    let body =
        session.first("SELECT body FROM event WHERE id = ?1", [Key(id)], |row| row.get::<_, Vec<u8>>(0))?;
    body.map(|body| session.codec.unpack(&body, || id.to_string())).transpose()
}

pub(super) fn sayings(session: &Session, query: &SayingQuery, page: Page) -> Result<Vec<Saying>, StoreError> {
    let mut filter = Filter::default();
    filter.by(
        "version = (SELECT resolved.version FROM report JOIN resolved ON resolved.report = report.no
                    WHERE report.id = ?)",
        query.report.map(|id| bytes(id.as_bytes())),
    );
    filter.by("speaker = ?", query.speaker.map(|id| bytes(id.as_bytes())));
    filter.by("source_kind = ?", query.source_kind.map(|kind| kind.word().to_owned()));
    filter.by("stance = ?", query.stance.map(|stance| stance.word().to_owned()));
    filter.by("act = ?", query.act.map(|act| act.word().to_owned()));
    filter.by("sort = ?", query.is.clone());
    let sql = format!(
        "SELECT claim, body FROM saying {} ORDER BY day, version, start, claim LIMIT ? OFFSET ?",
        filter.clause()
    );
    filter.values.extend(limits(page).map(Value::from));
    let rows = session.all(&sql, params_from_iter(filter.values), |row| {
        Ok((row.get::<_, Key<ClaimId>>(0)?.0, row.get::<_, Vec<u8>>(1)?))
    })?;
    rows.iter().map(|(claim, body)| session.codec.unpack(body, || claim.to_string())).collect()
}

pub(super) fn relation_claims(
    session: &Session,
    of: Option<ActorId>,
) -> Result<Vec<RelationClaim>, StoreError> {
    let body = |row: &rusqlite::Row<'_>| row.get::<_, Vec<u8>>(0);
    let rows = match of {
        None => session.all("SELECT body FROM relation ORDER BY no", [], body)?,
        Some(actor) => session.all(
            "SELECT body FROM relation WHERE left_actor = ?1 OR right_actor = ?1 ORDER BY no",
            [Key(actor)],
            body,
        )?,
    };
    rows.iter().map(|body| session.codec.unpack(body, || "how two actors stand".to_owned())).collect()
}

pub(super) fn actors(
    session: &Session,
    text: Option<&str>,
    page: Page,
) -> Result<Vec<ActorSummary>, StoreError> {
    let mut filter = Filter::default();
    filter.by("actor IN (SELECT actor FROM mention WHERE instr(folded, ?))", text.map(str::to_lowercase));
    let sql = format!(
        "SELECT actor, count(DISTINCT version), sum(times) FROM mention {} GROUP BY actor
         ORDER BY 2 DESC, actor LIMIT ? OFFSET ?",
        filter.clause()
    );
    filter.values.extend(limits(page).map(Value::from));
    let rows = session.all(&sql, params_from_iter(filter.values), |row| {
        Ok((row.get::<_, Key<ActorId>>(0)?.0, row.get(1)?, row.get(2)?))
    })?;
    let mut summaries = Vec::with_capacity(rows.len());
    for (id, reports, mentions) in rows {
        let first = "SELECT body FROM mention WHERE actor = ?1 ORDER BY version, no LIMIT 1";
        let Some(first) = session.first(first, [Key(id)], |row| row.get::<_, Vec<u8>>(0))? else { continue };
        let first: ActorMention = session.codec.unpack(&first, || id.to_string())?;
        let names = "SELECT DISTINCT names FROM mention WHERE actor = ?1";
        let mut all = BTreeSet::new();
        for names in session.all(names, [Key(id)], |row| row.get::<_, String>(0))? {
            all.extend(from_json::<Vec<String>>(&names, || id.to_string())?);
        }
        summaries.push(ActorSummary {
            actor: first.actor,
            names: all.into_iter().collect(),
            reports,
            mentions,
        });
    }
    Ok(summaries)
}

pub(super) fn actor_mentions(
    session: &Session,
    id: ActorId,
) -> Result<Vec<(ReportId, ActorMention)>, StoreError> {
    let rows = session.all(
        "SELECT report.id, mention.body FROM mention JOIN version ON version.no = mention.version
         JOIN report ON report.no = version.report WHERE mention.actor = ?1 ORDER BY mention.version, mention.no",
        [Key(id)],
        |row| Ok((row.get::<_, Key<ReportId>>(0)?.0, row.get::<_, Vec<u8>>(1)?)),
    )?;
    rows.into_iter()
        .map(|(report, body)| Ok((report, session.codec.unpack(&body, || id.to_string())?)))
        .collect()
}

pub(super) fn lineages(session: &Session, of: Option<ReportId>) -> Result<Vec<Lineage>, StoreError> {
    let columns = |row: &rusqlite::Row<'_>| {
        Ok(((row.get::<_, Key<ReportId>>(0)?.0, row.get::<_, Key<ReportId>>(1)?.0), row.get::<_, String>(2)?))
    };
    let rows = match of {
        None => session.all("SELECT earlier, later, body FROM lineage", [], columns)?,
        Some(report) => session.all(
            "SELECT earlier, later, body FROM lineage WHERE earlier = ?1
             UNION ALL SELECT earlier, later, body FROM lineage WHERE later = ?1",
            [Key(report)],
            columns,
        )?,
    };
    // One pair may be shown by several events, always alike.
    let pairs: BTreeMap<(ReportId, ReportId), String> = rows.into_iter().collect();
    pairs.values().map(|body| from_json(body, || "a lineage".to_owned())).collect()
}

pub(super) fn judgements(session: &Session) -> Result<Vec<Judgement>, StoreError> {
    let rows = session.all("SELECT id, body FROM judgement ORDER BY sequence", [], |row| {
        Ok((row.get::<_, Key<JudgementId>>(0)?.0, row.get::<_, String>(1)?))
    })?;
    rows.iter().map(|(id, body)| from_json(body, || id.to_string())).collect()
}

pub(super) fn failures(session: &Session) -> Result<Vec<Failure>, StoreError> {
    let rows = session.all("SELECT body FROM failure ORDER BY origin", [], |row| row.get::<_, String>(0))?;
    rows.iter().map(|body| from_json(body, || "a failure".to_owned())).collect()
}

pub(super) fn entries(session: &Session, after: u64, limit: usize) -> Result<Vec<Entry>, StoreError> {
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let limit = i64::try_from(limit).unwrap_or(-1);
    let sql = format!("{ENTRY} WHERE sequence > ?1 ORDER BY sequence LIMIT ?2");
    session.all(&sql, [after, limit], entry_columns)?.into_iter().map(entry_of).collect()
}

pub(super) fn ids_beginning(session: &Session, beginning: &str) -> Result<Vec<String>, StoreError> {
    macro_rules! found {
        ($id:ty, $sql:literal) => {
            match rules::id_range::<$id>(beginning) {
                None => Vec::new(),
                Some((from, to)) => {
                    let limit = rules::IDS_MAX as i64;
                    let values: [&dyn ToSql; 3] = [&Key(from), &Key(to), &limit];
                    session
                        .all($sql, values.as_slice(), |row| Ok(row.get::<_, Key<$id>>(0)?.0.to_string()))?
                }
            }
        };
    }
    Ok(match beginning.split('-').next().unwrap_or_default() {
        ReportId::PREFIX => {
            found!(ReportId, "SELECT id FROM report WHERE id BETWEEN ?1 AND ?2 ORDER BY 1 LIMIT ?3")
        }
        SourceId::PREFIX => {
            found!(SourceId, "SELECT id FROM source WHERE id BETWEEN ?1 AND ?2 ORDER BY 1 LIMIT ?3")
        }
        ClaimId::PREFIX => {
            found!(ClaimId, "SELECT id FROM claim WHERE id BETWEEN ?1 AND ?2 ORDER BY 1 LIMIT ?3")
        }
        BlobId::PREFIX => {
            found!(BlobId, "SELECT id FROM blob WHERE id BETWEEN ?1 AND ?2 ORDER BY 1 LIMIT ?3")
        }
        JudgementId::PREFIX => {
            found!(JudgementId, "SELECT id FROM judgement WHERE id BETWEEN ?1 AND ?2 ORDER BY 1 LIMIT ?3")
        }
        ActorId::PREFIX => {
            found!(
                ActorId,
                "SELECT DISTINCT actor FROM mention WHERE actor BETWEEN ?1 AND ?2 ORDER BY 1 LIMIT ?3"
            )
        }
        EventId::PREFIX => {
            found!(EventId, "SELECT id FROM event WHERE id BETWEEN ?1 AND ?2 ORDER BY 1 LIMIT ?3")
        }
        _ => Vec::new(),
    })
}

pub(super) fn report_of_claim(
    session: &Session,
    claim: ClaimId,
) -> Result<Option<(ReportId, u32)>, StoreError> {
    session.first(
        "SELECT report.id, version.number FROM claim JOIN version ON version.no = claim.version
         JOIN report ON report.no = version.report WHERE claim.id = ?1",
        [Key(claim)],
        |row| Ok((row.get::<_, Key<ReportId>>(0)?.0, row.get(1)?)),
    )
}
