-- Whoever waits for a human, in the order in which they are to be taken: see `listing.rs`.
CREATE INDEX conversations_waiting ON conversations (-request_priority, request_at, id)
    WHERE request_at IS NOT NULL AND owner IN ('queue', 'bot');
