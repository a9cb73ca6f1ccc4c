package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.settings.SettingException;

class DataDirectoryGuardTest {
    @TempDir
    Path above;

    @Test
    void aSecondNodeIsRefusedWhileTheFirstOneUsesTheDirectory() throws IOException {
        Path data = above.resolve("data");
        assertThat(DataDirectoryGuard.isUsed(data)).isFalse();
        assertThat(data).doesNotExist();

        try (DataDirectoryGuard first = DataDirectoryGuard.of(data)) {
            assertThat(first).isNotNull();
            assertThat(DataDirectoryGuard.isUsed(data)).isTrue();
            assertThatThrownBy(() -> DataDirectoryGuard.of(data))
                    .isInstanceOf(SettingException.class)
                    .hasMessage("data-dir: " + data
                            + " (expected: a directory of its own for each node; another node uses this one)");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("node.lock"))))
                    .isEqualTo("rw-------");
        }

        assertThat(DataDirectoryGuard.isUsed(data)).isFalse();
        DataDirectoryGuard.of(data).close();
    }

    @Test
    void aDirectoryThatCannotBeCreatedRefusesNothing() throws IOException {
        Path file = Files.writeString(above.resolve("file"), "");

        DataDirectoryGuard.of(file.resolve("data")).close();

        assertThat(DataDirectoryGuard.isUsed(file.resolve("data"))).isFalse();
    }
}
