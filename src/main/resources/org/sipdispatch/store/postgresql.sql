-- The cluster's tables in PostgreSQL. The first three are those of Akka Persistence JDBC 5.

CREATE TABLE IF NOT EXISTS event_journal (
    ordering BIGSERIAL UNIQUE,
    persistence_id VARCHAR(512) NOT NULL,
    sequence_number BIGINT NOT NULL,
    deleted BOOLEAN DEFAULT FALSE NOT NULL,
    writer VARCHAR(255) NOT NULL,
    write_timestamp BIGINT,
    adapter_manifest VARCHAR(255),
    event_ser_id INTEGER NOT NULL,
    event_ser_manifest VARCHAR(255) NOT NULL,
    event_payload BYTEA NOT NULL,
    meta_ser_id INTEGER,
    meta_ser_manifest VARCHAR(255),
    meta_payload BYTEA,
    PRIMARY KEY (persistence_id, sequence_number)
);

CREATE TABLE IF NOT EXISTS event_tag (
    event_id BIGINT NOT NULL,
    tag VARCHAR(256) NOT NULL,
    PRIMARY KEY (event_id, tag),
    FOREIGN KEY (event_id) REFERENCES event_journal (ordering) ON DELETE CASCADE
);

CREATE TABLE IF NOT EXISTS snapshot (
    persistence_id VARCHAR(512) NOT NULL,
    sequence_number BIGINT NOT NULL,
    created BIGINT NOT NULL,
    snapshot_ser_id INTEGER NOT NULL,
    snapshot_ser_manifest VARCHAR(255) NOT NULL,
    snapshot_payload BYTEA NOT NULL,
    meta_ser_id INTEGER,
    meta_ser_manifest VARCHAR(255),
    meta_payload BYTEA,
    PRIMARY KEY (persistence_id, sequence_number)
);

-- Tie-breaks: which half of a cluster survived a partition into equal halves.
CREATE TABLE IF NOT EXISTS sip_dispatcher_tie (
    epoch VARCHAR(255) NOT NULL PRIMARY KEY,
    winner VARCHAR(255) NOT NULL,
    created TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL
);

-- The leader of each cluster, and its heartbeat count.
CREATE TABLE IF NOT EXISTS sip_dispatcher_cluster (
    name VARCHAR(255) NOT NULL PRIMARY KEY,
    owner VARCHAR(255) NOT NULL,
    beat BIGINT NOT NULL
);

-- The history of the cluster. Ids have no gaps and grow in commit order: each writer locks the row 'history' of
-- sip_dispatcher_position. The constraints serve as indexes.
CREATE TABLE IF NOT EXISTS sip_dispatcher_history (
    id BIGINT NOT NULL PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    kind VARCHAR(16) NOT NULL,
    destination VARCHAR(255) COLLATE "C" NOT NULL,
    state VARCHAR(16) NOT NULL,
    busy BOOLEAN NOT NULL,
    what VARCHAR(64) NOT NULL,
    who VARCHAR(255) COLLATE "C" NOT NULL,
    why VARCHAR(1024) NOT NULL,
    version VARCHAR(64) NOT NULL,
    node VARCHAR(255) NOT NULL,
    source_id VARCHAR(512) COLLATE "C",
    source_number BIGINT,
    UNIQUE (destination, id),
    UNIQUE (at_ms, id),
    UNIQUE (source_id, source_number, id)
);

-- The sort order of entries in lists: the versions of a destination take precedence over clocks. Entries written before
-- these columns existed have sort_ms 0 and follow all others, by id. A table with the first of these columns has all
-- of them.
ALTER TABLE sip_dispatcher_history
    ADD superseded BOOLEAN DEFAULT FALSE NOT NULL,
    ADD term BIGINT DEFAULT 0 NOT NULL,
    ADD node_number BIGINT DEFAULT 0 NOT NULL,
    ADD change_number BIGINT DEFAULT 0 NOT NULL,
    ADD sort_ms BIGINT DEFAULT 0 NOT NULL,
    ADD UNIQUE (sort_ms, term, change_number, node_number, id);

-- The newest version of each destination in the history, counter updates included, and the status that operators see
-- since then. source_number is the highest sequence number taken in, sort_ms the sort time of the newest entry.
CREATE TABLE IF NOT EXISTS sip_dispatcher_newest (
    source_id VARCHAR(512) COLLATE "C" NOT NULL PRIMARY KEY,
    source_number BIGINT NOT NULL,
    term BIGINT NOT NULL,
    node_number BIGINT NOT NULL,
    change_number BIGINT NOT NULL,
    shown VARCHAR(32) NOT NULL,
    sort_ms BIGINT NOT NULL
);

-- The addresses of nodes by their numbers in versions; a node gets a new number each time it joins.
CREATE TABLE IF NOT EXISTS sip_dispatcher_node (
    node_number BIGINT NOT NULL PRIMARY KEY,
    address VARCHAR(255) NOT NULL
);

-- The offsets of consumers that resume.
CREATE TABLE IF NOT EXISTS sip_dispatcher_position (
    name VARCHAR(255) COLLATE "C" NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL
);
