package org.sipdispatch.membership;

/** Receives that this node's membership is confirmed. */
@FunctionalInterface
public interface ConfirmationListener {
    /**
     * The membership is confirmed.
     *
     * @param pauses the pause count up to which it is confirmed
     * @param becameAlone whether this node has become the only one of its cluster while it was not confirmed
     */
    void onConfirmed(long pauses, boolean becameAlone);
}
