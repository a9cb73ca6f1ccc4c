package org.sipdispatch.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Sends signals to processes through a waiting shell: a new process for each signal would distort measurements. */
final class Signals {
    private static Process shell;
    private static BufferedReader said;

    private Signals() {}

    /** Sends the signal; the process has received it on return. */
    static synchronized void send(String signal, long pid) {
        try {
            if (shell == null || !shell.isAlive()) {
                shell = new ProcessBuilder("/bin/sh").redirectErrorStream(true).start();
                said = new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.US_ASCII));
            }
            String command = "kill -" + signal + " " + pid + " && echo sent || echo failed\n";
            shell.getOutputStream().write(command.getBytes(StandardCharsets.US_ASCII));
            shell.getOutputStream().flush();
            String answer = said.readLine();
            if (!"sent".equals(answer)) {
                throw new IOException(command.strip() + ": " + answer);
            }
        } catch (IOException e) {
            shell = null;
            throw new UncheckedIOException(e);
        }
    }
}
