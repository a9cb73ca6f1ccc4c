package org.sipdispatch.destination;

import java.util.concurrent.atomic.AtomicLong;

/** A membership that the test revokes and confirms. */
public final class FakeMembership implements MembershipCheck {
    public volatile boolean current = true;
    public final AtomicLong pauses = new AtomicLong();
    /** How many times the membership was checked. */
    public final AtomicLong asked = new AtomicLong();

    /** Whether the process is paused right after each check. */
    public volatile boolean pausesAfterCheck;

    @Override
    public boolean isCurrent() {
        asked.incrementAndGet();
        if (pausesAfterCheck) {
            pauses.incrementAndGet();
        }
        return current;
    }

    @Override
    public long pauses() {
        return pauses.get();
    }
}
