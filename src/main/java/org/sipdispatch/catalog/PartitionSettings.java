package org.sipdispatch.catalog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sipdispatch.settings.SettingException;

/**
 * One partition.
 *
 * @param paths where each of its keys was found, to name them when they turn out wrong
 * @param persistentState whether the state that is written down counts; else all start active
 * @param source where its destinations are written down
 */
record PartitionSettings(String name, KeyPaths paths, boolean persistentState, SourceSettings source) {
    PartitionSettings readOnly() {
        return new PartitionSettings(name, paths, persistentState, source.readOnly());
    }

    /** The text of a file that a key names. */
    String read(String key, Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new SettingException(paths.of(key), file, "a file that can be read");
        }
    }

    /** The whole path of a key, in the block that gave it its value. */
    @FunctionalInterface
    interface KeyPaths {
        String of(String key);
    }
}
