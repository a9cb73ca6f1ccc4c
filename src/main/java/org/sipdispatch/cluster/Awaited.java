package org.sipdispatch.cluster;

import java.util.List;

/**
 * What a node that starts waits for.
 *
 * @param member whether it is in the cluster
 * @param asked the nodes that it asks to let it in; empty where they are not written down
 * @param revision of the definitions that it knows; 0 for none
 * @param unknown of how many destinations it knows nothing yet
 * @param destinations how many are defined
 * @param journalSilent whether the journal was asked and does not answer
 */
record Awaited(
        boolean member, List<String> asked, long revision, long unknown, int destinations, boolean journalSilent) {
    /** In words, one for each thing. */
    List<String> words() {
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
