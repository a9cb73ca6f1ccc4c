package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/** Counts the items of the imported configuration by result: carried over, not needed here, or not carried over. */
final class ImportReport {
    enum Item {
        MODPARAM("modparam"),
        PROPERTY("property of partitions", "properties of partitions"),
        TLS_SETTING("setting of tls.cfg", "settings of tls.cfg"),
        SOCKET("socket line"),
        SELECTION("selection"),
        REPLY("reply"),
        FAILURE_ROUTE("failure route"),
        OTHER_ROUTE("other route"),
        LIST_ROW("list row"),
        LIST_VALUE("value of list rows", "values of list rows"),
        OTHER("other line");

        private final String text;
        private final String plural;

        Item(String text) {
            this(text, text.replaceFirst("y$", "ie") + "s");
        }

        Item(String text, String plural) {
            this.text = text;
            this.plural = plural;
        }
    }

    private static final class ItemCounts {
        private int carried;
        private int unneeded;
        private int left;
    }

    private final Map<Item, ItemCounts> counts = new EnumMap<>(Item.class);
    private final Set<String> left = new LinkedHashSet<>();
    private final Set<String> unneeded = new LinkedHashSet<>();
    private final Set<String> different = new LinkedHashSet<>();

    private ItemCounts of(Item item) {
        return counts.computeIfAbsent(item, unused -> new ItemCounts());
    }

    void carried(Item item) {
        of(item).carried++;
    }

    void unneeded(Item item, String what, String why) {
        of(item).unneeded++;
        unneeded.add(line("not needed here: ", what, why));
    }

    void left(Item item, String what, String why) {
        of(item).left++;
        left.add(line("not carried over: ", what, why));
    }

    /** Counts an item that another line names. */
    void left(Item item) {
        of(item).left++;
    }

    /** Adds a line about an item that is counted elsewhere. */
    void note(String what, String why) {
        left.add(line("not carried over: ", what, why));
    }

    /** Reports a difference of an item that is carried over and counted elsewhere. */
    void differs(String what, String why) {
        different.add(line("differs here: ", what, why));
    }

    private static String line(String start, String what, String why) {
        String plain = ConfWriter.withoutPasswords(what).replaceAll("\\s+", " ");
        return start + plain + ", because " + why;
    }

    /** The comment lines for the end of the file, without {@code #}. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(left);
        lines.addAll(different);
        lines.addAll(unneeded);
        return lines;
    }

    /** The number of items by kind and result; empty if there are none. */
    String counted() {
        StringJoiner all = new StringJoiner("; ");
        counts.forEach((item, count) -> {
            int sum = count.carried + count.unneeded + count.left;
            StringJoiner parts = new StringJoiner(", ");
            parts.add(count.carried + " carried over");
            if (count.unneeded > 0) {
                parts.add(count.unneeded + " not needed");
            }
            if (count.left > 0) {
                parts.add(count.left + " left");
            }
            all.add(sum + " " + (sum == 1 ? item.text : item.plural) + ": " + parts);
        });
        return all.toString();
    }

    boolean isWhole() {
        return left.isEmpty();
    }
}
