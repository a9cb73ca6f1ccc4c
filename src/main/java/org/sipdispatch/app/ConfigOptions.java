package org.sipdispatch.app;

import com.typesafe.config.Config;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of every command that needs a configuration. */
final class ConfigOptions {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "the configuration; conf/sip-dispatcher.conf of the installation where it is not given")
    private Path file;

    Config read() {
        return ConfigFile.read(file(), home());
    }

    Path file() {
        return file == null ? home().resolve("conf/sip-dispatcher.conf") : file;
    }

    /** Where the program is installed. */
    static Path home() {
        return Path.of(System.getProperty("sip-dispatcher.home", ".")).toAbsolutePath();
    }
}
