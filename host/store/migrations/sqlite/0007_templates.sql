-- Where message templates stand. One that may be sent is here only if Meta has said so, or an operator released it.
CREATE TABLE templates (
    account    TEXT NOT NULL,
    name       TEXT NOT NULL,
    language   TEXT NOT NULL,
    told_at    BIGINT,                         -- Meta's time of its latest word, so that an older one undoes nothing
    stopped_at BIGINT,                         -- since when it is not sent any more; none: it is
    code       BIGINT,                         -- of Meta's refusal, if it was one
    why        TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (account, name, language)
) WITHOUT ROWID;
