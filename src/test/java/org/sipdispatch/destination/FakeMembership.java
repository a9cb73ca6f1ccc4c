package org.sipdispatch.destination;

import java.util.concurrent.atomic.AtomicLong;

/** A membership that the test revokes and confirms. */
public final class FakeMembership implements MembershipCheck {
    public volatile boolean current = true;
    public final AtomicLong pauses = new AtomicLong();
    /** How many times the membership was checked. */
    public final AtomicLong asked = new AtomicLong();

    @Override
    public boolean isCurrent() {
        asked.incrementAndGet();
        return current;
    }

    @Override
    public long pauses() {
        return pauses.get();
    }
}
