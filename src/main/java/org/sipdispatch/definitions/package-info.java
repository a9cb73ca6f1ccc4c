/** Which destinations are defined: the catalog actor, reloads and other changes, and the write-back of states. */
package org.sipdispatch.definitions;
