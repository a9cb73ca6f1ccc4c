package org.sipdispatch.manage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import org.sipdispatch.cluster.ReloadOutcome;
import org.sipdispatch.desk.ListDestinations;
import org.sipdispatch.desk.ShowNode;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.Opinion;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.destination.Status;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.BadSetting;

/** What operators are shown, as JSON. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static JsonNode parse(String text) {
        try {
            JsonNode node = MAPPER.readTree(text.isBlank() ? "{}" : text);
            if (!node.isObject()) {
                throw new BadSetting("body", node.getNodeType(), "a JSON object");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new BadSetting("body", "line " + e.getLocation().getLineNr(), "JSON: " + e.getOriginalMessage());
        }
    }

    static String text(JsonNode node) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ObjectNode of(ListDestinations.Page known) {
        ObjectNode all = object().put("revision", known.revision());
        var list = all.putArray("destinations");
        known.rows().forEach(one -> {
            ObjectNode node = of(one.definition());
            if (one.status() != null) {
                node.setAll(of(one.status()));
            }
            list.add(node);
        });
        return all;
    }

    static ObjectNode of(DestinationActor.Report report) {
        ObjectNode node = object().put("id", report.id()).put("node", report.node());
        if (report.definition() != null) {
            node.setAll(of(report.definition()));
        }
        if (report.status() != null) {
            node.setAll(of(report.status()));
        }
        node.put("disputed", report.disputed()).put("unsaved", report.unsaved());
        node.put("lastPingAtMs", report.lastPingAtMs()).put("nextPingAtMs", report.nextPingAtMs());
        if (report.lastPing() != null) {
            node.set("lastPing", of(report.lastPing()));
        }
        var opinions = node.putArray("opinions");
        for (Opinion opinion : report.opinions()) {
            opinions.add(object().put("node", opinion.node())
                    .put("atMs", opinion.atMs())
                    .setAll(of(opinion.result())));
        }
        return node;
    }

    static ObjectNode of(ShowNode.View view) {
        ObjectNode node = object().put("address", view.address())
                .put("listening", view.listening())
                .put("member", view.member());
        view.suspects().forEach(node.putArray("suspects")::add);
        return node;
    }

    static ObjectNode of(PingResult result) {
        return object().put("result", word(result.kind()))
                .put("code", result.code())
                .put("roundTripMicros", result.roundTripMicros());
    }

    static ObjectNode of(Definition definition) {
        Destination destination = definition.destination();
        return object().put("id", destination.id())
                .put("partition", destination.partition())
                .put("set", destination.set())
                .put("uri", destination.uri())
                .put("socket", destination.socket())
                .put("weight", destination.weight())
                .put("priority", destination.priority())
                .put("attrs", destination.attrs())
                .put("description", destination.description());
    }

    static ObjectNode of(Status status) {
        return object().put("state", word(status.state()))
                .put("takesTraffic", status.takesTraffic())
                .put("hold", status.held())
                .put("busy", status.busy())
                .put("failures", status.failures())
                .put("successes", status.successes())
                .put("version", status.version().term() + "." + status.version().change())
                .put("sinceMs", status.sinceMs())
                .put("who", status.who())
                .put("why", status.why());
    }

    static ObjectNode of(ReloadOutcome outcome) {
        ObjectNode node = object().put("revision", outcome.revision()).put("error", outcome.error());
        outcome.changes().forEach(node.putArray("changes")::add);
        outcome.warnings().forEach(node.putArray("warnings")::add);
        return node;
    }

    private static String word(Enum<?> constant) {
        String name = constant.name().replace('_', ' ');
        return constant instanceof DestinationState
                ? name.charAt(0) + name.substring(1).toLowerCase(java.util.Locale.ROOT)
                : name.toLowerCase(java.util.Locale.ROOT);
    }
}
