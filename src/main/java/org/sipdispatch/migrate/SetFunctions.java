package org.sipdispatch.migrate;

import java.util.List;
import java.util.Locale;
import org.sipdispatch.migrate.ScriptCondition.Criterion;
import org.sipdispatch.routing.Template;
import org.sipdispatch.settings.SettingException;

/** Converts the functions of OpenSIPS that ask about sets, {@code ds_is_in_list} and {@code ds_count}, to conditions. */
final class SetFunctions {
    /** Begins the known value of a variable that {@code ds_count} has set; no constant of a script begins so. */
    private static final String COUNT = "\0count ";

    /** The known value of the variable that {@code setid_pvar} names, after {@code ds_is_in_list}. */
    static final String SENDER_SET = "\0in-set";

    /** The set of the sender in a rule, with its partition. */
    static final String IN_SET = "$ds(in-set)";

    private static final String SENDER = "\\$si|src_ip|\\$\\(si\\)";
    private static final String NUMBERS = "\\d{1,9}";
    private static final String STATES = "[aApPiI012]+";

    private final ModuleParameters parameters;

    SetFunctions(ModuleParameters parameters) {
        this.parameters = parameters;
    }

    /** Whether the call counts the members of a set, and the result is followed. */
    static boolean counts(Script.FunctionCall call) {
        return call.name().equals("ds_count")
                && call.argument(2).startsWith("$")
                && set(call.argument(0)).matches("(\\w+:)?" + NUMBERS)
                && (call.argument(1).isEmpty() || call.argument(1).matches(STATES));
    }

    /** The known value of the variable that a call of {@code ds_count} sets. */
    static String count(Script.FunctionCall call) {
        String states = call.argument(1).isEmpty() ? "api" : call.argument(1).toLowerCase(Locale.ROOT);
        return COUNT + set(call.argument(0)) + " " + states + " "
                + call.argument(3).strip();
    }

    static boolean isCount(String value) {
        return value != null && value.startsWith(COUNT);
    }

    static boolean isSenderSet(String value) {
        return SENDER_SET.equals(value);
    }

    /** The argument of a selection that names a variable with this known value; {@code value} may be null. */
    static String known(String variable, String value) {
        return value == null || isCount(value) ? variable : isSenderSet(value) ? IN_SET : value;
    }

    /**
     * The variable of {@code setid_pvar} if the sender was found among all sets of the default partition, so that it has
     * that set; else empty.
     */
    String senderSetVariable(ScriptCondition sender) {
        String all = ConfWriter.quoted(inPartition("any", ""));
        boolean any = sender.value().startsWith(all) || sender.value().startsWith("{ set = " + all);
        return any ? parameters.setidPvar : "";
    }

    private static String set(String written) {
        return written.replaceAll("\\s+", "");
    }

    /** The comparison of a counted number with a constant. The fact of an inequality is that of the equality. */
    ScriptCondition compared(String count, Script.Test test) {
        String[] counted = count.substring(COUNT.length()).split(" ", -1);
        String range = range(test);
        String set = inPartition(counted[0], counted[2]);
        if (range.isEmpty() || set.isEmpty()) {
            return ScriptCondition.unknown(test.text());
        }
        String state = counted[1].equals("a") ? "" : ", state = " + ConfWriter.quoted(counted[1]);
        return ScriptCondition.of(
                Criterion.COUNT, "{ set = " + ConfWriter.quoted(set) + state + ", " + range + " }", test.text());
    }

    /** Empty if no rule can express it, or if it is always or never true. */
    private static String range(Script.Test test) {
        if (test.operator().isEmpty()) {
            return "at-least = 1";
        }
        if (!test.right().matches("\\d{1,6}")) {
            return "";
        }
        int limit = Integer.parseInt(test.right());
        return switch (test.operator()) {
            case "<" -> limit == 0 ? "" : "less-than = " + limit;
            case "<=" -> "less-than = " + (limit + 1);
            case ">" -> "at-least = " + (limit + 1);
            case ">=" -> limit == 0 ? "" : "at-least = " + limit;
            case "==", "eq", "!=", "ne" ->
                (limit == 0 ? "" : "at-least = " + limit + ", ") + "less-than = " + (limit + 1);
            default -> "";
        };
    }

    /** The sender is in a set, or in any set. */
    ScriptCondition sender(Script.FunctionCall call, String text) {
        // 2.4: ip, port, [partition:]set, active; 3.x: ip, port, set, partition, active, pattern
        boolean old = call.arguments().size() < 5 && call.argument(3).matches("\\d*");
        String set = call.argument(2).replaceAll("\\s+", "").replaceFirst("(^|:)(-1)?$", "$1any");
        String inPartition = inPartition(set, old ? "" : call.argument(3).strip());
        String active = call.argument(old ? 3 : 4).strip();
        String port = call.argument(1).strip();
        String attrs = old ? "" : call.argument(5);
        boolean known = !parameters.isKamailio()
                && call.argument(0).matches(SENDER)
                && port.matches("|0|\\$sp|\\$\\(sp\\)|src_port")
                && active.matches("\\d*")
                && !inPartition.isEmpty()
                && !attrs.contains("$");
        if (!known) {
            return ScriptCondition.unknown(text);
        }
        String quoted = ConfWriter.quoted(inPartition);
        String more = (port.matches("0?") ? "" : ", port = on")
                + (active.matches("0*") ? "" : ", active = on")
                + (attrs.isEmpty() ? "" : ", attrs = " + ConfWriter.quoted(attrs));
        return ScriptCondition.of(Criterion.IN_SET, more.isEmpty() ? quoted : "{ set = " + quoted + more + " }", text);
    }

    static boolean pushes(Script script) {
        return script.routes().stream()
                .anyMatch(route -> Script.calls(route.body()).stream().anyMatch(SetFunctions::pushes));
    }

    static boolean pushes(Script.FunctionCall call) {
        return call.name().equals("ds_push_script_attrs");
    }

    /** The sender is in the set for which the call pushes attributes; unknown if no rule can push them. */
    ScriptCondition pushed(Script.FunctionCall call) {
        List<String> list = List.of(call.argument(1), call.argument(2), call.argument(3), call.argument(4));
        boolean known = call.argument(3).strip().matches(NUMBERS)
                && call.argument(1).matches(SENDER)
                && isTemplate(call.argument(0));
        return known
                ? sender(new Script.FunctionCall("ds_is_in_list", list, call.place(), call.offset()), call.written())
                : ScriptCondition.unknown(call.written());
    }

    private static boolean isTemplate(String attrs) {
        try {
            Template.parse("", attrs);
            return !attrs.isBlank();
        } catch (SettingException e) {
            return false;
        }
    }

    /** The set with its partition, unless that is the default one; empty if it is not a constant that exists. */
    private String inPartition(String set, String separate) {
        int colon = set.indexOf(':');
        String partition =
                colon >= 0 ? set.substring(0, colon) : separate.isEmpty() ? parameters.defaultPartition : separate;
        String number = set.substring(colon + 1);
        if (!number.matches(NUMBERS + "|any") || !parameters.partitions.containsKey(partition)) {
            return "";
        }
        return partition.equals("default") ? number : partition + ":" + number;
    }
}
