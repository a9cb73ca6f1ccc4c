package org.sipdispatch.catalog;

import java.nio.file.Path;
import java.time.Duration;
import org.sipdispatch.database.Database;

/**
 * Where one partition's destinations are written down.
 *
 * @param name the partition's name
 * @param paths where each of its keys was found, to name them when they turn out wrong
 * @param database the database; null if it is a list file
 * @param listFile the list file; null if it is a database
 * @param table the table in the database and its columns
 * @param persistentState whether the state that is written down counts; else all start active
 * @param initScript an SQL script for when the table does not exist; null for none
 * @param connectTimeout how long a database may take to answer
 */
record PartitionSettings(
        String name,
        KeyPaths paths,
        Database database,
        Path listFile,
        Table table,
        boolean persistentState,
        Path initScript,
        Duration connectTimeout) {

    PartitionSettings withoutScript() {
        return new PartitionSettings(name, paths, database, listFile, table, persistentState, null, connectTimeout);
    }

    /** The whole path of a key, in the block that gave it its value. */
    @FunctionalInterface
    interface KeyPaths {
        String of(String key);
    }

    /** A table, its columns, and the table of table versions. */
    record Table(String name, Columns columns, String versions) {}
}
