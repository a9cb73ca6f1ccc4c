package org.sipdispatch.replication;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;
import org.sipdispatch.destination.Targets;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.MemberState;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;

/**
 * The newest definitions, the newest status of each destination, and the set views derived from both. Not thread-safe,
 * except {@link #newestVersion} and {@link #changes}.
 */
public final class DestinationRegistry {
    /**
     * What {@link #learn} found to be new.
     *
     * @param changed the sets whose views changed
     */
    record LearnResult(Set<SetId> changed, Map<String, Status> statuses) {}

    /** A definition with its id, which the definition builds from texts on each call. */
    private record IdentifiedDefinition(String id, Definition definition) {
        SetId set() {
            return definition.destination().setId();
        }
    }

    /** A set's rows in the order of its view, the view with no destination active, and whether any row has a host name. */
    private record SetTemplate(List<IdentifiedDefinition> rows, SetView view, boolean hasNames) {
        static SetTemplate of(SetId set, List<IdentifiedDefinition> written) {
            List<IdentifiedDefinition> rows = new ArrayList<>(written);
            rows.sort(Comparator.comparing(row -> row.definition().destination(), SetView.ORDER));
            return new SetTemplate(
                    rows,
                    SetView.of(
                            set,
                            rows.stream()
                                    .map(row -> new SetView.SetMember(
                                            row.definition().destination(),
                                            MemberState.INACTIVE,
                                            row.definition().scriptAttrs()))
                                    .toList()),
                    rows.stream().anyMatch(row -> row.definition().destination().isNamed()));
        }
    }

    private long revision;
    private final Map<SetId, List<IdentifiedDefinition>> rows = new LinkedHashMap<>();
    private final Map<SetId, SetTemplate> templates = new HashMap<>();
    private final Map<String, List<IdentifiedDefinition>> rowsById = new HashMap<>();
    private final Map<String, Status> statuses = new ConcurrentHashMap<>();
    private Map<String, Status> formerStatuses = Map.of();
    /** Destinations whose removal this node learned since it has the present definitions. */
    private final Set<String> removedSinceDefined = new HashSet<>();

    private Map<Long, String> nodes = Map.of();
    private Map<Destination, Destination> interned = new HashMap<>();
    private final Map<String, FreeswitchWeight> weights = new HashMap<>();
    private int unknown;
    private final LastKnownStatuses lastKnown;
    private final ChangeFeed changes = new ChangeFeed();
    /** What {@link #publish} has to publish. */
    private final Set<String> changedIds = new HashSet<>();

    private final Map<String, Status> newStatuses = new HashMap<>();
    private boolean redefined;
    private boolean hasPublishedViews;

    DestinationRegistry() {
        this(LastKnownStatuses.none());
    }

    /** {@code lastKnown}: the states that the previous process knew, and the file that keeps the states. */
    public DestinationRegistry(LastKnownStatuses lastKnown) {
        this.lastKnown = lastKnown;
    }

    /**
     * Starts a new session. The new cluster may know less than the previous one did: a status of the former session
     * stays in force until the new cluster reports one for the destination, older or newer.
     */
    void startSession() {
        Map<String, Status> old = new HashMap<>(formerStatuses);
        old.putAll(statuses);
        formerStatuses = old;
        statuses.clear();
        nodes = Map.of();
        countUnknown();
        changedIds.addAll(rowsById.keySet());
        publish();
    }

    /**
     * Replaces the definitions. Destinations of unchanged rows stay the same objects, because traffic identifies
     * destinations by identity.
     *
     * @return whether anything changed that is visible in views
     */
    boolean define(long newRevision, List<Definition> all) {
        List<Definition> old = all();
        if (newRevision != revision) {
            removedSinceDefined.clear();
        }
        revision = newRevision;
        Set<String> gone = new HashSet<>(rowsById.keySet());
        rows.clear();
        templates.clear();
        rowsById.clear();
        Map<Destination, Destination> kept = new HashMap<>();
        for (Definition definition : all) {
            Destination known = interned.getOrDefault(definition.destination(), definition.destination());
            kept.put(known, known);
            IdentifiedDefinition row = new IdentifiedDefinition(known.id(), definition.withDestination(known));
            rows.computeIfAbsent(row.set(), unused -> new ArrayList<>()).add(row);
            rowsById.computeIfAbsent(row.id(), unused -> new ArrayList<>(1)).add(row);
        }
        interned = kept;
        gone.removeAll(rowsById.keySet());
        weights.keySet().removeAll(gone);
        lastKnown.defined(rowsById.keySet());
        countUnknown();
        redefined = true;
        return !areEquivalent(old, all());
    }

    private static boolean areEquivalent(List<Definition> old, List<Definition> now) {
        boolean same = old.size() == now.size();
        for (int i = 0; same && i < now.size(); i++) {
            same = now.get(i).isEquivalentTo(old.get(i))
                    && now.get(i).scriptAttrs().equals(old.get(i).scriptAttrs());
        }
        return same;
    }

    private void countUnknown() {
        unknown = (int) rowsById.keySet().stream()
                .filter(id -> !statuses.containsKey(id))
                .count();
    }

    /** Records that traffic has the views; it keeps them in later sessions. */
    void viewsPublished() {
        hasPublishedViews = true;
    }

    /** Whether traffic has the views of this session or a former one, so that each change must reach it at once. */
    boolean hasPublishedViews() {
        return hasPublishedViews;
    }

    /** Merges statuses reported by the cluster. */
    LearnResult learn(Map<String, Status> reported) {
        Map<String, Status> updates = new LinkedHashMap<>();
        reported.forEach((id, status) -> {
            Status known = statuses.get(id);
            if (known == null || status.version().isAfter(known.version())) {
                updates.put(id, status);
                unknown -= known == null && rowsById.containsKey(id) ? 1 : 0;
            }
        });
        Set<SetId> changed = changedBy(updates.keySet(), () -> {
            noteRemovals(updates);
            statuses.putAll(updates);
        });
        lastKnown.learned(updates);
        newStatuses.putAll(updates);
        return new LearnResult(changed, updates);
    }

    /**
     * Merges statuses of a cluster that this node is not a member of now. They stay in force as statuses of the former
     * session do, see {@link #startSession}.
     *
     * @return the sets whose views changed
     */
    Set<SetId> remember(Map<String, Status> transferred) {
        Map<String, Status> updates = new LinkedHashMap<>(transferred);
        updates.entrySet().removeIf(one -> {
            Status known = formerStatuses.get(one.getKey());
            return known != null && !one.getValue().version().isAfter(known.version());
        });
        lastKnown.learnedFromOthers(updates);
        Map<String, Status> former = new LinkedHashMap<>(formerStatuses);
        former.putAll(updates);
        return changedBy(transferred.keySet(), () -> {
            noteRemovals(updates);
            formerStatuses = former;
        });
    }

    /** Called before the statuses are known. */
    private void noteRemovals(Map<String, Status> updates) {
        updates.forEach((id, status) -> {
            Status known = lastStatus(id);
            if (!status.removed()) {
                removedSinceDefined.remove(id);
            } else if (known == null || !known.removed()) {
                removedSinceDefined.add(id);
            }
        });
    }

    /**
     * Replaces weights from FreeSWITCH by the newest ones. They outlive the session, so that a node that joins again
     * does not start from the largest weight.
     *
     * @return the sets whose views changed
     */
    Set<SetId> learnWeights(Map<String, FreeswitchWeight> reported) {
        Map<String, FreeswitchWeight> updates = new HashMap<>(reported);
        updates.entrySet().removeIf(one -> one.getValue().equals(weights.get(one.getKey())));
        return changedBy(updates.keySet(), () -> weights.putAll(updates));
    }

    private Set<SetId> changedBy(Set<String> ids, Runnable change) {
        List<IdentifiedDefinition> those = ids.stream()
                .flatMap(id -> rowsById.getOrDefault(id, List.of()).stream())
                .toList();
        List<MemberState> before = those.stream().map(this::state).toList();
        List<Integer> heavy = those.stream().map(this::weight).toList();
        List<Targets> targets = those.stream().map(this::targets).toList();
        change.run();
        changedIds.addAll(ids);
        Set<SetId> changed = new LinkedHashSet<>();
        IntStream.range(0, those.size())
                .filter(place -> before.get(place) != state(those.get(place))
                        || heavy.get(place) != weight(those.get(place))
                        || !targets.get(place).isSameForTraffic(targets(those.get(place))))
                .mapToObj(those::get)
                .forEach(row -> changed.add(row.set()));
        return changed;
    }

    /** The weight from FreeSWITCH; null if the row has none, or none has been reported by its event socket. */
    private FreeswitchWeight freeswitchWeight(IdentifiedDefinition row) {
        FreeswitchWeight known = weights.get(row.id());
        return known != null && known.isOf(row.definition().eventSocket()) ? known : null;
    }

    private int weight(IdentifiedDefinition row) {
        FreeswitchWeight known = freeswitchWeight(row);
        return known == null ? row.definition().destination().weight() : known.weight();
    }

    /** Version of the destination's newest status reported in this session; null if none. Thread-safe. */
    public StatusVersion newestVersion(String id) {
        Status status = statuses.get(id);
        return status == null ? null : status.version();
    }

    /** The feed that {@link #publish} publishes to. Thread-safe. */
    public ChangeFeed changes() {
        return changes;
    }

    /** Publishes everything that changed since the last call. Traffic must already have the views. */
    void publish() {
        DestinationsSnapshot before = changes.snapshot();
        if (!redefined && changedIds.isEmpty() && newStatuses.isEmpty()) {
            return;
        }
        long change = before.change() + 1;
        DestinationsSnapshot now = redefined
                ? DestinationsSnapshot.of(revision, change, entries(change))
                : before.with(change, changedIds, entry -> renewed(entry, change));
        Map<String, Status> updates = Map.copyOf(newStatuses);
        redefined = false;
        changedIds.clear();
        newStatuses.clear();
        changes.publish(now, updates);
    }

    private List<DestinationsSnapshot.KnownDestination> entries(long change) {
        return rows.values().stream()
                .flatMap(List::stream)
                .map(row -> new DestinationsSnapshot.KnownDestination(
                        row.id(),
                        row.definition(),
                        lastStatus(row.id()),
                        isFormer(row.id()),
                        owner(row.id()),
                        freeswitchWeight(row),
                        change))
                .toList();
    }

    private DestinationsSnapshot.KnownDestination renewed(DestinationsSnapshot.KnownDestination entry, long change) {
        String id = entry.id();
        FreeswitchWeight weight = freeswitchWeight(new IdentifiedDefinition(id, entry.definition()));
        return entry.with(lastStatus(id), isFormer(id), owner(id), weight, change);
    }

    private boolean isFormer(String id) {
        return !statuses.containsKey(id);
    }

    private String owner(String id) {
        Status status = lastStatus(id);
        return status == null ? "" : nodes.getOrDefault(status.version().node(), "");
    }

    /** Sets the addresses of the cluster's nodes by their numbers in versions. */
    void setNodes(Map<Long, String> newNodes) {
        if (!newNodes.equals(nodes)) {
            nodes = Map.copyOf(newNodes);
            changedIds.addAll(rowsById.keySet());
        }
    }

    /** Whether every destination has a status. */
    boolean isComplete() {
        return revision > 0 && unknown == 0;
    }

    /** The newest status; until the cluster reports one, that of the former session. Null if there is none. */
    private Status lastStatus(String id) {
        Status status = statuses.get(id);
        return status == null ? formerStatuses.get(id) : status;
    }

    List<Definition> all() {
        return rows.values().stream()
                .flatMap(List::stream)
                .map(IdentifiedDefinition::definition)
                .toList();
    }

    List<SetView> views() {
        return rows.keySet().stream().map(this::view).toList();
    }

    SetView view(SetId set) {
        SetTemplate template = templates.computeIfAbsent(set, unused -> SetTemplate.of(set, rows.get(set)));
        SetView view = template.view()
                .with(
                        place -> state(template.rows().get(place)),
                        place -> weight(template.rows().get(place)));
        return template.hasNames()
                ? view.withTargets(place -> targets(template.rows().get(place)).addresses())
                : view;
    }

    private Targets targets(IdentifiedDefinition row) {
        Status status = lastStatus(row.id());
        return status == null || status.removed() ? Targets.NONE : status.targets();
    }

    /**
     * Until its actor has reported a status, a destination has its row's initial state, but takes no traffic if it was
     * out when the previous process last knew it. A removed destination whose row this node still has takes no traffic: a
     * node that is cut off has the definitions from before the removal. It has the row's initial state only if these
     * definitions came later, because the row was added again.
     */
    private MemberState state(IdentifiedDefinition row) {
        Status status = lastStatus(row.id());
        DestinationState written = row.definition().initial();
        if (status == null) {
            Status known = lastKnown.atStart().get(row.id());
            return written.takesTraffic() && lastKnown.isOut(row.id()) ? state(known) : state(written);
        }
        if (status.removed()) {
            return removedSinceDefined.contains(row.id()) ? MemberState.INACTIVE : state(written);
        }
        return state(status);
    }

    private static MemberState state(Status status) {
        return status.state().takesTraffic() && status.busy() ? MemberState.BUSY : state(status.state());
    }

    private static MemberState state(DestinationState state) {
        return switch (state) {
            case ACTIVE -> MemberState.USABLE;
            case INACTIVE -> MemberState.INACTIVE;
            case PROBING -> MemberState.PROBING;
        };
    }
}
