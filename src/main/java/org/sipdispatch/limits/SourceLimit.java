package org.sipdispatch.limits;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.sipdispatch.routing.Cidr;
import org.sipdispatch.routing.KnownSets;
import org.sipdispatch.sets.LimitValues;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.settings.Section;

/**
 * A source of calls with its limits, which all of its addresses have together.
 *
 * @param from its address blocks; empty if it is a set
 * @param set the set whose destinations it consists of; null for none
 */
public record SourceLimit(String name, List<Cidr> from, SetId set, LimitValues values) {
    private static final String NAME = "[\\w.-]+";
    private static final String SET = "set";
    private static final String FROM = "from";
    private static final String MAX_CALLS = "max-calls";
    private static final String MAX_CPS = "max-cps";
    private static final String BURST = "burst";

    static SourceLimit from(Section block, String defaultPartition, Set<String> partitions) {
        String name = block.text("name");
        if (!name.matches(NAME)) {
            block.refuse("name", name, "a name of letters, digits, _, - and .");
        }
        List<Cidr> from = block.has(FROM) ? Cidr.list(block, FROM) : List.of();
        SetId set = block.has(SET) ? set(block, defaultPartition, partitions) : null;
        if (block.has(SET) == block.has(FROM)) {
            block.refuse("", name, "from or set, one of them");
        }
        LimitValues values = LimitValues.of(number(block, MAX_CALLS), number(block, MAX_CPS), number(block, BURST));
        if (values.isNone()) {
            block.refuse("", name, MAX_CALLS + " or " + MAX_CPS + ", or both");
        } else if (values.perSecond() == 0 && block.has(BURST)) {
            block.refuse(BURST, number(block, BURST), "none, because there is no " + MAX_CPS);
        }
        block.refuseUnknown();
        return new SourceLimit(name, from, set, values);
    }

    private static int number(Section block, String key) {
        return block.has(key) ? block.integer(key, 1, LimitValues.MOST) : 0;
    }

    private static SetId set(Section block, String defaultPartition, Set<String> partitions) {
        String text = block.text(SET);
        int colon = text.indexOf(':');
        String partition =
                colon < 0 ? defaultPartition : text.substring(0, colon).strip();
        String number = text.substring(colon + 1).strip();
        if (!number.matches("\\d{1,9}")) {
            block.refuse(SET, text, "the number of a set, or partition:number");
            return null;
        }
        if (!partitions.contains(partition)) {
            block.refuse(SET, text, "a partition among " + String.join(", ", partitions));
        }
        return new SetId(partition, Integer.parseInt(number));
    }

    /** Whether an address belongs to it. */
    boolean has(InetAddress address, KnownSets sets) {
        if (set != null) {
            return sets.membersAt(address).stream()
                    .anyMatch(member -> member.setId().equals(set));
        }
        for (Cidr block : from) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
