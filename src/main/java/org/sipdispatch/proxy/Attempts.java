package org.sipdispatch.proxy;

import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.transaction.ClientTransactionsByHop;

/** The attempts for one request, in their order. */
final class Attempts {
    private final List<Attempt> all = new ArrayList<>(2);

    void add(Attempt attempt) {
        all.add(attempt);
    }

    int size() {
        return all.size();
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** The one of that number; null if there was none. */
    Attempt at(int number) {
        return number < all.size() ? all.get(number) : null;
    }

    /** Whether it is the current one. */
    boolean isLast(Attempt attempt) {
        return attempt == all.get(all.size() - 1);
    }

    /** Cancels the current one, if there is any. */
    void cancelLast() {
        if (!all.isEmpty()) {
            all.get(all.size() - 1).client().cancel();
        }
    }

    /** Gives up and cancels all but that one, which has won. */
    void cancelAllBut(Attempt winner) {
        for (Attempt other : all) {
            if (other != winner) {
                other.giveUp();
                other.client().cancel();
            }
        }
    }

    /** Stops all; to be called when they are forgotten. */
    void stop(ClientTransactionsByHop waiting) {
        for (Attempt attempt : all) {
            waiting.remove(attempt.client());
            attempt.stop();
        }
    }
}
