-- The tables of the dispatcher for PostgreSQL. OpenSIPS 3.4 and later can use the same ones.

CREATE TABLE version (
    table_name VARCHAR(32) NOT NULL PRIMARY KEY,
    table_version INTEGER NOT NULL DEFAULT 0
);

-- state: 0 active, 1 inactive, 2 probing. weight: 0 to 65535, as text. priority: 0 to 65535, larger first.
-- probe_mode: 1 to probe while active too. socket: the local socket to send from, NULL for any.
CREATE TABLE dispatcher (
    id SERIAL NOT NULL PRIMARY KEY,
    setid INTEGER NOT NULL DEFAULT 0,
    destination VARCHAR(192) NOT NULL DEFAULT '',
    socket VARCHAR(128) DEFAULT NULL,
    state INTEGER NOT NULL DEFAULT 0,
    probe_mode INTEGER NOT NULL DEFAULT 0,
    weight VARCHAR(64) NOT NULL DEFAULT '1',
    priority INTEGER NOT NULL DEFAULT 0,
    attrs VARCHAR(128) DEFAULT NULL,
    description VARCHAR(64) DEFAULT NULL
);

INSERT INTO version (table_name, table_version) VALUES ('dispatcher', 9);
