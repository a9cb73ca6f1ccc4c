package org.sipdispatch.manage;

import org.sipdispatch.operations.Role;

/**
 * A bearer token.
 *
 * @param name the owner, as shown in the history
 * @param secret the text that the client must present
 */
record BearerToken(String name, String secret, Role role) {
    static final int SHORTEST = 16;

    /** Omits the secret, because the text may get into a log. */
    @Override
    public String toString() {
        return name + " (" + role + ")";
    }
}
