package org.sipdispatch.destination;

/** Marks messages between nodes; each implementation has a number in the table of wire classes. */
public interface WireMessage {}
