package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.proxy.DestinationIndex;
import org.sipdispatch.sets.SetView;

/** All destinations are read again only if other ones are members of a set. */
class IndexedViewsTest {
    private final SetView one = TestNode.set(1, "sip:10.0.0.1", "sip:10.0.0.2");
    private final SetView two = TestNode.set(2, "sip:10.0.0.3");
    private final IndexedViews views = new IndexedViews();
    private final DestinationIndex first = views.replace(List.of(one, two));

    @Test
    void statesThatChangeKeepTheIndex() {
        SetView failed = one.withActive(place -> place > 0);

        assertThat(views.update(List.of(failed))).isSameAs(first);
        assertThat(views.replace(List.of(failed, two))).isSameAs(first);
    }

    @Test
    void otherMembersHaveAnotherIndex() {
        DestinationIndex changed = views.update(List.of(TestNode.set(2, "sip:10.0.0.4")));
        assertThat(changed).isNotSameAs(first);

        DestinationIndex added = views.update(List.of(TestNode.set(3, "sip:10.0.0.5")));
        assertThat(added).isNotSameAs(changed);
    }

    @Test
    void aSetThatIsGoneHasAnotherIndex() {
        assertThat(views.replace(List.of(one))).isNotSameAs(first);
    }
}
