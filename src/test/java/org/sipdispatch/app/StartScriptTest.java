package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.cli.Subcommands;
import picocli.AutoComplete;
import picocli.CommandLine;

/** The options that {@code bin/sip-dispatcher} passes to Java, and what Java says with them. */
class StartScriptTest {
    @TempDir
    private Path javaHome;

    /** Installs a Java that prints its arguments, and writes the archives that they demand. */
    @BeforeEach
    void installJava() throws IOException {
        Path java = Files.createDirectory(javaHome.resolve("bin")).resolve("java");
        Files.writeString(java, """
                #!/bin/sh
                echo "$@"
                for option; do
                  case $option in *.jsa.[0-9]*) echo "$@" >"${option#*=}" ;; esac
                done
                """);
        assertThat(java.toFile().setExecutable(true)).isTrue();
    }

    private List<String> options(String javaOpts) throws IOException {
        return options(javaOpts, Path.of("src/dist"), "run");
    }

    private List<String> options(String javaOpts, Path home, String... arguments) throws IOException {
        return List.of(output(script(javaHome, javaOpts, home, arguments).redirectErrorStream(true))
                .trim()
                .split("\\s+"));
    }

    private static ProcessBuilder script(Path javaHome, String javaOpts, Path home, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("sh", home.resolve("bin/sip-dispatcher").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder script = new ProcessBuilder(command);
        script.environment().put("JAVA_HOME", javaHome.toString());
        script.environment().put("JAVA_OPTS", javaOpts);
        return script;
    }

    @Test
    void theHeapHasASizeOfItsOwn() throws IOException {
        assertThat(options("-Dx=y"))
                .containsSubsequence("-Xms256m", "-Xmx1g", "-Dx=y", "org.sipdispatch.app.Main", "run");
    }

    @Test
    void theYoungGenerationIsSmallUnlessJavaOptsSelectsAnotherCollector() throws IOException {
        assertThat(options("-Dx=y")).containsSubsequence("-Xmn32m", "-XX:MaxTenuringThreshold=1", "-Dx=y");
        assertThat(options("-XX:-UseSerialGC -XX:+UseG1GC")).noneMatch(option -> option.startsWith("-Xmn"));
    }

    @ParameterizedTest
    @CsvSource({"-Dx=y", "-Xmx64m"})
    void javaSamplesItsCountersOnceASecond(String javaOpts) throws IOException {
        assertThat(options(javaOpts)).containsSubsequence("-XX:PerfDataSamplingInterval=1000", "-Xmx1g");

        Files.writeString(javaHome.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        assertThat(options(javaOpts)).noneMatch(option -> option.contains("PerfDataSamplingInterval"));
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
    void aJavaOfUnknownVersionMayNotKnowAllOptions() throws IOException {
        assertThat(options(""))
                .containsSubsequence("-XX:+IgnoreUnrecognizedVMOptions", "--sun-misc-unsafe-memory-access=allow");
    }

    private static List<String> classPath(List<String> options) {
        return List.of(options.get(options.indexOf("-cp") + 1).split(":"));
    }

    /** Installs the script, the jars that commands need, and others. */
    private static Path install(Path home) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.copy(Path.of("src/dist/bin/sip-dispatcher"), home.resolve("bin/sip-dispatcher"));
        Path lib = Files.createDirectories(home.resolve("lib"));
        for (String name : List.of(
                "sip-dispatcher-0.1.0",
                "picocli-4.7.7",
                "jackson-databind-2.21",
                "jackson-core-2.21",
                "jackson-annotations-2.21",
                "config-1.4.2",
                "config-extras-1",
                "akka-actor_2.13-2.8.5")) {
            Files.writeString(lib.resolve(name + ".jar"), name);
        }
        return home.toRealPath();
    }

    @Test
    void commandsThatAskANodeHaveFewJarsAndNoOptionsForANode(@TempDir Path directory) throws IOException {
        Path home = install(directory);

        for (String command : ProgramRun.commands()) {
            List<String> options = options("", home, command, "--help");
            boolean few = Subcommands.NAMES.contains(command) && !command.equals("completion");

            assertThat(classPath(options)).describedAs(command).hasSize(few ? 6 : 2);
            assertThat(options.contains("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"))
                    .describedAs(command)
                    .isNotEqualTo(few);
        }
        assertThat(classPath(options("", home, "--help")))
                .hasSize(6)
                .allMatch(jar -> Files.isRegularFile(Path.of(jar)))
                .noneMatch(jar -> jar.contains("extras") || jar.contains("akka"));
        assertThat(classPath(options("", home, "@arguments"))).hasSize(2);
    }

    @Test
    void withoutOneJarOfEachNameCommandsHaveAll(@TempDir Path directory) throws IOException {
        Path home = install(directory);
        Path second = Files.createFile(home.resolve("lib/picocli-4.7.8.jar"));
        assertThat(classPath(options("", home, "list"))).containsExactly(home + "/lib/*", home + "/extensions/*");
        Files.delete(second);
        assertThat(classPath(options("", home, "list"))).hasSize(6);

        Files.delete(home.resolve("lib/picocli-4.7.7.jar"));

        assertThat(classPath(options("", home, "list"))).containsExactly(home + "/lib/*", home + "/extensions/*");
    }

    private void setVersion(String version) throws IOException {
        Files.writeString(javaHome.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    }

    /** The file name of the archive that a command uses; empty if it uses none. */
    private String archive(Path home, String command) throws IOException {
        return options("", home, command).stream()
                .filter(option -> option.startsWith("-XX:SharedArchiveFile="))
                .map(option -> option.substring(option.lastIndexOf('/') + 1))
                .findFirst()
                .orElse("");
    }

    @Test
    void theArchivesOfThisJavaAndThisProgramAreUsed(@TempDir Path directory) throws IOException {
        Path home = install(directory.resolve("first"));
        setVersion("17.0.15");
        Files.createFile(home.resolve("lib/classes-17.0.15.jsa"));
        assertThat(archive(home, "list")).isEmpty();

        options("", home, "class-archive");

        String node = archive(home, "run");
        String commands = archive(home, "list");
        assertThat(node).startsWith("classes-17.0.15-").endsWith(".jsa");
        assertThat(commands).isEqualTo(node.replace("classes", "commands"));
        assertThat(home.resolve("lib").resolve(commands))
                .content()
                .contains("-Xshare:dump", "-cp " + String.join(":", classPath(options("", home, "list"))));
        assertThat(home.resolve("lib/classes-17.0.15.jsa")).doesNotExist();
        assertThat(Files.getPosixFilePermissions(home.resolve("lib").resolve(node)))
                .contains(PosixFilePermission.OTHERS_READ);
        Path elsewhere = directory.resolve("second");
        Files.move(home, elsewhere);
        assertThat(archive(elsewhere, "list")).isEmpty();
        Files.move(elsewhere, home);
        setVersion("21.0.2");
        assertThat(archive(home, "list")).isEmpty();
    }

    @Test
    void anArchiveThatIsNotMissingIsNotWrittenAgain(@TempDir Path directory) throws IOException {
        Path home = install(directory);
        setVersion("17.0.15");

        assertThat(options("", home, "class-archive", "--if-missing"))
                .anyMatch(option -> option.startsWith("-XX:ArchiveClassesAtExit"));
        assertThat(archive(home, "run")).isNotEmpty();
        assertThat(options("", home, "class-archive", "--if-missing")).containsExactly("");
        setVersion("21.0.2");
        assertThat(options("", home, "class-archive", "--if-missing")).hasSizeGreaterThan(1);
    }

    @Test
    void aLinkToTheSameJavaUsesTheSameArchives(@TempDir Path directory) throws IOException {
        Path home = install(directory.resolve("program"));
        setVersion("17.0.15");
        options("", home, "class-archive");
        Path link = Files.createSymbolicLink(directory.resolve("java"), javaHome);

        String archive = archive(home, "list");

        assertThat(archive).isNotEmpty();
        assertThat(output(script(link, "", home, "list"))).contains(archive);
    }

    @Test
    void theArchivesOfAnotherBuildAreNotUsedThoughItsJarHasTheSameTimeAndSize(@TempDir Path directory)
            throws IOException {
        Path home = install(directory);
        setVersion("17.0.15");
        options("", home, "class-archive");
        String before = archive(home, "list");
        assertThat(before).isNotEmpty();
        Path jar = home.resolve("lib/sip-dispatcher-0.1.0.jar");
        FileTime time = Files.getLastModifiedTime(jar);
        Files.writeString(jar, "sip-dispatcher-0.1.1");
        Files.setLastModifiedTime(jar, time);
        assertThat(archive(home, "list")).isEmpty();

        options("", home, "class-archive");

        assertThat(archive(home, "list")).isNotEmpty().isNotEqualTo(before);
        assertThat(home.resolve("lib").resolve(before)).doesNotExist();
    }

    @Test
    void anArchiveThatCannotBeWrittenIsAnError(@TempDir Path directory) throws IOException {
        Path home = install(directory);
        Files.writeString(javaHome.resolve("bin/java"), "#!/bin/sh\n");

        assertThat(String.join(" ", options("", home, "class-archive")))
                .startsWith("class-archive: " + home + "/lib/classes-")
                .endsWith("(expected: a Java that creates archives, and a directory that can be written)");
        assertThat(home.resolve("lib")).isDirectoryNotContaining("glob:**.jsa*");
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsToldBeforeJavaRuns(@TempDir Path directory) throws IOException {
        Path home = install(directory);
        Files.move(home.resolve("lib"), home.resolve("elsewhere"));

        assertThat(String.join(" ", options("", home, "class-archive")))
                .startsWith("class-archive: " + home + "/lib/classes-")
                .endsWith("(expected: a Java that creates archives, and a directory that can be written)");
    }

    @Test
    void aCommandThatIsStoppedLeavesNoPartOfAnArchive(@TempDir Path directory) throws IOException {
        Path home = install(directory);
        Files.writeString(javaHome.resolve("bin/java"), """
                #!/bin/sh
                for option; do
                  case $option in *.jsa.[0-9]*) echo "part" >"${option#*=}" ;; esac
                done
                kill -TERM $PPID
                """);

        options("", home, "class-archive");

        assertThat(home.resolve("lib")).isDirectoryNotContaining("glob:**.jsa*");
    }

    @Test
    void onlyLongRunsUseTheCompilerForThem() throws IOException {
        assertThat(options("", Path.of("src/dist"), "list")).contains("-XX:TieredStopAtLevel=1");
        assertThat(options("")).doesNotContain("-XX:TieredStopAtLevel=1");
    }

    @Test
    void helpWritesNoArchive(@TempDir Path directory) throws IOException {
        Path home = install(directory);

        assertThat(options("", home, "class-archive"))
                .anyMatch(option -> option.startsWith("-XX:ArchiveClassesAtExit"));
        assertThat(options("", home, "class-archive", "--help"))
                .noneMatch(option -> option.startsWith("-XX:ArchiveClassesAtExit"));
    }

    @Test
    void warningsOfJavaAreErrorOutputExceptThoseOfAnArchiveOfOtherJars(@TempDir Path directory) throws Exception {
        Path home = directory.toRealPath();
        Files.createDirectories(home.resolve("bin"));
        Path lib = Files.createDirectory(home.resolve("lib"));
        Files.copy(Path.of("src/dist/bin/sip-dispatcher"), home.resolve("bin/sip-dispatcher"));
        Path java = Path.of(System.getProperty("java.home"));
        Path jar = Path.of(CommandLine.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Files.copy(java.resolve("release"), javaHome.resolve("release"));
        options("", home, "class-archive");
        Path archive = lib.resolve(archive(home, "check"));
        Files.delete(archive);
        output(new ProcessBuilder(
                java.resolve("bin/java").toString(),
                "-XX:ArchiveClassesAtExit=" + archive,
                "-cp",
                jar.toString(),
                AutoComplete.class.getName(),
                "--help"));
        assertThat(archive).exists();
        Files.writeString(javaHome.resolve("bin/java"), "#!/bin/sh\nexec " + java.resolve("bin/java") + " \"$@\"\n");
        ProcessBuilder script = script(javaHome, "-Xms64m -Xmx64m -XX:MaxNewSize=128m -version", home, "check");
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
