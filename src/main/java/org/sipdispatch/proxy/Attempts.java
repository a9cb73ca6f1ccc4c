package org.sipdispatch.proxy;

import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.transaction.ClientTransaction.ClientState;
import org.sipdispatch.transaction.ClientTransactionsByHop;

/**
 * The attempts of one request, in the order in which they were made. Most requests have one, so a list is created only
 * for the others.
 */
final class Attempts {
    private Attempt first;
    private List<Attempt> others = List.of();

    void add(Attempt attempt) {
        if (first == null) {
            first = attempt;
        } else {
            others = others.isEmpty() ? new ArrayList<>(2) : others;
            others.add(attempt);
        }
    }

    int size() {
        return first == null ? 0 : 1 + others.size();
    }

    boolean isEmpty() {
        return first == null;
    }

    /** The attempt with that number, from 0; null if there is none. */
    Attempt at(int number) {
        return number == 0 ? first : number <= others.size() ? others.get(number - 1) : null;
    }

    /** Whether there is at most one, and its final response has arrived. */
    boolean areSettled() {
        return first == null || others.isEmpty() && first.client().state().ordinal() >= ClientState.COMPLETED.ordinal();
    }

    /** Gives up and cancels all attempts except the one that succeeded. */
    void cancelAllBut(Attempt winner) {
        for (int i = 0; i < size(); i++) {
            Attempt other = at(i);
            if (other != winner) {
                other.giveUp();
                other.withdraw();
            }
        }
    }

    /** Stops all attempts. Call this when they are discarded. */
    void stop(ClientTransactionsByHop waiting) {
        for (int i = 0; i < size(); i++) {
            Attempt attempt = at(i);
            waiting.remove(attempt.client());
            attempt.stop();
        }
    }
}
