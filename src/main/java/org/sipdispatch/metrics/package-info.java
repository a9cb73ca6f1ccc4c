/**
 * The node's metrics for Prometheus. The only package that uses Micrometer. Uses {@code relay}, {@code transport},
 * {@code cluster}, {@code destination}, {@code sets} and {@code settings}.
 */
package org.sipdispatch.metrics;
