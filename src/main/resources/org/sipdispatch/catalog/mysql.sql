-- The tables of the dispatcher for MariaDB and MySQL. OpenSIPS 3.4 and later can use the same ones.

CREATE TABLE version (
    table_name CHAR(32) NOT NULL PRIMARY KEY,
    table_version INT UNSIGNED NOT NULL DEFAULT 0
) ENGINE = InnoDB;

-- state: 0 active, 1 inactive, 2 probing. weight: 0 to 65535, as text. priority: 0 to 65535, larger first.
-- probe_mode: 1 to probe while active too. socket: the local socket to send from, NULL for any.
CREATE TABLE dispatcher (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    setid INT NOT NULL DEFAULT 0,
    destination CHAR(192) NOT NULL DEFAULT '',
    socket CHAR(128) DEFAULT NULL,
    state INT NOT NULL DEFAULT 0,
    probe_mode INT UNSIGNED NOT NULL DEFAULT 0,
    weight CHAR(64) NOT NULL DEFAULT '1',
    priority INT NOT NULL DEFAULT 0,
    attrs CHAR(128) DEFAULT NULL,
    description CHAR(64) DEFAULT NULL
) ENGINE = InnoDB;

INSERT INTO version (table_name, table_version) VALUES ('dispatcher', 9);
