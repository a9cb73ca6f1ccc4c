package org.sipdispatch.settings;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * {@code data-dir}, where this program's own files go. They are for the user alone whom it runs as: the journal opens
 * without a password. On a file system without POSIX rights nothing is done.
 */
public final class DataDirectory {
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    /** Databases, what is written beside them, and what this node knew last. */
    private static final String OWN = "{*.db,last-known-*.txt*}";

    private final Path path;

    private DataDirectory(Path path) {
        this.path = path;
    }

    /** Makes it, for its owner alone, if it is not there. One that is there keeps its rights: others may be meant to read it. */
    public static DataDirectory create(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path, attributes(path.toAbsolutePath(), OWNER));
        }
        return new DataDirectory(path);
    }

    /** For a file that is made in that directory. */
    public static FileAttribute<?>[] ownerOnly(Path directory) {
        return attributes(directory, FILE);
    }

    private static FileAttribute<?>[] attributes(Path place, Set<PosixFilePermission> rights) {
        return place.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(rights)}
                : new FileAttribute<?>[0];
    }

    /** Its rights, such as {@code rwxr-xr-x}, if others than its owner have any; else an empty text. */
    public String openTo() throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        Set<PosixFilePermission> rights =
                view == null ? OWNER : view.readAttributes().permissions();
        return OWNER.containsAll(rights) ? "" : PosixFilePermissions.toString(rights);
    }

    /** Takes from all others what rights they have to the files of this program in it. */
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
