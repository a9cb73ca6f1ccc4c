package org.sipdispatch.pauses;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Whether a majority of the nodes is a cluster in time: when the same majority has run without interruption for {@link
 * #FORMED_NS}, each order that one of its nodes receives is executed, as long as the majority runs. An exception is an
 * order that was lost with another node, and that a newer order to the same destination through the same node has
 * replaced: it is not sent again, and its outcome is unknown if the lost node had begun to execute it.
 */
public final class MajorityOrders {
    /** Ten seconds according to the documentation, and the time that a busy host may take in addition. */
    public static final long FORMED_NS = 15_000_000_000L;

    private final List<String> violations = new ArrayList<>();
    private int checked;

    public MajorityOrders(Collection<RecordedOrder> orders, RunningNodes running) {
        for (RecordedOrder order : orders) {
            long sinceNs = running.majoritySinceNs(order.node(), order.invokedNs());
            boolean isFormed = order.invokedNs() - sinceNs >= FORMED_NS;
            boolean runsUntilAnswer = order.answeredNs() == RecordedOrder.NO_ANSWER
                    || running.majoritySinceNs(order.node(), order.answeredNs()) <= sinceNs;
            if (isFormed && runsUntilAnswer && !isReplaced(order, orders)) {
                check(order, sinceNs);
            }
        }
    }

    private static boolean isReplaced(RecordedOrder order, Collection<RecordedOrder> orders) {
        return order.outcome() != RecordedOrder.Outcome.OK
                && orders.stream()
                        .anyMatch(newer -> newer.node() == order.node()
                                && newer.destination().equals(order.destination())
                                && newer.invokedNs() > order.invokedNs()
                                && newer.invokedNs() < order.answeredNs());
    }

    private void check(RecordedOrder order, long sinceNs) {
        checked++;
        if (order.outcome() != RecordedOrder.Outcome.OK) {
            violations.add("%s to node %d was answered %s (%s) although a majority had run %s"
                    .formatted(
                            order.id(),
                            order.node() + 1,
                            order.outcome(),
                            order.answer(),
                            sinceNs == RunningNodes.ALWAYS
                                    ? "all the time"
                                    : "for " + (order.invokedNs() - sinceNs) / 1_000_000 + " ms"));
        }
    }

    public List<String> violations() {
        return violations;
    }

    /** The number of orders that had to be executed. */
    public int checked() {
        return checked;
    }
}
