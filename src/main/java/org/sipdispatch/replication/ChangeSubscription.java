package org.sipdispatch.replication;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * One reader's position in the changes: returns all destinations first, then those that changed. For a slow reader it
 * retains only the snapshot being read; a destination that changed several times meanwhile is returned once. Not
 * thread-safe.
 */
public final class ChangeSubscription implements AutoCloseable {
    private static final long NOTHING_READ = -1;

    private final ChangeFeed feed;
    private final ChangeFeed.ChangeListener listener;
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

    /**
     * Returns the next changed destinations that match the filter, {@code most} at most; empty if there are none now.
     */
    public List<DestinationsSnapshot.KnownDestination> next(
            Predicate<DestinationsSnapshot.KnownDestination> filter, int most) {
        advance();
        List<DestinationsSnapshot.KnownDestination> all = reading.destinations();
        List<DestinationsSnapshot.KnownDestination> changed = new ArrayList<>();
        for (; position < all.size() && changed.size() < most; position++) {
            DestinationsSnapshot.KnownDestination one = all.get(position);
            if (one.change() > read && filter.test(one)) {
                changed.add(one);
            }
        }
        return changed;
    }

    /** Whether the definitions have changed since the last call; the first definitions are not a change. */
    public boolean takeRedefined() {
        advance();
        boolean was = redefined;
        redefined = false;
        return was;
    }

    /** Revision of the definitions being read; 0 for none. */
    public long revision() {
        return reading.revision();
    }

    /** Moves to the newest snapshot when the current one has been read, or at once if its definitions are outdated. */
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
