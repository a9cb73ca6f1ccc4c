package org.sipdispatch.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The terminal of the process, if it has one. */
final class Terminal {
    private static final Path TTY = Path.of("/dev/tty");

    private Terminal() {}

    /** Whether the output goes to a terminal, not to a file or another program. */
    static boolean isPresent() {
        java.io.Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // Since Java 22 there is a console for pipes too.
            return (Boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /** Whether to print colours: on a terminal, unless NO_COLOR is set (no-color.org). */
    static boolean supportsColour() {
        String unwanted = System.getenv("NO_COLOR");
        return (unwanted == null || unwanted.isEmpty()) && !"dumb".equals(System.getenv("TERM")) && isPresent();
    }

    /** Lines and columns; 24 and 80 if unknown. */
    static int[] size() {
        String[] sizes = stty("size").split(" ");
        if (sizes.length == 2 && sizes[0].matches("[1-9]\\d{0,4}") && sizes[1].matches("[1-9]\\d{0,4}")) {
            return new int[] {Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1])};
        }
        return new int[] {24, 80};
    }

    /** Switches to reading single keys without echo; returns the previous settings for {@link #restore}. */
    static String readSingleKeys() {
        String before = stty("-g");
        stty("-icanon", "-echo", "min", "0", "time", "0");
        return before;
    }

    static void restore(String before) {
        if (!before.isEmpty()) {
            stty(before);
        }
    }

    private static String stty(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "stty";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(TTY.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (InputStream out = process.getInputStream()) {
                String text = new String(out.readAllBytes(), StandardCharsets.US_ASCII).strip();
                return process.waitFor(2, TimeUnit.SECONDS) && process.exitValue() == 0 ? text : "";
            }
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
