CREATE TABLE images (
    id TEXT PRIMARY KEY,
    shop_id TEXT NOT NULL REFERENCES shops (id),
    alt TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE products (
    id TEXT PRIMARY KEY,
    shop_id TEXT NOT NULL REFERENCES shops (id),
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    tags TEXT NOT NULL,
    options TEXT NOT NULL,
    images TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    deleted_at_ms INTEGER,
    version INTEGER NOT NULL
) STRICT;

CREATE INDEX products_by_shop ON products (shop_id, id DESC) WHERE deleted_at_ms IS NULL;

-- A variant that is no longer sold stays, because orders and ledgers name it.
CREATE TABLE variants (
    id TEXT PRIMARY KEY,
    product_id TEXT NOT NULL REFERENCES products (id),
    shop_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    sku TEXT NOT NULL,
    options TEXT NOT NULL,
    prices TEXT NOT NULL,
    compare_at TEXT NOT NULL,
    weight_g INTEGER NOT NULL,
    sold INTEGER NOT NULL
) STRICT;

CREATE INDEX variants_by_product ON variants (product_id, position);
CREATE UNIQUE INDEX variants_by_sku ON variants (shop_id, sku) WHERE sold = 1;
