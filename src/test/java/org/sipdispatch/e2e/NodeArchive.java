package org.sipdispatch.e2e;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The directory of an installed program, made from the classes of this build, with the archive that {@code class-archive}
 * writes. The archive halves the start time of a node, and these tests start more than a hundred. It is written once for
 * all processes of a test run.
 */
public final class NodeArchive {
    private static final Path HOME = Path.of("target", "e2e", "home").toAbsolutePath();
    private static final Path LIB = HOME.resolve("lib");
    private static final Path CLASSES = Path.of("target", "classes").toAbsolutePath();
    private static final long SECONDS_TO_WRITE = 240;

    private static final Path ARCHIVE = written();

    private NodeArchive() {}

    /** The archive, and as the last option the class path of a node. */
    public static List<String> options() {
        return List.of(
                "-XX:SharedArchiveFile=" + ARCHIVE,
                "-Xlog:disable",
                "-cp",
                LIB.resolve("*").toString());
    }

    /** The directory of the program, with its script and archives. */
    static Path home() {
        return ARCHIVE.getParent().getParent();
    }

    private static Path written() {
        try {
            Files.createDirectories(HOME);
            try (FileChannel lock = FileChannel.open(HOME.resolve("lock"), CREATE, WRITE);
                    FileLock held = lock.lock()) {
                Path archive = archive();
                if (held.isValid() && archive != null && isFresh(archive)) {
                    return archive;
                }
                install();
                write();
                return archive();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Null if there is none. */
    private static Path archive() throws IOException {
        if (!Files.isDirectory(LIB)) {
            return null;
        }
        try (Stream<Path> files = Files.list(LIB)) {
            return files.filter(file -> file.getFileName().toString().matches("classes-.*\\.jsa"))
                    .findFirst()
                    .orElse(null);
        }
    }

    private static boolean isFresh(Path archive) throws IOException {
        FileTime written = Files.getLastModifiedTime(archive);
        try (Stream<Path> classes = Files.walk(CLASSES)) {
            for (Path one : classes.toList()) {
                if (Files.getLastModifiedTime(one).compareTo(written) > 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private static void install() throws IOException {
        Files.createDirectories(LIB);
        try (Stream<Path> files = Files.list(LIB)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        copy(Path.of("src", "dist", "bin", "sip-dispatcher"));
        copy(Path.of("conf", "logback.xml"));
        writeJar();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path jar = Path.of(entry);
            if (entry.endsWith(".jar") && !entry.contains("surefire")) {
                Files.createSymbolicLink(LIB.resolve(jar.getFileName()), jar.toAbsolutePath());
            }
        }
    }

    private static void copy(Path file) throws IOException {
        Path target = HOME.resolve(file.subpath(file.getNameCount() - 2, file.getNameCount()));
        Files.createDirectories(target.getParent());
        Files.copy(file, target, REPLACE_EXISTING);
    }

    /** Only classes in jars can be archived. */
    private static void writeJar() throws IOException {
        try (OutputStream out = Files.newOutputStream(LIB.resolve("sip-dispatcher-0.jar"));
                JarOutputStream entries = new JarOutputStream(out);
                Stream<Path> files = Files.walk(CLASSES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                entries.putNextEntry(
                        new JarEntry(CLASSES.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, entries);
                entries.closeEntry();
            }
        }
    }

    private static void write() throws IOException {
        Path output = HOME.resolve("class-archive.log");
        ProcessBuilder script = new ProcessBuilder(
                        "sh", HOME.resolve("bin/sip-dispatcher").toString(), "class-archive")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        script.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = script.start();
        try {
            if (!process.waitFor(SECONDS_TO_WRITE, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException("class-archive: " + Files.readString(output));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
