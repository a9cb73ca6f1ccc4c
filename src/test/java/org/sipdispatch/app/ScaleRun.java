package org.sipdispatch.app;

import com.sun.management.OperatingSystemMXBean;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Measures one node with many destinations: start, unchanged reload, half of the rows changed, half of the destinations
 * dead at once. All destinations are one UDP socket of this process and differ in the user part.
 *
 * <p>As a program: {@code ScaleRun DESTINATIONS SETS}; compare with a run with 4 destinations, and with the classes of
 * an earlier release.
 */
public final class ScaleRun implements AutoCloseable {
    private static final long PING_TIMEOUT_MS = 500;
    private static final int INTERVAL_S = 10;
    private static final Duration LONGEST = Duration.ofMinutes(3);
    private static final Pattern URI_OF_PING = Pattern.compile("^OPTIONS sip:u(\\d+)@");
    private static final Pattern COUNT = Pattern.compile("\"count\"\\s*:\\s*(\\d+)");
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** What a step took: wall time and the processor time of the process, both in ms. */
    public record Took(String what, long ms, long cpuMs, String more) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%-34s %7d ms, %7d ms of processor time%s", what, ms, cpuMs, more);
        }
    }

    private final int count;
    private final int sets;
    private final int sip = freePort();
    private final int http = freePort();
    private final int cluster = freePort();
    private final DatagramSocket agent;
    private final AtomicLongArray unansweredNanos;
    private final Path list;
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Took> figures = new ArrayList<>();
    private volatile int dead;
    private Node node;

    ScaleRun(int count, int sets) throws IOException {
        this.count = count;
        this.sets = sets;
        unansweredNanos = new AtomicLongArray(count);
        agent = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
        agent.setReceiveBufferSize(8 << 20);
        Thread thread = new Thread(this::answerPings, "agent");
        thread.setDaemon(true);
        thread.start();
        Path home = Files.createTempDirectory(
                Files.createDirectories(Path.of("target", "nodes").toAbsolutePath()), "scale");
        list = home.resolve("dispatcher.list");
    }

    public static void main(String[] arguments) throws Exception {
        try (ScaleRun run = new ScaleRun(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]))) {
            run.measure();
        }
        System.exit(0);
    }

    /** Measures all steps, prints the figures and returns them. */
    List<Took> measure() throws IOException, InterruptedException {
        write(1);
        figure("start until the sockets are open", this::start);
        awaitAllActive();
        Thread.sleep(15_000);
        figure("10 s without a change", () -> Thread.sleep(10_000));
        figure("unchanged reload", this::reload);
        Thread.sleep(5_000);
        figure("second unchanged reload", this::reload);
        Thread.sleep(5_000);
        write(2);
        figureOfLane("reload with half of the rows changed", this::reload);
        Thread.sleep(5_000);
        figureOfLane("half of the destinations dead", this::letHalfDie);
        return figures;
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private void figure(String what, Step step) throws IOException, InterruptedException {
        figure(what, step, () -> more);
    }

    private String more = "";

    private void figureOfLane(String what, Step step) throws IOException, InterruptedException {
        try (LaneProbe probe = new LaneProbe(sip)) {
            Thread.sleep(1_000);
            String before = probe.takeFigures();
            figure(
                    what,
                    step,
                    () -> more + ", reply of a lane before: " + before + ", meanwhile: " + probe.takeFigures());
        }
    }

    private void figure(String what, Step step, java.util.function.Supplier<String> text)
            throws IOException, InterruptedException {
        more = "";
        long cpu = PROCESS.getProcessCpuTime();
        long begun = System.nanoTime();
        step.run();
        long ms = (System.nanoTime() - begun) / 1_000_000;
        Took took = new Took(what, ms, (PROCESS.getProcessCpuTime() - cpu) / 1_000_000, text.get());
        figures.add(took);
        System.out.println("figures: " + count + " destinations, " + took);
    }

    private void write(int weight) throws IOException {
        Files.writeString(
                list,
                IntStream.range(0, count)
                        .mapToObj(i -> (1 + i % sets) + " sip:u" + i + "@127.0.0.1:" + agent.getLocalPort()
                                + " 0 0 weight=" + (i % 2 == 0 ? weight : 1))
                        .collect(Collectors.joining("\n", "", "\n")));
    }

    private void start() {
        node = Node.start(ConfigFactory.parseString(
                        """
                        sip-dispatcher {
                          data-dir = "%s"
                          sockets.main = "udp:127.0.0.1:%d"
                          partitions.default.db_url = "file:%s"
                          rules = [ { select.set = 1 } ]
                          cluster.port = %d
                          management.port = %d
                          probing {
                            ds_ping_interval = %ds, ds_probing_mode = 1, ds_probing_threshold = 1, ping-timeout = %dms
                          }
                        }
                        """.formatted(list.getParent(), sip, list, cluster, http, INTERVAL_S, PING_TIMEOUT_MS))
                .withFallback(ConfigFactory.defaultReferenceUnresolved())
                .resolve()
                .getConfig("sip-dispatcher"));
    }

    private void awaitAllActive() throws InterruptedException {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (countOf("a") < count) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(countOf("a") + " of " + count + " are active");
            }
            Thread.sleep(100);
        }
    }

    private void reload() {
        String answer = send("POST", "/dispatcher/reload");
        more = ", answer " + answer.substring(0, Math.min(60, answer.length())).replaceAll("\\s+", " ");
    }

    /** Waits until the node shows all of them; compares each moment with the pings that had failed by then. */
    private void letHalfDie() throws InterruptedException {
        int half = count / 2;
        dead = half;
        long end = System.nanoTime() + LONGEST.toNanos();
        long latestNanos = 0;
        int shown = 0;
        while (shown < half) {
            Thread.sleep(20);
            long nowNanos = System.nanoTime();
            shown = countOf("p");
            long[] decided = decidedNanos(half);
            if (shown < decided.length) {
                latestNanos = Math.max(latestNanos, nowNanos - decided[shown]);
            }
            if (nowNanos > end) {
                throw new IllegalStateException(shown + " of " + half + " are shown as dead");
            }
        }
        more = ", views later than the deciding pings by at most " + latestNanos / 1_000_000 + " ms";
    }

    /** When the pings had failed, in ascending order. */
    private long[] decidedNanos(int half) {
        return IntStream.range(0, half)
                .mapToLong(unansweredNanos::get)
                .filter(nanos -> nanos != 0)
                .map(nanos -> nanos + PING_TIMEOUT_MS * 1_000_000)
                .sorted()
                .toArray();
    }

    private int countOf(String states) {
        return IntStream.rangeClosed(1, Math.min(sets, count))
                .map(set -> {
                    Matcher found = COUNT.matcher(send("GET", "/dispatcher/count?set=" + set + "&states=" + states));
                    return found.find() ? Integer.parseInt(found.group(1)) : 0;
                })
                .sum();
    }

    private String send(String method, String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + path))
                    .timeout(LONGEST)
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answerPings() {
        byte[] buffer = new byte[65_536];
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        while (!agent.isClosed()) {
            try {
                packet.setLength(buffer.length);
                agent.receive(packet);
                answerPing(new String(buffer, 0, packet.getLength(), StandardCharsets.ISO_8859_1), packet);
            } catch (IOException e) {
                // The socket was closed: this is how the thread ends.
            }
        }
    }

    private void answerPing(String request, DatagramPacket packet) throws IOException {
        Matcher ping = URI_OF_PING.matcher(request);
        if (!ping.find()) {
            return;
        }
        int number = Integer.parseInt(ping.group(1));
        if (number < dead) {
            unansweredNanos.compareAndSet(number, 0, System.nanoTime());
            return;
        }
        String answer = request.lines()
                .skip(1)
                .takeWhile(line -> !line.isEmpty())
                .filter(line -> line.matches("(?i)(via|from|to|call-id|cseq|v|f|t|i):.*"))
                .map(line -> line.matches("(?i)(to|t):.*") ? line + ";tag=a" : line)
                .collect(Collectors.joining("\r\n", "SIP/2.0 200 OK\r\n", "\r\nContent-Length: 0\r\n\r\n"));
        byte[] bytes = answer.getBytes(StandardCharsets.ISO_8859_1);
        agent.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
    }

    private static int freePort() {
        try (DatagramSocket free = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (node != null) {
            node.close();
        }
        agent.close();
    }

    /** Sends a request that a lane answers itself, every 2 ms, and measures how long the answers take. */
    private static final class LaneProbe implements AutoCloseable {
        private static final int EVERY_MS = 2;

        private final DatagramSocket socket;
        private final int port;
        private final AtomicLong number = new AtomicLong();
        private final ConcurrentHashMap<String, Long> sentNanos = new ConcurrentHashMap<>();
        private final List<Long> tookNanos = new ArrayList<>();

        LaneProbe(int port) throws IOException {
            this.port = port;
            socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
            begin(this::send, "lane-probe-sender");
            begin(this::receive, "lane-probe-receiver");
        }

        private static void begin(Runnable what, String name) {
            Thread thread = new Thread(what, name);
            thread.setDaemon(true);
            thread.start();
        }

        private void send() {
            try {
                while (!socket.isClosed()) {
                    String id = "p" + number.incrementAndGet();
                    byte[] bytes = ("OPTIONS sip:x@127.0.0.1:" + port + " SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:"
                                    + socket.getLocalPort() + ";branch=z9hG4bK" + id + "\r\nFrom: <sip:p@x>;tag=" + id
                                    + "\r\nTo: <sip:x@x>\r\nCall-ID: " + id
                                    + "\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 0\r\nContent-Length: 0\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1);
                    sentNanos.put(id, System.nanoTime());
                    socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
                    Thread.sleep(EVERY_MS);
                }
            } catch (IOException | InterruptedException e) {
                // The socket was closed: this is how the thread ends.
            }
        }

        private void receive() {
            byte[] buffer = new byte[65_536];
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                while (!socket.isClosed()) {
                    packet.setLength(buffer.length);
                    socket.receive(packet);
                    long nowNanos = System.nanoTime();
                    String text = new String(buffer, 0, packet.getLength(), StandardCharsets.ISO_8859_1);
                    String id = text.replaceAll("(?s).*Call-ID: (\\S+).*", "$1");
                    Long sent = sentNanos.remove(id);
                    if (sent != null) {
                        synchronized (tookNanos) {
                            tookNanos.add(nowNanos - sent);
                        }
                    }
                }
            } catch (IOException e) {
                // The socket was closed: this is how the thread ends.
            }
        }

        /** Number, 99th percentile and maximum since the last call. */
        String takeFigures() {
            synchronized (tookNanos) {
                long[] all = tookNanos.stream().mapToLong(Long::longValue).toArray();
                tookNanos.clear();
                Arrays.sort(all);
                return all.length == 0
                        ? "none"
                        : String.format(
                                Locale.ROOT,
                                "%d, 99 %% %.1f ms, longest %.1f ms",
                                all.length,
                                all[all.length * 99 / 100] / 1e6,
                                all[all.length - 1] / 1e6);
            }
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
