package org.sipdispatch.catalog;

/** The tables as OpenSIPS creates them, under a given name. */
public final class StockTables {
    private StockTables() {}

    public static String version(int version) {
        return """
                CREATE TABLE version (
                    table_name CHAR(32) NOT NULL,
                    table_version INT DEFAULT 0 NOT NULL,
                    CONSTRAINT t_name_idx UNIQUE (table_name)
                );
                INSERT INTO version (table_name, table_version) VALUES ('gw', 1), ('dispatcher', %d);
                """.formatted(version);
    }

    public static String mysql8(String table) {
        return """
                CREATE TABLE %s (
                    `id` INT(10) UNSIGNED AUTO_INCREMENT PRIMARY KEY NOT NULL,
                    `setid` INT DEFAULT 0 NOT NULL,
                    `destination` CHAR(192) DEFAULT '' NOT NULL,
                    `socket` CHAR(128) DEFAULT NULL,
                    `state` INT DEFAULT 0 NOT NULL,
                    `weight` CHAR(64) DEFAULT 1 NOT NULL,
                    `priority` INT DEFAULT 0 NOT NULL,
                    `attrs` CHAR(128) DEFAULT '' NOT NULL,
                    `description` CHAR(64) DEFAULT '' NOT NULL
                ) ENGINE=InnoDB;
                """.formatted(table);
    }

    public static String mysql9(String table) {
        return """
                CREATE TABLE %s (
                    `id` INT(10) UNSIGNED AUTO_INCREMENT PRIMARY KEY NOT NULL,
                    `setid` INT DEFAULT 0 NOT NULL,
                    `destination` CHAR(192) DEFAULT '' NOT NULL,
                    `socket` CHAR(128) DEFAULT NULL,
                    `state` INT DEFAULT 0 NOT NULL,
                    `probe_mode` INT(11) UNSIGNED DEFAULT 0 NOT NULL,
                    `weight` CHAR(64) DEFAULT 1 NOT NULL,
                    `priority` INT DEFAULT 0 NOT NULL,
                    `attrs` CHAR(128) DEFAULT NULL,
                    `description` CHAR(64) DEFAULT NULL
                ) ENGINE=InnoDB;
                """.formatted(table);
    }

    public static String postgres8(String table) {
        return """
                CREATE TABLE %s (
                    id SERIAL PRIMARY KEY NOT NULL,
                    setid INTEGER DEFAULT 0 NOT NULL,
                    destination VARCHAR(192) DEFAULT '' NOT NULL,
                    socket VARCHAR(128) DEFAULT NULL,
                    state INTEGER DEFAULT 0 NOT NULL,
                    weight VARCHAR(64) DEFAULT 1 NOT NULL,
                    priority INTEGER DEFAULT 0 NOT NULL,
                    attrs VARCHAR(128) DEFAULT '' NOT NULL,
                    description VARCHAR(64) DEFAULT '' NOT NULL
                );
                """.formatted(table);
    }

    public static String postgres9(String table) {
        return """
                CREATE TABLE %s (
                    id SERIAL PRIMARY KEY NOT NULL,
                    setid INTEGER DEFAULT 0 NOT NULL,
                    destination VARCHAR(192) DEFAULT '' NOT NULL,
                    socket VARCHAR(128) DEFAULT NULL,
                    state INTEGER DEFAULT 0 NOT NULL,
                    probe_mode INTEGER DEFAULT 0 NOT NULL,
                    weight VARCHAR(64) DEFAULT 1 NOT NULL,
                    priority INTEGER DEFAULT 0 NOT NULL,
                    attrs VARCHAR(128) DEFAULT NULL,
                    description VARCHAR(64) DEFAULT NULL
                );
                """.formatted(table);
    }

    /** Version 7 has integer weights; this variant also pads its texts and allows NULL everywhere. */
    public static String padded7(String table) {
        return """
                CREATE TABLE %s (
                    id INTEGER PRIMARY KEY,
                    setid INTEGER,
                    destination CHAR(192),
                    socket CHAR(128),
                    state INTEGER,
                    weight INTEGER,
                    priority INTEGER,
                    attrs CHAR(128),
                    description CHAR(64)
                );
                """.formatted(table);
    }
}
