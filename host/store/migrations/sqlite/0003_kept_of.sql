-- Whom a kept update names, as keyed hashes: it goes when one of them is forgotten.
CREATE TABLE kept_of (
    hash BLOB NOT NULL,                        -- of a phone number or a BSUID
    seq  BIGINT NOT NULL,                      -- of the kept update
    PRIMARY KEY (hash, seq)
) WITHOUT ROWID;
CREATE INDEX kept_of_update ON kept_of (seq);
