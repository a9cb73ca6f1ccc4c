package org.sipdispatch.routing;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.sipdispatch.sets.MemberState;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.settings.Section;

/**
 * The number of members of a set in some states lies in a range, as {@code ds_count} counts them. A set that does not
 * exist has none.
 *
 * @param least the smallest number that matches
 * @param most the largest number that matches
 */
record SetCountCondition(SetId set, Set<MemberState> states, int least, int most) {
    private static final String FORM = "[partition:]set, one set";
    private static final List<String> KEYS = List.of("set", "state", "at-least", "less-than");
    private static final String STATES = "letters of a (takes new requests), p (probing), i (inactive)";

    static SetCountCondition from(Section block, SetListParser lists) {
        String text = block.text("set");
        SetId set = block.attempt(
                null, () -> lists.parse(block.path("set"), text, FORM).get(0));
        if (set != null && text.contains(",")) {
            block.refuse("set", text, FORM);
        }
        int least = block.has("at-least") ? block.integer("at-least", 1, Integer.MAX_VALUE) : 0;
        int most = block.has("less-than") ? block.integer("less-than", 1, Integer.MAX_VALUE) - 1 : Integer.MAX_VALUE;
        boolean hasUnknown = !KEYS.containsAll(block.keys());
        if (!block.has("at-least") && !block.has("less-than") && !hasUnknown) {
            block.refuse("", "no limit", "at-least or less-than, or both");
        }
        if (least > most && !block.isInvalid("less-than") && !block.isInvalid("at-least")) {
            block.refuse("at-least", least, "less than less-than, which is " + (most + 1));
        }
        SetCountCondition condition = new SetCountCondition(set, states(block), least, most);
        block.refuseUnknown(KEYS);
        return condition;
    }

    private static Set<MemberState> states(Section block) {
        String letters = block.textOr("state", "a");
        Set<MemberState> states = EnumSet.noneOf(MemberState.class);
        for (char letter : letters.toCharArray()) {
            switch (letter) {
                case 'a', 'A', '1' -> states.add(MemberState.USABLE);
                case 'p', 'P', '2' -> states.add(MemberState.PROBING);
                case 'i', 'I', '0' -> states.add(MemberState.INACTIVE);
                default -> {
                    block.refuse("state", letters, STATES);
                    return states;
                }
            }
        }
        if (states.isEmpty()) {
            block.refuse("state", letters, STATES);
        }
        return states;
    }

    boolean matches(RequestFacts facts) {
        int count = count(facts.sets().view(set));
        return least <= count && count <= most;
    }

    private int count(SetView view) {
        int count = 0;
        for (int i = 0; view != null && i < view.size(); i++) {
            count += states.contains(view.state(i)) ? 1 : 0;
        }
        return count;
    }

    static boolean all(List<SetCountCondition> conditions, RequestFacts facts) {
        for (SetCountCondition condition : conditions) {
            if (!condition.matches(facts)) {
                return false;
            }
        }
        return true;
    }
}
