package org.sipdispatch.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.javadsl.Adapter;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipdispatch.cluster.LimitsActor;
import org.sipdispatch.cluster.PeerActor;
import org.sipdispatch.definitions.CatalogOrder;
import org.sipdispatch.definitions.ReloadOutcome;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.Observation;
import org.sipdispatch.destination.PeerProbeResult;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;
import org.sipdispatch.freeswitch.EventSocketUrl;
import org.sipdispatch.limits.AnsweredCall;
import org.sipdispatch.limits.CallDigests;
import org.sipdispatch.limits.GrantLine;
import org.sipdispatch.limits.ShareGrant;
import org.sipdispatch.limits.ShareLine;
import org.sipdispatch.limits.SharePoke;
import org.sipdispatch.limits.ShareReport;
import org.sipdispatch.membership.LeaseActor;
import org.sipdispatch.replication.Definitions;
import org.sipdispatch.replication.FreeswitchWeight;
import org.sipdispatch.replication.PushedFigure;
import org.sipdispatch.replication.Samples;
import org.sipdispatch.replication.StatusTransferActor;
import org.sipdispatch.replication.Statuses;
import org.sipdispatch.sets.Destination;

/**
 * The bytes of each class that is sent between nodes never change, so that nodes of two releases can run in one
 * cluster.
 */
class WireTest {
    private static final ActorTestKit KIT = ActorTestKit.create(
            "wire",
            ConfigFactory.parseString("akka.loglevel = WARNING")
                    .withFallback(ConfigFactory.load().getConfig("sip-dispatcher.cluster-system")));
    private static final Serialization SERIALIZATION = SerializationExtension.get(Adapter.toClassic(KIT.system()));

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static <T> ActorRef<T> ref() {
        return ActorRefResolver.get(KIT.system())
                .resolveActorRef("akka://sip-dispatcher@10.0.0.1:25520/temp/asker#-12345");
    }

    static List<Object> samples() {
        Destination destination =
                new Destination("trunks", 3, "sip:10.0.0.2:5060", "udp:10.0.0.9:5060", 5, 1, "pstn=1", "West ü");
        Definition definition = new Definition(destination, DestinationState.PROBING, true, 4, 9, 12, "free=3", true);
        List<String> orders = List.of("1f-7", "1f-8");
        Status status = new Status(
                new StatusVersion(2, 3, -4), true, false, true, 2, 1, false, 1_700_000_000_123L, "ann", "why", orders);
        DestinationActor.Ticket ticket = new DestinationActor.Ticket("1f-9", ref());
        PingResult result = new PingResult(PingResult.PingOutcome.REPLIED, 404, 1234);
        Ping ping = new Ping(destination, "OPTIONS", "sip:dispatcher@localhost", 70, null, 3000);
        PeerProbeResult opinion = new PeerProbeResult("10.0.0.3:25520", result, 1_700_000_000_456L);
        ShareLine shareLine = new ShareLine("a:1:sip:x", 20, 1, 2, 3, 4, 5);
        ShareReport report = new ShareReport(-4, 6, 2, 17, true, 3, List.of(shareLine), List.of(6L, -9L));
        GrantLine grantLine = new GrantLine("a:1:sip:x", 3, 2, 100);
        ShareGrant grant = new ShareGrant(6, 2, 17, false, List.of(grantLine));
        SharePoke poke = new SharePoke(6, 2, 4, List.of("a:1:sip:x"));
        AnsweredCall answered = new AnsweredCall(-123_456_789_012L, 43_200_000, List.of("a:1:sip:x", "source:acme"));
        CallDigests digests = new CallDigests(-4, List.of(-7L, 0L), List.of(8L, 9L), List.of(0L, 1L << 40));
        return List.of(
                destination,
                definition,
                DestinationState.INACTIVE,
                status.version(),
                status,
                ping,
                result,
                PingResult.PingOutcome.SILENT,
                opinion,
                new Observation(destination, 7, 6, 2, true, 408),
                Statuses.of(Map.of("b", status, "a", Samples.status(1, 0, true))),
                new Definitions(12, -9, new byte[] {1, 2, 3}),
                new DestinationActor.Define(definition),
                new DestinationActor.Remove(13, "ann", "reload"),
                new DestinationActor.Observe(new Observation(destination, 0, 3, 3, false, 503), "10.0.0.1:25520"),
                ticket,
                new DestinationActor.SetState(DestinationState.ACTIVE, "ann", "back", ticket, ref()),
                new DestinationActor.Release("bob", "", DestinationActor.Ticket.NONE, ref()),
                new DestinationActor.MayExecute("1f-9", ref()),
                new DestinationActor.Permission("1f-9", true),
                new DestinationActor.ProbeNow("bob", ref()),
                new DestinationActor.Probed(status, true),
                new DestinationActor.GetReport(ref()),
                DestinationActor.Stop.INSTANCE,
                new DestinationActor.Report("x", "n", definition, status, result, 1, 2, List.of(opinion), true, 3),
                new LeaseActor.MembershipQuestion(-4, 12_345_678_901L, ref()),
                new StatusTransferActor.GetStatuses(ref()),
                new StatusTransferActor.StatusesPart(Statuses.of(Map.of("a:1:sip:x", Samples.status(2, 1, true)))),
                new StatusTransferActor.KnownStatuses(
                        -4, Statuses.of(Map.of("a:1:sip:x", Samples.status(2, 1, true))), true),
                new LeaseActor.MembershipAnswer(
                        5, 12_345_678_901L, true, true, false, List.of(5L, 6L), List.of(-4L, 6L)),
                new PeerActor.Probe(ping, ref()),
                new PeerActor.ReplicateTransactions(new byte[] {9, 8}),
                new PeerActor.GetCalls("a:1:sip:x", ref()),
                new PeerActor.Calls("10.0.0.3:25520", 17, 2),
                new CatalogOrder.Reload("trunks", true, false, true, "ann", ref()),
                new CatalogOrder.Ticketed(
                        new DestinationActor.Ticket("7-9", ref()),
                        new CatalogOrder.Reload("", false, false, false, "ann", ref())),
                new CatalogOrder.ReloadWithStates(new CatalogOrder.Reload("trunks", false, true, false, "ann", ref())),
                new CatalogOrder.AddTemporary(definition, "ann", ref()),
                new CatalogOrder.RemoveTemporary("a:1:sip:x", "bob", ref()),
                new CatalogOrder.PushAttrs(List.of("a:1:sip:x", "a:1:sip:y"), "free=3", "bob", ref()),
                new PushedFigure(List.of("3 sip:10.0.0.2:5060"), 60_000, 1_700_000_000_123L, "ann"),
                new CatalogOrder.PutRow(definition, List.of("weight"), "ann", ref()),
                new CatalogOrder.RemoveRow(destination, "bob", ref()),
                new FreeswitchWeight(new StatusVersion(4, 17, -4), "fs://10.0.0.7:8021", 43, true, 1_700_000_000_789L),
                new DestinationActor.SetTarget("192.0.2.1:5060", null, "ann", "back", ticket, ref()),
                new DestinationActor.ObserveTarget(
                        new Observation(destination, 0, 3, 3, false, 503), "192.0.2.1:5060", "10.0.0.1:25520"),
                new PeerActor.ProbeTarget(ping, "192.0.2.1:5060", ref()),
                new ReloadOutcome(3, List.of("+ a", "- b"), List.of(), "no"),
                shareLine,
                report,
                grantLine,
                grant,
                poke,
                answered,
                new LimitsActor.Report(report),
                new LimitsActor.Grant(grant),
                new LimitsActor.Poke(poke),
                new LimitsActor.Answered(-4, List.of(answered)),
                new LimitsActor.Ended(List.of(-7L, 8L)),
                new LimitsActor.Known(5, List.of(-7L, 8L)),
                digests,
                new LimitsActor.Compare(digests));
    }

    static Stream<Object> eachSample() {
        return samples().stream();
    }

    @Test
    void everyClassOfTheTableHasASample() {
        assertThat(samples().stream().<Class<?>>map(Object::getClass).toList())
                .containsExactlyInAnyOrderElementsOf(WireRegistry.types());
    }

    @ParameterizedTest
    @MethodSource("eachSample")
    void whatIsWrittenIsReadAgain(Object sample) {
        byte[] bytes = kryo().toBinary(sample);

        assertThat(kryo().fromBinary(bytes)).usingRecursiveComparison().isEqualTo(sample);
    }

    @ParameterizedTest
    @MethodSource("eachSample")
    void theBytesAreThoseOfAllReleases(Object sample) throws IOException {
        Map<String, String> golden = golden();
        String name = sample.getClass().getName().replaceAll(".*[.]", "");

        assertThat(HexFormat.of().formatHex(kryo().toBinary(sample)))
                .as("%s on the wire", name)
                .isEqualTo(golden.get(name));
    }

    @Test
    void aReportHasTheDetailOfItsPingBehindWhatEarlierReleasesRead() {
        DestinationActor.Report plain = samples().stream()
                .filter(DestinationActor.Report.class::isInstance)
                .map(DestinationActor.Report.class::cast)
                .findFirst()
                .orElseThrow();
        DestinationActor.Report detailed = plain.withPingDetail("TLS expired: yesterday");
        byte[] bytes = kryo().toBinary(detailed);
        byte[] former = kryo().toBinary(plain);

        assertThat(kryo().fromBinary(bytes)).isEqualTo(detailed);
        assertThat(bytes).startsWith(former);
        assertThat(kryo().fromBinary(former)).isEqualTo(plain);
    }

    /** Earlier releases carry the targets along as an order that no operator gives. */
    @Test
    void aStatusHasItsTargetsAmongTheOrders() {
        String targets = "\ntargets\n\t\t\t0\n192.0.2.1:5060\ta.test\t1\t60\t-p\t3\t0\t5\tprobe\tno reply";
        Status status = new Status(
                new StatusVersion(2, 3, -4),
                false,
                false,
                false,
                0,
                0,
                false,
                5,
                "ann",
                "why",
                List.of(targets, "1f-7"));
        assertThat(status.targets().all()).hasSize(1);
        assertThat(status.orders()).containsExactly("1f-7");

        byte[] bytes = kryo().toBinary(status);

        assertThat(kryo().fromBinary(bytes)).isEqualTo(status);
        assertThat(((Statuses) kryo().fromBinary(kryo().toBinary(Statuses.of(Map.of("a", status))))))
                .isEqualTo(Statuses.of(Map.of("a", status)));
        assertThat(new String(bytes, StandardCharsets.UTF_8)).contains(targets);
    }

    @Test
    void theSecondOfEqualRowsKeepsItsOrdinal() {
        for (String socket : new String[] {null, "udp:10.0.0.9:5060"}) {
            Destination second = new Destination("trunks", 3, "sip:10.0.0.2:5060", socket, 5, 1, "", "", 2);

            assertThat(kryo().fromBinary(kryo().toBinary(second))).isEqualTo(second);
        }
    }

    /** A destination as in releases without ordinals. */
    private record Former(
            String partition,
            int set,
            String uri,
            String socket,
            int weight,
            int priority,
            String attrs,
            String description) {}

    @Test
    void aReleaseWithoutOrdinalsReadsTheSecondOfEqualRowsAsOneWithAnotherSocket() {
        Kryo kryo = new Kryo();
        WireSerializers.DestinationSerializer ours = new WireSerializers.DestinationSerializer();
        Output output = new Output(512);
        ours.write(kryo, output, new Destination("trunks", 3, "sip:10.0.0.2:5060", null, 5, 1, "a", "b", 2));

        assertThat(new RecordCodec(Former.class).read(kryo, new Input(output.toBytes()), Former.class))
                .isEqualTo(new Former("trunks", 3, "sip:10.0.0.2:5060", ",2", 5, 1, "a", "b"));
    }

    @Test
    void theLoginOfAnEventSocketIsNotSentToActors() {
        Definition definition =
                Samples.definition(1, "sip:a").withEventSocket(EventSocketUrl.parse("fs://:hidden@10.0.0.7"));
        byte[] bytes = kryo().toBinary(definition);

        assertThat(kryo().fromBinary(bytes)).isEqualTo(definition.withEventSocket(null));
        assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain("hidden");
    }

    @Test
    void otherClassesDoNotPass() {
        assertThatThrownBy(() -> kryo().toBinary(new java.util.concurrent.atomic.AtomicInteger()))
                .hasMessageContaining("not registered");
    }

    @Test
    void akkaUsesItForAllOfThem() {
        assertThat(samples().stream()
                        .filter(sample -> sample instanceof org.sipdispatch.destination.WireMessage)
                        .map(sample -> SERIALIZATION.findSerializerFor(sample).identifier()))
                .hasSizeGreaterThan(10)
                .containsOnly(2060202);
    }

    private static akka.serialization.Serializer kryo() {
        return SERIALIZATION.serializerByIdentity().get(2060202).get();
    }

    private static Map<String, String> golden() throws IOException {
        String text = new String(
                WireTest.class.getResourceAsStream("/wire/golden.txt").readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> golden = new LinkedHashMap<>();
        text.lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .map(line -> line.split(" "))
                .forEach(parts -> golden.put(parts[0], parts[1]));
        return golden;
    }
}
