CREATE TABLE shows (
    id TEXT PRIMARY KEY,
    shop_id TEXT NOT NULL REFERENCES shops (id),
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    host_name TEXT NOT NULL,
    state TEXT NOT NULL,
    state_version INTEGER NOT NULL,
    starts_at_ms INTEGER NOT NULL,
    planned_minutes INTEGER,
    started_at_ms INTEGER,
    ended_at_ms INTEGER,
    cover_image_id TEXT,
    settings TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;

CREATE INDEX shows_by_shop ON shows (shop_id, starts_at_ms DESC, id DESC);

-- The run of show is one aggregate: it is read and written whole.
CREATE TABLE runs (
    show_id TEXT PRIMARY KEY REFERENCES shows (id) ON DELETE CASCADE,
    pinned_product_id TEXT,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX runs_by_pinned_product ON runs (pinned_product_id) WHERE pinned_product_id IS NOT NULL;

-- Which products the run of a show lists.
CREATE TABLE run_products (
    product_id TEXT NOT NULL,
    show_id TEXT NOT NULL REFERENCES shows (id) ON DELETE CASCADE,
    PRIMARY KEY (product_id, show_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX run_products_by_show ON run_products (show_id);

-- Flash sales that were started: where to find a cue's show, and what is due.
CREATE TABLE flash_sales (
    cue_id TEXT PRIMARY KEY,
    show_id TEXT NOT NULL REFERENCES shows (id) ON DELETE CASCADE,
    ends_at_ms INTEGER NOT NULL,
    ended_at_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX flash_sales_due ON flash_sales (ends_at_ms) WHERE ended_at_ms IS NULL;

CREATE TABLE stream_keys (
    id TEXT PRIMARY KEY,
    shop_id TEXT NOT NULL,
    show_id TEXT NOT NULL REFERENCES shows (id) ON DELETE CASCADE,
    secret_hash BLOB NOT NULL,
    hint TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    last_used_at_ms INTEGER
) STRICT;

CREATE INDEX stream_keys_by_show ON stream_keys (show_id);

-- Events of other planes that were taken, so that a repeat changes nothing.
CREATE TABLE event_inbox (
    source TEXT NOT NULL,
    event_id TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (source, event_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE presence (
    show_id TEXT PRIMARY KEY REFERENCES shows (id) ON DELETE CASCADE,
    at_ms INTEGER NOT NULL,
    viewers INTEGER NOT NULL,
    peak_at_ms INTEGER NOT NULL,
    peak INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE presence_minutes (
    show_id TEXT NOT NULL REFERENCES shows (id) ON DELETE CASCADE,
    minute_ms INTEGER NOT NULL,
    viewers INTEGER NOT NULL,
    PRIMARY KEY (show_id, minute_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE moderation_log (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    show_id TEXT NOT NULL REFERENCES shows (id) ON DELETE CASCADE,
    entry TEXT NOT NULL
) STRICT;

CREATE INDEX moderation_log_by_show ON moderation_log (show_id, number DESC);
