package org.sipdispatch.catalog;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.PartitionPingSettings;
import org.sipdispatch.freeswitch.EventSocketUrl;
import org.sipdispatch.sets.Destination;

/**
 * Converts rows to destinations. An unusable row is skipped with a warning; the others load. Stricter than OpenSIPS in
 * one point: a weight such as {@code abc} or {@code 5x}, which OpenSIPS reads as 0 and 5, makes the row unusable.
 */
final class RowCheck {
    static final int LARGEST_WEIGHT = 65535;
    static final int LARGEST_PRIORITY = 65535;

    private final PartitionSettings partition;
    private final ColumnNames columns;
    private final RowSocketFilter sockets;
    private final Warnings warnings;
    private final EventSocketWeights eventSockets;
    private final List<Definition> entries = new ArrayList<>();
    private final Map<String, Integer> equals = new HashMap<>();

    RowCheck(PartitionSettings partition, ColumnNames columns, KnownSockets sockets, Warnings warnings) {
        this.partition = partition;
        this.columns = columns;
        this.sockets = partition.rowSockets(sockets);
        this.warnings = warnings;
        eventSockets = new EventSocketWeights(partition.freeswitch(), columns, warnings);
    }

    /** The errors of a temporary destination: those that would skip a row, and a socket that would be ignored. */
    static List<String> complaints(Destination destination, KnownSockets sockets) {
        Warnings warnings = new Warnings();
        Map<Column, String> texts = new EnumMap<>(Column.class);
        texts.put(Column.SETID, String.valueOf(destination.set()));
        texts.put(Column.DESTINATION, destination.uri());
        texts.put(Column.WEIGHT, String.valueOf(destination.weight()));
        texts.put(Column.PRIORITY, String.valueOf(destination.priority()));
        SourceRow row = new SourceRow("", texts);
        PartitionSettings nowhere = new PartitionSettings(
                destination.partition(), key -> key, false, false, PartitionPingSettings.NONE, null, null);
        new RowCheck(nowhere, ColumnNames.TEMPORARY, sockets, warnings).check(row);
        if (destination.socket() != null && !sockets.isKnown(destination.socket())) {
            warnings.add(row, ColumnNames.TEMPORARY.name(Column.SOCKET), destination.socket(), "one of our sockets");
        }
        if (destination.attrs() == null || destination.description() == null) {
            warnings.add(row, ColumnNames.TEMPORARY.name(Column.ATTRS), null, "text, and a description");
        }
        return warnings.lines();
    }

    CatalogSnapshot check(List<SourceRow> rows) {
        for (SourceRow row : rows) {
            check(row);
            if (!sockets.isLeftOut(row.text(Column.SOCKET))) {
                Misspellings.warn(row, columns, partition.resources(), warnings);
            }
        }
        List<Definition> truncated = eventSockets.truncated(entries);
        return new CatalogSnapshot(truncated, warnings.lines(), warnings.skipped());
    }

    private void check(SourceRow row) {
        if (sockets.isLeftOut(row.text(Column.SOCKET))) {
            return;
        }
        Integer set = number(row, Column.SETID, null, Integer.MAX_VALUE);
        boolean uriFits = hasFittingUri(row);
        EventSocketUrl eventSocket = EventSocketWeights.isMeant(row) ? eventSockets.read(row) : null;
        Integer weight = weight(row, eventSocket);
        Integer priority = number(row, Column.PRIORITY, "0", LARGEST_PRIORITY);
        // A skipped row keeps its ordinal, so that the equal rows after it keep their ids.
        int ordinal = set == null || !uriFits ? 0 : ordinal(set, row);
        if (ordinal == 0 || weight == null || priority == null) {
            return;
        }
        DestinationState state = state(row);
        Destination destination = new Destination(
                partition.name(),
                set,
                row.text(Column.DESTINATION),
                socket(row),
                weight,
                priority,
                orDefault(row.text(Column.ATTRS), ""),
                orDefault(row.text(Column.DESCRIPTION), ""),
                ordinal);
        Definition definition = new Definition(destination, state, permanentProbing(row)).withEventSocket(eventSocket);
        entries.add(definition);
        eventSockets.add(row, definition);
    }

    /** The weight; null if it is not usable. */
    private Integer weight(SourceRow row, EventSocketUrl eventSocket) {
        if (EventSocketWeights.isMeant(row)) {
            return eventSocket == null ? null : Integer.valueOf(eventSockets.initialWeight());
        }
        return number(row, Column.WEIGHT, "1", LARGEST_WEIGHT);
    }

    private int ordinal(int set, SourceRow row) {
        return equals.merge(sockets.key(set, row.text(Column.DESTINATION), row.text(Column.SOCKET)), 1, Integer::sum);
    }

    private boolean hasFittingUri(SourceRow row) {
        String complaint = UriCheck.complaint(row.text(Column.DESTINATION));
        if (complaint != null) {
            warnings.skip(row.place(), columns.name(Column.DESTINATION), row.text(Column.DESTINATION), complaint);
        }
        return complaint == null;
    }

    /** Parses a number. {@code otherwise} is the default for an empty value; null if the value is required. */
    private Integer number(SourceRow row, Column column, String otherwise, int most) {
        String text = orDefault(row.text(column), otherwise);
        Integer number = text == null || !text.matches("\\d{1,10}") || Long.parseLong(text) > most
                ? null
                : Integer.valueOf((int) Long.parseLong(text));
        if (number == null) {
            warnings.skip(row.place(), columns.name(column), text, "a whole number from 0 to " + most);
        }
        return number;
    }

    /** As in OpenSIPS, an invalid state counts as active. */
    private DestinationState state(SourceRow row) {
        String text = orDefault(row.text(Column.STATE), "0");
        if (!partition.persistentState()) {
            return DestinationState.ACTIVE;
        }
        DestinationState state = text.matches("\\d") ? DestinationState.of(text.charAt(0) - '0') : null;
        if (state == null) {
            warnings.add(row, columns.name(Column.STATE), text, "0, 1 or 2; taken as 0, active");
            return DestinationState.ACTIVE;
        }
        return state;
    }

    /** As in OpenSIPS, an invalid probe mode counts as 0. */
    private boolean permanentProbing(SourceRow row) {
        String text = orDefault(row.text(Column.PROBE_MODE), "0");
        if (!text.equals("0") && !text.equals("1")) {
            warnings.add(row, columns.name(Column.PROBE_MODE), text, "0 or 1; taken as 0");
        }
        return text.equals("1");
    }

    private String socket(SourceRow row) {
        String text = orDefault(row.text(Column.SOCKET), null);
        String socket = sockets.effective(text);
        if (text != null && socket == null) {
            warnings.add(row, columns.name(Column.SOCKET), text, "one of our sockets; ignored");
        }
        return socket;
    }

    private static String orDefault(String text, String otherwise) {
        return text == null || text.isEmpty() ? otherwise : text;
    }
}
