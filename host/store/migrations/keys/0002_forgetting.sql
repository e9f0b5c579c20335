-- Contacts whose key is destroyed and whose data is perhaps not yet removed: a crash, or a full disk, may come in
-- between. A row lives for the moment of forgetting.
CREATE TABLE forgetting (
    contact BLOB NOT NULL PRIMARY KEY
);
