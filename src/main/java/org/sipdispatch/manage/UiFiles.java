package org.sipdispatch.manage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of the web page, from the class path. No other path is served. */
final class UiFiles {
    /** The path of the web page. */
    static final String PATH = "/dispatcher/ui/";

    private static final String START = "index.html";
    private static final String SCRIPT = "text/javascript; charset=UTF-8";
    private static final String STYLE = "text/css; charset=UTF-8";
    private static final String[] SCRIPTS = {
        "api", "app", "chart", "cluster", "dom", "history", "limits", "meter", "orders", "panel", "pick", "sets",
        "store", "stream", "table", "traffic", "words"
    };

    /**
     * Header fields of every file: no markup is made from text ({@code require-trusted-types-for}), nothing is loaded
     * from other hosts, and no page may frame this one.
     */
    static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                    + " require-trusted-types-for 'script'",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Cache-Control",
            "no-cache");

    private final Map<String, UiFile> files = Stream.concat(
                    Stream.of(
                            read(START, "text/html; charset=UTF-8"),
                            read("style.css", STYLE),
                            read("details.css", STYLE),
                            read("icon.svg", "image/svg+xml")),
                    Stream.of(SCRIPTS).map(name -> read(name + ".js", SCRIPT)))
            .collect(Collectors.toMap(UiFile::name, file -> file));

    /**
     * A file.
     *
     * @param etag of its content, without quotes
     */
    record UiFile(String name, String type, byte[] bytes, String etag) {}

    /** The file of that name; the empty name is the page. */
    Optional<UiFile> find(String name) {
        return Optional.ofNullable(files.get(name.isEmpty() ? START : name));
    }

    private static UiFile read(String name, String type) {
        try (InputStream in = UiFiles.class.getResourceAsStream("ui/" + name)) {
            if (in == null) {
                throw new IllegalStateException("no file " + name + " of the page on the class path");
            }
            byte[] bytes = in.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new UiFile(name, type, bytes, HexFormat.of().formatHex(digest, 0, 12));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
