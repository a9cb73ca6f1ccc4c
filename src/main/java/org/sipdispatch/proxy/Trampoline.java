package org.sipdispatch.proxy;

/**
 * Runs steps in sequence; each step may request the next one immediately or later. A loop instead of recursion, because
 * a thousand destinations that refuse immediately would otherwise overflow the stack.
 */
abstract class Trampoline {
    private boolean stepping;
    private boolean again;

    /** Runs the next step; if a step is running, after that step. */
    final void next() {
        if (stepping) {
            again = true;
            return;
        }
        stepping = true;
        try {
            do {
                again = false;
                step();
            } while (again);
        } finally {
            stepping = false;
        }
    }

    abstract void step();
}
