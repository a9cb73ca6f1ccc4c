package org.sipdispatch.replication;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.sets.MemberState;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.sets.TargetAddresses;

/**
 * The rows of one set and its view. The view is computed when it is asked for, and only for the members that may have
 * changed since: thousands of changes of a large set cost one copy of its states. Not thread-safe.
 */
final class DefinedSet {
    /** A definition with its id, which the definition builds from texts on each call. */
    record Row(String id, Definition definition) {
        SetId set() {
            return definition.destination().setId();
        }
    }

    /** A row and its index in the view of its set. */
    record Member(DefinedSet set, int place, Row row) {
        /** Its state, weight or targets may be other ones now. */
        void changed() {
            set.changed.set(place);
        }
    }

    private final List<Row> written;
    private final List<Row> ordered;
    private final BitSet changed = new BitSet();
    private SetView view;

    private DefinedSet(List<Row> written, List<Row> ordered, SetView view) {
        this.written = written;
        this.ordered = ordered;
        this.view = view;
        changed.set(0, ordered.size());
    }

    /**
     * A set with rows in the order in which they were read.
     *
     * @param before the set with its former rows; null if there was none. If its members are the same objects, traffic
     *     keeps what it derived from them
     */
    static DefinedSet of(SetId id, List<Row> written, DefinedSet before) {
        List<Row> ordered = new ArrayList<>(written);
        ordered.sort(Comparator.comparing(row -> row.definition().destination(), SetView.ORDER));
        boolean stays = before != null && before.hasMembers(ordered);
        return new DefinedSet(written, ordered, stays ? before.view : inactive(id, ordered));
    }

    private boolean hasMembers(List<Row> others) {
        boolean same = others.size() == ordered.size();
        for (int i = 0; same && i < ordered.size(); i++) {
            Definition mine = ordered.get(i).definition();
            Definition other = others.get(i).definition();
            same = mine.destination() == other.destination()
                    && mine.scriptAttrs().equals(other.scriptAttrs());
        }
        return same;
    }

    private static SetView inactive(SetId id, List<Row> ordered) {
        return SetView.of(
                id,
                ordered.stream()
                        .map(row -> new SetView.SetMember(
                                row.definition().destination(),
                                MemberState.INACTIVE,
                                row.definition().scriptAttrs()))
                        .toList());
    }

    /** In the order in which they were read. */
    List<Row> written() {
        return written;
    }

    /** In the order of the view. */
    List<Member> members() {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < ordered.size(); i++) {
            members.add(new Member(this, i, ordered.get(i)));
        }
        return members;
    }

    /** The same object as before if nothing in it is different. */
    SetView view(Function<Row, MemberState> state, ToIntFunction<Row> weight, Function<Row, TargetAddresses> targets) {
        view = view.with(
                changed,
                place -> state.apply(ordered.get(place)),
                place -> weight.applyAsInt(ordered.get(place)),
                place -> targets.apply(ordered.get(place)));
        changed.clear();
        return view;
    }
}
