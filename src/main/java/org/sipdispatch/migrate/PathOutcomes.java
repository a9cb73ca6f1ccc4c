package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.migrate.ScriptOutcome.Leaf;
import org.sipdispatch.migrate.ScriptOutcome.ScriptAction;

/** The outcomes of the statements that end a path: replies, relays, and none of them. */
final class PathOutcomes {
    private PathOutcomes() {}

    static ScriptOutcome tooMany() {
        return Leaf.of(ScriptAction.OTHER, null, List.of("the script has too many paths"));
    }

    static ScriptOutcome silent(PathState state) {
        return Leaf.of(ScriptAction.SILENT, null, state.push(), dialogCaveats(state));
    }

    static ScriptOutcome replied(Script.FunctionCall call, PathState state) {
        int code = ScriptFunctions.code(call);
        if (code / 100 == 3 && !state.selected().isEmpty()) {
            return new Leaf(
                    ScriptAction.REDIRECT,
                    state.selected(),
                    null,
                    "",
                    ScriptTimers.NONE,
                    false,
                    List.of(),
                    state.push(),
                    caveats(state));
        }
        if (code / 100 == 3) {
            return Leaf.of(ScriptAction.OTHER, call, List.of(call.located() + " to addresses that the script sets"));
        }
        return code >= 300
                ? Leaf.of(ScriptAction.REPLY, call, state.push(), dialogCaveats(state))
                : Leaf.of(
                        ScriptAction.OTHER,
                        call,
                        List.of(call.located()
                                + ": a rule answers 300 to 699; refuse such requests, or dispatch them to"
                                + " a destination that answers them"));
    }

    /** With a Route of ours, a request within a dialog follows it before any rule. */
    private static List<String> dialogCaveats(PathState state) {
        List<String> caveats = new ArrayList<>(state.caveats());
        if (state.isInUnroutedDialog()) {
            caveats.add("the script does this to requests within dialogs without loose_route() before;"
                    + " here they follow their dialog");
        }
        return caveats;
    }

    private static List<String> caveats(PathState state) {
        List<String> caveats = dialogCaveats(state);
        if (!state.changed().isEmpty()) {
            caveats.add("the Request-URI is changed before: " + String.join("; ", state.changed()));
        }
        return caveats;
    }

    private static List<String> relayCaveats(PathState state) {
        List<String> caveats = caveats(state);
        if (state.socket() != null) {
            caveats.add("the script chooses the socket to send from before: " + state.socket());
        }
        return caveats;
    }

    static ScriptOutcome relayed(Script.FunctionCall call, PathState state) {
        if (state.selected().isEmpty() || ScriptFunctions.hasFixedTarget(call)) {
            String where = ScriptFunctions.hasFixedTarget(call)
                    ? call.located()
                    : state.target().isEmpty()
                            ? call.name() + " at " + call.place() + " to the Request-URI, without a selection"
                            : state.target();
            List<String> caveats = new ArrayList<>(List.of(where));
            caveats.addAll(relayCaveats(state));
            return new Leaf(
                    ScriptAction.OTHER,
                    state.precedingCalls(),
                    null,
                    "",
                    ScriptTimers.NONE,
                    false,
                    List.of(),
                    state.push(),
                    caveats);
        }
        return new Leaf(
                ScriptAction.SELECT,
                state.selected(),
                null,
                state.failureRoute(),
                state.timers(),
                ScriptFunctions.isStateless(call),
                state.blacklists(),
                state.push(),
                relayCaveats(state));
    }
}
