package org.sipdispatch.operations;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.destination.Status;
import org.sipdispatch.proxy.Explanation;
import org.sipdispatch.replication.DestinationsSnapshot;

/** Tells where a request would go and why, without sending anything. */
public final class ExplainRoute {
    /** No datagram is longer, and whoever asks must not hold up a lane's traffic with what could never arrive. */
    private static final int MOST_BYTES = 64 * 1024;

    private final OperationContext here;

    ExplainRoute(OperationContext here) {
        this.here = here;
    }

    /**
     * The answer.
     *
     * @param statuses what is known of the destinations that it mentions, by their ids
     */
    public record Picked(Explanation explanation, Map<String, Status> statuses) {}

    /**
     * Explains.
     *
     * @param message a whole SIP request
     * @param source where it would come from
     * @param socket the name of the socket it would come in by; null for the first one
     */
    public CompletionStage<Picked> answer(byte[] message, InetSocketAddress source, String socket) {
        if (message.length > MOST_BYTES) {
            throw new OperationException(
                    OperationException.Kind.TOO_LARGE,
                    "body: " + message.length + " bytes (expected: " + MOST_BYTES + " at most)");
        }
        return here.traffic()
                .explain(message, source, socket)
                .handle((explanation, trouble) -> {
                    if (trouble != null) {
                        throw OperationContext.refusal(trouble);
                    }
                    return explanation;
                })
                .thenApply(explanation -> with(explanation, here.destinations()));
    }

    private static Picked with(Explanation explanation, DestinationsSnapshot known) {
        Map<String, Status> statuses = new HashMap<>();
        explanation.sets().stream()
                .flatMap(set -> set.members().stream())
                .map(member -> known.find(member.destination().id()))
                .filter(one -> one != null && one.status() != null)
                .forEach(one -> statuses.put(one.id(), one.status()));
        return new Picked(explanation, statuses);
    }
}
