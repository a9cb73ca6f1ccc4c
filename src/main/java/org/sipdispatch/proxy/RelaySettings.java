package org.sipdispatch.proxy;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.sipdispatch.routing.Cidr;
import org.sipdispatch.settings.Section;
import org.sipdispatch.transaction.TransactionTimers;

/**
 * Timers and limits of the relay. All limits are per lane.
 *
 * @param secret key of branches, tags and route tokens; the same on all nodes
 * @param t1Ms round-trip time estimate, RFC 3261 section 17.1.1.1
 * @param t2Ms longest retransmission interval
 * @param preloadedRoute how to treat a new request that has a Route of its own
 * @param unknownDialog how to treat a request of an unknown dialog
 * @param inDialogTargets allowed targets of requests of dialogs, in addition to destinations; empty for any
 * @param udpMtu the largest request over UDP, in bytes; 0 for any size
 * @param maxBranches the most destinations that get a request at once
 * @param maxTransactions maximum number of open transactions
 * @param transactionMemory maximum size of the open transactions in bytes
 * @param statelessMemory number of stateless transactions to remember
 * @param dialogMemory number of dialogs to remember for user agents without a route set
 * @param carriedMemory number of other nodes' calls to remember
 * @param stickyMemory number of sticky keys to remember
 * @param callMemory maximum number of active calls to count
 * @param callLongestMs how long a call without a BYE stays counted, and how long a route token is valid
 * @param suspectOwnPath suspect this node's own network if all destinations of a set fail at once
 * @param overload when new requests are shed
 */
public record RelaySettings(
        String secret,
        long t1Ms,
        long t2Ms,
        PreloadedRoute preloadedRoute,
        UnknownDialog unknownDialog,
        List<Cidr> inDialogTargets,
        int udpMtu,
        int maxBranches,
        int maxTransactions,
        int transactionMemory,
        int statelessMemory,
        int dialogMemory,
        int carriedMemory,
        int stickyMemory,
        int callMemory,
        long callLongestMs,
        boolean suspectOwnPath,
        OverloadSettings overload) {

    /** What to do with a new request whose Route names a host other than this proxy. */
    public enum PreloadedRoute {
        /** Respond 403: a sender may not choose a route through this proxy. */
        DENY,
        /** Dispatch the request and keep its Route; flag S refuses it. */
        DISPATCH,
        /** Follow the Route without dispatching. */
        FOLLOW
    }

    /** What to do with a request that has a To tag, no valid route token, and no remembered dialog. */
    public enum UnknownDialog {
        /** Forward it along its Route or Request-URI if one end is a destination, else respond 481. */
        ROUTE,
        /** Respond 481. */
        REFUSE,
        /** Apply the rules, as for a new request. */
        DISPATCH
    }

    public static RelaySettings from(Section relay) {
        String secret = relay.secretOr("secret", "");
        if (!secret.isEmpty() && secret.length() < 8) {
            relay.refuse("secret", "of " + secret.length() + " characters", "8 characters or more");
        }
        RelaySettings settings = new RelaySettings(
                secret.isEmpty() ? randomSecret() : secret,
                millis(relay, "t1", 10_000),
                millis(relay, "t2", 60_000),
                relay.choice("preloaded-route", PreloadedRoute.class),
                relay.choice("unknown-dialog", UnknownDialog.class),
                Cidr.list(relay, "in-dialog-targets"),
                relay.integer("udp-mtu", 0, 65_507),
                relay.integer("max-branches", 1, 100),
                relay.integer("max-transactions", 100, 10_000_000),
                relay.bytes("transaction-memory", 1 << 20, Integer.MAX_VALUE),
                relay.integer("stateless-memory", 1024, 1 << 24),
                relay.integer("dialog-memory", 1024, 1 << 24),
                relay.integer("carried-memory", 1024, 1 << 24),
                relay.integer("sticky-memory", 1024, 1 << 24),
                relay.integer("call-memory", 1, 1 << 24),
                relay.duration("call-longest", Duration.ofMinutes(1), Duration.ofDays(365))
                        .toMillis(),
                relay.flag("suspect-own-path"),
                OverloadSettings.from(relay.section("overload")));
        relay.refuseUnknown();
        return settings;
    }

    /** A copy with another memory limit for transactions, in bytes. */
    public RelaySettings withTransactionMemory(int bytes) {
        return with(secret, bytes);
    }

    /** A copy with another secret. */
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
                udpMtu,
                maxBranches,
                maxTransactions,
                bytes,
                statelessMemory,
                dialogMemory,
                carriedMemory,
                stickyMemory,
                callMemory,
                callLongestMs,
                suspectOwnPath,
                overload);
    }

    private static long millis(Section relay, String key, long most) {
        return relay.duration(key, Duration.ofMillis(20), Duration.ofMillis(most))
                .toMillis();
    }

    /** A new random secret: 48 hexadecimal digits. */
    public static String randomSecret() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    TransactionTimers timers() {
        return new TransactionTimers(t1Ms, t2Ms);
    }
}
