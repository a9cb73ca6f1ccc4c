package org.sipdispatch.destination;

import java.util.Locale;

/** The state of a destination as operators see it, with the numbers of the table's {@code state} column. */
public enum DestinationState {
    /** Receives traffic. */
    ACTIVE(0),
    /** Held by an operator; receives no traffic. */
    INACTIVE(1),
    /** Failed; receives no traffic and is probed until it answers. */
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

    /** The name in messages: {@code Active}, {@code Inactive}, {@code Probing}. */
    public String text() {
        return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }

    /** Parses a name in any case, its first letter, or a number as in OpenSIPS' commands; null for other text. */
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

    /** The numbers in OpenSIPS' commands: 0 inactive, 1 active, 2 probing. They differ from the table's. */
    private static String number(DestinationState state) {
        return switch (state) {
            case INACTIVE -> "0";
            case ACTIVE -> "1";
            case PROBING -> "2";
        };
    }

    /** The state with this number in the table; null if there is none. */
    public static DestinationState of(int code) {
        for (DestinationState state : values()) {
            if (state.code == code) {
                return state;
            }
        }
        return null;
    }
}
