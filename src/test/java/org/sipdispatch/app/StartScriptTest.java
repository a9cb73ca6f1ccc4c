package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.AutoComplete;
import picocli.CommandLine;

/** The options that {@code bin/sip-dispatcher} passes to Java, and what Java says with them. */
class StartScriptTest {
    @TempDir
    private Path javaHome;

    /** Installs a Java that prints its arguments. */
    @BeforeEach
    void installJava() throws IOException {
        Path java = Files.createDirectory(javaHome.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho \"$@\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
    }

    private List<String> options(String javaOpts) throws IOException {
        return options(javaOpts, Path.of("src/dist"), "run");
    }

    private List<String> options(String javaOpts, Path home, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("sh", home.resolve("bin/sip-dispatcher").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder script = new ProcessBuilder(command);
        script.environment().put("JAVA_HOME", javaHome.toString());
        script.environment().put("JAVA_OPTS", javaOpts);
        return List.of(output(script.redirectErrorStream(true)).trim().split("\\s+"));
    }

    @Test
    void theHeapHasASizeOfItsOwn() throws IOException {
        assertThat(options("-Dx=y"))
                .containsSubsequence("-Xms256m", "-Xmx1g", "-Dx=y", "org.sipdispatch.app.Main", "run");
    }

    @ParameterizedTest
    @CsvSource({"-Xmx64m", "-Dx=y -Xmx4g", "-XX:MaxHeapSize=64m"})
    void theInitialHeapIsJavasWhereJavaOptsHasAMaximum(String javaOpts) throws IOException {
        assertThat(options(javaOpts))
                .containsSubsequence("-Xmx1g", javaOpts.substring(javaOpts.lastIndexOf(' ') + 1))
                .noneMatch(option -> option.startsWith("-Xms"));
    }

    @Test
    void anInitialHeapInJavaOptsCountsLast() throws IOException {
        assertThat(options("-Xms512m")).containsSubsequence("-Xms256m", "-Xmx1g", "-Xms512m");
    }

    @ParameterizedTest
    @CsvSource({"17.0.15, false", "21.0.2, false", "22, false", "23, true", "25.0.1, true"})
    void theVersionOfJavaIsReadFromItsInstallation(String version, boolean warns) throws IOException {
        Files.writeString(javaHome.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");

        assertThat(options("").contains("--sun-misc-unsafe-memory-access=allow"))
                .isEqualTo(warns);
    }

    @Test
    void theArchiveOfThisVersionOfJavaIsUsed(@TempDir Path home) throws IOException {
        Files.writeString(javaHome.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
        Files.createDirectories(home.resolve("bin"));
        Path lib = Files.createDirectory(home.resolve("lib"));
        Files.copy(Path.of("src/dist/bin/sip-dispatcher"), home.resolve("bin/sip-dispatcher"));
        Files.createFile(lib.resolve("classes-21.0.2.jsa"));
        assertThat(options("", home, "list")).noneMatch(option -> option.startsWith("-XX:SharedArchiveFile"));

        Files.createFile(lib.resolve("classes-17.0.15.jsa"));

        assertThat(options("", home, "list"))
                .contains("-XX:SharedArchiveFile=" + lib.toRealPath().resolve("classes-17.0.15.jsa"));
    }

    @Test
    void onlyLongRunsUseTheCompilerForThem() throws IOException {
        assertThat(options("", Path.of("src/dist"), "list")).contains("-XX:TieredStopAtLevel=1");
        assertThat(options("")).doesNotContain("-XX:TieredStopAtLevel=1");
    }

    @Test
    void helpWritesNoArchive() throws IOException {
        Path home = Path.of("src/dist");

        assertThat(options("", home, "class-archive"))
                .anyMatch(option -> option.startsWith("-XX:ArchiveClassesAtExit"));
        assertThat(options("", home, "class-archive", "--help"))
                .noneMatch(option -> option.startsWith("-XX:ArchiveClassesAtExit"));
    }

    @Test
    void warningsOfJavaAreErrorOutputExceptThoseOfAnArchiveOfOtherJars(@TempDir Path home) throws Exception {
        Files.createDirectories(home.resolve("bin"));
        Path lib = Files.createDirectory(home.resolve("lib"));
        Files.copy(Path.of("src/dist/bin/sip-dispatcher"), home.resolve("bin/sip-dispatcher"));
        Path java = Path.of(System.getProperty("java.home"));
        Path jar = Path.of(CommandLine.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path archive = lib.resolve("classes-" + System.getProperty("java.version") + ".jsa");
        output(new ProcessBuilder(
                java.resolve("bin/java").toString(),
                "-XX:ArchiveClassesAtExit=" + archive,
                "-cp",
                jar.toString(),
                AutoComplete.class.getName(),
                "--help"));
        assertThat(archive).exists();
        ProcessBuilder script =
                new ProcessBuilder("sh", home.resolve("bin/sip-dispatcher").toString(), "list");
        script.environment().put("JAVA_HOME", java.toString());
        script.environment().put("JAVA_OPTS", "-Xms64m -Xmx64m -XX:MaxNewSize=128m -version");
        Path errors = home.resolve("errors");

        String said = output(script.redirectError(errors.toFile()));

        assertThat(said).isEmpty();
        assertThat(Files.readAllLines(errors))
                .filteredOn(line -> line.startsWith("["))
                .singleElement()
                .asString()
                .contains("[warning]", "MaxNewSize");
    }

    private static String output(ProcessBuilder program) throws IOException {
        Process process = program.start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
