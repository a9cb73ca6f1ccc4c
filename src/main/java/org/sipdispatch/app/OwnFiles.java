package org.sipdispatch.app;

import java.io.IOException;
import java.nio.file.Path;
import org.sipdispatch.settings.DataDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what this node has in its {@code data-dir} from the other users of this host, as far as it may. */
final class OwnFiles {
    private static final Logger LOG = LoggerFactory.getLogger(OwnFiles.class);

    private final Path path;
    private String trouble = "";

    OwnFiles(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    /** Makes the directory if it is not there, and takes from others what rights they have to its files. */
    void protect() {
        try {
            DataDirectory directory = DataDirectory.create(path);
            directory.protect();
            String open = directory.openTo();
            trouble = open.isEmpty()
                    ? ""
                    : "data-dir: " + path + " is open to others, " + open
                            + " (expected: rwx------, as by chmod 700; the journal in it needs no password)";
        } catch (IOException e) {
            trouble = "data-dir: " + path + " (expected: a directory for this user alone): " + e;
        }
    }

    /** Says what others may do there. */
    void tell() {
        if (!trouble.isEmpty()) {
            LOG.warn("{}", trouble);
        }
    }
}
