package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The secret that a single node generates and stores. */
class SecretFileTest {
    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("data/relay-secret");
    }

    private String secret() {
        return SecretFile.loadOrCreate(directory.resolve("data"));
    }

    private String mode() throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file()));
    }

    @Test
    void itIsMadeOnceAndReadAfterwards() throws IOException {
        String first = secret();

        assertThat(first).matches("[0-9a-f]{48}");
        assertThat(secret()).isEqualTo(first);
        assertThat(mode()).isEqualTo("rw-------");
        try (var files = Files.list(file().getParent())) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void aFileThatOthersMayReadIsClosed() throws IOException {
        String first = secret();
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(secret()).isEqualTo(first);
        assertThat(mode()).isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "not a secret of ours but long enough for one, it seems"})
    void aFileWithoutASecretIsReplaced(String text) throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), text);

        String made = secret();

        assertThat(made).matches("[0-9a-f]{48}");
        assertThat(secret()).isEqualTo(made);
    }

    @Test
    void whereItCannotBeKeptTheNodeStartsAllTheSame() throws IOException {
        Files.writeString(directory.resolve("data"), "no directory");

        assertThat(secret()).matches("[0-9a-f]{48}").isNotEqualTo(secret());
    }
}
