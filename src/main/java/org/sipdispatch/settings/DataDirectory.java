package org.sipdispatch.settings;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * {@code data-dir}, the directory of this program's own files. Only the user that the program runs as may read them,
 * because the journal opens without a password. File systems without POSIX permissions are left alone.
 */
public final class DataDirectory {
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    /** Database files, files written next to them, the statuses that this node knew last, and the last documents. */
    private static final String OWN = "{*.db,last-known-*.txt*,document-*.json*}";

    private final Path path;

    private DataDirectory(Path path) {
        this.path = path;
    }

    /**
     * Creates the directory for its owner only; an existing one keeps its permissions, because others may need to read
     * it.
     */
    public static DataDirectory create(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path, attributes(path.toAbsolutePath(), OWNER));
        }
        return new DataDirectory(path);
    }

    /** The attributes of a new file in the directory: only its owner may read and write it. */
    public static FileAttribute<?>[] ownerOnly(Path directory) {
        return attributes(directory, FILE);
    }

    private static FileAttribute<?>[] attributes(Path place, Set<PosixFilePermission> rights) {
        return place.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(rights)}
                : new FileAttribute<?>[0];
    }

    /**
     * Writes a file that only its owner may read, and creates its directory. It is written under a temporary name and then
     * moved into place, so it is complete or absent, also after a power failure.
     */
    public static void write(Path file, String text) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        create(directory);
        Path beside = directory.resolve(file.getFileName() + ".new");
        Files.deleteIfExists(beside);
        try (FileChannel channel = FileChannel.open(
                beside, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly(directory))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncEntries(directory);
    }

    /** Makes the file system write the names of the files in the directory to the disk now. */
    private static void syncEntries(Path directory) {
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        } catch (IOException e) {
            // Windows opens no directory, and some network file systems sync none: they write the name a little later.
        }
    }

    /** The permissions, such as {@code rwxr-xr-x}, if users other than the owner have any; otherwise empty. */
    public String foreignPermissions() throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        Set<PosixFilePermission> rights =
                view == null ? OWNER : view.readAttributes().permissions();
        return OWNER.containsAll(rights) ? "" : PosixFilePermissions.toString(rights);
    }

    /** Whether users other than the owner and its group may read the file; false if it does not exist. */
    public static boolean isReadableByOthers(Path file) {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        try {
            return view != null && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException e) {
            return false;
        }
    }

    /** Removes all permissions of other users from this program's files in the directory. */
    public void protect() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, OWN)) {
            for (Path file : files) {
                protect(file);
            }
        }
    }

    private static void protect(Path file) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view != null && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            Set<PosixFilePermission> kept = EnumSet.copyOf(FILE);
            kept.retainAll(view.readAttributes().permissions());
            if (!kept.equals(view.readAttributes().permissions())) {
                view.setPermissions(kept);
            }
        }
    }
}
