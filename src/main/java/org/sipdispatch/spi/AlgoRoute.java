package org.sipdispatch.spi;

/**
 * A selection algorithm of your own, as the script route of OpenSIPS' {@code algo_route}. For each request of a rule with
 * {@code alg = "route:NAME"} it gives each usable destination of the set a value, and the destination with the smallest
 * value is tried first.
 *
 * <p>A jar in the directory {@code extensions} of the program provides it through {@link java.util.ServiceLoader}: it has
 * a file {@code META-INF/services/org.sipdispatch.spi.AlgoRoute} with the name of the class, which is public and has a
 * public constructor without parameters.
 *
 * <p>One instance serves all lanes of the node, so it must be thread-safe. It runs on the thread that forwards messages:
 * it must return within microseconds, and must not wait for anything, such as a lock, a file, a database or another
 * host. A thread of your own may fetch what the method then only reads.
 */
public interface AlgoRoute {
    /** The name in the configuration: letters, digits, {@code _}, {@code .} and {@code -}. Always the same. */
    String name();

    /**
     * The value of a destination for a request; destinations with equal values keep the order of the set. A negative
     * value moves the destination to the end of the failover list. If all values are negative, or if this method throws
     * an exception, the set provides no destination for the request.
     */
    long value(AlgoRequest request, AlgoDestination destination);
}
