/**
 * The health of destinations: the state machine of a destination, its pings, the results of other nodes, and the actor
 * that owns it, with its journal. Uses {@code sip}, {@code sets} and {@code settings}; Akka in actors, journal and
 * serializer.
 */
package org.sipdispatch.destination;
