/** Decides which sets, algorithms, flags and relay mode a request gets: rules and their pseudo-variables. */
package org.sipdispatch.routing;
