package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.sipdispatch.migrate.ImportReport.Item;
import org.sipdispatch.migrate.ScriptOutcome.Leaf;
import org.sipdispatch.migrate.ScriptOutcome.ScriptAction;
import org.sipdispatch.routing.ReasonPhrases;

/** Writes the paths through a script as rules. A path that no rule can express becomes a sketch in comments. */
final class RuleWriter {
    /** The maximum number of sketches. */
    private static final int MOST = 40;

    private final ConfWriter conf;
    private final ImportReport report;
    private final ModuleParameters parameters;
    private final Script script;
    private final List<String> lines = new ArrayList<>();
    /** The selections and replies of rules, and of sketches, by their positions. */
    private final Set<Integer> carried = new HashSet<>();

    private final Set<Integer> sketched = new HashSet<>();
    /** The failure routes of rules, and of sketches. */
    private final Set<String> armed = new HashSet<>();

    private final Set<String> outlined = new HashSet<>();
    private final Set<String> timers = new HashSet<>();
    private final Set<String> sketchedTimers = new HashSet<>();

    /** Whether a rule is for requests within dialogs. */
    private boolean dispatchesDialogs;

    private int rules;
    private int sketches;

    RuleWriter(ConfWriter conf, ImportReport report, ModuleParameters parameters, Script script) {
        this.conf = conf;
        this.report = report;
        this.parameters = parameters;
        this.script = script;
    }

    /** @param outcome null if the script has no main route */
    void write(ScriptOutcome outcome) {
        if (outcome != null) {
            writePaths(outcome, List.of());
        }
        conf.line("");
        conf.line("  rules = [");
        lines.forEach(conf::line);
        if (sketches > MOST) {
            conf.line("    # and " + (sketches - MOST) + " more paths through the script");
        }
        if (rules == 0) {
            conf.line("    { reply { code = 503, reason = \"Rules To Be Written\" } }");
        }
        conf.line("  ]");
        if (dispatchesDialogs) {
            conf.line("");
            conf.line("  # The rules with to-tag = on are for requests within dialogs that have no valid Route.");
            conf.line("  relay.unknown-dialog = dispatch");
        }
        if (sketches > 0) {
            conf.unfinished("rules: " + sketches + " of " + (rules + sketches)
                    + " are comments, because a rule cannot express them; write the rules by hand");
        } else if (rules == 0) {
            conf.unfinished("rules: the script has no route that selects; write which set requests go to");
        }
    }

    /** Whether a rule has the effect of that call. */
    boolean isCarried(Script.FunctionCall call) {
        return carried.contains(call.offset());
    }

    /** Whether a sketch mentions that call. */
    boolean isSketched(Script.FunctionCall call) {
        return sketched.contains(call.offset());
    }

    /** Whether a rule has the timers that the statement at that location sets. */
    boolean isCarriedTimer(String statement) {
        return timers.contains(statement);
    }

    boolean isSketchedTimer(String statement) {
        return sketchedTimers.contains(statement);
    }

    /** Whether a rule replaces that failure route. */
    boolean isReplaced(Script.Route route) {
        return armed.contains(route.name());
    }

    /** Whether only sketches use that failure route. */
    boolean isOutlined(Script.Route route) {
        return outlined.contains(route.name()) && !isReplaced(route);
    }

    private void writePaths(ScriptOutcome outcome, List<ScriptCondition> facts) {
        if (outcome instanceof ScriptOutcome.Split split) {
            yes(split.yes(), with(facts, split.fact()), split.no());
            boolean known = split.fact().isKnown();
            writePaths(
                    split.no(),
                    known
                            ? facts
                            : with(
                                    facts,
                                    ScriptCondition.unknown(not(split.fact().text()))));
            return;
        }
        end((Leaf) outcome, new WhenBlock(facts));
    }

    /** Writes the branch {@code yes}. If its negative sub-branch equals {@code behind}, the later rules cover it. */
    private void yes(ScriptOutcome yes, List<ScriptCondition> facts, ScriptOutcome behind) {
        if (yes instanceof ScriptOutcome.Split split && split.no().equals(behind)) {
            yes(split.yes(), with(facts, split.fact()), behind);
        } else {
            writePaths(yes, facts);
        }
    }

    private static List<ScriptCondition> with(List<ScriptCondition> facts, ScriptCondition fact) {
        List<ScriptCondition> more = new ArrayList<>(facts);
        more.add(fact);
        return List.copyOf(more);
    }

    private static String not(String text) {
        return text.matches("(?s).* (and|or) .*") ? "not (" + text + ")" : "not " + text;
    }

    private void end(Leaf end, WhenBlock when) {
        List<String> block = new ArrayList<>();
        if (!when.block().isEmpty()) {
            block.add("  when   { " + when.block() + " }");
        }
        List<String> caveats = new ArrayList<>();
        when.unknown().forEach(unknown -> caveats.add("if " + unknown));
        if (end.action() != ScriptAction.OTHER) {
            caveats.addAll(end.caveats());
        }
        switch (end.action()) {
            case SELECT, REDIRECT -> select(end, block, caveats);
            case REPLY -> block.add("  reply  { " + reply(end.reply()) + " }");
            case SILENT -> silent(block);
            case OTHER -> {
                end.caveats().forEach(caveat -> block.add("  " + ConfWriter.comment(caveat)));
                if (end.reply() != null
                        && end.caveats().stream()
                                .noneMatch(one -> one.startsWith(end.reply().written()))) {
                    block.add("  otherwise " + end.reply().written());
                }
            }
        }
        if (end.push() != null) {
            block.add("  push-attrs = " + ConfWriter.quoted(end.push().attrs()));
        }
        boolean real = caveats.isEmpty() && end.action() != ScriptAction.OTHER;
        dispatchesDialogs |= real && when.block().contains("to-tag = on");
        account(end, real);
        put(block, caveats, real);
    }

    private void account(Leaf end, boolean real) {
        Set<Integer> calls = real ? carried : sketched;
        end.selections().forEach(call -> calls.add(call.offset()));
        if (end.push() != null) {
            calls.add(end.push().offset());
        }
        if (end.reply() != null) {
            calls.add(end.reply().offset());
        }
        if (!end.failureRoute().isEmpty() && !end.stateless()) {
            (real ? armed : outlined).add(end.failureRoute());
        }
        FailureRoute failure = failure(end);
        if (failure != null && failure.allFailed() != null) {
            calls.add(failure.allFailed().offset());
        }
        if (!end.stateless()) {
            (real ? timers : sketchedTimers).addAll(end.timers().statements());
        }
    }

    private void put(List<String> block, List<String> caveats, boolean real) {
        String start = real ? "    " : "    # ";
        if (real) {
            rules++;
        } else {
            sketches++;
            if (sketches > MOST) {
                return;
            }
            caveats.stream().distinct().forEach(caveat -> lines.add("    # ? " + ConfWriter.comment(caveat)));
        }
        lines.add(start + "{");
        block.forEach(line -> lines.add(start + line));
        lines.add(start + "}");
    }

    private void silent(List<String> block) {
        report.note("no response to some requests", "a rule always answers: these requests get 403");
        block.add("  # the script sends no response; a rule always answers");
        block.add("  reply  { code = 403, reason = \"Forbidden\" }");
    }

    /** The failure route of the relay; null for none. */
    private FailureRoute failure(Leaf end) {
        Script.Route route = script.route("failure_route", end.failureRoute());
        return route == null || end.stateless() ? null : FailureRoute.of(script, route, parameters.isKamailio());
    }

    private void select(Leaf end, List<String> block, List<String> caveats) {
        Script.Route route = script.route("failure_route", end.failureRoute());
        FailureRoute failure = failure(end);
        boolean failsOver = failure != null && failure.triesNext();
        SelectBlock destinations = new SelectBlock(parameters, end.selections(), failsOver);
        caveats.addAll(destinations.caveats());
        end.blacklists().stream()
                .filter(name -> !parameters.blacklists.containsKey(ConfWriter.quoted(name)))
                .forEach(name ->
                        caveats.add("use_blacklist(\"" + name + "\"), which is no blacklist of the dispatcher module"));
        if (failure != null) {
            failure.caveats().forEach(caveat -> caveats.add("in " + route.written() + ": " + caveat));
        } else if (!end.stateless() && !end.failureRoute().isEmpty()) {
            caveats.add("no failure route has the name " + end.failureRoute());
        }
        String unusable = end.reply() == null ? "" : ", unusable { " + reply(end.reply()) + " }";
        block.add("  select { " + destinations.text() + unusable + " }");
        boolean tries = failsOver && (destinations.hasFailover() || failure.allFailed() != null);
        List<String> relay = relay(end, failure, tries);
        if (failure != null) {
            lost(failure, tries)
                    .forEach(one ->
                            block.add("  # not carried over from " + route.written() + ": " + ConfWriter.comment(one)));
        }
        if (failsOver && !destinations.hasFailover()) {
            block.add("  # no flag F in the selection, so there is no next destination, as in the script");
        }
        if (!relay.isEmpty()) {
            block.add("  relay  { " + String.join(", ", relay) + " }");
        }
    }

    /** The parts of the failure route that the rule cannot express. */
    private static List<String> lost(FailureRoute failure, boolean tries) {
        return tries || !failure.mark(false).isEmpty() ? failure.approximated() : List.of();
    }

    /** @param failure null for none */
    private List<String> relay(Leaf end, FailureRoute failure, boolean failsOver) {
        List<String> relay = new ArrayList<>();
        if (end.selections().get(0).name().equals("ds_select_domain")) {
            relay.add("rewrite = domain");
        }
        if (end.action() == ScriptAction.REDIRECT || end.stateless()) {
            relay.add("mode = " + (end.stateless() ? "stateless" : "redirect"));
        }
        if (failsOver) {
            relay.add("failover = " + ConfWriter.quoted(failure.failover()));
            relay.add("stop = " + ConfWriter.quoted(failure.stop()));
        }
        if (failure != null) {
            relay.addAll(failure.mark(failsOver));
        }
        if (failsOver && failure.allFailed() != null) {
            relay.add("all-failed { " + reply(failure.allFailed()) + " }");
        }
        if (!end.blacklists().isEmpty()) {
            relay.add("blacklist = " + ConfWriter.quoted(String.join(",", end.blacklists())));
        }
        if (!end.stateless()) {
            relay.addAll(end.timers().keys());
        }
        return relay;
    }

    /** Removes variables from the reason phrase. Without a phrase, the rule takes that of the RFC. */
    private static String reply(Script.FunctionCall reply) {
        String reason = reply.argument(1)
                .replaceAll("\\$[\\w(){}.<>=-]*", "")
                .replaceAll("[^\\x20-\\x7e]", "")
                .strip();
        int code = ScriptFunctions.code(reply);
        int own = Math.max(300, code);
        return reason.isEmpty() && ReasonPhrases.of(own) != null
                ? "code = " + own
                : "code = " + own + ", reason = " + ConfWriter.quoted(reason.isEmpty() ? "Refused" : reason);
    }

    /**
     * Reports the selections, replies and routes of the script.
     *
     * @param paths the paths that the rules express
     */
    void report(ScriptExecutionPaths paths) {
        new ScriptReport(script, report, this, parameters.isKamailio(), paths).count();
        if (sketches > 0) {
            report.left(Item.OTHER, "paths through the script: " + sketches, "they are comments in rules");
        }
    }
}
