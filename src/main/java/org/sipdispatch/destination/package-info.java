/**
 * Is it alive? The state machine of a destination, its pings, what other nodes say, and the actor that carries all that
 * to it, with its journal. Uses {@code sip}, {@code sets} and {@code settings}; Akka in actors, journal and serializer.
 */
package org.sipdispatch.destination;
