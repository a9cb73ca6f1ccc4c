package org.sipdispatch.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.sets.Destination;

/**
 * Converts rows to destinations. An unusable row is skipped with a warning; the others load. Stricter than OpenSIPS in
 * one point: a weight such as {@code abc} or {@code 5x}, which OpenSIPS reads as 0 and 5, makes the row unusable.
 */
final class RowCheck {
    static final int LARGEST_WEIGHT = 65535;
    static final int LARGEST_PRIORITY = 65535;

    private static final Columns SPOKEN = new Columns(
            "set", "destination", "socket", "state", "weight", "priority", "attrs", "description", "probe_mode");

    private final PartitionSettings partition;
    private final Columns columns;
    private final KnownSockets sockets;
    private final Warnings warnings;
    private final List<CatalogEntry> entries = new ArrayList<>();
    private final Map<String, Integer> equals = new HashMap<>();

    RowCheck(PartitionSettings partition, Columns columns, KnownSockets sockets, Warnings warnings) {
        this.partition = partition;
        this.columns = columns;
        this.sockets = sockets;
        this.warnings = warnings;
    }

    /** The errors of a destination that has no row: those that would skip a row, and a socket that would be ignored. */
    static List<String> complaints(Destination destination, KnownSockets sockets) {
        Warnings warnings = new Warnings();
        Row row = new Row(
                "",
                String.valueOf(destination.set()),
                destination.uri(),
                null,
                null,
                String.valueOf(destination.weight()),
                String.valueOf(destination.priority()),
                destination.attrs(),
                destination.description(),
                null);
        PartitionSettings nowhere =
                new PartitionSettings(destination.partition(), null, null, null, null, false, null, null);
        new RowCheck(nowhere, SPOKEN, sockets, warnings).check(row);
        if (destination.socket() != null && !sockets.isKnown(destination.socket())) {
            warnings.add(row, SPOKEN.socket(), destination.socket(), "one of our sockets");
        }
        if (destination.attrs() == null || destination.description() == null) {
            warnings.add(row, SPOKEN.attrs(), null, "text, and a description");
        }
        return warnings.lines();
    }

    CatalogSnapshot check(List<Row> rows) {
        rows.forEach(this::check);
        return new CatalogSnapshot(entries, warnings.lines(), warnings.skipped());
    }

    private void check(Row row) {
        Integer set = number(row, columns.setid(), row.setid(), Integer.MAX_VALUE);
        boolean uriFits = hasFittingUri(row);
        Integer weight = number(row, columns.weight(), or(row.weight(), "1"), LARGEST_WEIGHT);
        Integer priority = number(row, columns.priority(), or(row.priority(), "0"), LARGEST_PRIORITY);
        // A skipped row keeps its ordinal, so that the equal rows after it keep their ids.
        int ordinal = set == null || !uriFits ? 0 : ordinal(set, row);
        if (ordinal == 0 || weight == null || priority == null) {
            return;
        }
        DestinationState state = state(row);
        Destination destination = new Destination(
                partition.name(),
                set,
                row.destination(),
                socket(row),
                weight,
                priority,
                or(row.attrs(), ""),
                or(row.description(), ""),
                ordinal);
        entries.add(new CatalogEntry(destination, state, permanentProbing(row)));
    }

    private int ordinal(int set, Row row) {
        return equals.merge(
                EqualRows.key(set, row.destination(), EqualRows.socket(row.socket(), sockets)), 1, Integer::sum);
    }

    private boolean hasFittingUri(Row row) {
        String complaint = UriCheck.complaint(row.destination());
        if (complaint != null) {
            warnings.skip(row.place(), columns.destination(), row.destination(), complaint);
        }
        return complaint == null;
    }

    private Integer number(Row row, String column, String text, int most) {
        Integer number = text == null || !text.matches("\\d{1,10}") || Long.parseLong(text) > most
                ? null
                : Integer.valueOf((int) Long.parseLong(text));
        if (number == null) {
            warnings.skip(row.place(), column, text, "a whole number from 0 to " + most);
        }
        return number;
    }

    /** As in OpenSIPS, an invalid state counts as active. */
    private DestinationState state(Row row) {
        String text = or(row.state(), "0");
        if (!partition.persistentState()) {
            return DestinationState.ACTIVE;
        }
        DestinationState state = text.matches("\\d") ? DestinationState.of(text.charAt(0) - '0') : null;
        if (state == null) {
            warnings.add(row, columns.state(), text, "0, 1 or 2; taken as 0, active");
            return DestinationState.ACTIVE;
        }
        return state;
    }

    /** As in OpenSIPS, an invalid probe mode counts as 0. */
    private boolean permanentProbing(Row row) {
        String text = or(row.probeMode(), "0");
        if (!text.equals("0") && !text.equals("1")) {
            warnings.add(row, columns.probeMode(), text, "0 or 1; taken as 0");
        }
        return text.equals("1");
    }

    private String socket(Row row) {
        String text = or(row.socket(), null);
        String socket = EqualRows.socket(text, sockets);
        if (text != null && socket == null) {
            warnings.add(row, columns.socket(), text, "one of our sockets; ignored");
        }
        return socket;
    }

    private static String or(String text, String otherwise) {
        return text == null || text.isEmpty() ? otherwise : text;
    }
}
