package org.sipdispatch.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.replication.Samples;

class PendingDefinitionsTest {
    private static final String SHARD = "1";
    private static final int MANY = 5 * PendingDefinitions.MOST_REPEATED;

    private final PendingDefinitions definitions = new PendingDefinitions(id -> SHARD);

    private static DefinitionsByShard defined(int count, int weight) {
        return new DefinitionsByShard(
                IntStream.range(0, count)
                        .mapToObj(i -> Samples.definition(1, "sip:d" + i, weight))
                        .toList(),
                id -> SHARD);
    }

    private Set<String> all() {
        return Set.copyOf(definitions.defined().ids());
    }

    private List<String> round(Set<String> running) {
        definitions.beginRound();
        definitions.addDue(SHARD, running);
        return definitions.next(MANY);
    }

    @Test
    void anActorThatRunsAndHasItsDefinitionGetsItAgainInOneOfSeveralRounds() {
        definitions.define(defined(MANY, 1));
        assertThat(round(Set.of())).hasSize(MANY);

        List<String> repeated = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            List<String> one = round(all());
            assertThat(one).hasSize(PendingDefinitions.MOST_REPEATED);
            repeated.addAll(one);
        }

        assertThat(repeated).containsExactlyInAnyOrderElementsOf(all());
    }

    @Test
    void fewDestinationsGetTheirDefinitionsInEachRound() {
        definitions.define(defined(3, 1));
        round(Set.of());

        assertThat(round(all())).hasSize(3);
    }

    @Test
    void anActorThatStoppedOrStartedGetsItsDefinitionInTheNextRound() {
        definitions.define(defined(MANY, 1));
        round(Set.of());
        String stopped = Samples.definition(1, "sip:d11").id();
        String started = Samples.definition(1, "sip:d12").id();
        Set<String> others = new java.util.HashSet<>(all());
        others.remove(stopped);

        definitions.started(started);

        List<String> next = new ArrayList<>(round(others));
        next.addAll(round(all()));
        assertThat(next).contains(stopped, started).hasSizeLessThan(2 * PendingDefinitions.MOST_REPEATED + 5);
    }

    @Test
    void definitionsThatChangeSomethingAreSentFirst() {
        definitions.define(defined(MANY, 1));
        round(Set.of());
        List<Definition> rows = new ArrayList<>(IntStream.range(0, MANY)
                .mapToObj(i -> Samples.definition(1, "sip:d" + i))
                .toList());
        rows.set(MANY - 1, Samples.definition(1, "sip:d" + (MANY - 1), 9));
        Definition gone = rows.remove(0);

        assertThat(definitions.define(new DefinitionsByShard(rows, id -> SHARD)))
                .containsExactly(gone.id());

        definitions.beginRound();
        definitions.addDue(SHARD, all());
        assertThat(definitions.next(1))
                .containsExactly(Samples.definition(1, "sip:d" + (MANY - 1)).id());
        assertThat(definitions.next(MANY)).hasSize(MANY - 2);
        assertThat(definitions.isEmpty()).isTrue();
    }
}
