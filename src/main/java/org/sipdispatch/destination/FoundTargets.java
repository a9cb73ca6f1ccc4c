package org.sipdispatch.destination;

import java.net.Inet4Address;
import java.util.List;
import org.sipdispatch.sets.Target;

/**
 * The addresses that DNS has for a host name.
 *
 * @param targets empty if there are none, or if they are not known because of the failure
 * @param failure why the name servers could not be asked, in which case the targets are those of their last answer;
 *     empty if they have answered
 * @param ttlMs how long the answer applies, in milliseconds
 * @param unknown the hosts of SRV records whose addresses are not known because of the failure
 */
public record FoundTargets(List<Target> targets, String failure, long ttlMs, List<UnknownHost> unknown) {
    /** A host and port of which the IPv4 addresses are not known, or the IPv6 addresses. */
    public record UnknownHost(String host, int port, boolean ipv4) {
        private boolean mayHave(Target target) {
            return host.equalsIgnoreCase(target.host())
                    && port == target.address().getPort()
                    && ipv4 == target.address().getAddress() instanceof Inet4Address;
        }
    }

    /** An answer without unknown hosts. */
    public FoundTargets(List<Target> targets, String failure, long ttlMs) {
        this(targets, failure, ttlMs, List.of());
    }

    /** Whether a target of an earlier answer may still be one. */
    boolean leavesOpen(Target earlier) {
        return unknown.stream().anyMatch(one -> one.mayHave(earlier));
    }
}
