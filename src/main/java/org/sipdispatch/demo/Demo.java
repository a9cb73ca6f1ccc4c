package org.sipdispatch.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.sipdispatch.settings.SettingException;

/** Demonstrates a node: two user agents at the addresses of the sample destinations, and a caller. */
public final class Demo implements AutoCloseable {
    private static final InetSocketAddress NODE = at(5060);
    private static final int[] DESTINATIONS = {5080, 5090};
    private static final int PAUSE_MS = 250;

    private final Gateway[] destinations;
    private final DemoCaller caller;

    private Demo(Gateway[] destinations, DemoCaller caller) {
        this.destinations = destinations;
        this.caller = caller;
    }

    /**
     * Opens the user agents' sockets.
     *
     * @throws SettingException if a port is taken
     */
    public static Demo start() throws IOException {
        Gateway[] destinations = new Gateway[DESTINATIONS.length];
        for (int i = 0; i < destinations.length; i++) {
            destinations[i] = startGateway(at(DESTINATIONS[i]), "gateway-" + (i + 1));
        }
        return new Demo(destinations, DemoCaller.through(NODE, at(0)));
    }

    private static Gateway startGateway(InetSocketAddress local, String name) {
        try {
            return Gateway.start(local, name);
        } catch (SocketException e) {
            throw new SettingException("demo", shown(local), "a UDP port that is free; " + e.getMessage());
        }
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Places calls one after the other and prints which destination answered each; returns whether all succeeded. */
    public boolean placeCalls(int calls, PrintStream out) throws IOException, InterruptedException {
        Map<String, Integer> share = new TreeMap<>();
        int failed = 0;
        out.printf("%d calls to sip:demo@dispatcher through %s%n", calls, shown(NODE));
        for (int i = 1; i <= calls; i++) {
            long began = System.nanoTime();
            DemoCaller.CallResult answer = caller.call(i);
            double ms = (System.nanoTime() - began) / 1e6;
            if (answer.status() == 200) {
                share.merge(answer.by(), 1, Integer::sum);
                out.printf("call %3d  %s answered by %s in %.1f ms%n", i, bar(answer.by()), answer.by(), ms);
            } else {
                failed++;
                out.printf("call %3d  failed: %d %s%n", i, answer.status(), answer.by());
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
        out.printf("shares: %s, failed: %d%n", share, failed);
        return failed == 0;
    }

    private static String bar(String name) {
        return name.endsWith("1") ? "#--" : "--#";
    }

    private static String shown(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    @Override
    public void close() {
        caller.close();
        for (Gateway destination : destinations) {
            destination.close();
        }
    }
}
