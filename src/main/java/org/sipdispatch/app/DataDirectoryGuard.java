package org.sipdispatch.app;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.sipdispatch.settings.DataDirectory;
import org.sipdispatch.settings.SettingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@code data-dir} for this process, and its files, as far as possible, for the user of the process. The operating
 * system releases the lock when the process ends, however it ends.
 */
final class DataDirectoryGuard implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataDirectoryGuard.class);
    private static final String LOCK = "node.lock";

    private final Path path;
    /** Null if the directory cannot be locked. */
    private FileChannel locked;

    private String warning = "";

    private DataDirectoryGuard(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    /**
     * Creates a missing directory, removes access rights of other users to its files, and locks it.
     *
     * @throws SettingException if another node uses the directory
     */
    static DataDirectoryGuard of(Path path) {
        DataDirectoryGuard guard = new DataDirectoryGuard(path);
        guard.protect();
        guard.lock();
        return guard;
    }

    /** Removes access rights of other users to the files. */
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
            warning = cannotBeUsed(e);
        }
    }

    private void lock() {
        try {
            locked = FileChannel.open(
                    path.resolve(LOCK),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    DataDirectory.ownerOnly(path));
            if (locked.tryLock() == null) {
                throw inUse();
            }
        } catch (OverlappingFileLockException e) {
            throw inUse();
        } catch (IOException e) {
            // Such as a file system without locks; the node works without one.
            close();
            warning = warning.isEmpty() ? cannotBeUsed(e) : warning;
        }
    }

    private SettingException inUse() {
        close();
        return new SettingException(
                "data-dir", path, "a directory of its own for each node; another node uses this one");
    }

    private String cannotBeUsed(IOException e) {
        return "data-dir: " + path + " (expected: a directory for this user alone): " + e;
    }

    /** Whether a running node uses the directory. Creates and changes nothing. */
    static boolean isUsed(Path path) {
        return isLocked(path.resolve(LOCK));
    }

    /** Whether another process, or this one, holds a lock on the file. */
    static boolean isLocked(Path file) {
        if (!Files.isReadable(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                FileLock free = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return free == null;
        } catch (OverlappingFileLockException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Logs access rights of other users to an existing directory. */
    void logAccess() {
        if (!warning.isEmpty()) {
            LOG.warn("{}", warning);
        }
    }

    /** Releases the directory; the file stays, because another node may have opened it already. */
    @Override
    public void close() {
        try {
            if (locked != null) {
                locked.close();
            }
        } catch (IOException e) {
            LOG.warn("data-dir: {} stays locked until this process ends: {}", path, e.toString());
        }
    }
}
