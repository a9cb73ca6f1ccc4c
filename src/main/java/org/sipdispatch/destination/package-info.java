/** Is it alive? The states of a destination. May use {@code sip}. */
package org.sipdispatch.destination;
