package org.sipdispatch.replication;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

    private long revision;
    private Map<SetId, DefinedSet> sets = Map.of();
    private final Map<String, List<DefinedSet.Member>> membersById = new HashMap<>();
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
        changedIds.addAll(membersById.keySet());
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
        Set<String> gone = new HashSet<>(membersById.keySet());
        Map<SetId, List<DefinedSet.Row>> rows = new LinkedHashMap<>();
        Map<Destination, Destination> kept = new HashMap<>();
        for (Definition definition : all) {
            Destination known = interned.getOrDefault(definition.destination(), definition.destination());
            kept.put(known, known);
            DefinedSet.Row row = new DefinedSet.Row(known.id(), definition.withDestination(known));
            rows.computeIfAbsent(row.set(), unused -> new ArrayList<>()).add(row);
        }
        defineSets(rows);
        interned = kept;
        gone.removeAll(membersById.keySet());
        weights.keySet().removeAll(gone);
        lastKnown.defined(membersById.keySet());
        countUnknown();
        redefined = true;
        return !areEquivalent(old, all());
    }

    private void defineSets(Map<SetId, List<DefinedSet.Row>> rows) {
        Map<SetId, DefinedSet> defined = new LinkedHashMap<>();
        membersById.clear();
        rows.forEach((id, written) -> {
            DefinedSet set = DefinedSet.of(id, written, sets.get(id));
            defined.put(id, set);
            set.members()
                    .forEach(member -> membersById
                            .computeIfAbsent(member.row().id(), unused -> new ArrayList<>(1))
                            .add(member));
        });
        sets = defined;
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
        unknown = (int) membersById.keySet().stream()
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
                unknown -= known == null && membersById.containsKey(id) ? 1 : 0;
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
        List<DefinedSet.Member> those = ids.stream()
                .flatMap(id -> membersById.getOrDefault(id, List.of()).stream())
                .toList();
        List<MemberState> before =
                those.stream().map(member -> state(member.row())).toList();
        int[] heavy = those.stream().mapToInt(member -> weight(member.row())).toArray();
        List<Targets> targets =
                those.stream().map(member -> targets(member.row())).toList();
        change.run();
        changedIds.addAll(ids);
        Set<SetId> changed = new LinkedHashSet<>();
        for (int i = 0; i < heavy.length; i++) {
            DefinedSet.Member member = those.get(i);
            if (before.get(i) != state(member.row())
                    || heavy[i] != weight(member.row())
                    || !targets.get(i).isSameForTraffic(targets(member.row()))) {
                member.changed();
                changed.add(member.row().set());
            }
        }
        return changed;
    }

    /** The weight from FreeSWITCH; null if the row has none, or none has been reported by its event socket. */
    private FreeswitchWeight freeswitchWeight(DefinedSet.Row row) {
        FreeswitchWeight known = weights.get(row.id());
        return known != null && known.isOf(row.definition().eventSocket()) ? known : null;
    }

    private int weight(DefinedSet.Row row) {
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
        return sets.values().stream()
                .flatMap(set -> set.written().stream())
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
        FreeswitchWeight weight = freeswitchWeight(new DefinedSet.Row(id, entry.definition()));
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
            changedIds.addAll(membersById.keySet());
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
        return sets.values().stream()
                .flatMap(set -> set.written().stream())
                .map(DefinedSet.Row::definition)
                .toList();
    }

    List<SetView> views() {
        return views(sets.keySet());
    }

    /** The views of these sets; those that are no longer defined are left out. */
    List<SetView> views(Collection<SetId> ids) {
        return ids.stream().filter(sets::containsKey).map(this::view).toList();
    }

    SetView view(SetId id) {
        return sets.get(id).view(this::state, this::weight, row -> targets(row).addresses());
    }

    private Targets targets(DefinedSet.Row row) {
        Status status = lastStatus(row.id());
        return status == null || status.removed() ? Targets.NONE : status.targets();
    }

    /**
     * Until its actor has reported a status, a destination has its row's initial state, but takes no traffic if it was
     * out when the previous process last knew it. A removed destination whose row this node still has takes no traffic: a
     * node that is cut off has the definitions from before the removal. It has the row's initial state only if these
     * definitions came later, because the row was added again.
     */
    private MemberState state(DefinedSet.Row row) {
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
