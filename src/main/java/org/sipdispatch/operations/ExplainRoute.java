package org.sipdispatch.operations;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.destination.Status;
import org.sipdispatch.proxy.Explanation;
import org.sipdispatch.replication.DestinationsSnapshot;

/** Explains where a request would be routed, without sending anything. */
public final class ExplainRoute {
    /** The maximum size of a datagram. A larger message could never arrive, and must not delay a lane's traffic. */
    private static final int MOST_BYTES = 64 * 1024;

    private final OperationContext context;

    ExplainRoute(OperationContext context) {
        this.context = context;
    }

    /**
     * An explanation.
     *
     * @param statuses the known statuses of the destinations in the explanation, by destination id
     */
    public record Explained(Explanation explanation, Map<String, Status> statuses) {}

    /**
     * Explains the routing of a request.
     *
     * @param message a complete SIP request
     * @param source the source address that the request would have
     * @param socket the name of the receiving socket; null for the first one
     */
    public CompletionStage<Explained> answer(byte[] message, InetSocketAddress source, String socket) {
        if (message.length > MOST_BYTES) {
            throw new OperationException(
                    OperationException.RefusalReason.TOO_LARGE,
                    "body: " + message.length + " bytes (expected: " + MOST_BYTES + " at most)");
        }
        return context.traffic()
                .explain(message, source, socket)
                .handle((explanation, failure) -> {
                    if (failure != null) {
                        throw OperationContext.refusal(failure);
                    }
                    return explanation;
                })
                .thenApply(explanation -> withStatuses(explanation, context.destinations()));
    }

    private static Explained withStatuses(Explanation explanation, DestinationsSnapshot known) {
        Map<String, Status> statuses = new HashMap<>();
        explanation.sets().stream()
                .flatMap(set -> set.members().stream())
                .map(member -> known.find(member.destination().id()))
                .filter(one -> one != null && one.status() != null)
                .forEach(one -> statuses.put(one.id(), one.status()));
        return new Explained(explanation, statuses);
    }
}
