package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.migrate.Outcome.Decision;
import org.sipdispatch.migrate.Outcome.Kind;
import org.sipdispatch.migrate.Outcome.Leaf;

/** Joins the outcomes after a selection: with a usable destination, and without one. */
final class SelectionFallback {
    private SelectionFallback() {}

    /** @param selections the selection; empty for one that is not the dispatcher's */
    static Outcome of(Outcome chosen, List<Script.Call> selections, Outcome otherwise) {
        if (chosen instanceof Decision split) {
            return Outcome.split(
                    split.fact(), of(split.yes(), selections, otherwise), of(split.no(), selections, otherwise));
        }
        Leaf end = (Leaf) chosen;
        boolean its = end.kind() == Kind.SELECT || end.kind() == Kind.REDIRECT;
        if (selections.isEmpty()) {
            return end.kind() == Kind.OTHER && end.reply() == null ? others(end, otherwise) : end;
        }
        return its && end.selections().equals(selections) ? joined(end, otherwise) : end;
    }

    /** Adds the reply, or the other outcome, to a selection of another module. */
    private static Outcome others(Leaf end, Outcome otherwise) {
        if (otherwise instanceof Leaf other && other.kind() == Kind.REPLY) {
            return end.with(end.selections(), other.reply(), List.of());
        }
        boolean nothing = otherwise instanceof Leaf other && other.kind() == Kind.SILENT;
        Fact found = Fact.of(
                Fact.Kind.UNKNOWN,
                "",
                end.doubts().isEmpty() ? "" : end.doubts().get(0));
        return nothing ? end : Outcome.split(found, end, otherwise);
    }

    private static Outcome joined(Leaf end, Outcome otherwise) {
        if (!(otherwise instanceof Leaf other)) {
            return Outcome.split(
                    Fact.of(Fact.Kind.UNKNOWN, "", end.selections().get(0).written() + " finds a destination"),
                    end,
                    otherwise);
        }
        if (other.kind() == Kind.REPLY) {
            return end.with(end.selections(), other.reply(), List.of());
        }
        if (other.kind() == Kind.SELECT
                && other.failureRoute().equals(end.failureRoute())
                && other.doubts().equals(end.doubts())) {
            List<Script.Call> all = new ArrayList<>(end.selections());
            all.addAll(other.selections());
            return end.with(all, other.reply(), List.of());
        }
        return other.kind() == Kind.SILENT
                ? end
                : Outcome.split(
                        Fact.of(Fact.Kind.UNKNOWN, "", end.selections().get(0).written() + " finds a destination"),
                        end,
                        otherwise);
    }
}
