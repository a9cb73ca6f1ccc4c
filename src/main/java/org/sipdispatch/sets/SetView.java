package org.sipdispatch.sets;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A destination set as traffic sees it at one moment: members in OpenSIPS order (highest priority first, equals in the
 * order of their rows), their weights, and who is usable. Immutable.
 */
public final class SetView {
    /** A destination and whether it may take traffic. */
    public record Member(Destination destination, boolean active) {}

    /** The order of members; those of one priority keep the order of their rows. */
    public static final Comparator<Destination> ORDER =
            Comparator.comparingInt(Destination::priority).reversed();

    private final SetId id;
    private final Destination[] members;
    private final int[] weights;
    private final boolean[] active;
    private final long[] seeds;
    private final boolean usable;

    private SetView(SetId id, List<Member> ordered) {
        this.id = id;
        int size = ordered.size();
        members = new Destination[size];
        weights = new int[size];
        active = new boolean[size];
        seeds = new long[size];
        boolean any = false;
        for (int i = 0; i < size; i++) {
            Member member = ordered.get(i);
            members[i] = member.destination();
            weights[i] = member.destination().weight();
            active[i] = member.active();
            seeds[i] = Rendezvous.seed(member.destination().id());
            any |= active[i];
        }
        usable = any;
    }

    private SetView(SetView same, IntPredicate isActive) {
        id = same.id;
        members = same.members;
        weights = same.weights;
        seeds = same.seeds;
        active = new boolean[members.length];
        boolean any = false;
        for (int i = 0; i < active.length; i++) {
            active[i] = isActive.test(i);
            any |= active[i];
        }
        usable = any;
    }

    /** A view of members in the order of their rows. */
    public static SetView of(SetId id, List<Member> rows) {
        List<Member> ordered = new ArrayList<>(rows);
        ordered.sort(Comparator.comparing(Member::destination, ORDER));
        return new SetView(id, ordered);
    }

    /** A view of the same members, which says anew by their places who may take traffic. */
    public SetView withActive(IntPredicate isActive) {
        return new SetView(this, isActive);
    }

    /** Whether the other one has the same members at the same places, known by identity. */
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

    /** Whether that destination may take no traffic, or is no member. */
    public boolean isOut(Destination candidate) {
        int place = place(candidate);
        return place < 0 || !active[place];
    }

    /** Most are found as they are: unlike identity, equality reads their texts. */
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

    /** Whether any member may take traffic. */
    public boolean isUsable() {
        return usable;
    }

    int weight(int index) {
        return weights[index];
    }

    long seed(int index) {
        return seeds[index];
    }
}
