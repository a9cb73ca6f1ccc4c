package org.sipdispatch.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code check}: reports all problems of a configuration and of its destinations. */
@Command(
        name = "check",
        description = "Reports all errors of a configuration and of the destinations in its tables and lists,"
                + " with file and line. Starts nothing and changes nothing.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sip-dispatcher check my.conf",
            "  sip-dispatcher check --no-data my.conf",
            "  sip-dispatcher check my.conf && systemctl restart sip-dispatcher"
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:there are no errors; there may be warnings", "2:there are errors"})
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions options;

    @Parameters(arity = "0..1", paramLabel = "CONFIG", description = "the configuration; default: that of --config")
    private Path file;

    @Option(names = "--no-data", description = "checks the settings only; reads no list file and queries no database")
    private boolean noData;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        return check(
                file == null ? options.file() : file, noData, spec.commandLine().getOut());
    }

    static int check(Path file, boolean noData, PrintWriter out) {
        SettingsCheck settings = SettingsCheck.of(file, ConfigOptions.home(), !noData);
        List<CheckFinding> findings = new ArrayList<>(settings.findings());
        DestinationsCheck data = noData || settings.settings() == null ? null : DestinationsCheck.of(settings);
        if (data != null) {
            findings.addAll(data.findings());
        }
        findings.forEach(out::println);
        long errors = findings.stream().filter(CheckFinding::isError).count();
        if (errors == 0) {
            out.println(ok(settings.settings(), data));
        }
        if (!findings.isEmpty()) {
            out.println(counted(errors, "error") + ", " + counted(findings.size() - errors, "warning"));
        }
        out.flush();
        return errors == 0 ? 0 : Main.BAD_SETTING;
    }

    private static String ok(NodeSettings settings, DestinationsCheck data) {
        return "ok: " + counted(settings.partitions().names().size(), "partition")
                + (data == null ? "" : ", " + counted(data.destinations(), "destination"))
                + ", " + counted(settings.routing().rules().all().size(), "rule");
    }

    private static String counted(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
