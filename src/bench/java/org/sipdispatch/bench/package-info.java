/** SIP load over loopback with its own callers and callees, and what the benchmarks share. */
package org.sipdispatch.bench;
