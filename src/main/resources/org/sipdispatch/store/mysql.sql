-- The cluster's tables in MariaDB or MySQL. The first three are those of Akka Persistence JDBC 5, with LONGBLOB because
-- BLOB holds 64 KiB only. Names are compared byte by byte, as in Akka.

CREATE TABLE IF NOT EXISTS event_journal (
    ordering BIGINT UNSIGNED NOT NULL AUTO_INCREMENT UNIQUE,
    deleted BOOLEAN DEFAULT FALSE NOT NULL,
    persistence_id VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    sequence_number BIGINT NOT NULL,
    writer TEXT NOT NULL,
    write_timestamp BIGINT NOT NULL,
    adapter_manifest TEXT NOT NULL,
    event_payload LONGBLOB NOT NULL,
    event_ser_id INTEGER NOT NULL,
    event_ser_manifest TEXT NOT NULL,
    meta_payload LONGBLOB,
    meta_ser_id INTEGER,
    meta_ser_manifest TEXT,
    PRIMARY KEY (persistence_id, sequence_number)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS event_tag (
    event_id BIGINT UNSIGNED NOT NULL,
    tag VARCHAR(255) NOT NULL,
    PRIMARY KEY (event_id, tag),
    FOREIGN KEY (event_id) REFERENCES event_journal (ordering) ON DELETE CASCADE
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS snapshot (
    persistence_id VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    sequence_number BIGINT NOT NULL,
    created BIGINT NOT NULL,
    snapshot_ser_id INTEGER NOT NULL,
    snapshot_ser_manifest TEXT NOT NULL,
    snapshot_payload LONGBLOB NOT NULL,
    meta_ser_id INTEGER,
    meta_ser_manifest TEXT,
    meta_payload LONGBLOB,
    PRIMARY KEY (persistence_id, sequence_number)
) ENGINE = InnoDB;

-- Tie-breaks: which half of a cluster survived a partition into equal halves.
CREATE TABLE IF NOT EXISTS sip_dispatcher_tie (
    epoch VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
    winner VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    created TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
) ENGINE = InnoDB;

-- The leader of each cluster, and its heartbeat count.
CREATE TABLE IF NOT EXISTS sip_dispatcher_cluster (
    name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
    owner VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    beat BIGINT NOT NULL
) ENGINE = InnoDB;

-- The history of the cluster. Ids have no gaps and grow in commit order: each writer locks the row 'history' of
-- sip_dispatcher_position. The constraints serve as indexes.
CREATE TABLE IF NOT EXISTS sip_dispatcher_history (
    id BIGINT NOT NULL PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    kind VARCHAR(16) NOT NULL,
    destination VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    state VARCHAR(16) NOT NULL,
    busy BOOLEAN NOT NULL,
    what VARCHAR(64) NOT NULL,
    who VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    why VARCHAR(1024) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    version VARCHAR(64) NOT NULL,
    node VARCHAR(255) NOT NULL,
    source_id VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    source_number BIGINT,
    UNIQUE (destination, id),
    UNIQUE (at_ms, id),
    UNIQUE (source_id, source_number, id)
) ENGINE = InnoDB;

-- The sort order of entries in lists: the versions of a destination take precedence over clocks. Entries written before
-- these columns existed have sort_ms 0 and follow all others, by id. A table with the first of these columns has all
-- of them.
ALTER TABLE sip_dispatcher_history ADD (
    superseded BOOLEAN DEFAULT FALSE NOT NULL,
    term BIGINT DEFAULT 0 NOT NULL,
    node_number BIGINT DEFAULT 0 NOT NULL,
    change_number BIGINT DEFAULT 0 NOT NULL,
    sort_ms BIGINT DEFAULT 0 NOT NULL,
    UNIQUE (sort_ms, term, change_number, node_number, id)
);

-- The newest version of each destination in the history, counter updates included, and the status that operators see
-- since then. source_number is the highest sequence number taken in, sort_ms the sort time of the newest entry.
CREATE TABLE IF NOT EXISTS sip_dispatcher_newest (
    source_id VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
    source_number BIGINT NOT NULL,
    term BIGINT NOT NULL,
    node_number BIGINT NOT NULL,
    change_number BIGINT NOT NULL,
    shown VARCHAR(32) NOT NULL,
    sort_ms BIGINT NOT NULL
) ENGINE = InnoDB;

-- The addresses of nodes by their numbers in versions; a node gets a new number each time it joins.
CREATE TABLE IF NOT EXISTS sip_dispatcher_node (
    node_number BIGINT NOT NULL PRIMARY KEY,
    address VARCHAR(255) NOT NULL
) ENGINE = InnoDB;

-- The offsets of consumers that resume.
CREATE TABLE IF NOT EXISTS sip_dispatcher_position (
    name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL
) ENGINE = InnoDB;
