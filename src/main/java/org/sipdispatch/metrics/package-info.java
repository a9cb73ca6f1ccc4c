/**
 * How much? What the node counts, as Prometheus reads it; the only room that knows Micrometer. Uses {@code relay},
 * {@code transport}, {@code cluster}, {@code destination}, {@code sets} and {@code settings}.
 */
package org.sipdispatch.metrics;
