package org.sipdispatch.app;

import com.typesafe.config.Config;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of all commands that need a configuration. */
final class ConfigOptions {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "the configuration; default: conf/sip-dispatcher.conf of the installation")
    private Path file;

    Config read() {
        return ConfigFile.read(file(), home());
    }

    Path file() {
        return file == null ? home().resolve("conf/sip-dispatcher.conf") : file;
    }

    /** The installation directory. */
    static Path home() {
        return Path.of(System.getProperty("sip-dispatcher.home", ".")).toAbsolutePath();
    }
}
