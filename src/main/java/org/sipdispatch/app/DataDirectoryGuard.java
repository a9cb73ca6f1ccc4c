package org.sipdispatch.app;

import java.io.IOException;
import java.nio.file.Path;
import org.sipdispatch.settings.DataDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Restricts access to {@code data-dir} and its files to the user of the process, as far as possible. */
final class DataDirectoryGuard {
    private static final Logger LOG = LoggerFactory.getLogger(DataDirectoryGuard.class);

    private final Path path;
    private String warning = "";

    DataDirectoryGuard(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    /** Creates a missing directory, and removes access rights of other users to its files. */
    void protect() {
        try {
            DataDirectory directory = DataDirectory.create(path);
            directory.protect();
            String open = directory.foreignPermissions();
            warning = open.isEmpty()
                    ? ""
                    : "data-dir: " + path + " is open to others, " + open
                            + " (expected: rwx------, as by chmod 700; the journal in it needs no password)";
        } catch (IOException e) {
            warning = "data-dir: " + path + " (expected: a directory for this user alone): " + e;
        }
    }

    /** Logs access rights of other users to an existing directory. */
    void logAccess() {
        if (!warning.isEmpty()) {
            LOG.warn("{}", warning);
        }
    }
}
