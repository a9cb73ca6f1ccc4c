package org.sipdispatch.operations;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;

/** Lists the destinations that this node knows. */
public final class ListDestinations {
    /** Orders by set; the sort is stable, so the destinations of a set keep their order of selection. */
    private static final Comparator<DestinationsSnapshot.KnownDestination> IN_LISTS =
            Comparator.comparing(one -> one.definition().destination().setId(), SetId.IN_LISTS);

    private final OperationContext context;

    ListDestinations(OperationContext context) {
        this.context = context;
    }

    /**
     * Selects destinations; a null parameter does not restrict.
     *
     * @param text a substring of URI, attrs or description, compared case-insensitively
     * @param offset the number of matches to skip
     * @param most the maximum number of matches to return
     */
    public record Filter(String partition, Integer set, DestinationState state, String text, int offset, int most) {
        public static final Filter ALL = new Filter(null, null, null, null, 0, Integer.MAX_VALUE);

        boolean accepts(DestinationsSnapshot.KnownDestination one) {
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
     * A page of destinations.
     *
     * @param revision the revision of the definitions; 0 if there are none
     * @param total the number of destinations that match the filter
     */
    public record DestinationPage(long revision, int total, List<DestinationsSnapshot.KnownDestination> rows) {}

    /** The destination's state; the initial state of its row until its actor has reported. */
    static DestinationState stateOf(DestinationsSnapshot.KnownDestination one) {
        return one.status() == null ? one.definition().initial() : one.status().state();
    }

    public DestinationPage answer(Filter filter) {
        DestinationsSnapshot known = context.destinations();
        List<DestinationsSnapshot.KnownDestination> all = matching(known, filter);
        List<DestinationsSnapshot.KnownDestination> page =
                all.stream().skip(filter.offset()).limit(filter.most()).toList();
        return new DestinationPage(known.revision(), all.size(), page);
    }

    /** The destinations that match the filter, in the order of lists. */
    static List<DestinationsSnapshot.KnownDestination> matching(DestinationsSnapshot known, Filter filter) {
        return known.destinations().stream()
                .filter(filter::accepts)
                .sorted(IN_LISTS)
                .toList();
    }
}
