package org.sipdispatch.definitions;

/**
 * Options of a reload of the definitions.
 *
 * @param partition the partition to reload; empty for all
 * @param dryRun only reports what would change
 * @param dropTemporary also removes temporary destinations, which the source does not have
 * @param inheritState keeps the states of destinations that stay; otherwise those of their rows apply
 * @param skipBadRows skips unusable rows; otherwise one such row refuses the reload
 */
public record ReloadOrder(
        String partition, boolean dryRun, boolean dropTemporary, boolean inheritState, boolean skipBadRows) {}
