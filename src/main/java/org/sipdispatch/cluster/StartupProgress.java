package org.sipdispatch.cluster;

import java.util.List;

/**
 * What a starting node is waiting for, for log lines and the start-up status.
 *
 * @param member whether the node has joined the cluster
 * @param asked addresses of the nodes it tries to join; empty if no seed nodes are configured
 * @param revision revision of the newest definitions received; 0 for none
 * @param unknown number of destinations without a known status
 * @param destinations number of defined destinations
 * @param journalSilent whether the journal was queried and does not answer
 */
record StartupProgress(
        boolean member, List<String> asked, long revision, long unknown, int destinations, boolean journalSilent) {
    /** One English phrase for each thing. */
    List<String> phrases() {
        if (!member) {
            String whom = asked.isEmpty() ? "" : " (asking " + String.join(", ", asked) + ")";
            return List.of("waiting to join the cluster" + whom);
        } else if (revision == 0) {
            return List.of("waiting for definitions");
        }
        if (unknown == 0) {
            return List.of("opening the sockets");
        }
        String state = "waiting for the state of " + unknown + " of " + destinations + " destinations";
        return journalSilent ? List.of(state, "journal does not answer") : List.of(state);
    }
}
