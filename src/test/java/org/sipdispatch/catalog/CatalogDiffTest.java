package org.sipdispatch.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.sets.Destination;

class CatalogDiffTest {
    private static final Definition A = entry("sip:a", 1, 0, "", "", false);
    private static final Definition B = entry("sip:b", 1, 0, "", "", false);
    private static final Definition C = entry("sip:c", 1, 0, "", "", false);

    @Test
    void whatIsTheSameIsCountedOnly() {
        CatalogDiff diff = CatalogDiff.between(List.of(A, B), List.of(A, B));

        assertThat(diff.lines()).isEmpty();
    }

    @Test
    void whatComesGoesAndChangesIsReported() {
        Definition changed = entry("SIP:B", 5, 7, "gw=1", "two\nlines", true);

        CatalogDiff diff = CatalogDiff.between(List.of(A, B), List.of(changed, C));

        assertThat(diff.added()).containsExactly(C);
        assertThat(diff.removed()).containsExactly(A);
        assertThat(diff.changed()).containsExactly(new CatalogDiff.ChangedEntry(B, changed));
        assertThat(diff.lines()).isNotEmpty();
        assertThat(String.join("\n", diff.lines())).isEqualTo("""
                + default:1:sip:c
                - default:1:sip:a
                ~ default:1:sip:b uri: sip:b -> SIP:B
                ~ default:1:sip:b weight: 1 -> 5
                ~ default:1:sip:b priority: 0 -> 7
                ~ default:1:sip:b attrs: nothing -> gw=1
                ~ default:1:sip:b description: nothing -> two lines
                ~ default:1:sip:b probe_mode: 0 -> 1""");
    }

    @Test
    void theStateColumnIsNoDifference() {
        Definition inactive = new Definition(A.destination(), DestinationState.INACTIVE, false);

        assertThat(CatalogDiff.between(List.of(A), List.of(inactive)).lines()).isEmpty();
    }

    @Test
    void rowsWithOneIdAreComparedInTheirOrder() {
        Definition second = entry("sip:a", 9, 0, "", "", false);

        CatalogDiff grown = CatalogDiff.between(List.of(A), List.of(A, second));
        CatalogDiff shrunk = CatalogDiff.between(List.of(A, second), List.of(A));
        CatalogDiff swapped = CatalogDiff.between(List.of(A, second), List.of(second, A));

        assertThat(grown.added()).containsExactly(second);
        assertThat(shrunk.removed()).containsExactly(second);
        assertThat(swapped.changed()).hasSize(2);
    }

    @Test
    void anotherOrderIsADifferenceSinceHashesCountAlongIt() {
        CatalogDiff diff = CatalogDiff.between(List.of(A, B), List.of(B, A));

        assertThat(diff.reordered()).isTrue();
        assertThat(diff.lines()).isNotEmpty();
        assertThat(diff.lines()).containsExactly("~ order of rows");
        assertThat(CatalogDiff.between(List.of(A, B, C), List.of(A, C)).reordered())
                .isFalse();
    }

    private static Definition entry(
            String uri, int weight, int priority, String attrs, String description, boolean probed) {
        return new Definition(
                new Destination("default", 1, uri, null, weight, priority, attrs, description),
                DestinationState.ACTIVE,
                probed);
    }
}
