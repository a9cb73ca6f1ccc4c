package org.sipdispatch.membership;

import akka.actor.Address;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The questions to other nodes, and those nodes that this node may join: those that are in a cluster and have a valid lease. A node that has
 * just resumed may be a member of a cluster that all others have left, with states that are older than theirs, and has
 * no lease. If the others joined it, it would be the majority again, and confirmed orders would be lost. Thread-safe.
 */
final class JoinableNodes {
    private final long lengthNanos;
    private final LongSupplier nanoClock;
    /** The questions of the last lease length by the time in them, which the answers repeat. */
    private final Map<Long, Address> asked = new HashMap<>();
    /** When the last question was sent that the node answered so. */
    private final Map<Address, Long> joinable = new HashMap<>();

    private long lastNanos = Long.MIN_VALUE;

    JoinableNodes(Duration leaseLength, LongSupplier nanoClock) {
        lengthNanos = leaseLength.toNanos();
        this.nanoClock = nanoClock;
    }

    /** A question is sent to the node. Returns its time, which no other question has. */
    synchronized long asked(Address node) {
        long now = nanoClock.getAsLong();
        asked.keySet().removeIf(sentNanos -> now - sentNanos > lengthNanos);
        lastNanos = lastNanos == Long.MIN_VALUE || now - lastNanos > 0 ? now : lastNanos + 1;
        asked.put(lastNanos, node);
        return lastNanos;
    }

    /** The node that the question with that time was sent to; null if that was longer ago. */
    synchronized Address askedNode(long askedNanos) {
        return asked.get(askedNanos);
    }

    /** Records the answer to the question with that time. */
    synchronized void answered(long askedNanos, boolean hasLease) {
        Address node = asked.get(askedNanos);
        if (node != null && hasLease) {
            joinable.put(node, askedNanos);
        } else if (node != null && joinable.getOrDefault(node, askedNanos) - askedNanos < 0) {
            joinable.remove(node);
        }
    }

    synchronized Set<Address> nodes() {
        long now = nanoClock.getAsLong();
        joinable.values().removeIf(askedNanos -> now - askedNanos > lengthNanos);
        return new HashSet<>(joinable.keySet());
    }
}
