package org.sipdispatch.destination;

/** What operators see of a destination, with the numbers of the table's {@code state} column. */
public enum DestinationState {
    /** Takes traffic. */
    ACTIVE(0),
    /** Taken out by an operator; takes no traffic. */
    INACTIVE(1),
    /** Found dead; takes no traffic and is probed until it answers. */
    PROBING(2);

    private final int code;

    DestinationState(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public boolean takesTraffic() {
        return this == ACTIVE;
    }

    /** The state with that number; null if there is none. */
    public static DestinationState of(int code) {
        for (DestinationState state : values()) {
            if (state.code == code) {
                return state;
            }
        }
        return null;
    }
}
