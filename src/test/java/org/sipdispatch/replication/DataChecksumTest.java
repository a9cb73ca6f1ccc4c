package org.sipdispatch.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.freeswitch.EventSocketUrl;
import org.sipdispatch.membership.ClusterMember;

class DataChecksumTest {
    private static final Definition A = Samples.definition(1, "sip:a");
    private static final Definition B = Samples.definition(1, "sip:b");

    private static String checksum(Definition... all) {
        return DataChecksum.of(1, List.of(all)).text();
    }

    @Test
    void theSameDefinitionsHaveTheSameChecksumInAnyRevision() {
        assertThat(checksum(A, B)).isEqualTo(DataChecksum.of(9, List.of(A, B)).text());
    }

    @Test
    void orderAndFieldsAreInTheChecksum() {
        assertThat(List.of(
                        checksum(),
                        checksum(A),
                        checksum(A, B),
                        checksum(B, A),
                        checksum(A.withScriptAttrs("x"), B),
                        checksum(A.withEventSocket(EventSocketUrl.parse("fs://:secret@10.0.0.7")), B),
                        checksum(Samples.definition(1, "sip:a", 2), B)))
                .doesNotHaveDuplicates();
    }

    @Test
    void aNodeWithAnotherChecksumDiffersAndOneWithoutAnyDoesNot() {
        Map<String, DataChecksum> byNode = DataChecksum.decoded(Map.of(
                "a:1", DataChecksum.of(3, List.of(A)).encoded(),
                "b:1", DataChecksum.of(3, List.of(B)).encoded(),
                "c:1", DataChecksum.of(4, List.of(A)).encoded(),
                "d:1", "unknown form",
                "gone:1", DataChecksum.of(3, List.of(B)).encoded()));

        assertThat(DataChecksum.differing(
                        byNode, List.of(node("a:1", true), node("b:1", false), node("c:1", false), node("d:1", false))))
                .containsExactly("b:1");
        assertThat(DataChecksum.differing(byNode, List.of())).isEmpty();
    }

    private static ClusterMember node(String address, boolean self) {
        return new ClusterMember(address, 1, "Up", true, false, self);
    }
}
