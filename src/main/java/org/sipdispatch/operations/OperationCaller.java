package org.sipdispatch.operations;

/**
 * The caller of an operation.
 *
 * @param name the name of the token, certificate or user; may be unproven
 * @param address the address of the client; empty if there is none
 * @param known whether a token or a certificate proves the name
 */
public record OperationCaller(String name, String address, Role role, boolean known) {
    private static final int LONGEST_NAME = 64;

    /** The same caller under the name that the client claims. A proven name is kept. */
    public OperationCaller withClaimedName(String other) {
        return known || other == null || other.isBlank() ? this : new OperationCaller(other, address, role, false);
    }

    /** The caller as {@code name@address} for the history and the log, on one line. */
    public String text() {
        String clean = SingleLineText.clean(name, LONGEST_NAME);
        return address.isEmpty() ? clean : clean + "@" + address;
    }

    /** Refuses a read-only caller. */
    void requireWrite() {
        if (role != Role.WRITE) {
            throw new OperationException(
                    OperationException.RefusalReason.FORBIDDEN,
                    "role: read (expected: write, since this changes something)");
        }
    }
}
