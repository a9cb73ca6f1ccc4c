/** Is it alive? The states of a destination. May use {@code sip}, {@code sets} and {@code settings}. */
package org.sipdispatch.destination;
