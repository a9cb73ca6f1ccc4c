package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/** What became of each thing that the input says: carried over, not needed here, or left. */
final class Accounts {
    enum Item {
        MODPARAM("modparam"),
        SOCKET("socket line"),
        SELECTION("selection"),
        REPLY("reply"),
        FAILURE_ROUTE("failure route"),
        OTHER_ROUTE("other route"),
        OTHER("other thing");

        private final String text;

        Item(String text) {
            this.text = text;
        }
    }

    private static final class Count {
        private int carried;
        private int unneeded;
        private int left;
    }

    private final Map<Item, Count> counts = new EnumMap<>(Item.class);
    private final Set<String> left = new LinkedHashSet<>();
    private final Set<String> unneeded = new LinkedHashSet<>();

    private Count of(Item item) {
        return counts.computeIfAbsent(item, unused -> new Count());
    }

    void carried(Item item) {
        of(item).carried++;
    }

    void unneeded(Item item, String what, String why) {
        of(item).unneeded++;
        unneeded.add(line("needs nothing here: ", what, why));
    }

    void left(Item item, String what, String why) {
        of(item).left++;
        left.add(line("not carried over: ", what, why));
    }

    /** Counts one that is named elsewhere. */
    void left(Item item) {
        of(item).left++;
    }

    /** Something about a thing that is counted otherwise. */
    void note(String what, String why) {
        left.add(line("not carried over: ", what, why));
    }

    private static String line(String start, String what, String why) {
        String plain = Conf.withoutPasswords(what).replaceAll("\\s+", " ");
        return start + (plain.length() > 300 ? plain.substring(0, 300) + "..." : plain) + ", because " + why;
    }

    /** The lines for the end of the file, without their comment signs. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(left);
        lines.addAll(unneeded);
        return lines;
    }

    /** How many of each there were and what became of them; empty where there was nothing. */
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
            all.add(sum + " " + (sum == 1 ? item.text : item.text.replaceFirst("y$", "ie") + "s") + ": " + parts);
        });
        return all.toString();
    }

    boolean isWhole() {
        return left.isEmpty();
    }
}
