package org.sipdispatch.sharding;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Which definitions are to be sent to their actors. An actor that runs and was sent the present definition gets it
 * again in one of several rounds only, so that a round with many destinations costs little. Not thread-safe.
 */
final class PendingDefinitions {
    /** Most definitions of a round whose actors run and have them. */
    static final int MOST_REPEATED = 2000;

    private final Set<String> pending = new LinkedHashSet<>();
    /** Sent before the others. */
    private final Set<String> urgent = new LinkedHashSet<>();
    /** The destinations whose present definition changes something. */
    private final Set<String> changed = new HashSet<>();
    /** The destinations that were sent their present definition after their actor started. */
    private final Set<String> told = new HashSet<>();

    private DefinitionsByShard defined;
    private Set<String> part = Set.of();
    private long rounds;

    /** {@code shardOf} maps an id to its shard. */
    PendingDefinitions(UnaryOperator<String> shardOf) {
        defined = new DefinitionsByShard(List.of(), shardOf);
    }

    /** The present definitions. */
    DefinitionsByShard defined() {
        return defined;
    }

    /**
     * Sets new definitions. Those that change something are sent before all others.
     *
     * @return the ids of the destinations that are no longer defined
     */
    List<String> define(DefinitionsByShard news) {
        DefinitionsByShard before = defined;
        defined = news;
        told.clear();
        pending.removeIf(id -> news.get(id) == null);
        urgent.removeIf(id -> news.get(id) == null);
        changed.clear();
        news.ids().stream().filter(id -> !news.get(id).hasRowOf(before.get(id))).forEach(changed::add);
        return before.ids().stream().filter(id -> news.get(id) == null).toList();
    }

    /** Begins the next round. */
    void beginRound() {
        int parts = Math.max(1, (defined.ids().size() + MOST_REPEATED - 1) / MOST_REPEATED);
        part = new HashSet<>(defined.part(rounds++, parts));
    }

    /** Adds one of {@code parts} parts of all definitions, the next one in each round. */
    void addPart(int parts) {
        pending.addAll(defined.part(rounds, parts));
    }

    void add(List<String> ids) {
        pending.addAll(ids);
    }

    /**
     * Adds those of a shard of this node that are due in this round; {@code running}: its destinations whose actors
     * run.
     */
    void addDue(String shard, Set<String> running) {
        for (String id : defined.of(shard)) {
            boolean isTold = told.contains(id) && running.contains(id);
            if (!isTold && changed.contains(id)) {
                urgent.add(id);
            } else if (!isTold || part.contains(id)) {
                pending.add(id);
            }
        }
    }

    /** An actor has started, perhaps by a message without its definition. */
    void started(String id) {
        told.remove(id);
    }

    boolean isEmpty() {
        return urgent.isEmpty() && pending.isEmpty();
    }

    /** Takes the next ids; their definitions count as sent. */
    List<String> next(int most) {
        List<String> next = new ArrayList<>();
        take(urgent, most, next);
        pending.removeAll(next);
        take(pending, most, next);
        told.addAll(next);
        return next;
    }

    private static void take(Set<String> from, int most, List<String> next) {
        Iterator<String> all = from.iterator();
        while (next.size() < most && all.hasNext()) {
            next.add(all.next());
            all.remove();
        }
    }
}
