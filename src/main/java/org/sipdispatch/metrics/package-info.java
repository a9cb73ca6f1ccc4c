/** The node's metrics for Prometheus. The only package that uses Micrometer. */
package org.sipdispatch.metrics;
