-- Format 1. Ids are their ten bytes (their text is a prefix and those bytes in base 32), days are
-- counted from 1970-01-01, and a `body` is packed as sqlite/codec.rs says.

-- Kept: appended, never edited.

CREATE TABLE source (
    id BLOB PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE blob (
    no INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    body BLOB NOT NULL
) STRICT;

-- One row an identity. It points at the latest version and repeats what lists of reports need.
CREATE TABLE report (
    no INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    latest INTEGER NOT NULL,
    -- Latest day first when ascending: the day of publication negated; undated last.
    rank INTEGER NOT NULL,
    source BLOB,
    not_read TEXT,
    head TEXT NOT NULL
) STRICT;
CREATE INDEX report_rank ON report (rank, no);
CREATE INDEX report_source ON report (source, rank, no);

CREATE TABLE version (
    no INTEGER PRIMARY KEY,
    report INTEGER NOT NULL REFERENCES report,
    number INTEGER NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (report, number)
) STRICT;

CREATE TABLE reading (
    version INTEGER PRIMARY KEY REFERENCES version,
    body BLOB NOT NULL
) STRICT;

CREATE TABLE judgement (
    sequence INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE failure (
    origin TEXT PRIMARY KEY,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE entry (
    sequence INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    digest TEXT NOT NULL,
    marking TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;

CREATE TRIGGER version_is_kept BEFORE UPDATE ON version
BEGIN SELECT RAISE(ABORT, 'versions are never edited'); END;
CREATE TRIGGER version_stays BEFORE DELETE ON version
BEGIN SELECT RAISE(ABORT, 'versions are never deleted'); END;
CREATE TRIGGER judgement_is_kept BEFORE UPDATE ON judgement
BEGIN SELECT RAISE(ABORT, 'judgements are never edited'); END;
CREATE TRIGGER judgement_stays BEFORE DELETE ON judgement
BEGIN SELECT RAISE(ABORT, 'judgements are never deleted'); END;
CREATE TRIGGER entry_is_kept BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'the record is never edited'); END;
CREATE TRIGGER entry_stays BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'the record is never deleted'); END;

-- Every claim ever read, so that an id once shown leads somewhere. `incident` is the row of its
-- telling while its report's latest version has it, `successor` the claim that took its place.
CREATE TABLE claim (
    id BLOB PRIMARY KEY,
    version INTEGER NOT NULL,
    incident INTEGER,
    successor BLOB
) STRICT, WITHOUT ROWID;

-- Words of the latest version of each report; the row id is the report's number.
CREATE VIRTUAL TABLE words USING fts5 (
    title, text,
    content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2'
);

-- Derived from the reading of the latest version of each report.

CREATE TABLE resolved (
    report INTEGER PRIMARY KEY REFERENCES report,
    version INTEGER NOT NULL REFERENCES version,
    day INTEGER NOT NULL,
    bands BLOB NOT NULL
) STRICT;

-- Earliest published first within a band.
CREATE TABLE band (
    band INTEGER NOT NULL,
    day INTEGER NOT NULL,
    id BLOB NOT NULL,
    PRIMARY KEY (band, day, id)
) STRICT, WITHOUT ROWID;

-- Reports that are to be compared with their relatives.
CREATE TABLE untraced (
    id BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- What settling goes through; what it need not read stands in `telling`.
CREATE TABLE incident (
    no INTEGER PRIMARY KEY,
    claim BLOB NOT NULL,
    version INTEGER NOT NULL REFERENCES version,
    alike INTEGER NOT NULL,
    published INTEGER NOT NULL,
    settled INTEGER NOT NULL DEFAULT 0,
    -- Where it was settled last, which stands until it is settled anew.
    event BLOB,
    component BLOB,
    family INTEGER NOT NULL,
    -- Empty where not known.
    country TEXT NOT NULL,
    -- Whether the window is longer than a month or open: then it cannot be found by its end alone.
    long INTEGER NOT NULL,
    earliest INTEGER NOT NULL,
    latest INTEGER NOT NULL
) STRICT;
CREATE INDEX incident_version ON incident (version);
CREATE INDEX incident_alike ON incident (alike);
CREATE INDEX incident_near ON incident (family, country, long, latest, earliest, alike);
CREATE INDEX incident_unsettled ON incident (claim) WHERE settled = 0;
CREATE INDEX incident_component ON incident (component) WHERE component IS NOT NULL;
CREATE INDEX incident_event ON incident (event) WHERE event IS NOT NULL;

CREATE TABLE telling (
    incident INTEGER PRIMARY KEY,
    body BLOB NOT NULL
) STRICT;

CREATE TABLE saying (
    no INTEGER PRIMARY KEY,
    version INTEGER NOT NULL REFERENCES version,
    claim BLOB NOT NULL,
    day INTEGER NOT NULL,
    start INTEGER NOT NULL,
    speaker BLOB,
    source_kind TEXT,
    stance TEXT NOT NULL,
    act TEXT,
    sort TEXT NOT NULL,
    unnamed INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX saying_version ON saying (version, unnamed);
CREATE INDEX saying_day ON saying (day, version, start, claim);
CREATE INDEX saying_speaker ON saying (speaker, day, version, start, claim) WHERE speaker IS NOT NULL;

CREATE TABLE relation (
    no INTEGER PRIMARY KEY,
    version INTEGER NOT NULL REFERENCES version,
    left_actor BLOB NOT NULL,
    right_actor BLOB NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX relation_version ON relation (version);
CREATE INDEX relation_left ON relation (left_actor);
CREATE INDEX relation_right ON relation (right_actor);

CREATE TABLE mention (
    no INTEGER PRIMARY KEY,
    version INTEGER NOT NULL REFERENCES version,
    actor BLOB NOT NULL,
    times INTEGER NOT NULL,
    -- The report's names for it, and all its names in lower case, a line each.
    names TEXT NOT NULL,
    folded TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX mention_version ON mention (version);
CREATE INDEX mention_actor ON mention (actor, version, times);

-- Derived from all readings and judgements.

CREATE TABLE event (
    no INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    rank INTEGER NOT NULL,
    reports INTEGER NOT NULL,
    family INTEGER NOT NULL,
    status TEXT NOT NULL,
    country TEXT,
    dated INTEGER NOT NULL,
    earliest INTEGER NOT NULL,
    latest INTEGER NOT NULL,
    origins INTEGER NOT NULL,
    disputed INTEGER NOT NULL,
    main INTEGER NOT NULL,
    -- Title, actors and place in lower case: what a search for words must find before `matches` decides.
    words TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX event_rank ON event (rank, id);
CREATE INDEX event_reports ON event (reports DESC, rank, id);
CREATE INDEX event_country ON event (country, rank, id);

CREATE TABLE event_actor (
    actor BLOB NOT NULL,
    event INTEGER NOT NULL REFERENCES event ON DELETE CASCADE,
    PRIMARY KEY (actor, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_actor_event ON event_actor (event);

-- Shown by tracing where `event` is empty, else by comparing the reports that tell of that event.
CREATE TABLE lineage (
    earlier BLOB NOT NULL,
    later BLOB NOT NULL,
    event BLOB NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (earlier, later, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX lineage_later ON lineage (later);
CREATE INDEX lineage_event ON lineage (event) WHERE event <> x'';

-- One row: counts whatever is settled anew, opened again or taken back.
CREATE TABLE generation (
    number INTEGER NOT NULL
) STRICT;
INSERT INTO generation VALUES (0);
