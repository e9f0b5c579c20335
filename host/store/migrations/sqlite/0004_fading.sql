-- How far idle conversations have faded: the last that did, in the order of their last turns.
ALTER TABLE host ADD COLUMN faded_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE host ADD COLUMN faded_id BLOB NOT NULL DEFAULT X'';
