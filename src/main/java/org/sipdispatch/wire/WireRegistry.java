package org.sipdispatch.wire;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import java.util.List;
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
import org.sipdispatch.replication.StatusTransferActor;
import org.sipdispatch.replication.Statuses;
import org.sipdispatch.sets.Destination;

/**
 * All classes that are sent between nodes, with their numbers. A number is never used for another class, and the fields
 * of a registered class never change: a new field needs a new class with a new number, because nodes of two releases
 * run in one cluster during a rolling upgrade.
 */
final class WireRegistry {
    private record Registration(int number, Class<?> type, Serializer<?> serializer) {}

    /** The fields before the event socket, which the actors of destinations do not need. */
    private static final int DEFINITION_COMPONENTS = 8;
    /** The fields before the detail. */
    private static final int PING_RESULT_COMPONENTS = 3;

    /** Those before the target, which messages of their own have. */
    private static final int PING_COMPONENTS = 6;

    private static final int OBSERVATION_COMPONENTS = 6;

    private static final List<Registration> REGISTRATIONS = List.of(
            new Registration(10, Destination.class, new WireSerializers.DestinationSerializer()),
            enums(12, DestinationState.class),
            records(13, StatusVersion.class),
            new Registration(15, Ping.class, new RecordCodec(Ping.class, PING_COMPONENTS)),
            new Registration(16, PingResult.class, new RecordCodec(PingResult.class, PING_RESULT_COMPONENTS)),
            enums(17, PingResult.PingOutcome.class),
            records(18, PeerProbeResult.class),
            new Registration(19, Observation.class, new RecordCodec(Observation.class, OBSERVATION_COMPONENTS)),
            new Registration(21, Definitions.class, new WireSerializers.DefinitionsSerializer()),
            // 11 had no last two fields.
            new Registration(22, Definition.class, new RecordCodec(Definition.class, DEFINITION_COMPONENTS)),
            records(30, DestinationActor.Define.class),
            records(32, DestinationActor.Observe.class),
            records(36, DestinationActor.GetReport.class),
            enums(37, DestinationActor.Stop.class),
            new Registration(38, DestinationActor.Report.class, new WireSerializers.ReportSerializer()),
            // 31 had no who and why.
            records(39, DestinationActor.Remove.class),
            records(40, PeerActor.Probe.class),
            records(41, PeerActor.ReplicateTransactions.class),
            records(42, PeerActor.GetCalls.class),
            // 43 had no ringing calls.
            records(44, PeerActor.Calls.class),
            // 50 was a reload that never removed temporary destinations.
            records(51, ReloadOutcome.class),
            records(52, CatalogOrder.Reload.class),
            records(53, CatalogOrder.AddTemporary.class),
            records(54, CatalogOrder.RemoveTemporary.class),
            records(55, CatalogOrder.PushAttrs.class),
            // 35 was answered only with a status, after the ping had ended.
            records(60, DestinationActor.ProbeNow.class),
            records(61, DestinationActor.Probed.class),
            // 14 had no orders.
            new Registration(62, Status.class, new WireSerializers.StatusSerializer()),
            records(63, DestinationActor.Ticket.class),
            // 33 and 34 had no tickets.
            records(64, DestinationActor.SetState.class),
            records(65, DestinationActor.Release.class),
            records(66, DestinationActor.MayExecute.class),
            records(67, DestinationActor.Permission.class),
            records(68, LeaseActor.MembershipQuestion.class),
            // 20 held statuses without orders.
            new Registration(70, Statuses.class, new WireSerializers.StatusesSerializer()),
            records(71, CatalogOrder.Ticketed.class),
            // 69 had no electorate.
            records(72, LeaseActor.MembershipAnswer.class),
            records(73, StatusTransferActor.GetStatuses.class),
            records(74, StatusTransferActor.StatusesPart.class),
            records(75, StatusTransferActor.KnownStatuses.class),
            records(76, PushedFigure.class),
            records(91, CatalogOrder.RemoveRow.class),
            records(92, FreeswitchWeight.class),
            // 90 had all fields of the row and not which are given.
            records(93, CatalogOrder.PutRow.class),
            records(94, CatalogOrder.ReloadWithStates.class),
            records(95, ShareLine.class),
            records(96, ShareReport.class),
            records(97, GrantLine.class),
            records(98, ShareGrant.class),
            records(99, SharePoke.class),
            records(100, AnsweredCall.class),
            records(101, LimitsActor.Report.class),
            records(102, LimitsActor.Grant.class),
            records(103, LimitsActor.Poke.class),
            records(104, LimitsActor.Answered.class),
            records(105, LimitsActor.Ended.class),
            records(106, LimitsActor.Known.class),
            records(107, CallDigests.class),
            records(108, LimitsActor.Compare.class),
            records(120, DestinationActor.SetTarget.class),
            records(121, DestinationActor.ObserveTarget.class),
            records(122, PeerActor.ProbeTarget.class));

    private WireRegistry() {}

    /** Registers all classes with a Kryo, which then rejects all others. */
    static void register(Kryo kryo) {
        kryo.setRegistrationRequired(true);
        kryo.setReferences(false);
        for (Registration line : REGISTRATIONS) {
            kryo.register(line.type, line.serializer, line.number);
        }
    }

    /** All registered classes, for tests. */
    static List<Class<?>> types() {
        return REGISTRATIONS.stream().<Class<?>>map(Registration::type).toList();
    }

    private static Registration records(int number, Class<? extends Record> type) {
        return new Registration(number, type, new RecordCodec(type));
    }

    private static Registration enums(int number, Class<? extends Enum<?>> type) {
        return new Registration(number, type, new WireSerializers.EnumSerializer(type));
    }
}
