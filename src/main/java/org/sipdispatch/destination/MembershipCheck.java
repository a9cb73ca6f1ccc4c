package org.sipdispatch.destination;

/**
 * Whether this node may decide for the cluster now. While a node was paused, such as in a suspended virtual machine,
 * the others may have removed it. After a pause it must not execute orders or start, publish or write anything until
 * the others have confirmed its membership. Thread-safe; cheap enough to call for each message.
 */
public interface MembershipCheck {
    /** Whether a majority of the cluster has confirmed this node recently, and since its last pause. */
    boolean isCurrent();

    /** The number of pauses of this process that were detected since its start. */
    long pauses();
}
