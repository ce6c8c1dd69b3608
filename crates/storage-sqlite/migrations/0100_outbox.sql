-- Events of committed changes. A row stays until every sink has it.
CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    event TEXT NOT NULL
) STRICT;

-- How far each sink has everything: all rows up to `sequence`.
CREATE TABLE outbox_sinks (
    sink TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL
) STRICT;

-- What a sink would not take, after all tries.
CREATE TABLE outbox_dead_letters (
    sink TEXT NOT NULL,
    event_id TEXT NOT NULL,
    event TEXT NOT NULL,
    reason TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (sink, event_id)
) STRICT;
