package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive of classes that {@code class-archive} writes. */
class ClassArchiveTest {
    @Test
    void mostClassesOfTheProgramComeFromIt(@TempDir Path directory) throws IOException, InterruptedException {
        Path log = directory.resolve("classes.log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(NodeArchive.options());
        command.addAll(List.of("-Xlog:class+load:file=" + log, "org.sipdispatch.app.Main", "--help"));

        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("out").toFile())
                .start();

        assertThat(process.waitFor()).isZero();
        List<String> loaded = Files.readAllLines(log).stream()
                .filter(line -> line.contains(" org.sipdispatch."))
                .toList();
        List<String> archived = loaded.stream()
                .filter(line -> line.contains("source: shared objects file (top)"))
                .toList();
        assertThat(loaded).hasSizeGreaterThan(20);
        assertThat(archived).hasSizeGreaterThan(loaded.size() * 8 / 10);
    }
}
