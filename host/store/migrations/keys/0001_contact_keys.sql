-- One random key a contact, wrapped by the master key. Deleting a row forgets the person.
CREATE TABLE contact_keys (
    contact    BLOB NOT NULL PRIMARY KEY,
    wrapped    BLOB NOT NULL,
    created_at BIGINT NOT NULL
);

-- Says which master key wrapped the rows above, without telling anything about it.
CREATE TABLE master_key (
    only_row BIGINT NOT NULL PRIMARY KEY CHECK (only_row = 1),
    proof    BLOB NOT NULL
);
