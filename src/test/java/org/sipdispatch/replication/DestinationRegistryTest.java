package org.sipdispatch.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.Removal;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;
import org.sipdispatch.freeswitch.EventSocketUrl;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.IpVersionPreference;
import org.sipdispatch.sets.MemberState;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.sets.Target;

class DestinationRegistryTest {
    private static final SetId ONE = new SetId("default", 1);

    private final DestinationRegistry known = new DestinationRegistry();
    private final Definition a = Samples.definition(1, "sip:a");
    private final Definition b = Samples.definition(1, "sip:b");

    @Test
    void untilItsActorReportsADestinationIsWhatItsRowSays() {
        known.define(
                1, List.of(a, new Definition(b.destination(), DestinationState.PROBING, false, 1, 2, 1, "", false)));

        assertThat(actives()).containsExactly(true, false);
        assertThat(known.isComplete()).isFalse();
    }

    @Test
    void aStatusChangesTheViewOfItsSetOnlyWhereItChangesWhoTakesTraffic() {
        known.define(1, List.of(a, b));

        assertThat(changed(Map.of(a.id(), Samples.status(1, 0, false), b.id(), Samples.status(1, 0, true))))
                .containsExactly(ONE);
        assertThat(actives()).containsExactly(true, false);
        assertThat(changed(Map.of(b.id(), Samples.status(1, 1, true)))).isEmpty();
        assertThat(changed(Map.of(b.id(), Samples.status(1, 0, false)))).isEmpty();
        assertThat(known.isComplete()).isTrue();
    }

    @Test
    void theViewHasTheTargetsOfANameThatAreInUse() {
        known.define(1, List.of(a, b));
        assertThat(known.view(ONE).hasTargets()).isFalse();

        assertThat(changed(Map.of(a.id(), Samples.withTargets(1, 0, "192.0.2.1:5060 ", "192.0.2.2:5060 "))))
                .containsExactly(ONE);
        assertThat(addresses(0)).containsExactlyInAnyOrder("192.0.2.1:5060", "192.0.2.2:5060");
        assertThat(known.view(ONE).targets(1)).isNull();

        assertThat(changed(Map.of(a.id(), Samples.withTargets(1, 1, "192.0.2.1:5060 ", "192.0.2.2:5060 p"))))
                .containsExactly(ONE);
        assertThat(addresses(0)).containsExactly("192.0.2.1:5060");
        assertThat(known.view(ONE).targets(0).all()).hasSize(2);

        assertThat(changed(Map.of(a.id(), Samples.withTargets(1, 2, "192.0.2.1:5060 ", "192.0.2.2:5060 h"))))
                .isEmpty();
    }

    private List<String> addresses(int place) {
        return known.view(ONE).targets(place).order(0, IpVersionPreference.ANY).stream()
                .map(address -> Target.name(address, ""))
                .toList();
    }

    @Test
    void whatAClusterTellsThatThisNodeIsNotPartOfCountsUntilItsOwnOneSpeaks() {
        known.define(1, List.of(a, b));
        known.learn(Map.of(a.id(), Samples.status(2, 5, false), b.id(), Samples.status(2, 0, false)));
        known.startSession();

        assertThat(known.remember(Map.of(a.id(), Samples.status(2, 4, true), b.id(), Samples.status(2, 1, true))))
                .containsExactly(ONE);
        assertThat(actives()).containsExactly(true, false);
        assertThat(known.newestVersion(b.id())).isNull();

        known.learn(Map.of(b.id(), Samples.status(1, 0, false)));
        assertThat(actives()).containsExactly(true, true);
        assertThat(known.remember(Map.of(b.id(), Samples.status(2, 2, true)))).isEmpty();
    }

    /** The node is cut off, and has the definitions from before the removal. */
    @Test
    void aDestinationThatIsRemovedElsewhereTakesNoTraffic() {
        Status held = Samples.status(7, 0, false).set(DestinationState.INACTIVE, "bob", "drops calls", 5);
        known.define(1, List.of(a, b));
        known.learn(Map.of(a.id(), held, b.id(), Samples.status(7, 0, false)));
        known.startSession();

        assertThat(known.remember(Map.of(b.id(), Samples.status(7, 0, false).withdrawn("bob", "reload"))))
                .containsExactly(ONE);
        known.remember(Map.of(a.id(), held.withdrawn("bob", "reload")));

        assertThat(actives()).containsExactly(false, false);
        known.startSession();
        known.define(1, List.of(a, b));
        assertThat(actives()).containsExactly(false, false);
    }

    @Test
    void aRowThatIsAddedAgainHasItsInitialState() {
        known.define(1, List.of(a, b));
        Status removed = Samples.status(7, 0, true).withdrawn("bob", "reload");
        known.learn(Map.of(a.id(), removed));
        assertThat(actives()).containsExactly(false, true);

        known.define(2, List.of(b));
        known.define(3, List.of(a, b));
        assertThat(actives()).containsExactly(true, true);

        known.startSession();
        known.define(4, List.of(a, b));
        known.learn(Map.of(a.id(), removed));
        assertThat(actives()).as("the removal was known before the row").containsExactly(true, true);
    }

    @Test
    void equalRowsHaveStatesOfTheirOwnWhateverTheirOrder() {
        Destination one = a.destination();
        Definition second = new Definition(
                new Destination("default", 1, one.uri(), null, 4, one.priority() + 1, "", "", 2),
                DestinationState.ACTIVE,
                false,
                1,
                2,
                1,
                "",
                false);
        known.define(1, List.of(a, second));
        assertThat(second.id()).isEqualTo(a.id() + ",2");

        known.learn(Map.of(a.id(), Samples.status(1, 0, true), second.id(), Samples.status(1, 0, false)));

        SetView view = known.view(ONE);
        assertThat(view.member(0).ordinal()).isEqualTo(2);
        assertThat(List.of(view.isActive(0), view.isActive(1))).containsExactly(true, false);
        assertThat(view.isUnusable(one)).isTrue();
        assertThat(view.isUnusable(second.destination())).isFalse();
    }

    @Test
    void equalRowsAsAnOlderReleaseTellsThemShareAStatus() {
        known.define(1, List.of(a, Samples.definition(1, "sip:a", 9)));

        known.learn(Map.of(a.id(), Samples.status(1, 0, true)));

        assertThat(actives()).containsExactly(false, false);
        assertThat(known.isComplete()).isTrue();
    }

    @Test
    void rowsThatDidNotChangeStayTheSameObjects() {
        known.define(1, List.of(a, b));
        SetView before = known.view(ONE);

        known.define(2, List.of(Samples.definition(1, "sip:a"), Samples.definition(1, "sip:b", 9)));

        assertThat(known.view(ONE).member(0)).isSameAs(before.member(0));
        assertThat(known.view(ONE).member(1)).isNotEqualTo(before.member(1));
    }

    @Test
    void aSetThatDidNotChangeKeepsItsView() {
        Definition c = Samples.definition(2, "sip:c");
        known.define(1, List.of(a, b, c));
        SetView one = known.view(ONE);
        SetView two = known.view(new SetId("default", 2));

        known.learn(Map.of(a.id(), Samples.status(1, 0, true)));
        known.define(2, List.of(a, b, c));

        assertThat(known.views()).last().isSameAs(two);
        assertThat(known.view(ONE)).isNotSameAs(one);
        assertThat(known.view(ONE).hasMembersOf(one)).isTrue();
        assertThat(known.view(ONE)).isSameAs(known.view(ONE));
        assertThat(known.views(List.of(new SetId("default", 3)))).isEmpty();

        known.define(3, List.of(b, a, c));
        assertThat(known.view(ONE).hasMembersOf(one)).isFalse();
        assertThat(actives()).containsExactly(true, false);
    }

    @Test
    void statesOutliveAReload() {
        known.define(1, List.of(a, b));
        known.learn(Map.of(a.id(), Samples.status(1, 0, true), b.id(), Samples.status(1, 0, false)));

        known.define(2, List.of(a, b, Samples.definition(2, "sip:c")));

        assertThat(actives()).containsExactly(false, true);
        assertThat(known.isComplete()).isFalse();
        assertThat(known.views()).hasSize(2);
    }

    @Test
    void whatWasKnownStaysInForceUntilTheNextClusterSaysSomething() {
        known.define(5, List.of(a, b));
        known.learn(Map.of(a.id(), Samples.status(9, 0, true), b.id(), Samples.status(9, 0, true)));

        known.startSession();
        known.define(1, List.of(a, b));

        assertThat(actives()).containsExactly(false, false);
        assertThat(known.isComplete()).isFalse();
        assertThat(changed(Map.of(a.id(), Samples.status(2, 0, false)))).containsExactly(ONE);
        assertThat(actives()).containsExactly(true, false);
    }

    private static final EventSocketUrl FS = EventSocketUrl.parse("fs://:pw@fs1");

    private static FreeswitchWeight weight(String source, int weight) {
        return new FreeswitchWeight(new StatusVersion(1, 1, 7), source, weight, true, 1000);
    }

    @Test
    void weightsFromFreeswitchChangeTheViewAndKeepTheMembersForRoundRobin() {
        known.define(1, List.of(a.withEventSocket(FS), b));
        SetView before = known.view(ONE);

        assertThat(known.learnWeights(Map.of(a.id(), weight(FS.toString(), 43), b.id(), weight(FS.toString(), 9))))
                .containsExactly(ONE);
        known.publish();

        SetView after = known.view(ONE);
        assertThat(List.of(after.weight(0), after.weight(1))).containsExactly(43, 1);
        assertThat(after.hasMembersOf(before)).isTrue();
        assertThat(known.changes().snapshot().find(a.id()).weight()).isEqualTo(43);
        assertThat(known.learnWeights(Map.of(a.id(), weight(FS.toString(), 43))))
                .isEmpty();
    }

    @Test
    void aWeightOfAnotherEventSocketDoesNotCount() {
        known.define(1, List.of(a.withEventSocket(FS)));

        assertThat(known.learnWeights(Map.of(a.id(), weight("fs://fs2:8021", 43))))
                .isEmpty();

        assertThat(known.view(ONE).weight(0)).isEqualTo(1);
    }

    @Test
    void weightsFromFreeswitchOutliveReloadsAndSessionsButNotTheirRow() {
        known.define(1, List.of(a.withEventSocket(FS)));
        known.learnWeights(Map.of(a.id(), weight(FS.toString(), 43)));

        known.define(2, List.of(a.withEventSocket(FS), b));
        known.startSession();
        assertThat(known.view(ONE).weight(0)).isEqualTo(43);

        known.define(3, List.of(b));
        known.define(4, List.of(a.withEventSocket(FS)));
        assertThat(known.view(ONE).weight(0)).isEqualTo(1);
    }

    @Test
    void eventSocketsReachOtherNodesInAPartThatOlderReleasesDoNotRead() {
        List<Definition> all = List.of(a, b.withEventSocket(FS));
        List<Removal> removals = List.of(new Removal(3, "ann", "why"));
        byte[] packed = DefinitionsCodec.pack(all, true, removals);

        assertThat(DefinitionsCodec.unpack(packed, 0))
                .extracting(Definition::eventSocket)
                .containsExactly(null, FS);
        assertThat(DefinitionsCodec.removals(packed)).isEqualTo(removals);
        assertThat(packed).startsWith(DefinitionsCodec.pack(List.of(a, b), true, removals));
    }

    @Test
    void ofWhatIsReportedOnlyTheNewerIsNews() {
        known.learn(Map.of(a.id(), Samples.status(2, 0, false)));

        DestinationRegistry.LearnResult learned =
                known.learn(Map.of(a.id(), Samples.status(1, 5, true), b.id(), Samples.status(1, 0, true)));

        assertThat(learned.statuses()).containsExactly(Map.entry(b.id(), Samples.status(1, 0, true)));
    }

    @Test
    void viewsHavePushedAttributes() {
        assertThat(known.define(1, List.of(a, b))).isTrue();
        assertThat(known.view(ONE).scriptAttrs(a.destination())).isEmpty();
        assertThat(known.define(2, List.of(a, b))).isFalse();

        assertThat(known.define(3, List.of(a.withScriptAttrs("free=3"), b))).isTrue();
        assertThat(known.view(ONE).scriptAttrs(a.destination())).isEqualTo("free=3");
        assertThat(known.all()).extracting(Definition::scriptAttrs).containsExactly("free=3", "");
        assertThat(known.define(4, List.of(a))).isTrue();
    }

    @Test
    void viewsTellWhyADestinationTakesNoTraffic() {
        known.define(1, List.of(a, new Definition(b.destination(), DestinationState.PROBING, false)));
        assertThat(states()).containsExactly(MemberState.USABLE, MemberState.PROBING);

        Status busy = new Status(new StatusVersion(1, 0, 1), false, false, true, 0, 0, false, 0, "probe", "reply 503");
        Status held = new Status(new StatusVersion(1, 0, 1), true, true, true, 3, 0, false, 0, "alice", "maintenance");
        assertThat(changed(Map.of(a.id(), busy, b.id(), held))).containsExactly(ONE);
        assertThat(states()).containsExactly(MemberState.BUSY, MemberState.INACTIVE);
    }

    private List<MemberState> states() {
        SetView view = known.view(ONE);
        return List.of(view.state(0), view.state(1));
    }

    private Set<SetId> changed(Map<String, Status> learned) {
        return known.learn(learned).changed();
    }

    private List<Boolean> actives() {
        SetView view = known.view(ONE);
        return List.of(view.isActive(0), view.isActive(1));
    }

    private DestinationsSnapshot.KnownDestination published(Definition definition) {
        return known.changes().snapshot().find(definition.id());
    }

    @Test
    void whatChangesIsPublishedAllAtOnce() {
        known.define(4, List.of(a, b));
        known.learn(Map.of(a.id(), Samples.status(1, 0, true)));
        assertThat(known.changes().snapshot()).isSameAs(DestinationsSnapshot.EMPTY);

        known.publish();

        assertThat(known.changes().snapshot().revision()).isEqualTo(4);
        assertThat(published(a).status()).isEqualTo(Samples.status(1, 0, true));
        assertThat(published(b).status()).isNull();
        DestinationsSnapshot before = known.changes().snapshot();
        known.publish();
        assertThat(known.changes().snapshot()).isSameAs(before);
    }

    @Test
    void listenersGetTheNewStatusesThoughTheirDestinationsAreNotDefined() {
        known.define(1, List.of(a));
        known.publish();
        List<Map<String, Status>> learned = new ArrayList<>();
        known.changes().add((snapshot, statuses) -> learned.add(statuses));

        known.learn(Map.of(a.id(), Samples.status(1, 0, true), b.id(), Samples.status(1, 0, false)));
        known.publish();

        assertThat(learned).hasSize(1);
        assertThat(learned.get(0)).containsOnlyKeys(a.id(), b.id());
    }

    @Test
    void theSnapshotOutlivesTheSessionAndSaysWhatIsFromBefore() {
        known.define(5, List.of(a, b));
        known.learn(Map.of(a.id(), Samples.status(9, 0, true), b.id(), Samples.status(9, 0, true)));
        known.publish();
        DestinationsSnapshot.KnownDestination before = published(a);

        known.startSession();
        assertThat(published(a).status()).isEqualTo(before.status());
        assertThat(published(a).former()).isTrue();
        assertThat(published(a).change()).isEqualTo(before.change());

        known.define(1, List.of(a, b));
        known.learn(Map.of(a.id(), Samples.status(2, 0, false)));
        known.remember(Map.of(b.id(), Samples.status(9, 1, true)));
        known.publish();
        assertThat(known.changes().snapshot().revision()).isEqualTo(1);
        assertThat(published(a).status()).isEqualTo(Samples.status(2, 0, false));
        assertThat(published(a).former()).isFalse();
        assertThat(published(b).status()).isEqualTo(Samples.status(9, 1, true));
        assertThat(published(b).former()).isTrue();
    }

    @Test
    void theOwnerIsTheNodeThatGaveTheVersionWhileItIsInTheCluster() {
        known.define(1, List.of(a, b));
        known.learn(Map.of(a.id(), Samples.status(1, 0, true)));
        known.publish();
        long before = published(a).change();
        assertThat(published(a).owner()).isEmpty();

        known.setNodes(Map.of(7L, "10.0.0.7:2552", 8L, "10.0.0.8:2552"));
        known.publish();
        assertThat(published(a).owner()).isEqualTo("10.0.0.7:2552");
        assertThat(published(a).change()).isGreaterThan(before);
        assertThat(published(b).owner()).isEmpty();
        assertThat(published(b).change()).isEqualTo(before);

        known.setNodes(Map.of(8L, "10.0.0.8:2552"));
        known.publish();
        assertThat(published(a).owner()).isEmpty();
    }

    @Test
    void theNewestVersionIsOfThisMembershipAlone() {
        known.define(1, List.of(a));
        assertThat(known.newestVersion(a.id())).isNull();
        known.learn(Map.of(a.id(), Samples.status(2, 1, true)));
        known.learn(Map.of(a.id(), Samples.status(1, 9, false)));
        assertThat(known.newestVersion(a.id()))
                .isEqualTo(Samples.status(2, 1, true).version());

        known.startSession();

        assertThat(known.newestVersion(a.id())).isNull();
    }

    @Test
    void theStartOfAnotherActorInTheSameTermReplacesNoChange() {
        known.define(1, List.of(a, b));
        Status started = Samples.status(3, 0, false).withVersion(new StatusVersion(3, 0, 9));
        Status failed = Samples.status(3, 2, true);
        known.remember(Map.of(a.id(), started));
        known.remember(Map.of(a.id(), failed));
        known.remember(Map.of(a.id(), started));
        assertThat(actives()).containsExactly(false, true);

        known.learn(Map.of(a.id(), failed));
        known.learn(Map.of(a.id(), started));

        assertThat(known.newestVersion(a.id())).isEqualTo(failed.version());
        assertThat(actives()).containsExactly(false, true);
    }
}
