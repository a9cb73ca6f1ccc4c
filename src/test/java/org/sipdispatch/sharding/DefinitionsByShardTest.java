package org.sipdispatch.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.replication.Samples;

class DefinitionsByShardTest {
    private static final List<Definition> ALL = Stream.of("sip:a1", "sip:b1", "sip:a2", "sip:b2", "sip:a3")
            .map(uri -> Samples.definition(1, uri))
            .toList();

    private final DefinitionsByShard defined =
            new DefinitionsByShard(ALL, id -> id.contains("sip:a") ? "first" : "second");

    @Test
    void eachShardHasItsDestinationsAndOneThatStandsForIt() {
        assertThat(defined.of("first")).containsExactly(id("sip:a1"), id("sip:a2"), id("sip:a3"));
        assertThat(defined.of("second")).containsExactly(id("sip:b1"), id("sip:b2"));
        assertThat(defined.of("third")).isEmpty();
        assertThat(defined.oneOfEach()).containsExactly(id("sip:a1"), id("sip:b1"));
    }

    @Test
    void allPartsTogetherAreAllDestinationsOnce() {
        List<String> reported = IntStream.range(7, 10)
                .mapToObj(round -> defined.part(round, 3))
                .flatMap(List::stream)
                .toList();

        assertThat(reported).containsExactlyInAnyOrderElementsOf(defined.ids()).hasSize(5);
    }

    private static String id(String uri) {
        return Samples.definition(1, uri).id();
    }
}
