package org.sipdispatch.freeswitch;

/** What an {@link EventSocketActor} reports. */
public sealed interface EventSocketReport {
    /** FreeSWITCH has accepted the login and the subscription to heartbeats. */
    enum Subscribed implements EventSocketReport {
        INSTANCE
    }

    /** A heartbeat has arrived. */
    record HeartbeatReceived(HeartbeatEvent event) implements EventSocketReport {}

    /** A heartbeat without usable numbers has arrived. */
    enum UnusableHeartbeat implements EventSocketReport {
        INSTANCE
    }

    /** The last report: the connection has ended or could not be opened. {@code why} has no text from the network. */
    record Closed(String why) implements EventSocketReport {}
}
