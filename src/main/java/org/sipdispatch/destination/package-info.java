/**
 * The health of destinations: the state machine of a destination, its pings, the results of other nodes, and the actor
 * that owns it, with its journal.
 */
package org.sipdispatch.destination;
