package org.sipdispatch.destination;

import java.util.Locale;

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

    /** As people read it: {@code Active}, {@code Inactive}, {@code Probing}. */
    public String text() {
        return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }

    /** The state that a text begins to name, by letter or number as in OpenSIPS; null if it names none. */
    public static DestinationState parse(String text) {
        for (DestinationState state : values()) {
            boolean named = text.length() > 1
                    ? state.name().equalsIgnoreCase(text)
                    : text.equalsIgnoreCase(state.name().substring(0, 1));
            if (named || text.equals(number(state))) {
                return state;
            }
        }
        return null;
    }

    /** As operators write it: 0 inactive, 1 active, 2 probing; not as the table has it. */
    private static String number(DestinationState state) {
        return switch (state) {
            case INACTIVE -> "0";
            case ACTIVE -> "1";
            case PROBING -> "2";
        };
    }

    /** The state with that number in the table; null if there is none. */
    public static DestinationState of(int code) {
        for (DestinationState state : values()) {
            if (state.code == code) {
                return state;
            }
        }
        return null;
    }
}
