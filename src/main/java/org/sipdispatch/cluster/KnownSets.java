package org.sipdispatch.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.Version;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;

/**
 * What this node knows: the newest definitions and the newest status of each destination, and the views of the sets
 * that follow from both. Not thread-safe, but for {@link #newestVersion}.
 */
final class KnownSets {
    /**
     * What was not known before.
     *
     * @param changed the sets whose views changed
     */
    record News(Set<SetId> changed, Map<String, Status> statuses) {}

    private long revision;
    private final Map<SetId, List<Definition>> definitions = new LinkedHashMap<>();
    private final Map<String, Set<SetId>> setsById = new HashMap<>();
    private final Map<String, Status> statuses = new HashMap<>();
    private final Map<String, Version> versions = new ConcurrentHashMap<>();
    private Map<String, Status> before = Map.of();
    private Map<Destination, Destination> interned = new HashMap<>();
    private int unknown;

    /**
     * Begins to listen to a cluster, which may know less than the one before did. What was known stays in force until
     * that cluster says something of a destination; then whatever it says counts.
     */
    void listenAnew() {
        Map<String, Status> old = new HashMap<>(before);
        old.putAll(statuses);
        before = old;
        statuses.clear();
        versions.clear();
        count();
    }

    /**
     * Takes newer definitions; rows that did not change stay the same objects, by which traffic knows them.
     *
     * @return whether anything changed that views show
     */
    boolean define(long newRevision, List<Definition> all) {
        List<Definition> old = all();
        revision = newRevision;
        definitions.clear();
        setsById.clear();
        Map<Destination, Destination> kept = new HashMap<>();
        for (Definition definition : all) {
            Destination known = interned.getOrDefault(definition.destination(), definition.destination());
            kept.put(known, known);
            SetId set = new SetId(known.partition(), known.set());
            definitions.computeIfAbsent(set, unused -> new ArrayList<>()).add(with(definition, known));
            setsById.computeIfAbsent(known.id(), unused -> new LinkedHashSet<>())
                    .add(set);
        }
        interned = kept;
        count();
        return !workAs(old, all());
    }

    private static boolean workAs(List<Definition> old, List<Definition> now) {
        boolean same = old.size() == now.size();
        for (int i = 0; same && i < now.size(); i++) {
            same = now.get(i).worksAs(old.get(i));
        }
        return same;
    }

    private static Definition with(Definition definition, Destination destination) {
        return new Definition(
                destination,
                definition.initial(),
                definition.permanentProbing(),
                definition.place(),
                definition.places(),
                definition.revision(),
                definition.scriptAttrs(),
                definition.temporary());
    }

    private void count() {
        unknown = (int) setsById.keySet().stream()
                .filter(id -> !statuses.containsKey(id))
                .count();
    }

    /** Takes in statuses. */
    News learn(Map<String, Status> told) {
        Set<SetId> changed = new LinkedHashSet<>();
        Map<String, Status> news = new LinkedHashMap<>();
        told.forEach((id, status) -> {
            Status known = statuses.get(id);
            if (known == null || status.version().isAfter(known.version())) {
                statuses.put(id, status);
                versions.put(id, status.version());
                news.put(id, status);
                Set<SetId> sets = setsById.getOrDefault(id, Set.of());
                boolean first = known == null && !sets.isEmpty();
                unknown -= first ? 1 : 0;
                if (first || known != null && known.takesTraffic() != status.takesTraffic()) {
                    changed.addAll(sets);
                }
            }
        });
        return new News(changed, news);
    }

    /** The version that the cluster has said of a destination in this membership; null if none. On any thread. */
    Version newestVersion(String id) {
        return versions.get(id);
    }

    long revision() {
        return revision;
    }

    /** Whether something is known of each destination. */
    boolean isComplete() {
        return revision > 0 && unknown == 0;
    }

    Status status(String id) {
        return statuses.get(id);
    }

    /** The same; until the cluster has said something, what it was in the former membership of this node. */
    Status lastStatus(String id) {
        return statuses.getOrDefault(id, before.get(id));
    }

    List<Definition> all() {
        return definitions.values().stream().flatMap(List::stream).toList();
    }

    List<SetView> views() {
        return definitions.keySet().stream().map(this::view).toList();
    }

    SetView view(SetId set) {
        return SetView.of(
                set,
                definitions.get(set).stream()
                        .map(definition -> new SetView.Member(definition.destination(), takesTraffic(definition)))
                        .toList());
    }

    /** Until its actor has spoken, a destination is what its row says. */
    private boolean takesTraffic(Definition definition) {
        Status status = lastStatus(definition.id());
        return status == null || status.removed() ? definition.initial().takesTraffic() : status.takesTraffic();
    }
}
