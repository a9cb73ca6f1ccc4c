package org.sipdispatch.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.sipdispatch.settings.SettingException;

/** Demonstrates a node: a user agent at the address of each destination, and a caller. */
public final class Demo implements AutoCloseable {
    private static final int PAUSE_MS = 250;

    private final InetSocketAddress node;
    private final Map<String, Gateway> destinations = new LinkedHashMap<>();
    private final DemoCaller caller;

    private Demo(InetSocketAddress node) throws IOException {
        this.node = node;
        caller = DemoCaller.through(node, new InetSocketAddress(node.getAddress(), 0));
    }

    /**
     * Opens the user agents' sockets.
     *
     * @param node the UDP socket of the node
     * @param destinations the addresses of its destinations, on this host
     * @throws SettingException if a port is taken
     */
    public static Demo start(InetSocketAddress node, List<InetSocketAddress> destinations) throws IOException {
        Demo demo = new Demo(node);
        try {
            for (InetSocketAddress destination : destinations) {
                String name = "gateway-" + (demo.destinations.size() + 1);
                demo.destinations.put(name, startGateway(destination, name));
            }
            return demo;
        } catch (SettingException e) {
            demo.close();
            throw e;
        }
    }

    private static Gateway startGateway(InetSocketAddress local, String name) {
        try {
            return Gateway.start(local, name);
        } catch (SocketException e) {
            throw new SettingException("demo", shown(local), "a UDP port that is free; " + e.getMessage());
        }
    }

    /** Places calls one after the other and prints which destination answered each; returns whether all succeeded. */
    public boolean placeCalls(int calls, PrintStream out) throws IOException, InterruptedException {
        Map<String, Integer> share = new TreeMap<>();
        int failed = 0;
        out.printf("%d calls to sip:demo@dispatcher through %s%n", calls, shown(node));
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

    /** A mark in the column of the user agent. */
    private String bar(String name) {
        StringBuilder bar = new StringBuilder();
        destinations.keySet().forEach(one -> bar.append(one.equals(name) ? '#' : '-'));
        return bar.toString();
    }

    private static String shown(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    @Override
    public void close() {
        caller.close();
        destinations.values().forEach(Gateway::close);
    }
}
