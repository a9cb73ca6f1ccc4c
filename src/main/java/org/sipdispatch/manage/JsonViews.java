package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sipdispatch.cluster.ClusterCalls;
import org.sipdispatch.definitions.ReloadOutcome;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.PeerProbeResult;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;
import org.sipdispatch.history.HistoryEntry;
import org.sipdispatch.history.HistoryEntryJson;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.operations.DestinationOrders;
import org.sipdispatch.operations.DestinationQueries;
import org.sipdispatch.operations.ExecutedOrder;
import org.sipdispatch.operations.NodeQueries;
import org.sipdispatch.operations.OperationCaller;
import org.sipdispatch.replication.DataChecksum;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.replication.FreeswitchWeight;
import org.sipdispatch.replication.SourceState;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.TrafficShare;

/** JSON representations of the domain objects, as in the schemas of the OpenAPI document. */
final class JsonViews {
    private JsonViews() {}

    static ObjectNode sets(DestinationQueries.SetSummaries all) {
        ObjectNode node = Json.object().put("revision", all.revision());
        ArrayNode list = node.putArray("sets");
        for (DestinationQueries.SetSummary row : all.sets()) {
            list.addObject()
                    .put("partition", row.id().partition())
                    .put("set", row.id().number())
                    .put("destinations", row.destinations())
                    .put("active", row.active())
                    .put("probing", row.probing())
                    .put("inactive", row.inactive())
                    .put("takingTraffic", row.takingTraffic())
                    .put("temporary", row.temporary());
        }
        return node;
    }

    static ObjectNode set(SetFilter place, DestinationQueries.DestinationPage page) {
        ObjectNode node = Json.object()
                .put("revision", page.revision())
                .put("partition", place.partition())
                .put("set", place.set());
        node.set("destinations", rows(page));
        return node;
    }

    static ObjectNode page(int offset, DestinationQueries.DestinationPage page) {
        ObjectNode node = Json.object()
                .put("revision", page.revision())
                .put("total", page.total())
                .put("offset", offset);
        node.set("destinations", rows(page));
        return node;
    }

    /** Those that get only a part of their requests have it as their share. */
    private static ArrayNode rows(DestinationQueries.DestinationPage page) {
        ArrayNode list = rows(page.rows());
        list.forEach(row -> {
            TrafficShare share = page.shares().get(row.path("id").asText());
            if (share != null) {
                ((ObjectNode) row).set("share", QualityJson.of(share));
            }
        });
        return list;
    }

    static ArrayNode rows(List<DestinationsSnapshot.KnownDestination> rows) {
        ArrayNode list = Json.object().arrayNode();
        rows.forEach(row -> list.add(row(row)));
        return list;
    }

    /** The status; the initial one of its row until the destination's actor has reported. */
    private static Status status(Definition definition, Status status) {
        return status == null ? Status.initial(definition.initial(), 0) : status;
    }

    static ObjectNode row(DestinationsSnapshot.KnownDestination row) {
        ObjectNode node = definition(row.definition());
        node.setAll(status(status(row.definition(), row.status())));
        TargetsJson.add(node, row.status());
        addWeight(node, row);
        return node.put("owner", row.owner());
    }

    /** The weight that traffic uses, and where it comes from unless it is that of the row. */
    private static void addWeight(ObjectNode node, DestinationsSnapshot.KnownDestination row) {
        node.put("weight", row.weight());
        if (row.definition().eventSocket() != null) {
            FreeswitchWeight reported = row.freeswitch();
            ObjectNode source = node.putObject("freeswitch")
                    .put("source", row.definition().eventSocket().toString())
                    .put("state", reported != null && reported.connected() ? "connected" : "away");
            if (reported != null) {
                source.put("sinceMs", reported.sinceMs());
            }
        }
    }

    static ObjectNode destination(DestinationQueries.DestinationDetails shown) {
        ObjectNode node = report(shown.report());
        DestinationsSnapshot.KnownDestination known = shown.known();
        Status local = status(known.definition(), known.status());
        node.putObject("here")
                .put("state", local.state().text())
                .put("takesTraffic", local.takesTraffic())
                .put("version", text(local.version()));
        node.put("differs", shown.differs()).put("owner", shown.report().node());
        addWeight(node, known);
        node.set("traffic", TrafficJson.of(known.definition().destination(), shown.traffic()));
        node.set("openCalls", openCalls(shown.calls()));
        node.set("quality", QualityJson.of(shown.quality()));
        node.set("share", QualityJson.of(shown.share()));
        return node;
    }

    static ObjectNode report(DestinationActor.Report report) {
        ObjectNode node = Json.object().put("id", report.id()).put("node", report.node());
        if (report.definition() != null) {
            node.setAll(definition(report.definition()));
        }
        if (report.status() != null) {
            node.setAll(status(report.status()));
        }
        TargetsJson.add(node, report.status());
        node.put("disputed", report.disputed()).put("unsaved", report.unsaved());
        node.put("lastPingAtMs", report.lastPingAtMs()).put("nextPingAtMs", report.nextPingAtMs());
        if (report.lastPing() != null) {
            node.set("lastPing", ping(report.lastPing()));
        }
        ArrayNode opinions = node.putArray("opinions");
        for (PeerProbeResult opinion : report.opinions()) {
            opinions.addObject()
                    .put("node", opinion.node())
                    .put("atMs", opinion.atMs())
                    .setAll(ping(opinion.result()));
        }
        return node;
    }

    private static ObjectNode ping(PingResult result) {
        ObjectNode node = Json.object()
                .put("result", result.outcome().name().replace('_', ' ').toLowerCase(Locale.ROOT))
                .put("code", result.code())
                .put("roundTripMicros", result.roundTripMicros());
        return result.detail().isEmpty() ? node : node.put("detail", result.detail());
    }

    private static ObjectNode definition(Definition definition) {
        return destination(definition.destination())
                .put("scriptAttrs", definition.scriptAttrs())
                .put("temporary", definition.temporary());
    }

    static ObjectNode destination(Destination destination) {
        return Json.object()
                .put("id", destination.id())
                .put("partition", destination.partition())
                .put("set", destination.set())
                .put("uri", destination.uri())
                .put("socket", destination.socket())
                .put("ordinal", destination.ordinal())
                .put("weight", destination.weight())
                .put("priority", destination.priority())
                .put("attrs", destination.attrs())
                .put("description", destination.description());
    }

    static ObjectNode status(Status status) {
        return Json.object()
                .put("state", status.state().text())
                .put("takesTraffic", status.takesTraffic())
                .put("hold", status.held())
                .put("busy", status.busy())
                .put("failures", status.failures())
                .put("successes", status.successes())
                .put("version", text(status.version()))
                .put("sinceMs", status.sinceMs())
                .put("who", status.who())
                .put("why", status.why());
    }

    /** The result of an order, and whether the lists of this node show it already. */
    static ObjectNode ordered(ExecutedOrder ordered) {
        return status(ordered.status()).put("shown", ordered.shown());
    }

    static ObjectNode probed(DestinationActor.Probed probed) {
        return status(probed.status()).put("underWay", probed.underWay());
    }

    private static String text(StatusVersion version) {
        return version.term() + "." + version.change();
    }

    static ObjectNode drain(DestinationOrders.DrainProgress progress) {
        ObjectNode node = Json.object();
        node.set("status", progress.status() == null ? node.nullNode() : status(progress.status()));
        node.set("openCalls", openCalls(progress.calls()));
        return node.put("done", progress.isDone());
    }

    private static ObjectNode openCalls(ClusterCalls calls) {
        ObjectNode node = Json.object().put("total", calls.total()).put("ringing", calls.ringing());
        ObjectNode nodes = node.putObject("nodes");
        calls.open().forEach(nodes::put);
        calls.silent().forEach(node.putArray("silent")::add);
        return node;
    }

    static ObjectNode reload(ReloadOutcome outcome) {
        ObjectNode node = Json.object().put("revision", outcome.revision()).put("error", outcome.error());
        outcome.changes().forEach(node.putArray("changes")::add);
        outcome.warnings().forEach(node.putArray("warnings")::add);
        return node;
    }

    static ObjectNode history(List<HistoryEntry> entries) {
        ObjectNode node = Json.object();
        ArrayNode list = node.putArray("entries");
        entries.forEach(entry -> list.add(HistoryEntryJson.of(entry)));
        return node;
    }

    static ObjectNode node(NodeQueries.NodeDetails view) {
        ObjectNode node = Json.object()
                .put("address", view.address())
                .put("listening", view.listening())
                .put("member", view.member())
                .put("maintenance", view.maintenance().contains(view.address()));
        view.suspects().forEach(node.putArray("suspects")::add);
        node.putObject("overload")
                .put("mode", view.overload().mode().label())
                .put("shedPercent", view.overload().shedPercent());
        ArrayNode members = node.putArray("members");
        for (ClusterMember member : view.members()) {
            DataChecksum data = view.data().get(member.address());
            members.addObject()
                    .put("address", member.address())
                    .put("status", member.status())
                    .put("reachable", member.reachable())
                    .put("oldest", member.oldest())
                    .put("self", member.self())
                    .put("maintenance", view.maintenance().contains(member.address()))
                    .put("owned", view.owned().getOrDefault(member.address(), 0L))
                    .put("revision", data == null ? 0 : data.revision())
                    .put("checksum", data == null ? "" : data.text());
        }
        DataChecksum.differing(view.data(), view.members()).forEach(node.putArray("differing")::add);
        return node;
    }

    static ObjectNode sources(Map<String, SourceState> byPartition) {
        ObjectNode node = Json.object();
        ArrayNode list = node.putArray("sources");
        byPartition.forEach((partition, source) -> list.addObject()
                .put("partition", partition)
                .put("source", source.place())
                .put("node", source.node())
                .put("appliedMs", source.appliedMs())
                .put("refusals", source.refusals())
                .put("error", source.error()));
        return node;
    }

    /** The caller; {@code open} means that the name is not authenticated. */
    static ObjectNode caller(OperationCaller caller) {
        return Json.object()
                .put("name", caller.name())
                .put("role", caller.role().name().toLowerCase(Locale.ROOT))
                .put("open", !caller.known());
    }

    /** {@code differing}: how many nodes have other definitions; that does not affect whether this node is ready. */
    static ObjectNode readiness(List<String> reasons, int differing) {
        ObjectNode node = Json.object().put("ready", reasons.isEmpty()).put("differingNodes", differing);
        reasons.forEach(node.putArray("reasons")::add);
        return node;
    }
}
