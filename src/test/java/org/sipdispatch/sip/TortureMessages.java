package org.sipdispatch.sip;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The messages of RFC 4475 and RFC 5118 with the expected result of each; the table contains the reasons. */
public final class TortureMessages {
    private static final Path FOLDER = Path.of("src/test/resources/torture");

    private TortureMessages() {}

    /**
     * One line of the table.
     *
     * @param parsed "parses", "reply CODE" or "drop"
     * @param proxied "forward", "reply CODE" or "drop"
     */
    public record Verdict(String file, String parsed, String proxied, String reason) {
        public byte[] bytes() {
            return read(FOLDER.resolve(file));
        }

        @Override
        public String toString() {
            return file;
        }
    }

    public static List<Verdict> verdicts() {
        return lines().filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(TortureMessages::verdict)
                .toList();
    }

    /** All message files in the folders, whether the table lists them or not. */
    static List<String> files() {
        try (Stream<Path> found = Files.walk(FOLDER, 2)) {
            return found.filter(path -> path.getNameCount() == FOLDER.getNameCount() + 2 && Files.isRegularFile(path))
                    .map(path -> FOLDER.relativize(path).toString())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Verdict verdict(String line) {
        String[] cells = line.split("\\|", -1);
        if (cells.length != 4) {
            throw new IllegalArgumentException(line + " (expected: 4 columns)");
        }
        return new Verdict(cells[0].trim(), cells[1].trim(), cells[2].trim(), cells[3].trim());
    }

    private static Stream<String> lines() {
        return new String(read(FOLDER.resolve("verdicts.txt")), java.nio.charset.StandardCharsets.UTF_8).lines();
    }

    private static byte[] read(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
