-- What waits for a step, in the order of arrival: many conversations' next to one another on a few pages. By
-- conversation each arrival wrote a page of its own, and each step another.
DROP INDEX turns_undecided;
CREATE INDEX turns_undecided ON turns (seq) WHERE undecided = 1;
