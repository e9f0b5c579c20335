-- Corrections that came before the message that they correct, until it comes.
CREATE TABLE unlinked (
    quotes BLOB NOT NULL,                      -- the keyed hash of Meta's id of that message
    turn   BLOB NOT NULL,                      -- the correction
    at     BIGINT NOT NULL,                    -- when it arrived
    PRIMARY KEY (quotes, turn)
) WITHOUT ROWID;
