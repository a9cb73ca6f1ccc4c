package org.sipdispatch.destination;

/**
 * Whether this node may decide for the cluster now. A node that stood still, such as in a suspended virtual machine, may
 * have been taken out meanwhile: it must neither execute orders nor begin, publish or write anything until the others
 * have confirmed that they still count it in. Thread-safe; cheap enough to ask for each message.
 */
public interface MembershipCheck {
    /** Of a node that is alone and never stands still. */
    MembershipCheck ALWAYS = new MembershipCheck() {
        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public long pauses() {
            return 0;
        }
    };

    /** Whether a majority of the cluster has confirmed this node lately, and since its last pause. */
    boolean isCurrent();

    /** How many pauses of this process were noticed since its start. */
    long pauses();
}
