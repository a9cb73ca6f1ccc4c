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
        Path home = Path.of(System.getProperty("sip-dispatcher.home", ".")).toAbsolutePath();
        return ConfigFile.read(file == null ? home.resolve("conf/sip-dispatcher.conf") : file, home);
    }
}
