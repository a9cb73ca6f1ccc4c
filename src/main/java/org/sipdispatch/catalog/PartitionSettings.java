package org.sipdispatch.catalog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sipdispatch.freeswitch.FreeswitchSettings;
import org.sipdispatch.settings.SettingException;

/**
 * The settings of one partition.
 *
 * @param paths the full path of each key, for error messages
 * @param persistentState whether the states of the source apply and are written back; otherwise all destinations start
 *     active
 * @param source the source of the destinations
 * @param freeswitch the settings of weights from FreeSWITCH
 */
record PartitionSettings(
        String name, KeyPaths paths, boolean persistentState, SourceSettings source, FreeswitchSettings freeswitch) {
    /** A partition without weights from FreeSWITCH. */
    PartitionSettings(String name, KeyPaths paths, boolean persistentState, SourceSettings source) {
        this(name, paths, persistentState, source, FreeswitchSettings.OFF);
    }

    PartitionSettings readOnly() {
        return new PartitionSettings(name, paths, persistentState, source.readOnly(), freeswitch);
    }

    PartitionSettings with(FreeswitchSettings other) {
        return new PartitionSettings(name, paths, persistentState, source, other);
    }

    /** The text of a file that a key names. */
    String read(String key, Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new SettingException(paths.of(key), file, "a file that can be read");
        }
    }

    /** Returns the full path of a key, in the block that supplied its value. */
    @FunctionalInterface
    interface KeyPaths {
        String of(String key);
    }
}
