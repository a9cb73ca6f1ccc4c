package org.sipdispatch.agents;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;

/** As long as it is open this process gets no further file descriptor (EMFILE); those that it has go on working. */
public final class NoDescriptors implements AutoCloseable {
    /** It is begun before, since no process can be begun without descriptors. */
    private static final String SCRIPT = """
            limit=$(prlimit --pid $0 --nofile --output SOFT --noheadings | tr -d ' ')
            prlimit --pid $0 --nofile=3: && echo taken
            read -r until
            prlimit --pid $0 --nofile=$limit: && echo given
            """;

    private final Process script;
    private final BufferedReader output;

    private NoDescriptors(Process script) throws IOException {
        this.script = script;
        output = script.inputReader();
        expect("taken");
    }

    public static NoDescriptors take() {
        try {
            String self = String.valueOf(ProcessHandle.current().pid());
            return new NoDescriptors(new ProcessBuilder("bash", "-c", SCRIPT, self)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void expect(String line) throws IOException {
        String found = output.readLine();
        if (!line.equals(found)) {
            throw new IllegalStateException("prlimit: " + found + " (expected: " + line + ")");
        }
    }

    @Override
    public void close() {
        try {
            script.getOutputStream().write('\n');
            script.getOutputStream().flush();
            expect("given");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
