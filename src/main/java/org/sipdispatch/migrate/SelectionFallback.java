package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.sipdispatch.migrate.ScriptOutcome.Leaf;
import org.sipdispatch.migrate.ScriptOutcome.ScriptAction;
import org.sipdispatch.migrate.ScriptOutcome.Split;

/** Joins the outcomes after a selection: with a usable destination, and without one. */
final class SelectionFallback {
    /** The maximum number of outcomes after a selection. */
    private static final int MOST = 3000;

    private SelectionFallback() {}

    /** @param selections the selection; empty for one that is not the dispatcher's */
    static ScriptOutcome of(ScriptOutcome chosen, List<Script.FunctionCall> selections, ScriptOutcome otherwise) {
        long all = (long) size(chosen) * size(otherwise);
        return all > MOST ? doubted(chosen) : joined(chosen, selections, otherwise);
    }

    private static int size(ScriptOutcome outcome) {
        return outcome instanceof Split split ? size(split.yes()) + size(split.no()) : 1;
    }

    private static ScriptOutcome doubted(ScriptOutcome chosen) {
        if (chosen instanceof Split split) {
            return new Split(split.fact(), doubted(split.yes()), doubted(split.no()));
        }
        Leaf end = (Leaf) chosen;
        return end.with(end.selections(), end.reply(), List.of("the script has too many paths after a selection"));
    }

    private static ScriptOutcome joined(
            ScriptOutcome chosen, List<Script.FunctionCall> selections, ScriptOutcome otherwise) {
        if (chosen instanceof Split split) {
            return ScriptOutcome.split(
                    split.fact(),
                    joined(split.yes(), selections, otherwise),
                    joined(split.no(), selections, otherwise));
        }
        Leaf end = (Leaf) chosen;
        boolean its = end.action() == ScriptAction.SELECT || end.action() == ScriptAction.REDIRECT;
        if (selections.isEmpty() || end.action() == ScriptAction.OTHER) {
            return end.action() == ScriptAction.OTHER && end.reply() == null ? others(end, otherwise) : end;
        }
        return its && end.selections().equals(selections)
                ? joined(end, otherwise)
                : ScriptOutcome.split(found(selections), end, otherwise);
    }

    /** Adds the reply, or the other outcome, to a selection of another module. */
    private static ScriptOutcome others(Leaf end, ScriptOutcome otherwise) {
        if (otherwise instanceof Leaf other && other.action() == ScriptAction.REPLY) {
            return end.with(end.selections(), other.reply(), other.caveats());
        }
        boolean nothing = otherwise instanceof Leaf other && other.action() == ScriptAction.SILENT;
        ScriptCondition found = ScriptCondition.unknown(
                end.caveats().isEmpty() ? "" : end.caveats().get(0));
        return nothing ? end : ScriptOutcome.split(found, end, otherwise);
    }

    private static ScriptOutcome joined(Leaf end, ScriptOutcome otherwise) {
        if (!(otherwise instanceof Leaf other)) {
            return ScriptOutcome.split(found(end.selections()), end, otherwise);
        }
        if (other.action() == ScriptAction.REPLY) {
            return end.with(end.selections(), other.reply(), other.caveats());
        }
        if (other.action() == ScriptAction.SELECT
                && isSameKind(end, other)
                && other.failureRoute().equals(end.failureRoute())
                && other.timers().equals(end.timers())
                && other.caveats().equals(end.caveats())) {
            List<Script.FunctionCall> all = new ArrayList<>(end.selections());
            all.addAll(other.selections());
            return end.with(all, other.reply(), List.of());
        }
        return other.action() == ScriptAction.SILENT
                ? end
                : ScriptOutcome.split(found(end.selections()), end, otherwise);
    }

    /** One rule has one kind of relay for all its sets. */
    private static boolean isSameKind(Leaf end, Leaf other) {
        return end.action() == other.action()
                && end.stateless() == other.stateless()
                && Stream.concat(end.selections().stream(), other.selections().stream())
                                .map(Script.FunctionCall::name)
                                .distinct()
                                .count()
                        == 1;
    }

    private static ScriptCondition found(List<Script.FunctionCall> selections) {
        return ScriptCondition.unknown(selections.get(0).written() + " finds a destination");
    }
}
