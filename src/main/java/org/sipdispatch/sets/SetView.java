package org.sipdispatch.sets;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/**
 * An immutable snapshot of a destination set for traffic: the members in OpenSIPS order (highest priority first, equal
 * ones in row order), their weights, and which ones are usable.
 */
public final class SetView {
    /** A destination and whether it may receive traffic. */
    public record SetMember(Destination destination, boolean active) {}

    /** The order of members. Sort stably, so that equal priorities keep their row order. */
    public static final Comparator<Destination> ORDER =
            Comparator.comparingInt(Destination::priority).reversed();

    private final SetId id;
    private final Destination[] members;
    private final int[] weights;
    private final boolean[] active;
    private final long[] seeds;
    private final boolean usable;

    private SetView(SetId id, List<SetMember> ordered) {
        this.id = id;
        int size = ordered.size();
        members = new Destination[size];
        weights = new int[size];
        active = new boolean[size];
        seeds = new long[size];
        boolean any = false;
        for (int i = 0; i < size; i++) {
            SetMember member = ordered.get(i);
            members[i] = member.destination();
            weights[i] = member.destination().weight();
            active[i] = member.active();
            seeds[i] = seed(member.destination().id());
            any |= active[i];
        }
        usable = any;
    }

    private static long seed(String id) {
        long seed = 0xcbf29ce484222325L;
        for (int i = 0; i < id.length(); i++) {
            seed = (seed ^ id.charAt(i)) * 0x100000001b3L;
        }
        return SplitMix64.mix(seed);
    }

    private SetView(SetView same, IntPredicate isActive, int[] newWeights) {
        id = same.id;
        members = same.members;
        weights = newWeights;
        seeds = same.seeds;
        active = new boolean[members.length];
        boolean any = false;
        for (int i = 0; i < active.length; i++) {
            active[i] = isActive.test(i);
            any |= active[i];
        }
        usable = any;
    }

    /** Creates a view of members that are given in row order. */
    public static SetView of(SetId id, List<SetMember> rows) {
        List<SetMember> ordered = new ArrayList<>(rows);
        ordered.sort(Comparator.comparing(SetMember::destination, ORDER));
        return new SetView(id, ordered);
    }

    /** A view of the same members with other usable ones; {@code isActive} is called with each member's index. */
    public SetView withActive(IntPredicate isActive) {
        return new SetView(this, isActive, weights);
    }

    /** The same with other weights, called with each member's index too; the state of round robin fits both views. */
    public SetView with(IntPredicate isActive, IntUnaryOperator weight) {
        int[] changed = new int[weights.length];
        Arrays.setAll(changed, weight);
        return new SetView(this, isActive, Arrays.equals(changed, weights) ? weights : changed);
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

    public Destination member(int index) {
        return members[index];
    }

    public boolean isActive(int index) {
        return active[index];
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

    public int weight(int index) {
        return weights[index];
    }

    long seed(int index) {
        return seeds[index];
    }
}
