package org.sipdispatch.migrate;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipdispatch.migrate.ImportReport.Item;

/** Reports selections of a kamailio.cfg that ignore the weights of the list, although the same algorithm counts them here. */
final class IgnoredWeightCheck {
    /** A row of a converted list with another weight than 1. */
    private static final Pattern ROW = Pattern.compile("(?m)^(\\d+) .*\\bweight=(?!1\\b)\\d+");

    private IgnoredWeightCheck() {}

    static void report(Script script, KamailioList.Converted converted, ImportReport report) {
        Set<String> weighted = new TreeSet<>();
        Matcher row = ROW.matcher(converted.list());
        while (row.find()) {
            weighted.add(row.group(1));
        }
        if (!weighted.isEmpty()) {
            script.routes().stream()
                    .flatMap(route -> Script.calls(route.body()).stream())
                    .filter(ScriptFunctions::isSelection)
                    .filter(call -> selects(call, weighted))
                    .forEach(call -> report(call, report));
        }
    }

    private static void report(Script.FunctionCall call, ImportReport report) {
        String algorithm = algorithm(call);
        report.left(
                Item.OTHER,
                "equal shares of " + call.located(),
                "Kamailio's algorithm " + algorithm + " ignores weights, but " + algorithm
                        + " here counts those of the list; without weight= in the attrs the shares are equal");
    }

    /** Algorithm 8 takes the first destination by priority, here too. */
    private static boolean selects(Script.FunctionCall call, Set<String> weighted) {
        String set = call.argument(0).strip();
        return algorithm(call).matches("[0-7]") && (weighted.contains(set) || !set.matches("\\d+"));
    }

    private static String algorithm(Script.FunctionCall call) {
        String algorithm = call.argument(1).strip();
        return algorithm.isEmpty() ? "0" : algorithm;
    }
}
