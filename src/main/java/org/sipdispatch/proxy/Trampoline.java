package org.sipdispatch.proxy;

/**
 * Takes steps one after the other, each of which may ask for the next one at once or later. A loop, since each of a
 * thousand destinations that refuse at once would take its piece of the stack otherwise.
 */
abstract class Trampoline {
    private boolean stepping;
    private boolean again;

    /** Takes the next step, behind the one that is being taken. */
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
