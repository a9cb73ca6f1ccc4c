/** Which destinations are defined: {@code CatalogActor}, reloads and other changes, and the write-back of states. */
package org.sipdispatch.definitions;
