package org.sipdispatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.sipdispatch.pauses.DeciderOverlap;
import org.sipdispatch.pauses.HeldInvites;

/**
 * Writes the records of a run as text, for the analysis of a failure. Times are milliseconds after the start of the
 * run.
 */
final class PauseArtefacts {
    private final PauseRun run;
    private final Path directory;

    private PauseArtefacts(PauseRun run) throws IOException {
        this.run = run;
        directory = Files.createDirectories(Path.of(
                "target", "pauses", run.plan().nodes() + "-nodes-" + run.plan().seed()));
    }

    /** Writes the files, and returns their directory. */
    static Path write(PauseRun run, PauseVerdict verdict) {
        try {
            PauseArtefacts artefacts = new PauseArtefacts(run);
            artefacts.writeAll(verdict);
            return artefacts.directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeAll(PauseVerdict verdict) throws IOException {
        write("verdict", verdict.violations(), Function.identity());
        write(
                "steps",
                run.steps(),
                step -> "%6d node %d %s".formatted(step.atMs(), step.node() + 1, step.stops() ? "stops" : "goes on"));
        write(
                "pauses",
                run.scene().pauses(),
                pause -> "%6d..%6d node %d".formatted(ms(pause.fromNs()), ms(pause.toNs()), pause.node() + 1));
        write("orders", run.orders(), order -> order.line(run.beganNs()));
        write("history", run.history(), this::entry);
        write("events", run.events(), this::entry);
        write(
                "views",
                changes(run.looks()),
                look -> "%6d %s at node %d: %s %s by '%s'"
                        .formatted(
                                ms(look.answeredNs()),
                                look.destination(),
                                look.node() + 1,
                                look.state(),
                                look.version(),
                                look.order()));
        compress("looks", run.looks(), this::look);
        compress("invites", run.scene().invites(), this::invite);
        write("column", List.copyOf(run.column().entrySet()), row -> row.getKey() + " " + row.getValue());
        List<DeciderOverlap.PingSeen> pings = new ArrayList<>(run.scene().pings(run.beganNs()));
        pings.sort(Comparator.comparing(DeciderOverlap.PingSeen::destination)
                .thenComparing(DeciderOverlap.PingSeen::atNs));
        write("pings", pings, ping -> "%s %6d node %d".formatted(ping.destination(), ms(ping.atNs()), ping.node() + 1));
        write(
                "failed-calls",
                run.scene().calls().stream()
                        .filter(call -> !call.failure().isEmpty())
                        .toList(),
                call -> "%6d..%6d %s".formatted(ms(call.beganNs()), ms(call.endedNs()), call));
        write(
                "invites-to-held",
                verdict.toHeld(),
                wrong -> "%6d %s (%s)"
                        .formatted(
                                ms(wrong.invite().atNs()), wrong, wrong.invite().callId()));
        write(
                "claims",
                run.claims(),
                claim -> "%6d node %d %s".formatted(ms(claim.atNs()), claim.node() + 1, claim.text()));
        write("ties", run.ties(), tie -> "%6d %s won by %s".formatted(ms(tie.atNs()), tie.epoch(), tie.winner()));
        for (int node = 0; node < run.plan().nodes(); node++) {
            Files.writeString(
                    directory.resolve("node-" + (node + 1) + ".log"),
                    run.scene().cluster().node(node).log());
        }
    }

    private <T> void write(String name, List<T> records, Function<T, String> line) throws IOException {
        Files.write(directory.resolve(name + ".txt"), records.stream().map(line).toList());
    }

    private <T> void compress(String name, List<T> records, Function<T, String> line) throws IOException {
        try (Writer out = new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(directory.resolve(name + ".txt.gz"))),
                StandardCharsets.UTF_8)) {
            for (T each : records) {
                out.write(line.apply(each) + "\n");
            }
        }
    }

    private String look(ViewRecord.Look look) {
        return "%6d..%6d node %d %s %s %s '%s'"
                .formatted(
                        ms(look.askedNs()),
                        ms(look.answeredNs()),
                        look.node() + 1,
                        look.destination(),
                        look.state(),
                        look.version(),
                        look.order());
    }

    private String invite(HeldInvites.InviteSeen invite) {
        return "%6d node %d %s %s"
                .formatted(ms(invite.atNs()), invite.node() + 1, invite.destination(), invite.callId());
    }

    private String entry(JsonNode entry) {
        return "%6d %s %s %s %s by '%s' at %s%s"
                .formatted(
                        ms(entry.path("atMs").asLong() * 1_000_000 + run.scene().wallNs()),
                        entry.path("id").asText(),
                        entry.path("destination").asText(),
                        entry.path("state").asText(),
                        entry.path("version").asText(),
                        entry.path("why").asText(),
                        entry.path("node").asText(),
                        ReportedHistory.isSuperseded(entry) ? " superseded" : "");
    }

    /** The observations that differ from the previous one of the same node. */
    private static List<ViewRecord.Look> changes(List<ViewRecord.Look> looks) {
        Map<String, ViewRecord.Look> before = new HashMap<>();
        return looks.stream()
                .filter(look -> {
                    ViewRecord.Look last = before.put(look.node() + look.destination(), look);
                    return last == null || !last.seen().equals(look.seen());
                })
                .sorted(Comparator.comparing(ViewRecord.Look::destination).thenComparing(ViewRecord.Look::answeredNs))
                .toList();
    }

    private long ms(long atNs) {
        return (atNs - run.beganNs()) / 1_000_000;
    }
}
