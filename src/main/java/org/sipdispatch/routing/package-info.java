/**
 * Decides which sets, algorithms, flags and relay mode a request gets: rules and their pseudo-variables. Uses
 * {@code sip}, {@code sets} and {@code settings}.
 */
package org.sipdispatch.routing;
