package org.sipdispatch.agents;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/** One run of {@code openssl s_client}, which prints what it has negotiated. */
public final class OpenSslClient {
    private static final int PATIENCE_SECONDS = 60;
    /** The last line about a session. */
    private static final String DESCRIBED = "Verify return code:";

    private static final String QUIT = "Q\n";

    private OpenSslClient() {}

    /** Connects, and closes the connection as soon as it is described; returns what was printed. */
    public static String run(InetSocketAddress to, String... options) {
        return run(to, () -> true, QUIT, options);
    }

    /** Connects, and wants to renegotiate. */
    public static String renegotiate(InetSocketAddress to, String... options) {
        return run(to, () -> true, "R\n", options);
    }

    /**
     * Connects, and closes the connection when its session is in this file: a server of TLS 1.3 sends the ticket after
     * the handshake.
     */
    public static String runUntilSaved(InetSocketAddress to, Path session, String... options) {
        String[] all = Arrays.copyOf(options, options.length + 2);
        all[options.length] = "-sess_out";
        all[options.length + 1] = session.toString();
        return run(to, () -> Files.exists(session), QUIT, all);
    }

    private static String run(InetSocketAddress to, BooleanSupplier ready, String input, String... options) {
        List<String> arguments = new ArrayList<>(List.of("openssl", "s_client", "-connect", SipText.hostPort(to)));
        arguments.addAll(List.of(options));
        try {
            Process process =
                    new ProcessBuilder(arguments).redirectErrorStream(true).start();
            CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .execute(process::destroyForcibly);
            StringBuilder said = new StringBuilder();
            boolean isSent = false;
            try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    said.append(line).append('\n');
                    if (!isSent && line.contains(DESCRIBED)) {
                        isSent = true;
                        Awaitility.await()
                                .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                                .until(ready::getAsBoolean);
                        send(process, input);
                    }
                }
            }
            return said.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** After a handshake that has failed, the process ends by itself. */
    private static void send(Process process, String input) {
        try {
            process.getOutputStream().write(input.getBytes());
            process.getOutputStream().flush();
        } catch (IOException ended) {
            // It reads no more.
        }
    }

    /** The names of all suites of this version that openssl can offer. */
    public static List<String> suites(String version) {
        try {
            Process process = new ProcessBuilder("openssl", "ciphers", "-s", version, "ALL:COMPLEMENTOFALL:@SECLEVEL=0")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return List.of(
                    new String(process.getInputStream().readAllBytes()).strip().split(":"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
