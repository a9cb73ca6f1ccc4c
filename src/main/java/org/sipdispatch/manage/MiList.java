package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.Targets;
import org.sipdispatch.operations.DestinationQueries;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.IpLiteral;
import org.sipdispatch.sip.SipUri;

/** The response to {@code ds_list}: partitions, their sets, and the destinations in the order of selection. */
final class MiList {
    private final ApiDependencies dependencies;

    MiList(ApiDependencies dependencies) {
        this.dependencies = dependencies;
    }

    /**
     * Lists the destinations.
     *
     * @param full whether to include weight, priority and description
     * @param partition null for all
     */
    JsonNode answer(boolean full, String partition) {
        Map<String, Long> firstHits = dependencies.operations().node().firstHits();
        DestinationQueries.DestinationPage page = dependencies
                .operations()
                .destinations()
                .list(new DestinationQueries.Filter(partition, null, null, null, 0, Integer.MAX_VALUE));
        ObjectNode all = Json.object();
        ArrayNode partitions = all.putArray("PARTITIONS");
        for (String name : partition == null ? dependencies.partitions() : List.of(partition)) {
            ObjectNode one = partitions.addObject().put("name", name);
            addSets(one, rows(page, name), full, firstHits);
        }
        return all;
    }

    private static List<DestinationsSnapshot.KnownDestination> rows(
            DestinationQueries.DestinationPage page, String partition) {
        return page.rows().stream()
                .filter(row -> destination(row).partition().equals(partition))
                .sorted(Comparator.comparingInt(row -> -destination(row).priority()))
                .toList();
    }

    private static Destination destination(DestinationsSnapshot.KnownDestination row) {
        return row.definition().destination();
    }

    private static void addSets(
            ObjectNode partition,
            List<DestinationsSnapshot.KnownDestination> rows,
            boolean full,
            Map<String, Long> firstHits) {
        Map<Integer, List<DestinationsSnapshot.KnownDestination>> bySet = rows.stream()
                .collect(Collectors.groupingBy(
                        row -> destination(row).set(), java.util.TreeMap::new, Collectors.toList()));
        if (!bySet.isEmpty()) {
            ArrayNode sets = partition.putArray("SETS");
            bySet.forEach((id, members) -> {
                ArrayNode list = sets.addObject().put("id", id).putArray("Destinations");
                members.forEach(row -> list.add(render(row, full, firstHits)));
            });
        }
    }

    private static ObjectNode render(
            DestinationsSnapshot.KnownDestination row, boolean full, Map<String, Long> firstHits) {
        Destination one = destination(row);
        DestinationState state =
                row.status() == null ? row.definition().initial() : row.status().state();
        ObjectNode node = Json.object().put("URI", one.uri()).put("state", state.text());
        node.put("first_hit_counter", firstHits.getOrDefault(one.id(), 0L));
        putIfSet(node, "socket", one.socket());
        putIfSet(node, "attr", one.attrs());
        putIfSet(node, "script_attr", row.definition().scriptAttrs());
        if (full) {
            node.put("weight", row.weight()).put("priority", one.priority());
            putIfSet(node, "description", one.description());
        }
        addAddress(node, one.trafficUri());
        if (row.status() != null && !row.status().targets().isNone()) {
            addTargets(node, row.status().targets());
        }
        return node;
    }

    /** The addresses of a name, and the state of each one, which OpenSIPS does not have. */
    private static void addTargets(ObjectNode node, Targets targets) {
        ArrayNode addresses = node.putArray("resolved_addresses");
        ArrayNode states = node.putArray("targets");
        for (Targets.TargetStatus one : targets.all()) {
            addresses.add(one.name());
            states.addObject()
                    .put("address", one.name())
                    .put("state", one.status().state().text());
        }
    }

    private static void putIfSet(ObjectNode node, String name, String value) {
        if (value != null && !value.isEmpty()) {
            node.put(name, value);
        }
    }

    /** Only for IP addresses: a name without targets is resolved when a request is sent. */
    private static void addAddress(ObjectNode node, SipUri uri) {
        if (IpLiteral.parse(uri.host()) != null) {
            int port = uri.port() == SipUri.NO_PORT ? uri.defaultPort() : uri.port();
            node.putArray("resolved_addresses").add(uri.host() + ":" + port);
        }
    }
}
