package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.destination.DestinationState.ACTIVE;
import static org.sipdispatch.destination.DestinationState.INACTIVE;
import static org.sipdispatch.destination.DestinationState.PROBING;
import static org.sipdispatch.destination.Samples.GOOD;
import static org.sipdispatch.destination.Samples.SILENT;
import static org.sipdispatch.destination.TargetsTest.found;

import akka.pattern.StatusReply;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.sets.Destination;

/** The actor of a destination whose name has several addresses. */
class TargetProbesTest {
    private static final String MODE_ONE = "ds_ping_interval = 10, ds_probing_mode = 1, second-opinion.nodes = 0";
    private static final String A = "192.0.2.1:5060";
    private static final String B = "192.0.2.2:5060";
    private static final String C = "192.0.2.3:5060";

    private final ActorFixture at = new ActorFixture();
    /** The targets that answer no ping. */
    private final Set<String> dead = new HashSet<>();

    @AfterEach
    void close() {
        at.close();
    }

    private void start(String settings, FoundTargets first) {
        at.answers = ping -> dead.contains(ping.target()) ? SILENT : GOOD;
        at.spawn(settings);
        define();
        at.report();
        assertThat(at.searches).hasSize(1);
        at.searches.get(0).accept(first);
        at.report();
    }

    private void define() {
        Destination named = new Destination("default", 1, "sip:gw.example.test", null, 1, 0, "", "");
        at.actor.tell(new DestinationActor.Define(new Definition(named, ACTIVE, false, 0, 1, 1, "", false)));
    }

    private Status target(String name) {
        return at.status().targets().find(name).status();
    }

    private StatusReply<Status> set(String target, DestinationState state) {
        at.actor.tell(new DestinationActor.SetTarget(
                target, state, "alice", "said so", DestinationActor.Ticket.NONE, at.replies.getRef()));
        return at.replies.receiveMessage();
    }

    private List<String> pinged() {
        return at.pings.stream().map(sent -> sent.ping().target()).toList();
    }

    @Test
    void aNameWithOneAddressIsPingedAsAWhole() {
        start(MODE_ONE, found(A));
        at.pass(30_000);

        assertThat(pinged()).containsExactly("", "", "");
        assertThat(at.status().targets().isNone()).isTrue();
    }

    @Test
    void anotherAddressOfANameWithOneIsATarget() {
        start(MODE_ONE, found(A));
        at.pass(60_000);
        at.searches.get(1).accept(new FoundTargets(List.of(), "SERVFAIL", 5_000));
        assertThat(at.status().targets().isNone()).isTrue();
        at.pass(5_000);

        at.searches.get(2).accept(found(B));

        assertThat(at.status().targets().all())
                .extracting(Targets.TargetStatus::name)
                .containsExactly(B);
        assertThat(at.status().state()).isEqualTo(ACTIVE);
    }

    @Test
    void anAddressIsNotLookedUp() {
        at.always = GOOD;
        at.start(MODE_ONE, ACTIVE).pass(10_000);

        assertThat(at.searches).isEmpty();
    }

    @Test
    void eachTargetIsPingedOnceAnIntervalAtATimeOfItsOwn() {
        start(MODE_ONE, found(A, B, C));
        at.pass(30_000);

        assertThat(pinged().stream().collect(Collectors.groupingBy(name -> name, Collectors.counting())))
                .containsOnlyKeys(A, B, C)
                .allSatisfy((name, pings) -> assertThat(pings).isEqualTo(3));
        assertThat(at.pings.stream().map(ActorFixture.Sent::atMs)).doesNotHaveDuplicates();
    }

    @Test
    void aDeadTargetIsTakenOutAndComesBackByItself() {
        dead.add(B);
        start(MODE_ONE, found(A, B, C));
        at.pass(40_000);

        assertThat(target(B).state()).isEqualTo(PROBING);
        assertThat(target(B).failures()).isEqualTo(3);
        assertThat(target(A).state()).isEqualTo(ACTIVE);
        assertThat(at.status().state()).isEqualTo(ACTIVE);

        dead.clear();
        at.pass(20_000);

        assertThat(target(B).state()).isEqualTo(ACTIVE);
        assertThat(at.transitions()).isEmpty();
        assertThat(at.targetChanges)
                .containsSubsequence(
                        "target " + B + " is Probing, was Active: no reply, by probe",
                        "target " + B + " is Active, was Probing: reply 200, by probe");
        assertThat(at.status().targets().last().text()).isEqualTo("target " + B + " is Active, was Probing: reply 200");
    }

    @Test
    void theDestinationIsOutWhileAllTargetsAreDead() {
        dead.addAll(List.of(A, B));
        start(MODE_ONE, found(A, B));
        at.pass(40_000);

        assertThat(at.status().state()).isEqualTo(PROBING);

        dead.remove(A);
        at.pass(20_000);

        assertThat(at.transitions()).containsExactly("ACTIVE>PROBING probe", "PROBING>ACTIVE probe");
        assertThat(target(B).state()).isEqualTo(PROBING);
    }

    @Test
    void trafficTakesOutTheTargetThatItWasSentTo() {
        start(MODE_ONE, found(A, B));

        at.actor.tell(new DestinationActor.ObserveTarget(Samples.strikes(3, false, 503), B, "here"));

        assertThat(target(B).state()).isEqualTo(PROBING);
        assertThat(target(B).who()).isEqualTo("traffic");
        assertThat(target(A).failures()).isZero();
        assertThat(at.status().state()).isEqualTo(ACTIVE);
    }

    /** A node that does not know the targets yet cannot say which one has failed. */
    @Test
    void whatTrafficShowsOfTheWholeDestinationTakesNoTargetOut() {
        start(MODE_ONE, found(A, B));

        at.observe(Samples.strikes(3, false, 503), "here");
        at.observe(new Observation(Samples.DESTINATION, 0, 3, 3, false, 503, C), "here");

        assertThat(at.status().targets().all())
                .allMatch(one -> one.status().state() == ACTIVE && one.status().failures() == 0);

        at.observe(Samples.strikes(Observation.HOLD, false, 503), "here");

        assertThat(at.status().state()).isEqualTo(INACTIVE);
    }

    @Test
    void otherNodesAreAskedAboutTheTarget() {
        at.others = 2;
        dead.add(B);
        start("ds_ping_interval = 10, ds_probing_mode = 1", found(A, B));
        // The third ping of the dead one is sent 23 s after the start; the other nodes have 3.3 s.
        at.pass(24_000);
        assertThat(at.asked).hasSize(2);
        assertThat(at.askedFor).containsOnly(B);

        for (int i = 0; i < at.asked.size(); i++) {
            at.opinion(i, GOOD);
        }

        assertThat(target(B).state()).isEqualTo(ACTIVE);
        assertThat(at.report().disputed()).isTrue();
    }

    @Test
    void oneTargetIsHeldAndReleased() {
        start(MODE_ONE, found(A, B));

        assertThat(set(B, INACTIVE).getValue().targets().find(B).status().state())
                .isEqualTo(INACTIVE);
        at.pass(30_000);

        assertThat(pinged()).doesNotContain(B);
        assertThat(at.status().state()).isEqualTo(ACTIVE);
        assertThat(set(B, PROBING).getError().getMessage()).startsWith("held by alice");

        set(B, null);
        at.pass(10_000);

        assertThat(target(B).state()).isEqualTo(ACTIVE);
        assertThat(pinged()).contains(B);
    }

    @Test
    void anOrderForAnUnknownTargetNamesTheKnownOnes() {
        start(MODE_ONE, found(A, B));

        assertThat(set(C, INACTIVE).getError().getMessage())
                .isEqualTo("target: " + C + " (expected: one of " + A + ", " + B + ")");
    }

    @Test
    void thePortOfATargetMayBeLeftOutIfTheAddressIsClear() {
        String other = "192.0.2.2:5070";
        String six = "[2001:db8::3]:5060";
        start(MODE_ONE, found(A, B, other, six));

        set("192.0.2.1", INACTIVE);
        set("2001:db8::3", INACTIVE);

        assertThat(target(A).state()).isEqualTo(INACTIVE);
        assertThat(target(six).state()).isEqualTo(INACTIVE);
        assertThat(set("192.0.2.2", INACTIVE).getError().getMessage())
                .isEqualTo("target: 192.0.2.2 (expected: one of " + B + ", " + other + ")");
    }

    @Test
    void aNameWithoutAnyAddressStaysActiveAndSaysWhy() {
        start("ds_ping_interval = 0, second-opinion.nodes = 0", found());

        Status noted = at.status();
        assertThat(noted.targets().failure()).isEqualTo("no address");
        assertThat(noted.targets().isNone()).isTrue();
        assertThat(noted.takesTraffic()).isTrue();
        assertThat(Targets.among(noted.packed().orders())).isEqualTo(noted.targets());

        at.pass(60_000);
        at.searches.get(1).accept(new FoundTargets(List.of(), "SERVFAIL", 5_000));
        assertThat(at.status().targets().failure()).isEqualTo("SERVFAIL");
        at.pass(5_000);
        at.searches.get(2).accept(found(A));

        assertThat(at.status().targets()).isEqualTo(Targets.NONE);
        assertThat(at.targetChanges).isEmpty();
    }

    @Test
    void anOrderForATargetOfADestinationWithoutTargetsIsRefused() {
        at.always = GOOD;
        at.start(MODE_ONE, ACTIVE);

        assertThat(set(A, INACTIVE).getError().getMessage())
                .isEqualTo("target: " + A + " (expected: none, this destination has no targets)");
    }

    @Test
    void aHeldDestinationPingsNoTarget() {
        start(MODE_ONE, found(A, B));
        at.set(INACTIVE);
        int before = at.pings.size();
        at.pass(30_000);

        assertThat(at.pings).hasSize(before);
    }

    @Test
    void dnsIsAskedAgainWhenTheAnswerEndsAndItsChangesApplyAtOnce() {
        start(MODE_ONE, found(A, B));
        at.pass(60_000);
        at.report();
        assertThat(at.searches).hasSize(2);

        at.searches.get(1).accept(found(B, C));

        assertThat(at.status().targets().all())
                .extracting(Targets.TargetStatus::name)
                .containsExactly(B, C);
        assertThat(target(C).state()).isEqualTo(ACTIVE);
        int before = at.pings.size();
        at.pass(10_000);
        assertThat(pinged().subList(before, at.pings.size())).containsExactlyInAnyOrder(B, C);
    }

    @Test
    void aTargetOfADestinationThatHasFailedGetsTrafficOnlyAfterAPing() {
        at.answers = ping -> SILENT;
        at.spawn(MODE_ONE);
        define();
        at.pass(40_000);
        assertThat(at.status().state()).isEqualTo(PROBING);

        at.answers = ping -> GOOD;
        at.searches.get(0).accept(found(A, B));

        assertThat(at.status().state()).isEqualTo(PROBING);
        at.pass(20_000);
        assertThat(at.status().state()).isEqualTo(ACTIVE);
    }

    @Test
    void theNextActorGoesOnWithTheCountersOfTheTargets() {
        dead.add(B);
        start(MODE_ONE, found(A, B));
        at.pass(20_000);
        assertThat(target(B).failures()).isEqualTo(2);
        Status left = at.replicated;

        try (ActorFixture next = new ActorFixture()) {
            next.replicated = left;
            next.answers = ping -> ping.target().equals(B) ? SILENT : GOOD;
            next.spawn(MODE_ONE);
            Destination named = new Destination("default", 1, "sip:gw.example.test", null, 1, 0, "", "");
            next.actor.tell(new DestinationActor.Define(new Definition(named, ACTIVE, false, 0, 1, 1, "", false)));

            assertThat(next.status().targets().find(B).status().failures()).isEqualTo(2);
            next.pass(10_000);

            assertThat(next.status().targets().find(B).status().state()).isEqualTo(PROBING);
        }
    }

    @Test
    void aPingOfAnOperatorReachesAllTargets() {
        at.answers = null;
        at.spawn(MODE_ONE);
        define();
        at.report();
        at.searches.get(0).accept(found(A, B));
        at.report();

        at.actor.tell(new DestinationActor.ProbeNow("alice", at.probed.getRef()));
        at.report();
        assertThat(pinged()).containsExactly(A, B);
        at.pings.get(0).then().accept(GOOD);
        at.report();
        at.probed.expectNoMessage(Duration.ZERO);
        at.pings.get(1).then().accept(GOOD);

        assertThat(at.probed.receiveMessage().getValue().underWay()).isFalse();
    }

    @Test
    void aPingOfAnOperatorDoesNotWaitForATargetThatIsGone() {
        at.answers = null;
        at.spawn(MODE_ONE);
        define();
        at.report();
        Consumer<FoundTargets> dns = at.searches.get(0);
        dns.accept(found(A, B));
        at.actor.tell(new DestinationActor.ProbeNow("alice", at.probed.getRef()));
        at.report();
        at.pings.get(0).then().accept(GOOD);

        dns.accept(found(A));

        assertThat(at.probed.receiveMessage().getValue().underWay()).isFalse();
    }
}
