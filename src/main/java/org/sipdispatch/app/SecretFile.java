package org.sipdispatch.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.sipdispatch.proxy.RelaySettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the secret that a single node without {@code relay.secret} generates, so that calls survive a restart. Only the
 * user of the process can read the file.
 */
final class SecretFile {
    private static final Logger LOG = LoggerFactory.getLogger(SecretFile.class);
    private static final String NAME = "relay-secret";
    private static final String FORM = "[0-9a-f]{48}";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private SecretFile() {}

    /** Returns the secret stored in the directory; generates and stores one if there is none. */
    static String loadOrCreate(Path directory) {
        Path file = directory.resolve(NAME);
        try {
            String kept = Files.exists(file) ? read(file) : null;
            return kept == null ? create(directory, file) : kept;
        } catch (IOException e) {
            LOG.warn("{}: cannot be used; active calls will be unknown after a restart: {}", file, e.toString());
            return RelaySettings.randomSecret();
        }
    }

    private static String read(Path file) throws IOException {
        if (POSIX && !Files.getPosixFilePermissions(file).equals(OWNER_ONLY)) {
            Files.setPosixFilePermissions(file, OWNER_ONLY);
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
        if (text.matches(FORM)) {
            return text;
        }
        LOG.warn("{}: no secret in it (expected: 48 hexadecimal digits); generating a new one", file);
        return null;
    }

    /** Writes a temporary file and renames it, so that a crash leaves no partial secret. */
    private static String create(Path directory, Path file) throws IOException {
        Files.createDirectories(directory);
        String secret = RelaySettings.randomSecret();
        Path fresh = POSIX
                ? Files.createTempFile(directory, NAME, ".new", ownerOnly())
                : Files.createTempFile(directory, NAME, ".new");
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.ISO_8859_1.encode(secret + "\n");
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return secret;
    }

    private static FileAttribute<Set<PosixFilePermission>> ownerOnly() {
        return PosixFilePermissions.asFileAttribute(OWNER_ONLY);
    }
}
