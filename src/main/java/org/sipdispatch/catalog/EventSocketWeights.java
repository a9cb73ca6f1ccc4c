package org.sipdispatch.catalog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.freeswitch.EventSocketUrl;
import org.sipdispatch.freeswitch.FreeswitchSettings;
import org.sipdispatch.sets.Destination;

/** Reads {@code fs://} URLs in the weight column, and limits the weights of sets that have one. */
final class EventSocketWeights {
    private static final String NUMBER = "a whole number from 0 to " + RowCheck.LARGEST_WEIGHT;

    private final FreeswitchSettings settings;
    private final ColumnNames columns;
    private final Warnings warnings;
    private final Set<Integer> sets = new HashSet<>();
    private final List<SourceRow> rows = new ArrayList<>();

    EventSocketWeights(FreeswitchSettings settings, ColumnNames columns, Warnings warnings) {
        this.settings = settings;
        this.columns = columns;
        this.warnings = warnings;
    }

    /** Whether the row's weight is meant to come from FreeSWITCH. */
    static boolean isMeant(SourceRow row) {
        String text = row.text(Column.WEIGHT);
        return text != null && EventSocketUrl.isOne(text);
    }

    /** The event socket of the row, which {@link #isMeant}; null with a warning if the row is skipped. */
    EventSocketUrl read(SourceRow row) {
        String text = row.text(Column.WEIGHT);
        EventSocketUrl url = EventSocketUrl.parse(text);
        String expected = null;
        if (columns == ColumnNames.LIST_FILE) {
            // The attrs of a list file are shown to everybody, with the password.
            expected = NUMBER + "; fs:// only in a table, with " + FreeswitchSettings.KEY + " = on";
        } else if (!settings.fetch()) {
            expected = NUMBER + "; fs:// only with " + FreeswitchSettings.KEY + " = on";
        } else if (url == null) {
            expected = NUMBER + ", or " + EventSocketUrl.FORM;
        }
        if (expected != null) {
            warnings.skip(row.place(), columns.name(Column.WEIGHT), EventSocketUrl.masked(text), expected);
            return null;
        }
        return url;
    }

    int initialWeight() {
        return settings.maxWeight();
    }

    /** Records a usable row. */
    void add(SourceRow row, Definition definition) {
        rows.add(row);
        if (definition.eventSocket() != null) {
            sets.add(definition.destination().set());
        }
    }

    /**
     * In sets with both kinds of weights, reduces fixed weights to the largest one from FreeSWITCH, as OpenSIPS does.
     */
    List<Definition> truncated(List<Definition> entries) {
        List<Definition> all = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Definition one = entries.get(i);
            Destination destination = one.destination();
            boolean larger = sets.contains(destination.set()) && destination.weight() > settings.maxWeight();
            if (larger) {
                String weight = String.valueOf(destination.weight());
                String expected =
                        "at most max_freeswitch_weight in a set with an fs:// weight; taken as " + settings.maxWeight();
                warnings.add(rows.get(i), columns.name(Column.WEIGHT), weight, expected);
            }
            all.add(larger ? one.withDestination(destination.withWeight(settings.maxWeight())) : one);
        }
        return all;
    }
}
