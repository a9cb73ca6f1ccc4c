package org.sipdispatch.sets;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A destination set as traffic sees it at one moment: members in OpenSIPS order (highest priority first, equals in the
 * order of their rows), their weights, and who is usable. Immutable.
 */
public final class SetView {
    /** A destination and whether it may take traffic. */
    public record Member(Destination destination, boolean active) {}

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

    /** A view of members in the order of their rows. */
    public static SetView of(SetId id, List<Member> rows) {
        List<Member> ordered = new ArrayList<>(rows);
        ordered.sort(
                Comparator.comparingInt((Member member) -> member.destination().priority())
                        .reversed());
        return new SetView(id, ordered);
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
    private int place(Destination wanted) {
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
