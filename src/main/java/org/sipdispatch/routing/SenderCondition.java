package org.sipdispatch.routing;

import java.util.List;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.settings.Section;

/**
 * The sender of a request is a member of a set, as {@code ds_is_in_list} tests it: its source address is one of the
 * member's addresses.
 *
 * @param partition the partition of the sets
 * @param sets the sets, in the order in which they are searched; empty for all sets of the partition
 * @param port whether the source port must be the port of that address too
 * @param active whether only members that take new requests count
 * @param attrs what the member's attributes must match; null for any
 */
record SenderCondition(String partition, List<SetId> sets, boolean port, boolean active, AttrsPattern attrs) {
    private static final String ANY = "any";
    private static final String FORM = "[partition:]set[,set...], or any";

    /** Reads the condition: the sets alone, or a block. */
    static SenderCondition from(Section when, String key, SetListParser lists) {
        if (!when.isBlock(key)) {
            return of(when, key, lists, false, false, null);
        }
        Section block = when.section(key);
        AttrsPattern attrs = block.has("attrs")
                ? block.attempt(null, () -> AttrsPattern.parse(block.path("attrs"), block.text("attrs")))
                : null;
        SenderCondition condition = of(
                block,
                "set",
                lists,
                block.has("port") && block.flag("port"),
                block.has("active") && block.flag("active"),
                attrs);
        block.refuseUnknown();
        return condition;
    }

    private static SenderCondition of(
            Section section, String key, SetListParser lists, boolean port, boolean active, AttrsPattern attrs) {
        String text = section.text(key);
        String partition = lists.partition(text);
        List<SetId> sets = SetListParser.numbers(text).equals(ANY)
                ? List.of()
                : section.attempt(List.of(), () -> lists.parse(section.path(key), text, FORM));
        return new SenderCondition(partition, sets, port, active, attrs);
    }

    /** The first of the sets that has the sender as a member, of all sets the one with the lowest number; or null. */
    SetId matched(RequestFacts facts) {
        SetId first = null;
        for (Destination member : facts.sets().membersAt(facts.source().getAddress())) {
            SetId set = member.setId();
            if (isSearched(set) && (first == null || isBefore(set, first)) && accepts(member, facts)) {
                first = set;
            }
        }
        return first;
    }

    /** The members of that set that have the sender's address, in their order. */
    List<Destination> members(SetId found, RequestFacts facts) {
        return facts.sets().membersAt(facts.source().getAddress()).stream()
                .filter(member -> member.setId().equals(found) && accepts(member, facts))
                .toList();
    }

    private boolean isSearched(SetId set) {
        return sets.isEmpty() ? set.partition().equals(partition) : sets.contains(set);
    }

    private boolean isBefore(SetId set, SetId other) {
        return sets.isEmpty() ? set.number() < other.number() : sets.indexOf(set) < sets.indexOf(other);
    }

    private boolean accepts(Destination member, RequestFacts facts) {
        return (!port || facts.sets().isAt(member, facts.source()))
                && (attrs == null || attrs.matches(member.attrs()))
                && (!active || isActive(member, facts.sets().view(member.setId())));
    }

    private static boolean isActive(Destination member, SetView view) {
        return view != null && !view.isUnusable(member);
    }
}
