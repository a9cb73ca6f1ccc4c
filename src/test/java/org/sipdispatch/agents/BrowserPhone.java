package org.sipdispatch.agents;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A page with JsSIP, a SIP phone in JavaScript. JsSIP, and esbuild which makes one file of it, are installed by npm into
 * {@code target}: they are no part of this project.
 */
public final class BrowserPhone implements AutoCloseable {
    private static final Path DIRECTORY = Path.of("target", "jssip").toAbsolutePath();
    private static final String PACKAGES = "jssip@3.13.8 esbuild@0.25.9";
    private static final int PATIENCE_SECONDS = 300;

    private final HttpServer server;

    private BrowserPhone(HttpServer server) {
        this.server = server;
    }

    /**
     * Serves the page.
     *
     * @param script a resource beside {@code home}, which imports JsSIP
     * @throws IllegalStateException if npm cannot install what is needed
     */
    public static BrowserPhone serving(Class<?> home, String script) {
        try (InputStream source = home.getResourceAsStream(script)) {
            Files.createDirectories(DIRECTORY);
            Files.write(DIRECTORY.resolve("calls.js"), source.readAllBytes());
            Files.writeString(DIRECTORY.resolve("package.json"), "{\"private\": true}");
            if (!Files.exists(DIRECTORY.resolve("node_modules/jssip"))
                    || !Files.exists(DIRECTORY.resolve("node_modules/esbuild"))) {
                run("npm install --no-save --no-audit --no-fund --ignore-scripts " + PACKAGES);
            }
            run("npx --no-install esbuild calls.js --bundle --outfile=bundle.js");
            byte[] bundle = Files.readAllBytes(DIRECTORY.resolve("bundle.js"));
            HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            answer(server, "/bundle.js", "text/javascript", bundle);
            String page = "<!doctype html><title>phone</title><script src=\"/bundle.js\"></script>";
            answer(server, "/", "text/html", page.getBytes(StandardCharsets.UTF_8));
            server.start();
            return new BrowserPhone(server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(HttpServer server, String path, String type, byte[] content) {
        server.createContext(path, exchange -> {
            exchange.getResponseHeaders().add("Content-Type", type);
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        });
    }

    private static void run(String command) {
        String hint = command + " (expected: npm and npx on the PATH, and a registry of npm that can be reached): ";
        try {
            Path output = DIRECTORY.resolve("output.txt");
            Process process = new ProcessBuilder(command.split(" "))
                    .directory(DIRECTORY.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException(hint + Files.readString(output));
            }
        } catch (IOException e) {
            throw new IllegalStateException(hint + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The origin of the page. */
    public String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
