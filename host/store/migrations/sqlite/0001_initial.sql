-- "Sealed" columns hold XChaCha20-Poly1305 ciphertext under the contact's key (or the host's, where
-- said); "hash" columns hold keyed hashes. Times are milliseconds since 1970; ids are 16 bytes.

CREATE TABLE host (
    only_row BIGINT NOT NULL PRIMARY KEY CHECK (only_row = 1),
    -- Counts the processes that began to work on conversations: a lease of an earlier one is stale.
    epoch    BIGINT NOT NULL
);
INSERT INTO host (only_row, epoch) VALUES (1, 0);

CREATE TABLE contacts (
    id             BLOB NOT NULL PRIMARY KEY,
    created_at     BIGINT NOT NULL,
    person         BLOB,                       -- sealed: identity and name
    shared         BLOB,                       -- sealed: attributes and consents
    shared_version BIGINT NOT NULL DEFAULT 0,
    forgotten_at   BIGINT
) WITHOUT ROWID;

CREATE TABLE identities (
    hash    BLOB NOT NULL PRIMARY KEY,         -- of a phone number or a BSUID
    contact BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX identities_of_contact ON identities (contact);

CREATE TABLE conversations (
    id               BLOB NOT NULL PRIMARY KEY,
    channel          TEXT NOT NULL,
    contact          BLOB NOT NULL,
    created_at       BIGINT NOT NULL,
    fence            BIGINT NOT NULL DEFAULT 0,
    owner            TEXT NOT NULL DEFAULT 'bot',
    owner_division   TEXT,
    owner_user       BLOB,
    request_division TEXT,
    request_priority BIGINT,
    request_at       BIGINT,
    last_customer_at BIGINT,
    last_turn_at     BIGINT NOT NULL,
    outbox_position  BIGINT NOT NULL DEFAULT 0,
    -- The message on its way that tells the customer that a bot is speaking.
    disclosing       BLOB,
    state            BLOB                      -- sealed
) WITHOUT ROWID;
CREATE UNIQUE INDEX conversations_of_contact ON conversations (contact, channel);
CREATE INDEX conversations_latest ON conversations (last_turn_at, id);
CREATE INDEX conversations_held ON conversations (owner, last_turn_at) WHERE owner <> 'bot';

CREATE TABLE turns (
    seq          INTEGER PRIMARY KEY,          -- the order of arrival
    id           BLOB NOT NULL,
    conversation BLOB NOT NULL,
    channel      TEXT NOT NULL,
    speaker      TEXT NOT NULL,
    sent_at      BIGINT NOT NULL,
    arrived_at   BIGINT NOT NULL,
    undecided    BIGINT NOT NULL,              -- 1 until a step has decided about it
    step         BLOB,
    reply_to     BLOB,
    wamid_hash   BLOB,
    body         BLOB NOT NULL                 -- sealed: what it says, and Meta's id of it
);
CREATE UNIQUE INDEX turns_by_id ON turns (id);
CREATE UNIQUE INDEX turns_by_wamid ON turns (wamid_hash, channel) WHERE wamid_hash IS NOT NULL;
CREATE INDEX turns_in_order ON turns (conversation, seq);
CREATE INDEX turns_undecided ON turns (conversation, sent_at, seq) WHERE undecided = 1;

CREATE TABLE outbox (
    id           BLOB NOT NULL PRIMARY KEY,    -- that of its turn
    conversation BLOB NOT NULL,
    channel      TEXT NOT NULL,
    position     BIGINT NOT NULL,              -- the order within the conversation
    state        TEXT NOT NULL,
    attempts     BIGINT NOT NULL DEFAULT 0,
    not_before   BIGINT NOT NULL,
    settle_by    BIGINT,                       -- until when an `unknown` blocks what is behind it
    settled_at   BIGINT,
    initiative   TEXT NOT NULL,
    discloses    BIGINT NOT NULL,
    session      BIGINT NOT NULL,
    wamid_hash   BLOB,
    wamid        BLOB,                         -- sealed
    progress     TEXT,
    progress_at  BIGINT,
    errors       BLOB,                         -- sealed: Meta's words, or the gate's
    pricing      TEXT
) WITHOUT ROWID;
CREATE INDEX outbox_open ON outbox (conversation, position) WHERE state IN ('queued', 'sending', 'unknown');
CREATE INDEX outbox_by_wamid ON outbox (wamid_hash) WHERE wamid_hash IS NOT NULL;

CREATE TABLE requests (
    id           BLOB NOT NULL PRIMARY KEY,
    conversation BLOB NOT NULL,
    division     TEXT NOT NULL,
    priority     BIGINT NOT NULL,
    opened_at    BIGINT NOT NULL,
    taken_at     BIGINT,
    taken_by     BLOB,
    closed_at    BIGINT,
    body         BLOB NOT NULL                 -- sealed
) WITHOUT ROWID;
CREATE INDEX requests_open ON requests (opened_at) WHERE closed_at IS NULL;
CREATE INDEX requests_taken ON requests (division, taken_at) WHERE taken_at IS NOT NULL;

CREATE TABLE timers (
    conversation BLOB NOT NULL,
    kind         TEXT NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (conversation, kind)
) WITHOUT ROWID;
CREATE INDEX timers_due ON timers (at);

CREATE TABLE traces (
    step         BLOB NOT NULL PRIMARY KEY,
    conversation BLOB NOT NULL,
    at           BIGINT NOT NULL,
    body         BLOB NOT NULL                 -- sealed
) WITHOUT ROWID;

-- Append only. It names people by ids that mean nothing once their key is gone; the two last columns
-- wait for the hash chain.
CREATE TABLE consents (
    seq          INTEGER PRIMARY KEY,
    contact      BLOB NOT NULL,
    conversation BLOB NOT NULL,
    at           BIGINT NOT NULL,
    change       TEXT NOT NULL,
    purpose      TEXT,
    wording      TEXT,
    evidence     TEXT NOT NULL,
    turn         BLOB,
    previous     BLOB,
    digest       BLOB
);
CREATE INDEX consents_of_contact ON consents (contact, seq);

CREATE TABLE plugin_state (
    plugin       TEXT NOT NULL,
    conversation BLOB NOT NULL,                -- no bytes: shared by all
    key_hash     BLOB NOT NULL,
    version      BIGINT NOT NULL,
    value        BLOB,                         -- sealed; shared state under the host's key
    PRIMARY KEY (conversation, plugin, key_hash)
) WITHOUT ROWID;

CREATE TABLE applied (
    version  INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE,
    at       BIGINT NOT NULL,
    author   TEXT NOT NULL,
    note     TEXT NOT NULL,
    document TEXT NOT NULL,
    files    TEXT NOT NULL,
    resolved TEXT NOT NULL
);

CREATE TABLE blobs (
    hash  BLOB NOT NULL PRIMARY KEY,
    at    BIGINT NOT NULL,
    bytes BLOB NOT NULL
);

CREATE TABLE media (
    turn         BLOB NOT NULL PRIMARY KEY,
    conversation BLOB NOT NULL,
    expires_at   BIGINT NOT NULL,
    mime_type    TEXT NOT NULL,
    bytes        BLOB NOT NULL                 -- sealed
);
CREATE INDEX media_expiring ON media (expires_at);

CREATE TABLE users (
    id          BLOB NOT NULL PRIMARY KEY,
    login       TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    role        TEXT NOT NULL,
    divisions   TEXT NOT NULL,
    available   BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    disabled_at BIGINT
);

CREATE TABLE tokens (
    hash       BLOB NOT NULL PRIMARY KEY,      -- SHA-256 of the token
    label      TEXT NOT NULL,
    user       BLOB,
    role       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);

CREATE TABLE kept (
    seq     INTEGER PRIMARY KEY,
    at      BIGINT NOT NULL,
    channel TEXT,
    field   TEXT NOT NULL,
    body    BLOB NOT NULL                      -- sealed under the host's key
);

CREATE TABLE events (
    seq          INTEGER PRIMARY KEY,
    at           BIGINT NOT NULL,
    kind         TEXT NOT NULL,
    conversation BLOB,
    body         TEXT NOT NULL
);
