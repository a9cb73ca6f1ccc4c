package org.sipdispatch.limits;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.sipdispatch.settings.Section;

/**
 * The block {@code limits}, and what rules ask for.
 *
 * @param retryAfter when a caller may try again whose call was refused
 * @param sources the sources with limits
 * @param resources the attributes of destinations that are capacities, since rules ask for them
 */
public record LimitSettings(Duration retryAfter, List<SourceLimit> sources, Set<String> resources) {
    /** No limits of sources, and no capacities. */
    public static final LimitSettings NONE = new LimitSettings(Duration.ofSeconds(5), List.of(), Set.of());

    private static final String SOURCES = "sources";
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofHours(1);

    /**
     * Reads the block.
     *
     * @param defaultPartition the partition of sets that are named without one
     * @param partitions the names of all partitions
     */
    public static LimitSettings from(Section limits, String defaultPartition, Set<String> partitions) {
        List<SourceLimit> sources = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Section block : limits.sections(SOURCES)) {
            block.check(() -> {
                SourceLimit source = SourceLimit.from(block, defaultPartition, partitions);
                if (!names.add(source.name())) {
                    block.refuse("name", source.name(), "a name that no other source has");
                }
                sources.add(source);
            });
        }
        Duration retryAfter = limits.duration("retry-after", LEAST, MOST);
        limits.refuseUnknown();
        return new LimitSettings(retryAfter, List.copyOf(sources), Set.of());
    }

    /** The same with these resources. */
    public LimitSettings withResources(Set<String> names) {
        return new LimitSettings(retryAfter, sources, Set.copyOf(names));
    }
}
