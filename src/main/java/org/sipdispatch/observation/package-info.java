/**
 * Observations from traffic: counters, active calls, successes and failures of destinations, and outages of this node's
 * own network. Uses {@code sets}, {@code destination} and {@code transaction}.
 */
package org.sipdispatch.observation;
