-- Stock: one row per variant, balanced by its own constraints.
CREATE TABLE stock_items (
    variant_id TEXT PRIMARY KEY,
    product_id TEXT NOT NULL,
    shop_id TEXT NOT NULL,
    stocked INTEGER NOT NULL DEFAULT 0 CHECK (stocked BETWEEN 0 AND 100000000),
    sold INTEGER NOT NULL DEFAULT 0 CHECK (sold >= 0),
    reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    leased INTEGER NOT NULL DEFAULT 0 CHECK (leased >= 0),
    version INTEGER NOT NULL DEFAULT 0,
    CHECK (sold + reserved + leased <= stocked)
) STRICT, WITHOUT ROWID;

-- Every movement, for ever.
CREATE TABLE stock_ledger (
    entry INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    shop_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    variant_id TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    note TEXT NOT NULL,
    order_id TEXT,
    order_number INTEGER,
    by_name TEXT
) STRICT;
CREATE INDEX stock_ledger_by_product ON stock_ledger (shop_id, product_id, entry DESC);
CREATE TRIGGER stock_ledger_is_never_edited BEFORE UPDATE ON stock_ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER stock_ledger_is_never_cut BEFORE DELETE ON stock_ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

CREATE TABLE carts (
    id TEXT PRIMARY KEY,
    shop_id TEXT NOT NULL,
    show_id TEXT NOT NULL,
    viewer_id TEXT NOT NULL,
    viewer_name TEXT,
    device TEXT NOT NULL,
    currency TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    discount_code TEXT,
    created_at_ms INTEGER NOT NULL,
    changed_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cart_lines (
    cart_id TEXT NOT NULL REFERENCES carts (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    variant_id TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 99),
    seen_price TEXT NOT NULL,
    PRIMARY KEY (cart_id, variant_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE discounts (
    id TEXT PRIMARY KEY,
    shop_id TEXT NOT NULL,
    code TEXT NOT NULL,
    discount TEXT NOT NULL,
    UNIQUE (shop_id, code)
) STRICT, WITHOUT ROWID;

-- A code in use: written with the reservation, gone with it.
CREATE TABLE redemptions (
    checkout_id TEXT PRIMARY KEY,
    discount_id TEXT NOT NULL,
    device TEXT NOT NULL,
    email TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX redemptions_by_discount ON redemptions (discount_id);

-- Pieces of a flash sale: held and sold never exceed the cap.
CREATE TABLE flash_counts (
    cue_id TEXT PRIMARY KEY,
    cap INTEGER NOT NULL,
    taken INTEGER NOT NULL DEFAULT 0 CHECK (taken >= 0),
    sold INTEGER NOT NULL DEFAULT 0 CHECK (sold BETWEEN 0 AND taken),
    told INTEGER NOT NULL DEFAULT 0,
    CHECK (taken <= cap)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkouts (
    id TEXT PRIMARY KEY,
    shop_id TEXT NOT NULL,
    show_id TEXT NOT NULL,
    cart_id TEXT NOT NULL,
    viewer_id TEXT NOT NULL,
    viewer_name TEXT,
    device TEXT NOT NULL,
    mode TEXT NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    quote TEXT NOT NULL,
    reservation_id TEXT NOT NULL UNIQUE,
    held_until_ms INTEGER NOT NULL,
    contact TEXT,
    address TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    order_id TEXT,
    order_number INTEGER,
    created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX checkouts_that_hold ON checkouts (held_until_ms)
    WHERE state IN ('open', 'paying', 'action_required');
CREATE INDEX checkouts_by_cart ON checkouts (cart_id) WHERE state IN ('open', 'paying', 'action_required');

CREATE TABLE payments (
    id TEXT PRIMARY KEY,
    checkout_id TEXT NOT NULL REFERENCES checkouts (id),
    shop_id TEXT NOT NULL,
    quote_id TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    mode TEXT NOT NULL,
    state TEXT NOT NULL,
    failure TEXT,
    action_url TEXT,
    provider TEXT NOT NULL,
    intent_id TEXT,
    card_brand TEXT,
    card_last4 TEXT,
    device TEXT NOT NULL,
    client_block TEXT NOT NULL,
    captured_minor INTEGER NOT NULL DEFAULT 0,
    refunded_minor INTEGER NOT NULL DEFAULT 0,
    superseded INTEGER NOT NULL DEFAULT 0,
    attempt INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    asked_at_ms INTEGER NOT NULL,
    CHECK (refunded_minor BETWEEN 0 AND captured_minor)
) STRICT, WITHOUT ROWID;
CREATE INDEX payments_by_checkout ON payments (checkout_id, attempt DESC);
CREATE INDEX payments_to_ask ON payments (asked_at_ms)
    WHERE state IN ('requires_payment', 'requires_action', 'processing') AND intent_id IS NOT NULL;

CREATE TABLE payment_failures (
    payment_id TEXT PRIMARY KEY,
    device TEXT NOT NULL,
    client_block TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX payment_failures_by_device ON payment_failures (device, at_ms);
CREATE INDEX payment_failures_by_block ON payment_failures (client_block, at_ms);

-- Events of providers that had their effect.
CREATE TABLE payment_inbox (
    provider TEXT NOT NULL,
    account TEXT NOT NULL,
    event_id TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (provider, account, event_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE order_numbers (
    shop_id TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE orders (
    id TEXT PRIMARY KEY,
    shop_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    checkout_id TEXT NOT NULL UNIQUE,
    payment_id TEXT NOT NULL UNIQUE REFERENCES payments (id),
    show_id TEXT NOT NULL,
    viewer_id TEXT NOT NULL,
    mode TEXT NOT NULL,
    contact TEXT NOT NULL,
    address TEXT NOT NULL,
    quote TEXT NOT NULL,
    fulfilment TEXT NOT NULL,
    tracking TEXT,
    placed_at_ms INTEGER NOT NULL,
    paid_at_ms INTEGER NOT NULL,
    UNIQUE (shop_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX orders_by_show ON orders (show_id, paid_at_ms);

CREATE TABLE order_lines (
    order_id TEXT NOT NULL REFERENCES orders (id),
    line INTEGER NOT NULL,
    product_id TEXT NOT NULL,
    variant_id TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    restocked INTEGER NOT NULL DEFAULT 0,
    total_minor INTEGER NOT NULL,
    PRIMARY KEY (order_id, line),
    CHECK (restocked BETWEEN 0 AND quantity)
) STRICT, WITHOUT ROWID;

CREATE TABLE order_events (
    event INTEGER PRIMARY KEY,
    order_id TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX order_events_by_order ON order_events (order_id, event);

-- Money on its way back. An order's refund names it; money that never became an order has none.
CREATE TABLE refunds (
    id TEXT PRIMARY KEY,
    shop_id TEXT NOT NULL,
    payment_id TEXT,
    order_id TEXT,
    provider TEXT NOT NULL,
    intent_id TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    currency TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    by_name TEXT,
    at_ms INTEGER NOT NULL,
    asked_at_ms INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX refunds_by_order ON refunds (order_id, at_ms);
CREATE INDEX refunds_to_send ON refunds (asked_at_ms) WHERE state = 'requested';
-- Money that came in without a payment of ours goes back once.
CREATE UNIQUE INDEX refunds_of_unknown ON refunds (provider, intent_id) WHERE payment_id IS NULL;

CREATE TABLE mails (
    id TEXT PRIMARY KEY,
    shop_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    occasion TEXT NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    html TEXT NOT NULL,
    text TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    UNIQUE (order_id, occasion)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency_records (
    scope TEXT PRIMARY KEY,
    body_hash BLOB NOT NULL,
    seed BLOB NOT NULL,
    claimed_at_ms INTEGER NOT NULL,
    in_flight INTEGER NOT NULL,
    status INTEGER,
    content_type TEXT,
    body BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_records_by_age ON idempotency_records (claimed_at_ms);
