package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipdispatch.migrate.ScriptCondition.Criterion;
import org.sipdispatch.migrate.ScriptCondition.PossiblyNegated;

/** Converts the conditions of a script to facts that {@code when} can express. */
final class ScriptConditions {
    /** Functions that always succeed here, because the program has them built in. */
    private static final String BUILT_IN_TRUE =
            "mf_process_maxfwd_header|mf_process_maxfwd|maxfwd|sanity_check|t_newtran|record_route\\w*|force_rport"
                    + "|add_rport|create_dialog|t_set_fr";

    /** Functions that never succeed for the requests that rules see: retransmissions, CANCEL and preloaded Routes. */
    private static final String BUILT_IN_FALSE =
            "loose_route\\w*|t_check_trans|t_precheck_trans|t_lookup_request|t_lookup_cancel|t_was_cancelled"
                    + "|t_is_canceled|t_is_cancelled|is_maxfwd_lt";

    private static final Pattern ADDRESS =
            Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}(?:/\\d{1,2})?|[0-9a-fA-F:]*::?[0-9a-fA-F:]+(?:/\\d{1,3})?");
    private static final Pattern OCTETS = Pattern.compile("\\^((?:\\d{1,3}\\\\\\.){1,3})");
    private static final Pattern NAMES = Pattern.compile("\\^?\\(?([A-Z]+(?:\\|[A-Z]+)*)\\)?\\$?");
    private static final Pattern HEADER = Pattern.compile("\\$\\(?hdr\\(([\\w-]+)\\)\\)?(?:\\[0])?");

    private final SocketLines sockets;
    private final SetFunctions sets;
    /** Kamailio's {@code ==} compares texts exactly; that of OpenSIPS ignores case. */
    private final boolean exact;

    ScriptConditions(SocketLines sockets, SetFunctions sets, boolean kamailio) {
        this.sockets = sockets;
        this.sets = sets;
        this.exact = kamailio;
    }

    /** Whether a rule can push the attributes that the call pushes: if the sender is in its set. */
    ScriptCondition pushed(Script.FunctionCall call) {
        return sets.pushed(call);
    }

    /** The state in which the sender is in the set of that fact. */
    PathState found(ScriptCondition sender, PathState state) {
        String variable = sets.senderSetVariable(sender);
        return variable.isEmpty() ? state : state.withValue(variable, SetFunctions.SENDER_SET);
    }

    /** @param values the known values of script variables */
    PossiblyNegated asked(Script.Test test, Map<String, String> values) {
        if (test.call() != null) {
            return new PossiblyNegated(
                    test.operator().isEmpty() ? call(test.call(), test.text()) : unknown(test), false);
        }
        String value = values.get(test.left());
        if (SetFunctions.isCount(value)) {
            return condition(sets.compared(value, test), test.operator().matches("!=|ne"));
        }
        if (SetFunctions.isSenderSet(value)) {
            return new PossiblyNegated(unknown(test), false);
        }
        boolean negated = test.operator().startsWith("!") || test.operator().equals("ne");
        boolean varies = test.right().matches(".*\\$[a-zA-Z(].*") && !Script.NOTHING.contains(test.right());
        if (value != null && test.operator().matches("==|!=") && test.fixed() && !varies) {
            boolean same = exact ? value.equals(test.right()) : value.equalsIgnoreCase(test.right());
            return new PossiblyNegated(constant(same, test), negated);
        }
        if (test.operator().isEmpty()) {
            boolean number = test.left().matches("\\d+");
            return new PossiblyNegated(number ? constant(!test.left().matches("0+"), test) : unknown(test), false);
        }
        boolean isWord = test.left().matches("src_ip|\\$si|method|proto|dst_ip");
        if (varies || !test.fixed() && !isWord) {
            return new PossiblyNegated(unknown(test), false);
        }
        boolean equal = test.operator().matches("==|!=|eq|ne");
        return equal || test.operator().endsWith("~")
                ? condition(compared(test, equal), negated)
                : new PossiblyNegated(unknown(test), false);
    }

    /** The text of an unknown fact contains the operator and is therefore not negated again. */
    private static PossiblyNegated condition(ScriptCondition fact, boolean negated) {
        return new PossiblyNegated(fact, negated && fact.isKnown());
    }

    private static ScriptCondition unknown(Script.Test test) {
        return ScriptCondition.unknown(test.text());
    }

    private static ScriptCondition constant(boolean value, Script.Test test) {
        return ScriptCondition.of(value ? Criterion.ALWAYS : Criterion.NEVER, "", test.text());
    }

    private ScriptCondition call(Script.FunctionCall call, String text) {
        String name = call.name();
        if (name.matches("is_method")) {
            return methods(call.argument(0), text);
        }
        if (name.matches("has_totag")) {
            return ScriptCondition.of(Criterion.TO_TAG, "on", text);
        }
        if (name.matches("is_present_hf") && call.argument(0).matches("[\\w-]+")) {
            return new ScriptCondition(Criterion.HEADER, call.argument(0), "", text);
        }
        if (name.matches("is_in_subnet") && call.argument(0).matches("\\$si|src_ip")) {
            return source(call.argument(1), text);
        }
        if (name.equals("ds_is_in_list")) {
            return sets.sender(call, text);
        }
        Criterion criterion = name.matches(BUILT_IN_TRUE)
                ? Criterion.ALWAYS
                : name.matches(BUILT_IN_FALSE) ? Criterion.NEVER : Criterion.UNKNOWN;
        return ScriptCondition.of(criterion, "", text);
    }

    /** ACK and CANCEL are not in a rule: they follow their INVITE automatically. */
    private static ScriptCondition methods(String list, String text) {
        Set<String> methods = new LinkedHashSet<>(
                Arrays.asList(list.toUpperCase(Locale.ROOT).strip().split("\\s*\\|\\s*")));
        methods.removeAll(Set.of("ACK", "CANCEL"));
        return methods.stream().allMatch(method -> method.matches("[A-Z]+"))
                ? ScriptCondition.methods(methods, text)
                : ScriptCondition.unknown(text);
    }

    private static ScriptCondition source(String address, String text) {
        boolean known = ADDRESS.matcher(address).matches();
        return ScriptCondition.of(known ? Criterion.SOURCE : Criterion.UNKNOWN, known ? address : "", text);
    }

    private ScriptCondition compared(Script.Test test, boolean equal) {
        String right = test.right();
        Matcher header = HEADER.matcher(test.left());
        if (test.left().matches("method|\\$rm")) {
            Matcher names = NAMES.matcher(right);
            return equal
                    ? methods(right, test.text())
                    : names.matches() ? methods(names.group(1), test.text()) : unknown(test);
        }
        if (test.left().matches("src_ip|\\$si")) {
            return equal ? source(right, test.text()) : octets(test);
        }
        if (test.left().matches("\\$tt")) {
            boolean none = Script.NOTHING.contains(right) && equal;
            return none ? ScriptCondition.of(Criterion.TO_TAG, "off", test.text()) : unknown(test);
        }
        if (test.left().matches("dst_port|\\$[Rr]p|proto|\\$proto|\\$pr|dst_ip|\\$Ri")) {
            return equal ? socket(test) : unknown(test);
        }
        if (header.matches() || test.left().equals("$ua")) {
            return header(header.matches() ? header.group(1) : "User-Agent", test, equal);
        }
        String pattern = RequestUriPattern.of(test.left(), right, equal, exact);
        return pattern == null ? unknown(test) : ScriptCondition.of(Criterion.RURI, pattern, test.text());
    }

    private static ScriptCondition octets(Script.Test test) {
        Matcher octets = OCTETS.matcher(test.right());
        if (!octets.matches()) {
            return unknown(test);
        }
        List<String> numbers = new ArrayList<>(Arrays.asList(octets.group(1).split("\\\\\\.")));
        int bits = numbers.size() * 8;
        while (numbers.size() < 4) {
            numbers.add("0");
        }
        return ScriptCondition.of(Criterion.SOURCE, String.join(".", numbers) + "/" + bits, test.text());
    }

    /** {@code $rp} is the port of the Request-URI, not of our socket. */
    private ScriptCondition socket(Script.Test test) {
        List<String> names = test.left().equals("$rp") ? List.of() : sockets.names(test.left(), test.right());
        return names.isEmpty()
                ? unknown(test)
                : ScriptCondition.of(Criterion.SOCKET, String.join(",", names), test.text());
    }

    private ScriptCondition header(String name, Script.Test test, boolean equal) {
        if (equal && Script.NOTHING.contains(test.right())) {
            return unknown(test);
        }
        String java = equal ? "^" + PosixPattern.quoted(test.right()) + "$" : PosixPattern.java(test.right());
        return java == null || test.right().contains("$(") || test.right().startsWith("$")
                ? unknown(test)
                : new ScriptCondition(Criterion.HEADER, name, equal && exact ? java : "(?i)" + java, test.text());
    }
}
