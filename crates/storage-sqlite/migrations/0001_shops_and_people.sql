CREATE TABLE shops (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    currencies TEXT NOT NULL,
    country TEXT NOT NULL,
    ships_to TEXT NOT NULL,
    timezone TEXT NOT NULL,
    locale TEXT NOT NULL,
    mode TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;

-- The sites that may embed a shop's shows and sell there.
CREATE TABLE shop_origins (
    origin TEXT NOT NULL,
    shop_id TEXT NOT NULL REFERENCES shops (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (origin, shop_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    shop_id TEXT NOT NULL REFERENCES shops (id),
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    last_seen_at_ms INTEGER
) STRICT;

CREATE INDEX users_by_shop ON users (shop_id, name);

CREATE TABLE sessions (
    secret_hash BLOB PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at_ms INTEGER NOT NULL,
    used_at_ms INTEGER NOT NULL,
    confirmed_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE password_resets (
    token_hash BLOB PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX password_resets_by_user ON password_resets (user_id);

-- Append-only; each row's hash covers the hash of the row before it in its shop.
CREATE TABLE audit_log (
    shop_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (shop_id, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER audit_log_is_never_changed BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER audit_log_is_never_shortened BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
