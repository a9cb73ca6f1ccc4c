/** What crosses from node to node, and its bytes. A class is in {@link org.sipdispatch.wire.WireRegistry} or cannot be sent. */
package org.sipdispatch.wire;
