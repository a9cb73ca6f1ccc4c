/**
 * Which sets, algorithms, flags and mode does this request take? Rules and their pseudo-variables. Uses {@code sip},
 * {@code sets} and {@code settings}.
 */
package org.sipdispatch.routing;
