package org.sipdispatch.desk;

/** Puts an order into the history that was given past this desk: to the cluster itself. */
public final class NoteOrder {
    private final Surroundings here;

    NoteOrder(Surroundings here) {
        this.here = here;
    }

    /**
     * Notes it, if the node has started.
     *
     * @param what the order
     * @param end what became of it
     */
    public void note(Caller caller, String verb, String what, String end) {
        if (here.isStarted()) {
            here.note(caller, verb, "", Surroundings.reason(what) + "; " + end);
        }
    }
}
