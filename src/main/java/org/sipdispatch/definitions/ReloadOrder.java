package org.sipdispatch.definitions;

/**
 * How to read again where destinations are written down.
 *
 * @param partition the one to read; empty for all
 * @param dryRun only tells what would change
 * @param dropTemporary also lets go of the destinations that are written down nowhere
 * @param skipBadRows goes on without rows that cannot be used; else one of them refuses the whole
 */
public record ReloadOrder(String partition, boolean dryRun, boolean dropTemporary, boolean skipBadRows) {}
