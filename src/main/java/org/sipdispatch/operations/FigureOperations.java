package org.sipdispatch.operations;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.sipdispatch.replication.PushedFigure;
import org.sipdispatch.replication.PushedFigures;
import org.sipdispatch.sets.FigurePattern;
import org.sipdispatch.sip.SipUri;

/** Pushes figures of destinations, which algorithm 9 compares. Not recorded in the history: pushes are frequent. */
public final class FigureOperations {
    private static final int LONGEST_SECONDS = 86_400;
    private static final int LONGEST_URI = 256;

    private final OperationContext context;
    private final PushedFigures pushed;

    FigureOperations(OperationContext context, PushedFigures pushed) {
        this.context = context;
        this.pushed = pushed;
    }

    /** The figures that this node uses, by name. */
    public Map<String, PushedFigure> list() {
        return pushed.all();
    }

    /**
     * The result of a push.
     *
     * @param values the number of values
     * @param unknown the URIs that are not those of destinations
     */
    public record PushResult(int values, List<String> unknown) {}

    /**
     * Replaces all values of a figure on all nodes. A push may be repeated.
     *
     * @param byUri values by destination URI
     * @param seconds how long the values are used unless they are pushed again
     */
    public CompletionStage<PushResult> push(OperationCaller caller, String name, Map<String, Long> byUri, int seconds) {
        caller.requireWrite();
        checkName(name);
        if (seconds < 1 || seconds > LONGEST_SECONDS) {
            throw OperationException.bad("expires", seconds, "seconds from 1 to " + LONGEST_SECONDS);
        }
        byUri.forEach(FigureOperations::check);
        PushedFigure figure = PushedFigure.of(byUri, seconds * 1000L, System.currentTimeMillis(), caller.text());
        return answered(pushed.push(name, figure)).thenApply(done -> new PushResult(byUri.size(), unknown(byUri)));
    }

    /** Removes a figure on all nodes. Succeeds if there is none. */
    public CompletionStage<Void> remove(OperationCaller caller, String name) {
        caller.requireWrite();
        checkName(name);
        return answered(pushed.remove(name));
    }

    private static CompletionStage<Void> answered(CompletionStage<Void> order) {
        return order.handle((done, failure) -> {
            if (failure != null) {
                throw OperationContext.refusal(failure);
            }
            return done;
        });
    }

    private static void checkName(String name) {
        if (!FigurePattern.isName(name)) {
            throw OperationException.bad("name", name, "1 to 64 letters, digits, _ . or -");
        }
    }

    private static void check(String uri, long value) {
        SipUri parsed = uri.length() > LONGEST_URI ? null : SipUri.parse(uri);
        if (parsed == null || !parsed.isSip()) {
            throw OperationException.bad(
                    "values", SingleLineText.clean(uri, LONGEST_URI), "the URI of a destination, as in its table");
        } else if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
            throw OperationException.bad("values", uri + " = " + value, "whole numbers with 32 bits");
        }
    }

    private List<String> unknown(Map<String, Long> byUri) {
        Set<String> defined = context.destinations().destinations().stream()
                .map(one -> one.definition().destination().uri().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        return byUri.keySet().stream()
                .filter(uri -> !defined.contains(uri.toLowerCase(Locale.ROOT)))
                .sorted()
                .toList();
    }
}
