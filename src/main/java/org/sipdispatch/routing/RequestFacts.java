package org.sipdispatch.routing;

import java.net.InetSocketAddress;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sip.SipRequest;

/**
 * The properties of a request that a rule can test, and the results of a rule that its variables can name.
 *
 * @param source the source address of the request, from the operating system
 * @param socket the name of the listening socket on which it arrived
 * @param sets what the lane knows of the sets
 * @param senderSet the set in which the rule's {@code in-set} found the sender; null for none
 * @param destination the destination that this attempt sends to; null before the selection
 */
public record RequestFacts(
        SipRequest request,
        InetSocketAddress source,
        String socket,
        KnownSets sets,
        SetId senderSet,
        Destination destination) {
    /** The facts before any rule has matched. */
    public RequestFacts(SipRequest request, InetSocketAddress source, String socket, KnownSets sets) {
        this(request, source, socket, sets, null, null);
    }

    RequestFacts withSenderSet(SetId set) {
        return new RequestFacts(request, source, socket, sets, set, destination);
    }

    RequestFacts withDestination(Destination target) {
        return new RequestFacts(request, source, socket, sets, senderSet, target);
    }
}
