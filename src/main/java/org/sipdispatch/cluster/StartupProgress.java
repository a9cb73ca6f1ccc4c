package org.sipdispatch.cluster;

import java.util.List;

/**
 * What a starting node is waiting for, for log lines and the start-up status.
 *
 * @param joining what it waits for to join the cluster; empty if it has joined
 * @param revision revision of the newest definitions received; 0 for none
 * @param unknown number of destinations without a known status
 * @param destinations number of defined destinations
 * @param journalSilent whether the journal was queried and does not answer
 */
record StartupProgress(String joining, long revision, long unknown, int destinations, boolean journalSilent) {
    /** One English phrase for each thing. */
    List<String> phrases() {
        if (!joining.isEmpty()) {
            return List.of(joining);
        } else if (revision == 0) {
            return List.of("waiting for definitions: no node has read the tables and lists yet");
        }
        if (unknown == 0) {
            return List.of("opening the sockets");
        }
        String state = "waiting for the state of " + unknown + " of " + destinations + " destinations";
        return journalSilent ? List.of(state, "journal does not answer") : List.of(state);
    }
}
