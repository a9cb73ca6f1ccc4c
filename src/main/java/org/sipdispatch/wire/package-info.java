/** Serialization of the messages between nodes. Only classes in {@code WireRegistry} can be sent. */
package org.sipdispatch.wire;
