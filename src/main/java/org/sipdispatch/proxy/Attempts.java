package org.sipdispatch.proxy;

import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.transaction.ClientTransactionsByHop;

/** The attempts of one request, in the order in which they were made. */
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

    /** The attempt with that number, from 0; null if there is none. */
    Attempt at(int number) {
        return number < all.size() ? all.get(number) : null;
    }

    /** Whether the attempt is the current one. */
    boolean isLast(Attempt attempt) {
        return attempt == all.get(all.size() - 1);
    }

    /** Cancels the current attempt, if there is one. */
    void cancelLast() {
        if (!all.isEmpty()) {
            all.get(all.size() - 1).client().cancel();
        }
    }

    /** Gives up and cancels all attempts except the one that succeeded. */
    void cancelAllBut(Attempt winner) {
        for (Attempt other : all) {
            if (other != winner) {
                other.giveUp();
                other.client().cancel();
            }
        }
    }

    /** Stops all attempts. Call this when they are discarded. */
    void stop(ClientTransactionsByHop waiting) {
        for (Attempt attempt : all) {
            waiting.remove(attempt.client());
            attempt.stop();
        }
    }
}
