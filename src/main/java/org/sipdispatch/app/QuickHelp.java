package org.sipdispatch.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Help.Ansi;

/** What {@code --help} and {@code --version} print, without the parser of picocli, whose start takes most of their time. */
final class QuickHelp {
    private static final String STYLE = "\u001b\\[[;\\d]*m";

    private QuickHelp() {}

    /** The text for these arguments; null if they ask for something else. */
    static String of(String... args) throws IOException {
        String only = args.length == 1 ? args[0] : "";
        return switch (only) {
            case "--version", "-V" -> ProgramVersion.text() + System.lineSeparator();
            case "--help", "-h" -> help(Ansi.AUTO.enabled());
            default -> null;
        };
    }

    /** The file is what picocli prints, with the styles for a terminal; a test compares them. */
    static String help(boolean styled) throws IOException {
        try (InputStream file = QuickHelp.class.getResourceAsStream("help.txt")) {
            String text = new String(file.readAllBytes(), StandardCharsets.US_ASCII);
            return styled ? text : text.replaceAll(STYLE, "");
        }
    }
}
