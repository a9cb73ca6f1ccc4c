package org.sipdispatch.limits;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.sipdispatch.limits.CallLimits.Kind;
import org.sipdispatch.limits.CallLimits.Use;
import org.sipdispatch.routing.KnownSets;
import org.sipdispatch.sets.Attrs;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.LimitValues;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;

/**
 * All limits of the calls through this node. Thread-safe. All times are nanoseconds of the same monotonic clock.
 */
public final class NodeLimits {
    private static final long MOMENT_NANOS = 100_000_000;
    /** A node that was paused has its lease again in less. */
    private static final long UNLEASED_NANOS = 1_000_000_000;

    /** A source with its limits on this node. */
    private record LimitedSource(SourceLimit source, CallLimits limits) {}

    private final LimitSettings settings;
    private final boolean shared;
    private final int parts;
    private final int rank;
    private final List<LimitedSource> sources;
    /** The view of each set, to notice new definitions. */
    private final Map<SetId, SetView> views = new HashMap<>();
    /** Those of destinations, by id; replaced when they change. */
    private volatile Map<String, CallLimits> destinations = Map.of();
    /** Until when this node may use its shares, while {@link #leased}. */
    private volatile long leasedUntilNanos;

    private volatile boolean leased;
    /** Since when it may not. */
    private volatile long unleasedNanos;

    /** Whether this node has a membership lease. */
    private volatile BooleanSupplier member = () -> false;

    /** Run when a call begins to wait. */
    private volatile Runnable onWait = () -> {};

    private final AtomicLong waited = new AtomicLong();
    private final CallNews news;
    /** Ends an answered call whose BYE has passed another node. */
    private volatile LongConsumer onEndedElsewhere = key -> {};

    /** The limits of a node that shares them with no other one. */
    public static NodeLimits ofOneNode(LimitSettings settings, long nowNanos) {
        return new NodeLimits(settings, 1, 0, false, nowNanos);
    }

    /**
     * The limits of a node of a cluster.
     *
     * @param parts the number of nodes, at least 1
     * @param rank the number of this node, from 0
     */
    public static NodeLimits ofCluster(LimitSettings settings, int parts, int rank, long nowNanos) {
        return new NodeLimits(settings, parts, rank, true, nowNanos);
    }

    /** Knows the limits of sources; those of destinations follow with the first {@link #replace}. */
    private NodeLimits(LimitSettings settings, int parts, int rank, boolean shared, long nowNanos) {
        this.settings = settings;
        this.parts = parts;
        this.rank = rank;
        this.shared = shared;
        news = new CallNews(shared);
        unleasedNanos = nowNanos;
        sources = settings.sources().stream()
                .map(source -> new LimitedSource(
                        source, limits(LimitUse.SOURCE + source.name(), Kind.SOURCE, source.values(), nowNanos)))
                .toList();
    }

    private CallLimits limits(String name, Kind kind, LimitValues values, long nowNanos) {
        return new CallLimits(name, kind, values, values.part(parts, rank), nowNanos);
    }

    public LimitSettings settings() {
        return settings;
    }

    /** Learns the definitions of all sets. */
    public synchronized void replace(Collection<SetView> defined, long nowNanos) {
        views.clear();
        defined.forEach(view -> views.put(view.id(), view));
        learn(nowNanos);
    }

    /** Learns the definitions of one set. */
    public synchronized void update(SetView view, long nowNanos) {
        SetView before = views.put(view.id(), view);
        if (before == null || !before.hasMembersOf(view)) {
            learn(nowNanos);
        }
    }

    /** A destination without limits is forgotten when it has no more calls, because it may get them again. */
    private void learn(long nowNanos) {
        Map<String, LimitValues> defined = new HashMap<>();
        for (SetView view : views.values()) {
            for (int i = 0; i < view.size(); i++) {
                define(view.member(i), defined);
            }
        }
        Map<String, CallLimits> changed = new HashMap<>(destinations);
        changed.values().removeIf(one -> !defined.containsKey(one.name()) && one.isIdle());
        changed.values().stream()
                .filter(one -> !defined.containsKey(one.name()))
                .forEach(one -> one.resize(LimitValues.NONE, LimitValues.NONE));
        defined.forEach((name, values) -> {
            Kind kind = name.contains(LimitUse.RESOURCE) ? Kind.CAPACITY : Kind.DESTINATION;
            changed.computeIfAbsent(name, unused -> limits(name, kind, values, nowNanos))
                    .resize(values, values.part(parts, rank));
        });
        destinations = Map.copyOf(changed);
    }

    private void define(Destination destination, Map<String, LimitValues> defined) {
        LimitValues values = LimitValues.of(destination.attrs());
        if (!values.isNone()) {
            defined.put(destination.id(), values);
        }
        for (String resource : settings.resources()) {
            int capacity = Attrs.number(destination.attrs(), resource, 0);
            if (capacity > 0) {
                defined.put(destination.id() + LimitUse.RESOURCE + resource, LimitValues.of(capacity, 0, 0));
            }
        }
    }

    /**
     * The limits that a call to a destination needs places in: its own, and its capacities for these resources.
     *
     * @param own its own limits; null for none
     * @return null if it lacks one of the resources
     */
    public List<CallLimits> of(Destination destination, CallLimits own, List<String> resources) {
        List<CallLimits> all = new ArrayList<>(resources.size() + 1);
        if (own != null) {
            all.add(own);
        }
        for (String resource : resources) {
            CallLimits capacity = destinations.get(destination.id() + LimitUse.RESOURCE + resource);
            if (capacity == null || capacity.values().isNone()) {
                return null;
            }
            all.add(capacity);
        }
        return all;
    }

    /** Those of the resources that a destination has no capacity for. */
    public List<String> lacking(Destination destination, List<String> resources) {
        return resources.stream()
                .filter(one -> of(destination, null, List.of(one)) == null)
                .toList();
    }

    /** The limits of a destination; null if it has none. */
    public CallLimits of(Destination destination) {
        Map<String, CallLimits> known = destinations;
        CallLimits limits = known.isEmpty() ? null : known.get(destination.id());
        return limits == null || limits.values().isNone() ? null : limits;
    }

    /** Whether no destination and no source has limits, or calls from the time when it had. */
    boolean isEmpty() {
        return destinations.isEmpty() && sources.isEmpty();
    }

    public boolean hasSources() {
        return !sources.isEmpty();
    }

    /** The limits with this name; null if there are none. */
    CallLimits named(String name) {
        CallLimits found = destinations.get(name);
        if (found == null) {
            for (LimitedSource one : sources) {
                found = one.limits.name().equals(name) ? one.limits : found;
            }
        }
        return found;
    }

    /** Whether other nodes may have a part of the limits. */
    public boolean isShared() {
        return shared;
    }

    /** This node uses its shares until this time. */
    public void leaseUntil(long nanos) {
        leasedUntilNanos = nanos;
        leased = true;
    }

    /** This node does not use its shares any more: for a second nothing, and then its own part of each limit. */
    public void endLease(long nowNanos) {
        unleasedNanos = nowNanos;
        leased = false;
    }

    /**
     * {@code has}: whether this node has a membership lease, on any thread. Calls that have waited for it continue at once,
     * and must not use this node's own part before {@link #leaseUntil}.
     */
    void whileMember(BooleanSupplier has) {
        member = has;
    }

    /** How much of its limits this node may use. */
    private Use use(long nowNanos) {
        if (!shared) {
            return Use.OWN_PART;
        } else if (leased) {
            return leasedUntilNanos - nowNanos > 0 ? Use.SHARE : Use.NOTHING;
        }
        return nowNanos - unleasedNanos > UNLEASED_NANOS && !member.getAsBoolean() ? Use.OWN_PART : Use.NOTHING;
    }

    /** Whether this node uses its own part of each limit, because it is alone or hears no majority of the others. */
    boolean hasOwnPart(long nowNanos) {
        return use(nowNanos) == Use.OWN_PART;
    }

    /** {@code task}: run when a call begins to wait for a place, on the thread of its lane. */
    public void whenWaiting(Runnable task) {
        onWait = task;
    }

    /** The number of calls that have waited so far. */
    long waited() {
        return waited.get();
    }

    /** The news of the calls of this node, for the other nodes. */
    public CallNews news() {
        return news;
    }

    /** The BYE of a call has passed that this node does not know. Null unless another node may have the call. */
    public CallHold ofOtherNode(long key) {
        return news.isShared() && !isEmpty() ? CallHold.ofOtherNode(key, news) : null;
    }

    /** {@code ending}: ends a call of this node, by its key, whose BYE has passed another node. */
    public void whenEndedElsewhere(LongConsumer ending) {
        onEndedElsewhere = ending;
    }

    /** The BYE of a call of this node has passed another node. */
    public void endedElsewhere(long key) {
        onEndedElsewhere.accept(key);
    }

    /** No allocator answers any more: calls that wait try again, and do not wait again for a moment. */
    public void resumeAll(long nowNanos) {
        for (CallLimits one : all()) {
            one.full(nowNanos + MOMENT_NANOS);
            one.waitingForPlaces().resumeAll();
            one.waitingForTokens().resumeAll();
        }
    }

    /** The limits of all sources to which an address belongs. */
    public List<CallLimits> of(InetAddress address, KnownSets sets) {
        List<CallLimits> all = new ArrayList<>(1);
        for (LimitedSource one : sources) {
            if (one.source.has(address, sets)) {
                all.add(one.limits);
            }
        }
        return all;
    }

    /** All limits of destinations and sources. */
    public List<CallLimits> all() {
        return Stream.concat(destinations.values().stream(), sources.stream().map(LimitedSource::limits))
                .toList();
    }

    /** All limits, by name, and what this node uses of them. */
    public List<LimitUse> uses(long nowNanos) {
        Use use = use(nowNanos);
        return all().stream()
                .filter(one -> !one.values().isNone())
                .map(one -> one.shown(use))
                .sorted(Comparator.comparing(LimitUse::name))
                .toList();
    }

    /**
     * Takes a place for a call in each of these limits, and nothing if one of them is reached.
     *
     * @return what the call has taken, or which limit it has reached
     */
    public TakenPlaces take(List<CallLimits> limits, long nowNanos) {
        Use use = use(nowNanos);
        for (int i = 0; i < limits.size(); i++) {
            CallLimits.Reached reached = limits.get(i).take(use, nowNanos);
            if (reached != null) {
                limits.subList(0, i).forEach(one -> one.undoTake(use));
                boolean mayWait = reached != CallLimits.Reached.ANSWERS
                        && use != Use.OWN_PART
                        && limits.get(i).mayWait(nowNanos);
                return new TakenPlaces(null, limits.get(i), reached, mayWait);
            }
        }
        for (CallLimits one : limits) {
            if (!one.admits(nowNanos)) {
                limits.forEach(taken -> taken.undoTake(use));
                return new TakenPlaces(null, one, CallLimits.Reached.ANSWERS, false);
            }
        }
        return new TakenPlaces(new CallHold(limits, news), null, null, false);
    }

    /** Which of these limits a call would reach now; null for none. Takes nothing. */
    public TakenPlaces reached(List<CallLimits> limits, long nowNanos) {
        Use use = use(nowNanos);
        for (CallLimits one : limits) {
            CallLimits.Reached reached = one.reached(use, nowNanos);
            if (reached != null) {
                return new TakenPlaces(null, one, reached, false);
            }
        }
        return null;
    }

    /**
     * Waits for a place or token, for some 200 ms at most.
     *
     * @param places the result of {@link #take}, which may wait
     * @param again run when there may be one, on any thread; then the call tries again
     */
    public void await(TakenPlaces places, Runnable again, long nowNanos) {
        WaitingCalls waiting = places.reached == CallLimits.Reached.CALLS
                ? places.full.waitingForPlaces()
                : places.full.waitingForTokens();
        waiting.add(again, nowNanos);
        waited.incrementAndGet();
        onWait.run();
    }

    /**
     * The result of {@link #take}.
     *
     * @param hold the places; null if a limit is reached
     * @param full the limits that are reached; null if none are
     * @param reached which of them; null likewise
     * @param mayWait whether another node may have places or tokens, so that the call may {@link #await} them
     */
    public record TakenPlaces(CallHold hold, CallLimits full, CallLimits.Reached reached, boolean mayWait) {}
}
