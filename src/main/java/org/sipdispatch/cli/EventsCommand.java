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
    private boolean openedStream;

    private boolean outputClosed;
    /** The last error of each node; each is printed once. */
    private final Map<NodeAddress, String> refusals = new HashMap<>();

    @Override
    int run(NodeClient node) {
        lastId = sinceId == null ? newestId(node) : String.valueOf(sinceId);
        Map<String, Object> query = new LinkedHashMap<>();
        if (set != null) {
            SetName name = SetName.parse("--set", set);
            query.put("partition", name.partition());
            query.put("set", name.number());
        }
        String path = NodeClient.query(NodeClient.path("events"), query);
        while (!isEnough()) {
            followEachNode(node, path);
            if (!isEnough()) {
                pause();
            }
        }
        return 0;
    }

    private boolean isEnough() {
        return seen >= count || outputClosed;
    }

    /**
     * Follows one node after the other.
     *
     * @throws CommandException if no node could ever be reached, or none of those that answer authorises us any more
     */
    private void followEachNode(NodeClient node, String path) {
        CommandException last = null;
        CommandException unauthorised = null;
        openedStream = false;
        for (NodeAddress place : node.addresses()) {
            last = follow(node, place, path);
            if (isEnough()) {
                return;
            }
            unauthorised = last.isUnauthorised() ? last : unauthorised;
        }
        if (!openedStream && unauthorised != null) {
            throw unauthorised;
        } else if (!everConnected) {
            throw last;
        }
    }

    /**
     * The newest id in the history, so that nothing is lost if the first stream ends before its first event. A late
     * entry is listed further down, so the first entry need not have the highest id.
     */
    private static String newestId(NodeClient node) {
        try {
            JsonNode entries = node.get(NodeClient.query(NodeClient.path("history"), Map.of("limit", 100)))
                    .json()
                    .path("entries");
            long newest = -1;
            for (JsonNode entry : entries) {
                newest = Math.max(newest, entry.path("id").asLong());
            }
            return newest < 0 ? "" : String.valueOf(newest);
        } catch (CommandException e) {
            if (e.status() == CommandException.REFUSED) {
                return "";
            }
            throw e;
        }
    }

    /** Follows one node until it is lost; returns the reason. */
    private CommandException follow(NodeClient node, NodeAddress place, String path) {
        Map<String, String> headers = new LinkedHashMap<>(Map.of("Accept", "text/event-stream"));
        if (!lastId.isEmpty()) {
            headers.put("Last-Event-ID", lastId);
        }
        boolean connected = false;
        try (EventStream stream = new EventStream(node.stream(place, path, headers))) {
            connected = true;
            everConnected = true;
            openedStream = true;
            refusals.remove(place);
            for (EventStream.Event event = stream.next(); event != null; event = stream.next()) {
                handle(event);
                if (isEnough()) {
                    return null;
                }
            }
            return printError(new CommandException(CommandException.UNREACHABLE, place.base() + ": the stream ended"));
        } catch (IOException e) {
            CommandException lost = NodeClient.unreachable(place, e);
            return connected ? printError(lost) : lost;
        } catch (CommandException e) {
            // Another node may accept us, or this one may later.
            if (e.status() != CommandException.REFUSED && !everConnected) {
                throw e;
            }
            return handleError(place, e, node.addresses().size() == 1);
        }
    }

    /** Prints each error of a node once, except the one that ends the command: that one is printed at its end. */
    private CommandException handleError(NodeAddress place, CommandException e, boolean isTheOnlyOne) {
        boolean isNew = everConnected && !e.getMessage().equals(refusals.put(place, e.getMessage()));
        if (isNew && !(e.isUnauthorised() && isTheOnlyOne)) {
            printError(new CommandException(e.status(), place.base() + ": " + e.getMessage()));
        }
        return e;
    }

    private CommandException printError(CommandException lost) {
        err().println(TerminalFormat.withoutControls(lost.getMessage()));
        err().flush();
        return lost;
    }

    private void handle(EventStream.Event event) {
        if (!event.id().isEmpty()) {
            lastId = event.id();
        }
        JsonNode data = Json.parse(event.data());
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
            out().println("definitions changed, revision " + TerminalFormat.text(data.path("revision")));
        }
        outputClosed = isOutputClosed();
    }

    private static String line(JsonNode entry) {
        StringBuilder line =
                new StringBuilder(TerminalFormat.time(entry.path("atMs").asLong()));
        String destination = TerminalFormat.text(entry.path("destination"));
        line.append("  ").append(destination.isEmpty() ? "-" : destination);
        line.append("  ").append(TerminalFormat.text(entry.path("what")));
        String state =
                TerminalFormat.text(entry.path(entry.path("superseded").asBoolean() ? "supersededState" : "state"));
        line.append(state.isEmpty() ? "" : " " + state);
        line.append(entry.path("busy").asBoolean() ? " busy" : "");
        String who = TerminalFormat.text(entry.path("who"));
        line.append(who.isEmpty() ? "" : ", by " + who);
        String why = TerminalFormat.text(entry.path("why"));
        line.append(why.isEmpty() ? "" : ": " + why);
        String node = TerminalFormat.text(entry.path("node"));
        return line.append(node.isEmpty() ? "" : "  [" + node + "]").toString();
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(CommandException.UNREACHABLE, "interrupted");
        }
    }
}
