package org.sipdispatch.operations;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;

/** All destinations as this node knows them. */
public final class ListDestinations {
    /** Those of one set stay in the order that picks go by. */
    private static final Comparator<DestinationsSnapshot.Entry> IN_LISTS =
            Comparator.comparing(one -> one.definition().destination().setId(), SetId.IN_LISTS);

    private final OperationContext here;

    ListDestinations(OperationContext here) {
        this.here = here;
    }

    /**
     * Which ones; what is null does not count.
     *
     * @param text part of URI, attrs or description, without regard to case
     * @param offset how many of these are left out at the beginning
     * @param most how many of these at most
     */
    public record Filter(String partition, Integer set, DestinationState state, String text, int offset, int most) {
        /** All of them. */
        public static final Filter ALL = new Filter(null, null, null, null, 0, Integer.MAX_VALUE);

        boolean accepts(DestinationsSnapshot.Entry one) {
            Destination destination = one.definition().destination();
            return (partition == null || partition.equals(destination.partition()))
                    && (set == null || set == destination.set())
                    && (state == null || state == stateOf(one))
                    && (text == null || contains(destination, text.toLowerCase(Locale.ROOT)));
        }

        private static boolean contains(Destination destination, String lower) {
            String all = destination.uri() + "\n" + destination.attrs() + "\n" + destination.description();
            return all.toLowerCase(Locale.ROOT).contains(lower);
        }
    }

    /**
     * The answer.
     *
     * @param revision of the definitions; 0 for none
     * @param total how many there are that the filter takes
     */
    public record Page(long revision, int total, List<DestinationsSnapshot.Entry> rows) {}

    /** What a destination is taken for: until its actor has spoken, what its row says. */
    static DestinationState stateOf(DestinationsSnapshot.Entry one) {
        return one.status() == null ? one.definition().initial() : one.status().state();
    }

    public Page answer(Filter filter) {
        DestinationsSnapshot known = here.destinations();
        List<DestinationsSnapshot.Entry> all = chosen(known, filter);
        List<DestinationsSnapshot.Entry> page =
                all.stream().skip(filter.offset()).limit(filter.most()).toList();
        return new Page(known.revision(), all.size(), page);
    }

    /** Those that the filter takes, in the order of lists. */
    static List<DestinationsSnapshot.Entry> chosen(DestinationsSnapshot known, Filter filter) {
        return known.destinations().stream()
                .filter(filter::accepts)
                .sorted(IN_LISTS)
                .toList();
    }
}
