package org.sipdispatch.sets;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * An immutable snapshot of a destination set for traffic: the members in OpenSIPS order (highest priority first, equal
 * ones in row order), their weights, and which ones are usable.
 */
public final class SetView {
    /**
     * A destination and its state.
     *
     * @param scriptAttrs the attributes set with {@code ds_push_script_attrs}; empty for none
     */
    public record SetMember(Destination destination, MemberState state, String scriptAttrs) {
        public SetMember(Destination destination, boolean active) {
            this(destination, state(active), "");
        }

        private static MemberState state(boolean active) {
            return active ? MemberState.USABLE : MemberState.INACTIVE;
        }
    }

    /** The order of members. Sort stably, so that equal priorities keep their row order. */
    public static final Comparator<Destination> ORDER =
            Comparator.comparingInt(Destination::priority).reversed();

    private final SetId id;
    private final Destination[] members;
    private final String[] ids;
    private final int[] weights;
    private final boolean[] active;
    private final MemberState[] states;
    private final String[] scriptAttrs;
    private final long[] seeds;
    private final boolean usable;
    private final boolean starting;
    private final SlowShares shares;
    private final MemberTargets targets;
    /** Shared by all views of the same members. */
    private final AtomicReference<Map<Ranking, LongSupplier[]>> readers;
    /** Likewise. */
    private final AtomicReference<Loads> loads;
    /** Shared by all views with these weights. */
    private final WeightTables tables;
    /** Of the usable members, without and with a reserve; null until it is needed. */
    private final AtomicReferenceArray<RemainderTable> usableRemainders = new AtomicReferenceArray<>(2);
    /** Null until it is needed. */
    private volatile SetView unweighted;

    private record Loads(DestinationFacts facts, MemberLoad[] members) {}

    private SetView(SetId id, List<SetMember> ordered) {
        this.id = id;
        int size = ordered.size();
        members = new Destination[size];
        ids = new String[size];
        weights = new int[size];
        active = new boolean[size];
        states = new MemberState[size];
        scriptAttrs = new String[size];
        seeds = new long[size];
        readers = new AtomicReference<>(Map.of());
        loads = new AtomicReference<>();
        tables = new WeightTables();
        boolean any = false;
        for (int i = 0; i < size; i++) {
            SetMember member = ordered.get(i);
            members[i] = member.destination();
            ids[i] = members[i].id();
            weights[i] = member.destination().weight();
            states[i] = member.state();
            active[i] = states[i] == MemberState.USABLE;
            scriptAttrs[i] = member.scriptAttrs();
            seeds[i] = seed(ids[i]);
            any |= active[i];
        }
        usable = any;
        starting = false;
        shares = SlowShares.NONE;
        targets = MemberTargets.NONE;
    }

    /** 48 bits that name a destination; see {@link #named}. */
    public static long shortName(Destination destination) {
        return seed(destination.id()) >>> 16;
    }

    /** The member with this short name; null if there is none. */
    public Destination named(long shortName) {
        for (int i = 0; i < seeds.length; i++) {
            if (seeds[i] >>> 16 == shortName) {
                return members[i];
            }
        }
        return null;
    }

    private static long seed(String id) {
        long seed = 0xcbf29ce484222325L;
        for (int i = 0; i < id.length(); i++) {
            seed = (seed ^ id.charAt(i)) * 0x100000001b3L;
        }
        return SplitMix64.mix(seed);
    }

    private SetView(
            SetView same, MemberState[] newStates, int[] newWeights, SlowShares newShares, MemberTargets newTargets) {
        id = same.id;
        members = same.members;
        ids = same.ids;
        weights = newWeights;
        targets = newTargets;
        seeds = same.seeds;
        scriptAttrs = same.scriptAttrs;
        states = newStates;
        readers = same.readers;
        loads = same.loads;
        tables = newWeights == same.weights ? same.tables : same.tables.withOtherWeights();
        active = new boolean[members.length];
        boolean any = false;
        boolean starts = false;
        for (int i = 0; i < active.length; i++) {
            active[i] = states[i] == MemberState.USABLE;
            any |= active[i];
            starts |= states[i] == MemberState.SLOW_START;
        }
        usable = any;
        starting = starts;
        shares = newShares;
    }

    /** Creates a view of members that are given in row order. */
    public static SetView of(SetId id, List<SetMember> rows) {
        List<SetMember> ordered = new ArrayList<>(rows);
        ordered.sort(Comparator.comparing(SetMember::destination, ORDER));
        return new SetView(id, ordered);
    }

    /** A view of the same members with other usable ones; {@code isActive} is called with each member's index. */
    public SetView withActive(IntPredicate isActive) {
        MemberState[] changed = new MemberState[members.length];
        Arrays.setAll(changed, index -> SetMember.state(isActive.test(index)));
        return new SetView(this, changed, weights, SlowShares.NONE, targets);
    }

    /**
     * A view of the same members with other states, weights and targets; this view if none differs. The state of round
     * robin fits both views.
     *
     * @param places the indexes of the members that may have changed; the functions are called for these only
     * @param addresses returns null for a member without targets
     */
    public SetView with(
            BitSet places,
            IntFunction<MemberState> state,
            IntUnaryOperator weight,
            IntFunction<TargetAddresses> addresses) {
        MemberState[] newStates = states;
        int[] newWeights = weights;
        for (int i = places.nextSetBit(0); i >= 0; i = places.nextSetBit(i + 1)) {
            MemberState now = state.apply(i);
            if (now != newStates[i]) {
                newStates = newStates == states ? states.clone() : newStates;
                newStates[i] = now;
            }
            int heavy = weight.applyAsInt(i);
            if (heavy != newWeights[i]) {
                newWeights = newWeights == weights ? weights.clone() : newWeights;
                newWeights[i] = heavy;
            }
        }
        MemberTargets newTargets = targets.with(members.length, places, addresses);
        boolean same = newStates == states && newWeights == weights && newTargets == targets;
        return same ? this : new SetView(this, newStates, newWeights, SlowShares.NONE, newTargets);
    }

    /**
     * A view of the same members with other states, some of which get only a part of their requests.
     *
     * @param newStates by index; not copied
     */
    SetView with(MemberState[] newStates, SlowShares some) {
        return new SetView(this, newStates, weights, some, targets);
    }

    /** A view for a selection in which usable members with this share, or a smaller one, take no part. */
    SetView withoutShares(int percent) {
        MemberState[] changed = states.clone();
        for (int i = 0; i < changed.length; i++) {
            if (active[i] && shares.percent(i) <= percent) {
                changed[i] = MemberState.SLOW_START;
            }
        }
        return new SetView(this, changed, weights, SlowShares.NONE, targets);
    }

    /** The members that get only a part of their requests. */
    SlowShares shares() {
        return shares;
    }

    /** Whether any member has targets. */
    public boolean hasTargets() {
        return !targets.isEmpty();
    }

    /** Whether any member may have other targets than in this view of the same members. */
    public boolean hasTargetsOtherThan(SetView same) {
        return targets != same.targets;
    }

    /** The addresses of a member's targets; null if it has none. */
    public TargetAddresses targets(int index) {
        return targets.get(index);
    }

    /** The same view, in which all weights are 1. */
    SetView unweighted() {
        SetView known = unweighted;
        if (known == null) {
            int[] ones = new int[weights.length];
            Arrays.fill(ones, 1);
            known = new SetView(this, states, ones, shares, targets);
            unweighted = known;
        }
        return known;
    }

    /** Whether both views share the same member array, compared by identity. */
    public boolean hasMembersOf(SetView other) {
        return members == other.members;
    }

    public SetId id() {
        return id;
    }

    public int size() {
        return members.length;
    }

    /** All members by index. */
    List<Destination> members() {
        return Collections.unmodifiableList(Arrays.asList(members));
    }

    public Destination member(int index) {
        return members[index];
    }

    /** The id of a member, which its destination builds from texts on each call. */
    public String memberId(int index) {
        return ids[index];
    }

    public boolean isActive(int index) {
        return active[index];
    }

    public MemberState state(int index) {
        return states[index];
    }

    /** The attributes set with {@code ds_push_script_attrs}; empty if there are none, or if it is not a member. */
    public String scriptAttrs(Destination wanted) {
        int place = place(wanted);
        return place < 0 ? "" : scriptAttrs[place];
    }

    /** Whether the destination is not usable or not a member. */
    public boolean isUnusable(Destination candidate) {
        int place = place(candidate);
        return place < 0 || !active[place];
    }

    /**
     * The index of a member; -1 if it is not one. Compares identities first, because that is cheaper and usually
     * succeeds.
     */
    int place(Destination wanted) {
        for (int i = 0; i < members.length; i++) {
            if (members[i] == wanted) {
                return i;
            }
        }
        for (int i = 0; i < members.length; i++) {
            if (members[i].isSame(wanted)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether any member may receive traffic. */
    public boolean isUsable() {
        return usable;
    }

    /**
     * The indexes of candidates, followed by the members that start slowly and take no part in this selection: they
     * work, so they are better than a failure.
     *
     * @param most the largest number of candidates
     */
    int[] withStarting(int[] order, int most) {
        if (!starting || order.length >= most) {
            return order;
        }
        IntStream left = IntStream.range(0, states.length).filter(index -> states[index] == MemberState.SLOW_START);
        return IntStream.concat(Arrays.stream(order), left).limit(most).toArray();
    }

    /**
     * The readers of each member's value in a ranking, by index. Created once for each ranking and kept until the
     * members change, so that a selection only calls them. Thread-safe.
     */
    LongSupplier[] readers(Ranking ranking, Function<Destination, LongSupplier> reader) {
        LongSupplier[] known = readers.get().get(ranking);
        if (known != null) {
            return known;
        }
        LongSupplier[] created = Arrays.stream(members).map(reader).toArray(LongSupplier[]::new);
        readers.updateAndGet(all -> {
            Map<Ranking, LongSupplier[]> more = new HashMap<>(all);
            more.put(ranking, created);
            return more;
        });
        return created;
    }

    /** The load of each member, by index. Created once, and kept until the members change. Thread-safe. */
    MemberLoad[] loads(DestinationFacts facts) {
        Loads known = loads.get();
        if (known == null || known.facts != facts) {
            known = new Loads(
                    facts,
                    Arrays.stream(members)
                            .map(member -> new MemberLoad(facts.load(member), member))
                            .toArray(MemberLoad[]::new));
            loads.set(known);
        }
        return known.members;
    }

    /**
     * The table of the hash algorithms. Created once for these weights and, if it has the usable members only, states.
     * Thread-safe.
     *
     * @param reserve whether the last member takes no part
     */
    RemainderTable remainders(boolean reserve, boolean usableOnly) {
        if (!usableOnly) {
            return tables.remainders(reserve, size(reserve), this::weight);
        }
        int place = reserve ? 1 : 0;
        RemainderTable known = usableRemainders.get(place);
        if (known == null) {
            known = new RemainderTable(size(reserve), this::isActive, this::weight);
            usableRemainders.set(place, known);
        }
        return known;
    }

    /** The tree of rendezvous hashing; {@code reserve} as above. Created once for these weights. Thread-safe. */
    RendezvousTree rendezvous(boolean reserve) {
        return tables.rendezvous(reserve, size(reserve), this::seed, this::weight);
    }

    private int size(boolean reserve) {
        return reserve && members.length > 1 ? members.length - 1 : members.length;
    }

    public int weight(int index) {
        return weights[index];
    }

    long seed(int index) {
        return seeds[index];
    }
}
