package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.observation.DestinationTraffic;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.Target;
import org.sipdispatch.sets.TargetAddresses;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.SendFailure;

/** Requests to a destination with targets d1 and d2, with d3 as the next destination. */
class TargetTrafficTest {
    private static final String D1 = "10.0.0.1:5060";
    private static final String D2 = "10.0.0.2:5060";
    private static final Destination NAMED = new Destination("default", 1, "sip:gw.example.net", null, 1, 0, "", "");

    private static Target target(String name, int priority) {
        return new Target(Target.address(name), "gw.example.net", priority, 0);
    }

    /** d1 has the better priority. */
    private static LaneFixture having(LaneFixture fixture, String... usable) {
        fixture.set(1, "sip:gw.example.net", "sip:10.0.0.3");
        List<Target> all = List.of(target(D1, 1), target(D2, 2));
        fixture.targets.put(
                NAMED,
                TargetAddresses.of(
                        all.stream()
                                .filter(one -> List.of(usable).contains(one.name()))
                                .toList(),
                        all));
        return fixture;
    }

    private static LaneFixture stateful(String... usable) {
        return having(LaneFixture.stateful("relay-defaults.mark = probing"), usable);
    }

    /** Destination or target, succeeded, failed, strikes. */
    private static List<String> observations(LaneFixture fixture) {
        fixture.passes(300);
        return fixture.observations.stream()
                .map(seen -> (seen.target().isEmpty() ? seen.destination().uri() : seen.target()) + " +"
                        + seen.succeeded() + " -" + seen.failed() + " " + seen.strikes())
                .toList();
    }

    private static DestinationTraffic traffic(LaneFixture fixture) {
        return LaneCounters.destinations(List.of(fixture.counters)).stream()
                .filter(one -> one.destination().equals(NAMED))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void noNameIsResolved() {
        LaneFixture fixture = stateful(D1, D2);
        fixture.callerSends(invite());

        assertThat(fixture.sent()).containsExactly("100 to caller", "INVITE to d1");
        assertThat(fixture.draws).isEmpty();
    }

    @Test
    void anUnusableTargetGetsNoRequest() {
        LaneFixture fixture = stateful(D2);
        fixture.callerSends(invite());

        assertThat(fixture.sent()).containsExactly("100 to caller", "INVITE to d2");
    }

    @Test
    void theNextTargetIsTriedBeforeTheNextDestination() {
        LaneFixture fixture = stateful(D1, D2);
        fixture.callerSends(invite());
        fixture.destinationAnswers(503);
        fixture.destinationAnswers(503);

        assertThat(fixture.sent())
                .containsExactly(
                        "100 to caller", "INVITE to d1", "ACK to d1", "INVITE to d2", "ACK to d2", "INVITE to d3");
        assertThat(observations(fixture)).containsExactly(D1 + " +0 -1 1", D2 + " +0 -1 1");
    }

    @Test
    void eachTargetIsObservedByItself() {
        LaneFixture fixture = stateful(D1, D2);
        fixture.callerSends(invite());
        fixture.destinationAnswers(503);
        fixture.destinationAnswers(200);

        assertThat(observations(fixture)).containsExactlyInAnyOrder(D1 + " +0 -1 1", D2 + " +1 -0 0");
    }

    @Test
    void aTargetThatIsUnreachableHasFailed() {
        LaneFixture fixture = stateful(D1, D2);
        fixture.refuses(D1, SendFailure.UNREACHABLE);
        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.sent()).containsExactly("MESSAGE to d2");
        assertThat(observations(fixture)).containsExactly(D1 + " +0 -1 1");
    }

    @Test
    void withoutTargetsTheDestinationIsObserved() {
        LaneFixture fixture = LaneFixture.stateful("relay-defaults.mark = probing");
        fixture.host("gw.example.net", D1, D2).set(1, "sip:gw.example.net");
        fixture.callerSends(invite());
        fixture.destinationAnswers(503);
        fixture.destinationAnswers(503);

        assertThat(observations(fixture)).containsExactly("sip:gw.example.net +0 -1 1");
        assertThat(traffic(fixture).targets()).isEmpty();
    }

    @Test
    void whatATargetCountsItsDestinationCountsToo() {
        LaneFixture fixture = stateful(D1, D2);
        fixture.callerSends(invite());
        fixture.destinationAnswers(503);
        fixture.destinationAnswers(180);
        fixture.destinationAnswers(200);

        DestinationTraffic whole = traffic(fixture);
        DestinationTraffic first = whole.targets().get(D1);
        DestinationTraffic second = whole.targets().get(D2);
        assertThat(whole.targets()).containsOnlyKeys(D1, D2);
        assertThat(whole.firstHits()).isEqualTo(1);
        assertThat(whole.requests()).isEqualTo(2);
        assertThat(first.requests()).isEqualTo(1);
        assertThat(first.replies()).containsExactly(0L, 0L, 0L, 0L, 1L, 0L);
        assertThat(second.replies()).containsExactly(1L, 1L, 0L, 0L, 0L, 0L);
        assertThat(whole.replies()).containsExactly(1L, 1L, 0L, 0L, 1L, 0L);
        assertThat(second.openCalls()).isEqualTo(1);
        assertThat(whole.openCalls()).isEqualTo(1);
        assertThat(Stream.of(first, second)
                        .mapToLong(one -> one.latency().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                        .sum())
                .isEqualTo(2);
    }

    @Test
    void countersOfSeveralLanesAreAdded() {
        LaneFixture one = stateful(D1);
        LaneFixture other = stateful(D1, D2);
        one.callerSends(invite());
        other.callerSends(invite());
        other.destinationAnswers(503);

        DestinationTraffic sum =
                LaneCounters.destinations(List.of(one.counters, other.counters)).get(0);

        assertThat(sum.targets().get(D1).requests()).isEqualTo(2);
        assertThat(sum.targets().get(D2).requests()).isEqualTo(1);
    }

    @Test
    void aStatelessRequestGoesToAUsableTargetAndIsCountedThere() {
        LaneFixture fixture = having(LaneFixture.stateless(), D2);
        fixture.callerSends(request("MESSAGE"));
        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.sent()).containsExactly("MESSAGE to d2", "MESSAGE to d2");
        assertThat(traffic(fixture).requests()).isEqualTo(1);
        assertThat(traffic(fixture).targets().get(D2).requests()).isEqualTo(1);
    }

    @Test
    void aPingGoesToItsTarget() {
        LaneFixture fixture = stateful(D1);
        List<PingResult> results = new ArrayList<>();
        fixture.pings(new Ping(NAMED, "OPTIONS", "sip:a@b", 70, null, 2_000, D2), results);

        assertThat(fixture.sent()).containsExactly("OPTIONS to d2");
        assertThat(fixture.draws).isEmpty();
        fixture.destinationAnswers(200);
        assertThat(results).extracting(PingResult::code).containsExactly(200);
    }

    /** As a NAPTR record has chosen it. */
    @Test
    void requestsAndPingsUseTheTransportOfTheTargets() {
        LaneFixture fixture = LaneFixture.stateful().set(1, "sip:gw.example.net");
        List<Target> over = List.of(target(D1, 1).over("tcp"));
        fixture.targets.put(NAMED, TargetAddresses.of(over));
        fixture.callerSends(request("MESSAGE"));
        fixture.pings(new Ping(NAMED, "OPTIONS", "sip:a@b", 70, null, 2_000, D1 + ";transport=tcp"), new ArrayList<>());

        assertThat(fixture.sent()).containsExactly("MESSAGE to d1", "OPTIONS to d1");
        assertThat(fixture.lastOf("MESSAGE").socket()).isEqualTo(LaneFixture.STREAM);
        assertThat(fixture.lastOf("OPTIONS").socket()).isEqualTo(LaneFixture.STREAM);
        assertThat(traffic(fixture).targets()).containsOnlyKeys(D1 + ";transport=tcp");
    }

    @Test
    void aPingToNoAddressIsNotSent() {
        LaneFixture fixture = stateful(D1);
        List<PingResult> results = new ArrayList<>();
        fixture.pings(new Ping(NAMED, "OPTIONS", "sip:a@b", 70, null, 2_000, "elsewhere"), results);

        assertThat(fixture.sent()).isEmpty();
        assertThat(results).extracting(PingResult::outcome).containsExactly(PingResult.PingOutcome.NOT_SENT);
    }

    /** Also the targets that get no requests: they may send some. */
    @Test
    void allTargetsAreAddressesOfTheDestination() {
        LaneFixture fixture = having(
                LaneFixture.stateful(
                        "rules = [ { when { in-set = 1 }, select { set = 2 } }, { select { set = 1, flags = F } } ]"),
                D1);
        fixture.set(2, "sip:10.0.0.3");
        fixture.passes(100);

        fixture.arrives(request("MESSAGE"), new Flow(MAIN, Target.address(D2), Flow.NO_CONNECTION));

        assertThat(fixture.draws).isEmpty();
        assertThat(fixture.sent()).containsExactly("MESSAGE to d3");
    }
}
