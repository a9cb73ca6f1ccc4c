package org.sipdispatch.soak;

import java.io.IOException;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.sipdispatch.agents.AnsweringAgent;
import org.sipdispatch.agents.CallingAgent;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;

/**
 * Floods a node in a process of its own with mutated messages, over UDP and TCP, while calls go on; tells every ten
 * seconds how the calls and the node's memory are. Arguments: how many seconds, and how many messages per second; 0, as
 * it is without an argument, for as many as the node takes: every few messages the flood waits until the node has
 * answered an OPTIONS behind them, so that the node is never idle and the operating system drops nothing. -1 for as
 * many as go, which measures the operating system: most datagrams are dropped then, the calls' too.
 */
public final class MutationSoak {
    private static final String HOST = "127.0.0.1";
    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final int WINDOW = 64;
    private static final int MOST_MS = 1_000;

    /**
     * What came of it.
     *
     * @param firstKb the node's resident set at the first sample, in KiB
     */
    public record Verdict(int placed, List<String> failures, int repeated, long flooded, long firstKb, long lastKb) {
        boolean good() {
            return failures.isEmpty() && placed > 0;
        }
    }

    private final InetSocketAddress at = Ports.freeAddress(HOST);
    private final AtomicLong flooded = new AtomicLong();
    private final AtomicLong unanswered = new AtomicLong();
    private final List<String> options;
    private final PrintStream out;
    private final int messagesPerSecond;
    /** When the flood began. */
    private long beganNs;

    private volatile boolean stopped;

    private MutationSoak(List<String> options, int messagesPerSecond, PrintStream out) {
        this.options = options;
        this.messagesPerSecond = messagesPerSecond;
        this.out = out;
    }

    public static void main(String[] args) throws Exception {
        int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 600;
        int rate = args.length > 1 ? Integer.parseInt(args[1]) : 0;
        List<String> options = List.of("-cp", System.getProperty("java.class.path"));
        System.exit(run(options, seconds, rate, System.out).good() ? 0 : 1);
    }

    /** @param options of the node's virtual machine, with the class path */
    static Verdict run(List<String> options, int seconds, int messagesPerSecond, PrintStream out) throws Exception {
        return new MutationSoak(options, messagesPerSecond, out).soak(seconds);
    }

    private Verdict soak(int seconds) throws Exception {
        Path folder = Files.createTempDirectory("soak");
        try (AnsweringAgent one = AnsweringAgent.start(HOST, "one");
                AnsweringAgent two = AnsweringAgent.start(HOST, "two")) {
            Process node = start(folder, one, two);
            try (CallingAgent caller = CallingAgent.start(HOST, at, 100)) {
                return soak(seconds, node, caller);
            } finally {
                stopped = true;
                node.destroy();
                node.waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    private Process start(Path folder, AnsweringAgent one, AnsweringAgent two) throws Exception {
        String list = "1 sip:" + SipText.hostPort(one.address()) + "\n1 sip:" + SipText.hostPort(two.address()) + "\n";
        Path destinations = Files.writeString(folder.resolve("dispatcher.list"), list);
        Path conf = Files.writeString(
                folder.resolve("node.conf"), """
                sip-dispatcher {
                  sockets { u = "udp:%1$s", t = "tcp:%1$s" }
                  management.port = 0
                  partitions.default.db_url = "file:%2$s"
                  rules = [{ select { set = 1, alg = 4, flags = F } }]
                  data-dir = "%3$s/data"
                }
                """.formatted(SipText.hostPort(at), destinations, folder));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+ExitOnOutOfMemoryError"));
        command.addAll(options);
        command.addAll(List.of("org.sipdispatch.app.Main", "run", "-c", conf.toString()));
        Process node = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("node.log").toFile())
                .start();
        out.println("node " + node.pid() + " at " + SipText.hostPort(at) + ", its log in " + folder);
        while (!answers()) {
            if (!node.isAlive()) {
                throw new IllegalStateException(Files.readString(folder.resolve("node.log")));
            }
        }
        return node;
    }

    private boolean answers() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(HOST, 0))) {
            socket.setSoTimeout(200);
            byte[] request = SipText.bytes(Requests.udp((InetSocketAddress) socket.getLocalSocketAddress())
                    .of("OPTIONS", Requests.newCall()));
            socket.send(new DatagramPacket(request, request.length, at));
            socket.receive(new DatagramPacket(new byte[2000], 2000));
            return true;
        } catch (java.net.SocketTimeoutException notYet) {
            return false;
        }
    }

    private Verdict soak(int seconds, Process node, CallingAgent caller) throws Exception {
        List<byte[]> seeds = seeds(caller);
        beganNs = System.nanoTime();
        Thread udp = daemon(() -> floodUdp(new Random(1), seeds));
        Thread tcp = daemon(() -> floodTcp(new Random(2), seeds));
        long firstKb = 0;
        for (int passed = 0; passed < seconds && node.isAlive(); passed += 10) {
            node.waitFor(Math.min(10, seconds - passed), TimeUnit.SECONDS);
            long kb = residentKb(node);
            firstKb = firstKb == 0 ? kb : firstKb;
            out.printf(
                    "%4d s  placed %d, completed %d, failed %d, repeated %d; flooded %d, unanswered %d; resident %d MiB, heap %s%n",
                    Math.min(seconds, passed + 10),
                    caller.placed(),
                    caller.completed(),
                    caller.failures().size(),
                    caller.repeated(),
                    flooded.get(),
                    unanswered.get(),
                    kb / 1024,
                    heap(node));
        }
        long lastKb = residentKb(node);
        stopped = true;
        udp.join();
        tcp.join();
        caller.finish();
        Verdict verdict =
                new Verdict(caller.placed(), caller.failures(), caller.repeated(), flooded.get(), firstKb, lastKb);
        out.printf(
                "%s: placed %d, failed %d %s; resident first %d MiB, last %d MiB%n",
                verdict.good() ? "good" : "BAD",
                verdict.placed,
                verdict.failures.size(),
                verdict.failures.stream().limit(5).toList(),
                firstKb / 1024,
                lastKb / 1024);
        return verdict;
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "flood");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static long residentKb(Process node) throws IOException {
        Path status = Path.of("/proc/" + node.pid() + "/status");
        if (!Files.exists(status)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        }
    }

    /** What the heap holds when garbage is out of it, as jcmd writes it. */
    private static String heap(Process node) throws Exception {
        jcmd(node, "GC.run");
        return jcmd(node, "GC.heap_info")
                .lines()
                .filter(line -> line.contains("used"))
                .findFirst()
                .map(line -> line.replaceAll(".*used ([0-9]+K).*", "$1"))
                .orElse("unknown");
    }

    private static String jcmd(Process node, String command) throws Exception {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(node.pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        String text = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jcmd.waitFor();
        return text;
    }

    /** Torture messages, the vectors' requests, and what the calls themselves consist of. */
    private List<byte[]> seeds(CallingAgent caller) throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        try (Stream<Path> files = Files.walk(RESOURCES.resolve("torture"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                seeds.add(Files.readAllBytes(file));
            }
        }
        for (String line : Files.readAllLines(RESOURCES.resolve("vectors/opensips-2.4.9-picks.jsonl"))) {
            int start = line.indexOf("\"request\": \"");
            int end = line.indexOf("\", \"picks\"");
            if (start >= 0 && end > start) {
                seeds.add(SipText.bytes(line.substring(start + 12, end)
                        .replace("\\r", "\r")
                        .replace("\\n", "\n")
                        .replace("\\\"", "\"")));
            }
        }
        for (String method : List.of("INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REFER")) {
            seeds.add(SipText.bytes(Requests.udp(caller.address()).of(method, "soak-" + method)));
            seeds.add(SipText.bytes(Requests.udp(caller.address())
                    .with("Route: <sip:" + SipText.hostPort(at) + ";lr;k=AAAAAAA>")
                    .of(method, "soak-routed-" + method)));
        }
        return seeds;
    }

    private void pace() {
        long sent = flooded.incrementAndGet();
        if (messagesPerSecond > 0) {
            long dueNs = beganNs + sent * 1_000_000_000L / messagesPerSecond;
            LockSupport.parkNanos(dueNs - System.nanoTime());
        }
    }

    private void floodUdp(Random random, List<byte[]> seeds) {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(HOST, 0))) {
            socket.setSoTimeout(MOST_MS);
            for (int i = 1; !stopped; i++) {
                byte[] message = Mutations.of(random, seeds);
                int length = Math.min(message.length, 65_507);
                socket.send(new DatagramPacket(message, length, at));
                pace();
                if (messagesPerSecond == 0 && i % WINDOW == 0) {
                    awaitNode(socket);
                }
            }
        } catch (IOException e) {
            out.println("UDP flood: " + e);
        }
    }

    /** Waits until the node has come to the end of what was sent. */
    private void awaitNode(DatagramSocket socket) throws IOException {
        String call = Requests.newCall();
        byte[] marker = SipText.bytes(
                Requests.udp((InetSocketAddress) socket.getLocalSocketAddress()).of("OPTIONS", call));
        DatagramPacket answer = new DatagramPacket(new byte[65_536], 65_536);
        try {
            socket.send(new DatagramPacket(marker, marker.length, at));
            do {
                answer.setLength(65_536);
                socket.receive(answer);
            } while (!stopped && !text(answer).contains(call));
        } catch (java.net.SocketTimeoutException lost) {
            unanswered.incrementAndGet();
        }
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
    }

    private void floodTcp(Random random, List<byte[]> seeds) {
        while (!stopped) {
            try (Socket socket = new Socket(at.getAddress(), at.getPort())) {
                byte[] answers = new byte[65_536];
                for (int i = random.nextInt(200); i >= 0 && !stopped; i--) {
                    socket.getOutputStream().write(Mutations.of(random, seeds));
                    pace();
                    if (socket.getInputStream().available() > 0) {
                        socket.getInputStream().read(answers);
                    }
                }
            } catch (IOException closedByTheNode) {
                // As it should, behind nonsense: the next connection goes on.
            }
        }
    }

    /** Random changes to messages. */
    static final class Mutations {
        private Mutations() {}

        static byte[] of(Random random, List<byte[]> seeds) {
            byte[] message = seeds.get(random.nextInt(seeds.size())).clone();
            for (int i = random.nextInt(4); i > 0 && message.length > 1; i--) {
                message = mutated(random, message, seeds);
            }
            return message;
        }

        private static byte[] mutated(Random random, byte[] message, List<byte[]> seeds) {
            int from = random.nextInt(message.length);
            int to = from + random.nextInt(Math.min(64, message.length - from));
            byte[] part = Arrays.copyOfRange(message, from, to);
            switch (random.nextInt(5)) {
                case 0 -> message[from] ^= (byte) (1 << random.nextInt(8));
                case 1 -> {
                    return joined(Arrays.copyOf(message, from), Arrays.copyOfRange(message, to, message.length));
                }
                case 2 -> {
                    return joined(Arrays.copyOf(message, to), part, Arrays.copyOfRange(message, to, message.length));
                }
                case 3 -> message[from] = message[random.nextInt(message.length)];
                default -> {
                    byte[] other = seeds.get(random.nextInt(seeds.size()));
                    int start = random.nextInt(other.length);
                    byte[] inserted = Arrays.copyOfRange(other, start, Math.min(other.length, start + 64));
                    return joined(
                            Arrays.copyOf(message, from), inserted, Arrays.copyOfRange(message, from, message.length));
                }
            }
            return message;
        }

        private static byte[] joined(byte[]... parts) {
            byte[] all =
                    new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
            int at = 0;
            for (byte[] part : parts) {
                System.arraycopy(part, 0, all, at, part.length);
                at += part.length;
            }
            return all;
        }
    }
}
