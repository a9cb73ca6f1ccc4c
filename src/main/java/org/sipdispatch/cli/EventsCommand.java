package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "events",
        description = "Follows changes of destinations and orders, without gaps; continues with another --node"
                + " if one is lost. Ends with ctrl-c.",
        footer = {
            "  sip-dispatcher events",
            "  sip-dispatcher events --node http://10.0.0.1:8558 --node http://10.0.0.2:8558",
            "  sip-dispatcher events --since-id 0 --json | jq .destination"
        })
final class EventsCommand extends NodeCommand {
    private static final long PAUSE_MS = 1_000;

    @Option(names = "--since-id", paramLabel = "N", description = "start after this entry of the history")
    private Long sinceId;

    @Option(names = "--set", paramLabel = "[P:]N", description = "of this set; P: alone means a whole partition")
    private String set;

    @Option(names = "--count", paramLabel = "N", description = "end after this many entries")
    private long count = Long.MAX_VALUE;

    /** The id of the last received entry; empty if none is known. */
    private String lastId = "";

    private long seen;
    private boolean everConnected;
    /** Whether a stream was opened in this round. */
    private boolean streamed;

    private boolean isUnread;
    /** The last error of each node; each is printed once. */
    private final Map<Place, String> refusals = new HashMap<>();

    @Override
    int run(NodeClient node) {
        lastId = sinceId == null ? newest(node) : String.valueOf(sinceId);
        Map<String, Object> query = new LinkedHashMap<>();
        if (set != null) {
            SetName name = SetName.parse("--set", set);
            query.put("partition", name.partition());
            query.put("set", name.number());
        }
        String path = NodeClient.query(NodeClient.path("events"), query);
        while (!isEnough()) {
            round(node, path);
            if (!isEnough()) {
                pause();
            }
        }
        return 0;
    }

    private boolean isEnough() {
        return seen >= count || isUnread;
    }

    /**
     * Follows one node after the other.
     *
     * @throws Failure if no node could ever be reached, or none of those that answer authorises us any more
     */
    private void round(NodeClient node, String path) {
        Failure last = null;
        Failure unauthorised = null;
        streamed = false;
        for (Place place : node.places()) {
            last = followed(node, place, path);
            if (isEnough()) {
                return;
            }
            unauthorised = last.isNotAuthorised() ? last : unauthorised;
        }
        if (!streamed && unauthorised != null) {
            throw unauthorised;
        } else if (!everConnected) {
            throw last;
        }
    }

    /**
     * The newest id in the history, so that nothing is lost if the first stream ends before its first event. A late
     * entry is listed further down, so the first entry need not have the highest id.
     */
    private static String newest(NodeClient node) {
        try {
            JsonNode entries = node.get(NodeClient.query(NodeClient.path("history"), Map.of("limit", 100)))
                    .json()
                    .path("entries");
            long newest = -1;
            for (JsonNode entry : entries) {
                newest = Math.max(newest, entry.path("id").asLong());
            }
            return newest < 0 ? "" : String.valueOf(newest);
        } catch (Failure e) {
            if (e.status() == Failure.REFUSED) {
                return "";
            }
            throw e;
        }
    }

    /** Follows one node until it is lost; returns the reason. */
    private Failure followed(NodeClient node, Place place, String path) {
        Map<String, String> headers = new LinkedHashMap<>(Map.of("Accept", "text/event-stream"));
        if (!lastId.isEmpty()) {
            headers.put("Last-Event-ID", lastId);
        }
        boolean connected = false;
        try (EventStream stream = new EventStream(node.stream(place, path, headers))) {
            connected = true;
            everConnected = true;
            streamed = true;
            refusals.remove(place);
            for (EventStream.Event event = stream.next(); event != null; event = stream.next()) {
                take(event);
                if (isEnough()) {
                    return null;
                }
            }
            return told(new Failure(Failure.NOT_REACHED, place.base() + ": the stream ended"));
        } catch (IOException e) {
            Failure lost = NodeClient.notReached(place, e);
            return connected ? told(lost) : lost;
        } catch (Failure e) {
            // Another node may accept us, or this one may later.
            if (e.status() != Failure.REFUSED && !everConnected) {
                throw e;
            }
            return refused(place, e, node.places().size() == 1);
        }
    }

    /** Prints each error of a node once, except the one that ends the command: that one is printed at its end. */
    private Failure refused(Place place, Failure e, boolean isTheOnlyOne) {
        boolean isNew = everConnected && !e.getMessage().equals(refusals.put(place, e.getMessage()));
        if (isNew && !(e.isNotAuthorised() && isTheOnlyOne)) {
            told(new Failure(e.status(), place.base() + ": " + e.getMessage()));
        }
        return e;
    }

    private Failure told(Failure lost) {
        err().println(Shown.plain(lost.getMessage()));
        err().flush();
        return lost;
    }

    private void take(EventStream.Event event) {
        if (!event.id().isEmpty()) {
            lastId = event.id();
        }
        JsonNode data = NodeClient.json(event.data());
        boolean isEntry = event.type().equals("status") || event.type().equals("superseded");
        if (data == null || !isEntry && !event.type().equals("definitions")) {
            return;
        }
        if (isEntry) {
            seen++;
        }
        if (options.json()) {
            out().println(event.data());
        } else if (isEntry) {
            out().println(line(data));
        } else {
            out().println("definitions changed, revision " + Shown.text(data.path("revision")));
        }
        isUnread = nobodyReads();
    }

    private static String line(JsonNode entry) {
        StringBuilder line = new StringBuilder(Shown.time(entry.path("atMs").asLong()));
        String destination = Shown.text(entry.path("destination"));
        line.append("  ").append(destination.isEmpty() ? "-" : destination);
        line.append("  ").append(Shown.text(entry.path("what")));
        String state = Shown.text(entry.path(entry.path("superseded").asBoolean() ? "supersededState" : "state"));
        line.append(state.isEmpty() ? "" : " " + state);
        line.append(entry.path("busy").asBoolean() ? " busy" : "");
        String who = Shown.text(entry.path("who"));
        line.append(who.isEmpty() ? "" : ", by " + who);
        String why = Shown.text(entry.path("why"));
        line.append(why.isEmpty() ? "" : ": " + why);
        String node = Shown.text(entry.path("node"));
        return line.append(node.isEmpty() ? "" : "  [" + node + "]").toString();
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.NOT_REACHED, "interrupted");
        }
    }
}
