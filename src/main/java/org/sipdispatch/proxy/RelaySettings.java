package org.sipdispatch.proxy;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.sipdispatch.routing.Cidr;
import org.sipdispatch.settings.Section;
import org.sipdispatch.transaction.TransactionTimers;

/**
 * Timers and limits of the relay.
 *
 * @param secret keys branches, tags and Record-Route seals; the same on all nodes
 * @param t1Ms round-trip estimate, RFC 3261 section 17.1.1.1
 * @param t2Ms longest retransmission interval
 * @param preloadedRoute what happens to a new request that brings a Route of its own
 * @param unknownDialog what happens to a request of a dialog that nobody knows
 * @param inDialogTargets where requests of dialogs may go, beside destinations; empty for anywhere
 * @param maxTransactions the most open transactions in a lane
 * @param transactionMemory how many bytes the open transactions of a lane may take
 * @param statelessMemory how many stateless transactions a lane remembers
 * @param dialogMemory how many dialogs a lane remembers for user agents without a route set
 * @param carriedMemory how many of other nodes' calls a lane remembers
 * @param callMemory how many calls that go on a lane counts
 * @param callLongestMs how long a call is counted whose BYE was never seen, and how long a seal holds
 * @param suspectOwnPath blame this node's own network where all destinations of a set fail at once
 */
public record RelaySettings(
        String secret,
        long t1Ms,
        long t2Ms,
        PreloadedRoute preloadedRoute,
        UnknownDialog unknownDialog,
        List<Cidr> inDialogTargets,
        int maxTransactions,
        int transactionMemory,
        int statelessMemory,
        int dialogMemory,
        int carriedMemory,
        int callMemory,
        long callLongestMs,
        boolean suspectOwnPath) {

    /** What to do with a new request whose Route names another host than us. */
    public enum PreloadedRoute {
        /** Answer 403: nobody chooses a way through us. */
        DENY,
        /** Dispatch it, its Route left as it is; flag S refuses it. */
        DISPATCH,
        /** Follow the Route without dispatching. */
        FOLLOW
    }

    /** What to do with a request that has a To tag, no seal of ours that holds, and no dialog that is remembered. */
    public enum UnknownDialog {
        /** Send it along its Route or Request-URI if one end is a destination, else answer 481. */
        ROUTE,
        /** Answer 481. */
        REFUSE,
        /** Treat it as the rules say. */
        DISPATCH
    }

    public static RelaySettings from(Section relay) {
        String secret = relay.text("secret");
        if (!secret.isEmpty() && secret.length() < 8) {
            relay.refuse("secret", "of " + secret.length() + " characters", "8 characters or more");
        }
        RelaySettings settings = new RelaySettings(
                secret.isEmpty() ? randomSecret() : secret,
                millis(relay, "t1", 10_000),
                millis(relay, "t2", 60_000),
                relay.choice("preloaded-route", PreloadedRoute.class),
                relay.choice("unknown-dialog", UnknownDialog.class),
                blocks(relay, "in-dialog-targets"),
                relay.integer("max-transactions", 100, 10_000_000),
                relay.bytes("transaction-memory", 1 << 20, Integer.MAX_VALUE),
                relay.integer("stateless-memory", 1024, 1 << 24),
                relay.integer("dialog-memory", 1024, 1 << 24),
                relay.integer("carried-memory", 1024, 1 << 24),
                relay.integer("call-memory", 1, 1 << 24),
                relay.duration("call-longest", Duration.ofMinutes(1), Duration.ofDays(365))
                        .toMillis(),
                relay.flag("suspect-own-path"));
        relay.refuseUnknown();
        return settings;
    }

    /** The same with so many bytes for the transactions of a lane. */
    public RelaySettings withTransactionMemory(int bytes) {
        return with(secret, bytes);
    }

    /** The same with another secret. */
    public RelaySettings withSecret(String other) {
        return with(other, transactionMemory);
    }

    private RelaySettings with(String otherSecret, int bytes) {
        return new RelaySettings(
                otherSecret,
                t1Ms,
                t2Ms,
                preloadedRoute,
                unknownDialog,
                inDialogTargets,
                maxTransactions,
                bytes,
                statelessMemory,
                dialogMemory,
                carriedMemory,
                callMemory,
                callLongestMs,
                suspectOwnPath);
    }

    private static long millis(Section relay, String key, long most) {
        return relay.duration(key, Duration.ofMillis(20), Duration.ofMillis(most))
                .toMillis();
    }

    private static List<Cidr> blocks(Section relay, String key) {
        List<Cidr> blocks = new ArrayList<>();
        for (String list : relay.texts(key)) {
            for (String one : list.split(",")) {
                if (!one.isBlank()) {
                    relay.check(() -> blocks.add(Cidr.parse(relay.path(key), one.strip())));
                }
            }
        }
        return List.copyOf(blocks);
    }

    /** A new secret that nobody can guess: 48 hexadecimal digits. */
    public static String randomSecret() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** The intervals of the transactions. */
    TransactionTimers timers() {
        return new TransactionTimers(t1Ms, t2Ms);
    }
}
