package org.sipdispatch.operations;

/**
 * Who asks or orders.
 *
 * @param name who, as far as that is known
 * @param address where from; empty where that means nothing
 * @param known whether the name was proven, by a token or a certificate
 */
public record Caller(String name, String address, Role role, boolean known) {
    private static final int LONGEST_NAME = 64;

    /** The same under the name he gives himself; what was proven stands. */
    public Caller calledHimself(String other) {
        return known || other == null || other.isBlank() ? this : new Caller(other, address, role, false);
    }

    /** As it is written down: {@code name@address}, on one short line. */
    public String text() {
        String clean = OneLine.clean(name, LONGEST_NAME);
        return address.isEmpty() ? clean : clean + "@" + address;
    }

    /** Refuses whoever may only look. */
    void mayChange() {
        if (role != Role.WRITE) {
            throw new OperationException(
                    OperationException.Kind.FORBIDDEN, "role: read (expected: write, since this changes something)");
        }
    }
}
