/**
 * What traffic shows: counters, active calls, evidence for and against destinations, and outages of this node's own
 * network. Uses {@code sets}, {@code destination} and {@code transaction}.
 */
package org.sipdispatch.observation;
