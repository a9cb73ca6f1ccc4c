package org.sipdispatch.migrate;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The timers that a script sets for a transaction: {@code t_set_fr()} of Kamailio, {@code $T_fr_timeout} and
 * {@code $T_fr_inv_timeout} of OpenSIPS.
 *
 * @param values by the keys of {@code relay}
 * @param statements the statements that {@code values} express completely, with their locations
 */
record ScriptTimers(Map<String, String> values, Set<String> statements) {
    static final ScriptTimers NONE = new ScriptTimers(Map.of(), Set.of());
    private static final String RING = "fr_inv_timeout";
    private static final String WAIT = "fr_timeout";

    static boolean sets(Script.FunctionCall call) {
        return call.name().equals("t_set_fr");
    }

    static boolean resets(Script.FunctionCall call) {
        return call.name().equals("t_reset_fr");
    }

    static boolean sets(Script.Assign assign) {
        return ScriptVariables.names(assign.variable()).stream().anyMatch(name -> name.matches("T_fr_(inv_)?timeout"));
    }

    static String written(Script.FunctionCall call) {
        return call.written() + " at " + call.place();
    }

    static String written(Script.Assign assign) {
        return assign.text() + " at " + assign.place();
    }

    /** The timers after {@code t_set_fr(fr_inv_timeout, fr_timeout)}, in milliseconds; 0 keeps a timer. */
    ScriptTimers after(Script.FunctionCall call) {
        Map<String, String> more = new LinkedHashMap<>(values);
        boolean whole = put(more, RING, call.argument(0), 1);
        whole &= call.argument(1).isEmpty() || put(more, WAIT, call.argument(1), 1);
        return new ScriptTimers(more, whole ? plus(written(call)) : statements);
    }

    /** The timers after an assignment, in seconds. */
    ScriptTimers after(Script.Assign assign) {
        Map<String, String> more = new LinkedHashMap<>(values);
        String key = assign.variable().contains("_inv_") ? RING : WAIT;
        boolean whole = put(more, key, assign.constant() == null ? "" : assign.constant(), 1000);
        return new ScriptTimers(more, whole ? plus(written(assign)) : statements);
    }

    private static boolean put(Map<String, String> into, String key, String value, int unitMs) {
        if (value.equals("0") && unitMs == 1) {
            return true;
        }
        String duration = ModuleParameters.timer(value, unitMs);
        if (duration == null) {
            into.remove(key);
            return false;
        }
        into.put(key, duration);
        return true;
    }

    private Set<String> plus(String statement) {
        Set<String> more = new LinkedHashSet<>(statements);
        more.add(statement);
        return more;
    }

    /** The timers as keys of a {@code relay} block. */
    List<String> keys() {
        return List.of(WAIT, RING).stream()
                .filter(values::containsKey)
                .map(key -> key + " = " + values.get(key))
                .toList();
    }
}
