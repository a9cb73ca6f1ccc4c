/**
 * Observations from traffic: counters, active calls, successes and failures of destinations, and outages of this
 * node's own network.
 */
package org.sipdispatch.observation;
