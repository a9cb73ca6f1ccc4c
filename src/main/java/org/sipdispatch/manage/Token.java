package org.sipdispatch.manage;

import org.sipdispatch.desk.Role;

/**
 * A secret that lets somebody in.
 *
 * @param name whose it is, as the history has it
 * @param secret what he must know
 */
record Token(String name, String secret, Role role) {
    static final int SHORTEST = 16;

    /** Never its secret: this may get into a log. */
    @Override
    public String toString() {
        return name + " (" + role + ")";
    }
}
