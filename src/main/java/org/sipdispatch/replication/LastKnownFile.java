package org.sipdispatch.replication;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.sipdispatch.destination.Status;
import org.sipdispatch.settings.DataDirectory;

/**
 * The file of {@link LastKnownStatuses}. Its first line has the format and the cluster's name, its last line the number of
 * lines and a checksum. The file is written under a temporary name and then moved into place, so it is complete or
 * absent.
 *
 * @param cluster the cluster's name
 */
record LastKnownFile(Path path, String cluster) {
    private static final String KIND = "sip-dispatcher last known states, form 1";

    /** The content of the file: the statuses, and when they were written. */
    record SavedStatuses(Instant written, Map<String, Status> statuses) {}

    /**
     * Reads the file; null if it does not exist.
     *
     * @throws IOException if the file cannot be read, is damaged, or belongs to another cluster
     */
    SavedStatuses read() throws IOException {
        if (!Files.exists(path)) {
            return null;
        }
        String text = Files.readString(path);
        int end = text.lastIndexOf("\nend\t") + 1;
        String body = text.substring(0, end);
        List<String> lines = body.lines().toList();
        if (lines.isEmpty() || !lines.get(0).startsWith(KIND + "\t")) {
            throw new IOException("its first line is not: " + KIND);
        }
        String[] first = lines.get(0).split("\t", -1);
        if (first.length != 3 || !first[1].equals(cluster)) {
            throw new IOException("it belongs to the cluster " + (first.length > 1 ? first[1] : ""));
        } else if (!text.substring(end).equals(end(lines.size() - 1, body))) {
            throw new IOException("it is incomplete or was changed");
        }
        Map<String, Status> statuses = new HashMap<>();
        try {
            for (String line : lines.subList(1, lines.size())) {
                Map.Entry<String, Status> one = StatusFormat.parse(line);
                statuses.put(one.getKey(), one.getValue());
            }
            return new SavedStatuses(Instant.parse(first[2]), statuses);
        } catch (RuntimeException e) {
            throw new IOException(e);
        }
    }

    void write(Map<String, Status> statuses, Instant now) throws IOException {
        StringBuilder text = new StringBuilder(KIND + "\t" + cluster + "\t" + now + "\n");
        new TreeMap<>(statuses)
                .forEach(
                        (id, status) -> text.append(StatusFormat.of(id, status)).append('\n'));
        text.append(end(statuses.size(), text.toString()));
        DataDirectory.write(path, text.toString());
    }

    private static String end(int lines, String body) {
        CRC32 sum = new CRC32();
        sum.update(body.getBytes(StandardCharsets.UTF_8));
        return "end\t" + lines + "\t" + Long.toHexString(sum.getValue()) + "\n";
    }
}
