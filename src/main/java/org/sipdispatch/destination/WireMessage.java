package org.sipdispatch.destination;

/** Marks what crosses from node to node; each such class stands in the table of wire classes with its number. */
public interface WireMessage {}
