package org.sipdispatch.pauses;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Calls that nodes sent to a destination while it was on hold. A hold lasts from its response until the start of the
 * first release that may have been executed after it. A release that was answered as failed ends no hold.
 */
public final class HeldInvites {
    /** For this time after its first instruction a resumed node may send calls by its old states. */
    public static final long RESUMED_NS = 200_000_000L;

    /**
     * A running node uses a hold within this time after the response. A member of the cluster has received the status
     * before the response, or, if another node did not answer, within a second of it; a node outside the cluster asks
     * for the statuses several times a second.
     */
    public static final long LEARNED_NS = 1_000_000_000L;

    /**
     * A new call at a destination.
     *
     * @param atNs the earliest time, as of {@link System#nanoTime}, at which the destination can have received it
     */
    public record InviteSeen(String destination, int node, String callId, long atNs) {}

    /**
     * A call to a destination on hold.
     *
     * @param afterHoldNs the time from the response to the hold until the call
     * @param afterResumeNs the time from the end of the node's last pause until the call; {@link Long#MAX_VALUE} if
     *     there was no pause
     */
    public record Wrong(InviteSeen invite, String order, long afterHoldNs, long afterResumeNs) {
        /** Whether the node was paused after the response to the hold: it resumed with an old state. */
        public boolean isOfResumedNode() {
            return afterHoldNs > afterResumeNs;
        }

        /** Whether the node was paused too long ago, or has had too much time to learn of the hold. */
        public boolean isTooLate() {
            return isOfResumedNode() ? afterResumeNs > RESUMED_NS : afterHoldNs > LEARNED_NS;
        }

        @Override
        public String toString() {
            return "node %d called %s %d ms after the answer to %s, %s"
                    .formatted(
                            invite.node() + 1,
                            invite.destination(),
                            afterHoldNs / 1_000_000,
                            order,
                            afterResumeNs == Long.MAX_VALUE
                                    ? "never paused before"
                                    : afterResumeNs / 1_000_000 + " ms after it resumed");
        }
    }

    private HeldInvites() {}

    /** All calls that arrived while their destination was certainly on hold, each with the oldest hold that applied. */
    public static List<Wrong> of(
            Collection<InviteSeen> invites, Collection<RecordedOrder> orders, Collection<Pause> pauses) {
        List<Wrong> all = new ArrayList<>();
        for (InviteSeen invite : invites) {
            long sentNs = Pause.lastRunNs(pauses, invite.node(), invite.atNs());
            orders.stream()
                    .filter(order ->
                            order.destination().equals(invite.destination()) && isHeldBy(order, orders, sentNs))
                    .min(Comparator.comparingLong(RecordedOrder::answeredNs))
                    .ifPresent(hold -> all.add(new Wrong(
                            invite,
                            hold.id(),
                            sentNs - hold.answeredNs(),
                            sinceResumeNs(invite.node(), sentNs, pauses))));
        }
        return all;
    }

    private static boolean isHeldBy(RecordedOrder hold, Collection<RecordedOrder> orders, long sentNs) {
        return hold.holds()
                && hold.outcome() == RecordedOrder.Outcome.OK
                && hold.answeredNs() < sentNs
                && sentNs < heldUntilNs(hold, orders);
    }

    /** The start of the first release that may have taken effect after the hold. */
    private static long heldUntilNs(RecordedOrder hold, Collection<RecordedOrder> orders) {
        return orders.stream()
                .filter(order -> order.destination().equals(hold.destination()) && !order.holds())
                .filter(order -> order.outcome() != RecordedOrder.Outcome.FAILED)
                .filter(order -> order.answeredNs() >= hold.invokedNs())
                .mapToLong(RecordedOrder::invokedNs)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /**
     * For how long destinations were certainly on hold until then, in total: the time in which calls to them are
     * checked.
     */
    public static long checkedNs(Collection<RecordedOrder> orders, long untilNs) {
        long total = 0;
        long coveredNs = Long.MIN_VALUE;
        String destination = "";
        List<RecordedOrder> holds = orders.stream()
                .filter(order -> order.holds() && order.outcome() == RecordedOrder.Outcome.OK)
                .sorted(Comparator.comparing(RecordedOrder::destination).thenComparing(RecordedOrder::answeredNs))
                .toList();
        for (RecordedOrder hold : holds) {
            coveredNs = hold.destination().equals(destination) ? coveredNs : Long.MIN_VALUE;
            destination = hold.destination();
            long endNs = Math.min(untilNs, heldUntilNs(hold, orders));
            total += Math.max(0, endNs - Math.max(coveredNs, hold.answeredNs()));
            coveredNs = Math.max(coveredNs, endNs);
        }
        return total;
    }

    private static long sinceResumeNs(int node, long atNs, Collection<Pause> pauses) {
        return pauses.stream()
                .filter(pause -> pause.node() == node && pause.toNs() <= atNs)
                .mapToLong(pause -> atNs - pause.toNs())
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
