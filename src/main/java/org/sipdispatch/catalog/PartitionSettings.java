package org.sipdispatch.catalog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.sipdispatch.destination.PartitionPingSettings;
import org.sipdispatch.freeswitch.FreeswitchSettings;
import org.sipdispatch.settings.SettingException;

/**
 * The settings of one partition.
 *
 * @param paths the full path of each key, for error messages
 * @param persistentState whether the states of the source apply and are written back; otherwise all destinations start
 *     active
 * @param onlyOwnSockets whether rows that name a socket of another node are left out
 * @param pings how the pings to its destinations differ
 * @param watch how often to look for changes of the source, which then apply without an order; null: never
 * @param source the source of the destinations
 * @param freeswitch the settings of weights from FreeSWITCH
 * @param resources the attributes that are capacities, since rules ask for them
 */
record PartitionSettings(
        String name,
        KeyPaths paths,
        boolean persistentState,
        boolean onlyOwnSockets,
        PartitionPingSettings pings,
        Duration watch,
        SourceSettings source,
        FreeswitchSettings freeswitch,
        Set<String> resources) {
    /** A partition without weights from FreeSWITCH and without capacities. */
    PartitionSettings(
            String name,
            KeyPaths paths,
            boolean persistentState,
            boolean onlyOwnSockets,
            PartitionPingSettings pings,
            Duration watch,
            SourceSettings source) {
        this(name, paths, persistentState, onlyOwnSockets, pings, watch, source, FreeswitchSettings.OFF, Set.of());
    }

    PartitionSettings readOnly() {
        return with(paths, source.readOnly());
    }

    private PartitionSettings with(KeyPaths otherPaths, SourceSettings otherSource) {
        return new PartitionSettings(
                name, otherPaths, persistentState, onlyOwnSockets, pings, watch, otherSource, freeswitch, resources);
    }

    /** The same partition with other places of its keys. */
    PartitionSettings with(KeyPaths otherPaths) {
        return with(otherPaths, source);
    }

    PartitionSettings keptIn(Path dataDirectory) {
        return with(paths, source.keptIn(dataDirectory));
    }

    PartitionSettings with(FreeswitchSettings other) {
        return new PartitionSettings(
                name, paths, persistentState, onlyOwnSockets, pings, watch, source, other, resources);
    }

    PartitionSettings withResources(Set<String> names) {
        return new PartitionSettings(
                name, paths, persistentState, onlyOwnSockets, pings, watch, source, freeswitch, Set.copyOf(names));
    }

    /** How the rows of this partition name sockets. */
    RowSocketFilter rowSockets(KnownSockets known) {
        return new RowSocketFilter(known, onlyOwnSockets);
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
