package org.sipdispatch.agents;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds ports that nobody listens on, neither for UDP nor for TCP. They lie below those that operating systems hand out
 * by themselves, so that nobody is likely to take one between the look and the use.
 */
public final class Ports {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int FIRST = 12_000;
    /** Of each of the four processes that may run tests at the same time, so that none takes another's. */
    private static final int COUNT = 5_100;

    private static final int OWN = FIRST + Integer.parseInt(System.getProperty("test.fork", "1")) % 4 * COUNT;
    private static final Set<Integer> GIVEN = new HashSet<>();

    private Ports() {}

    public static InetSocketAddress freeAddress(String host) {
        return new InetSocketAddress(host, free(host));
    }

    public static synchronized int free(String host) {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(OWN, OWN + COUNT);
            if (GIVEN.add(port) && isFree(host, port)) {
                return port;
            }
        }
    }

    /** One of 127.0.0.1. */
    public static int next() {
        return free(LOOPBACK);
    }

    /** The first of that many free ports of 127.0.0.1 in a row. */
    public static synchronized int next(int count) {
        while (true) {
            int first = next();
            boolean free = true;
            for (int port = first + 1; port < first + count; port++) {
                free &= GIVEN.add(port) && isFree(LOOPBACK, port);
            }
            if (free) {
                return first;
            }
        }
    }

    private static boolean isFree(String host, int port) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        try (DatagramSocket udp = new DatagramSocket(address);
                ServerSocket tcp = new ServerSocket()) {
            tcp.bind(address);
            return udp.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
