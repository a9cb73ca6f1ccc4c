package org.sipdispatch.replication;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * One reader's position in the changes: all destinations first, then those that changed. It keeps nothing for a reader that
 * is slow but the snapshot that it reads; what changed several times meanwhile is read once. For one thread at a time.
 */
public final class ChangeSubscription implements AutoCloseable {
    private static final long NOTHING_READ = -1;

    private final ChangeFeed feed;
    private final ChangeFeed.Listener listener;
    private DestinationsSnapshot reading;
    /** Changes up to this one were read before {@link #reading}. */
    private long read = NOTHING_READ;

    private int position;
    private boolean redefined;

    ChangeSubscription(ChangeFeed feed, Runnable wake) {
        this.feed = feed;
        listener = (snapshot, statuses) -> wake.run();
        reading = feed.snapshot();
        feed.add(listener);
    }

    /** The next destinations that changed, {@code most} at most, of those that the filter takes; empty if there are none now. */
    public List<DestinationsSnapshot.Entry> next(Predicate<DestinationsSnapshot.Entry> filter, int most) {
        advance();
        List<DestinationsSnapshot.Entry> all = reading.destinations();
        List<DestinationsSnapshot.Entry> changed = new ArrayList<>();
        for (; position < all.size() && changed.size() < most; position++) {
            DestinationsSnapshot.Entry one = all.get(position);
            if (one.change() > read && filter.test(one)) {
                changed.add(one);
            }
        }
        return changed;
    }

    /** Whether the definitions have changed since this was asked last; the first ones are no change. */
    public boolean takeRedefined() {
        advance();
        boolean was = redefined;
        redefined = false;
        return was;
    }

    /** Of the definitions that are read now; 0 for none. */
    public long revision() {
        return reading.revision();
    }

    /** To the newest snapshot, once this one is read, or at once where its definitions count no longer. */
    private void advance() {
        DestinationsSnapshot newest = feed.snapshot();
        boolean isRead = position >= reading.destinations().size();
        if (newest != reading && (isRead || !newest.hasDefinitionsOf(reading))) {
            read = isRead ? reading.change() : read;
            redefined |= reading.revision() > 0 && newest.revision() != reading.revision();
            reading = newest;
            position = 0;
        }
    }

    @Override
    public void close() {
        feed.remove(listener);
    }
}
