package org.sipdispatch.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataDirectoryTest {
    @TempDir
    Path above;

    private static String rights(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private Path open(String name) throws IOException {
        Path file = Files.createFile(above.resolve(name));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        return file;
    }

    @Test
    void aNewDirectoryIsItsOwnersAlone() throws IOException {
        DataDirectory made = DataDirectory.create(above.resolve("a/data"));

        assertThat(rights(above.resolve("a/data"))).isEqualTo("rwx------");
        assertThat(made.foreignPermissions()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"rwxr-xr-x, rwxr-xr-x", "rwxrwx---, rwxrwx---", "rwx--x--x, rwx--x--x", "rwx------, ''"})
    void aDirectoryThatWasThereKeepsItsRightsAndTellsThem(String rights, String message) throws IOException {
        Path data = Files.createDirectory(above.resolve("data"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString(rights));

        assertThat(DataDirectory.create(data).foreignPermissions()).isEqualTo(message);
        assertThat(rights(data)).isEqualTo(rights);
    }

    @Test
    void aLinkToADirectoryIsTaken() throws IOException {
        Path data = Files.createDirectory(above.resolve("data"));
        Path link = Files.createSymbolicLink(above.resolve("link"), data);

        assertThat(DataDirectory.create(link).foreignPermissions()).isNotEmpty();
    }

    @Test
    void aFileAndItsNameAreOnTheDiskWhenTheyAreWritten() throws IOException {
        Path recording = above.resolve("recording.jfr");
        Path file = above.resolve("data/last-known.txt");
        try (Recording forces = new Recording()) {
            forces.enable("jdk.FileForce").withThreshold(Duration.ZERO);
            forces.start();
            DataDirectory.write(file, "text");
            forces.stop();
            forces.dump(recording);
        }

        assertThat(RecordingFile.readAllEvents(recording))
                .extracting(event -> event.getString("path"))
                .containsSubsequence(file + ".new", file.getParent().toString());
        assertThat(file).hasContent("text");
    }

    @Test
    void ownFilesAreTheirOwnersAloneAndOthersStayAsTheyAre() throws IOException {
        String[] own = {"journal.mv.db", "journal.trace.db", "last-known-127.0.0.1-2552.txt", "dispatcher.mv.db"};
        for (String name : own) {
            open(name);
        }
        open("dispatcher.list");
        Path elsewhere = open("elsewhere");
        Files.createSymbolicLink(above.resolve("link.mv.db"), elsewhere);

        DataDirectory.create(above).protect();

        for (String name : own) {
            assertThat(rights(above.resolve(name))).as(name).isEqualTo("rw-------");
        }
        assertThat(rights(above.resolve("dispatcher.list"))).isEqualTo("rw-rw-r--");
        assertThat(rights(elsewhere)).isEqualTo("rw-rw-r--");
    }
}
