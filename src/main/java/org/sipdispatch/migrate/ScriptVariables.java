package org.sipdispatch.migrate;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Determines which calls and modules may write a script variable. Its value is unknown afterwards. */
final class ScriptVariables {
    private static final Pattern VARIABLE =
            Pattern.compile("\\$\\(?([a-zA-Z_]\\w*)(?:\\(([^()]*(?:\\([^()]*\\))?[^()]*)\\))?");
    private static final String READS =
            "append_\\w+|insert_hf|remove_hf\\w*|is_avp_set|avp_check|avp_print|acc_\\w+|do_accounting"
                    + "|set_dlg_profile|is_in_profile|cache_store|cache_remove";
    /** Functions that set AVPs that their arguments do not name: columns of a row, attributes of a user. */
    private static final String SETS_AVPS = "aaa_\\w+|radius_\\w+|\\w+_authorize|ldap_result\\w*";
    /** Programs in other languages, which can set every variable. */
    private static final String PROGRAMS = "(?:lua|perl|python|app|jsdt|ruby|mono|sqlang)_\\w+";

    private final Set<String> writtenByModules = new LinkedHashSet<>();

    /** @param script its parameters of modules name variables that the modules write */
    ScriptVariables(Script script) {
        script.modparams().forEach(call -> writtenByModules.addAll(names(call.argument(2))));
    }

    /** The names of the variables in a text, such as {@code avp(setid)} for {@code $(avp(s:setid)[0])}. */
    static Set<String> names(String text) {
        Set<String> names = new LinkedHashSet<>();
        for (Matcher variable = VARIABLE.matcher(text); variable.find(); ) {
            String inner = variable.group(2);
            names.add(inner == null ? variable.group(1) : variable.group(1) + "(" + plain(inner) + ")");
        }
        return names;
    }

    /** The name without prefix, index and member. */
    private static String plain(String name) {
        return name.replaceFirst("=>.*", "")
                .replaceAll("\\[.*?]", "")
                .replaceFirst("^[si]:", "")
                .strip();
    }

    boolean mayBeWrittenByModules(String name) {
        return writtenByModules.contains(name);
    }

    static boolean mayWrite(Script.FunctionCall call, String name) {
        if (ScriptFunctions.isQuiet(call)
                || ScriptFunctions.isReply(call)
                || ScriptFunctions.isRelay(call)
                || ScriptFunctions.isDispatch(call)
                || call.name().matches(READS)) {
            return false;
        }
        boolean isAvp = name.startsWith("avp(") || name.startsWith("xavp(");
        return call.name().matches(PROGRAMS)
                || isAvp && setsAvps(call)
                || call.arguments().stream().anyMatch(one -> names(one).contains(name));
    }

    /** A query without a list of AVPs, and a list without {@code $} as in old versions, count too. */
    private static boolean setsAvps(Script.FunctionCall call) {
        int last = call.arguments().size() - 1;
        boolean namesNone = last < 1 || !call.argument(last).contains("$");
        return call.name().matches(SETS_AVPS) || call.name().matches("avp_\\w+|exec_avp") && namesNone;
    }
}
