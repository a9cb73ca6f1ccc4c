package org.sipdispatch.operations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sipdispatch.settings.DataDirectory;

/**
 * The file that keeps a node in maintenance over a restart.
 *
 * @param path null if the node has no files
 */
record MaintenanceFile(Path path) {
    static final MaintenanceFile NONE = new MaintenanceFile(null);

    private static final String KIND = "sip-dispatcher maintenance, form 1";
    private static final String NAME = "maintenance.txt";
    private static final int LINES = 4;

    static MaintenanceFile in(Path directory) {
        return new MaintenanceFile(directory.resolve(NAME));
    }

    /** The stored order; null if there is no file. A file that cannot be read keeps the node in maintenance too. */
    MaintenanceOrder read() {
        if (path == null || !Files.exists(path)) {
            return null;
        }
        try {
            String[] lines = Files.readString(path).split("\n", -1);
            if (lines.length < LINES || !lines[0].equals(KIND) || !lines[1].matches("\\d{1,18}")) {
                throw new IOException("its first line is not: " + KIND + ", or it is incomplete");
            }
            return new MaintenanceOrder(Long.parseLong(lines[1]), lines[2], lines[3], true);
        } catch (IOException e) {
            return new MaintenanceOrder(
                    System.currentTimeMillis(), "unknown", path + " cannot be read: " + e.getMessage(), true);
        }
    }

    void write(MaintenanceOrder order) throws IOException {
        if (path == null) {
            throw new IOException("none");
        }
        DataDirectory.write(
                path, String.join("\n", KIND, String.valueOf(order.sinceMs()), order.who(), order.why(), ""));
    }

    void delete() throws IOException {
        if (path != null) {
            Files.deleteIfExists(path);
        }
    }
}
