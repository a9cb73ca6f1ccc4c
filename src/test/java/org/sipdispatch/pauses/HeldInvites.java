package org.sipdispatch.pauses;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Calls that nodes sent to a destination while it was on hold. */
public final class HeldInvites {
    /** A new call at a destination; {@code atNs} as of {@link System#nanoTime}. */
    public record InviteSeen(String destination, int node, String callId, long atNs) {}

    /**
     * A call to a destination on hold.
     *
     * @param afterHoldNs the time from the response to the hold until the call
     * @param afterResumeNs the time from the end of the node's last pause until the call; {@link Long#MAX_VALUE} if
     *     there was no pause
     */
    public record Wrong(InviteSeen invite, String order, long afterHoldNs, long afterResumeNs) {
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
                                    : afterResumeNs / 1_000_000 + " ms after it went on");
        }
    }

    private HeldInvites() {}

    /** All calls that arrived while their destination was certainly on hold, each with the oldest hold that applied. */
    public static List<Wrong> of(
            Collection<InviteSeen> invites, Collection<RecordedOrder> orders, Collection<Pause> pauses) {
        List<Wrong> all = new ArrayList<>();
        for (InviteSeen invite : invites) {
            orders.stream()
                    .filter(order -> isHeldBy(order, orders, invite))
                    .min(Comparator.comparingLong(RecordedOrder::answeredNs))
                    .ifPresent(hold -> all.add(new Wrong(
                            invite, hold.id(), invite.atNs() - hold.answeredNs(), sinceResumeNs(invite, pauses))));
        }
        return all;
    }

    private static boolean isHeldBy(RecordedOrder hold, Collection<RecordedOrder> orders, InviteSeen invite) {
        return hold.holds()
                && hold.outcome() == RecordedOrder.Outcome.OK
                && hold.destination().equals(invite.destination())
                && hold.answeredNs() < invite.atNs()
                && invite.atNs() < heldUntilNs(hold, orders);
    }

    /** The start of the first release that may have taken effect after the hold. */
    private static long heldUntilNs(RecordedOrder hold, Collection<RecordedOrder> orders) {
        return orders.stream()
                .filter(order -> order.destination().equals(hold.destination()) && !order.holds())
                .filter(order -> order.answeredNs() >= hold.invokedNs())
                .mapToLong(RecordedOrder::invokedNs)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private static long sinceResumeNs(InviteSeen invite, Collection<Pause> pauses) {
        return pauses.stream()
                .filter(pause -> pause.node() == invite.node() && pause.toNs() <= invite.atNs())
                .mapToLong(pause -> invite.atNs() - pause.toNs())
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
