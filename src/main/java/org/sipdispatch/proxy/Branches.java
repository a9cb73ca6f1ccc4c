package org.sipdispatch.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.sets.Destination;

/**
 * The searches of one request: one that tries destinations one after the other, or in parallel forking one for each
 * destination (RFC 3261 section 16.6).
 */
final class Branches {
    private final FailoverSequence first;
    private List<FailoverSequence> others = List.of();
    /** The number of searches that have not ended. */
    private int open = 1;

    private LocalReply untried;

    Branches(FailoverSequence first) {
        this.first = first;
    }

    /** The only search, or that of the first destination. */
    FailoverSequence first() {
        return first;
    }

    boolean isFork() {
        return !others.isEmpty();
    }

    /**
     * Sends the request to all of these destinations at once.
     *
     * @param another creates a search
     */
    void fork(List<Destination> destinations, Supplier<FailoverSequence> another) {
        open = destinations.size();
        others = new ArrayList<>(open - 1);
        for (int i = 1; i < destinations.size(); i++) {
            others.add(another.get());
        }
        // All exist before the first one begins, because it may end at once.
        first.begin(destinations.subList(0, 1));
        for (int i = 1; i < destinations.size(); i++) {
            others.get(i - 1).branch(destinations.subList(i, i + 1));
        }
    }

    /**
     * A search has ended.
     *
     * @param why the response if it has tried nothing; null for that of its attempts
     * @return whether it was the last one
     */
    boolean end(LocalReply why) {
        untried = why == null ? untried : why;
        open--;
        return open == 0;
    }

    /** The response if nothing was tried; null for the usual one. */
    LocalReply untried() {
        return untried;
    }

    /** Does this with the last attempt of each search that has made one. */
    void currentAttempts(Consumer<Attempt> what) {
        first.currentAttempt(what);
        for (int i = 0; i < others.size(); i++) {
            others.get(i).currentAttempt(what);
        }
    }

    /** The request tries no other destination any more. */
    void leavePlaces() {
        first.leavePlaces();
        for (int i = 0; i < others.size(); i++) {
            others.get(i).leavePlaces();
        }
    }
}
