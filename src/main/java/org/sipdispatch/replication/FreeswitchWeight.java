package org.sipdispatch.replication;

import org.sipdispatch.destination.StatusVersion;
import org.sipdispatch.destination.WireMessage;
import org.sipdispatch.freeswitch.EventSocketUrl;

/**
 * The weight of a destination by the heartbeats of its FreeSWITCH, as the destination's node reports it to all nodes.
 *
 * @param version orders the reports: the term and node of the destination's status, and a count of the reports
 * @param source the event socket, without user and password
 * @param connected whether the node is logged in to the event socket; otherwise it is away
 * @param sinceMs since when
 */
public record FreeswitchWeight(StatusVersion version, String source, int weight, boolean connected, long sinceMs)
        implements WireMessage {

    /** Whether it comes from this event socket; {@code null} for a destination without one. */
    boolean isOf(EventSocketUrl url) {
        return url != null && url.toString().equals(source);
    }
}
