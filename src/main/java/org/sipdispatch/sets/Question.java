package org.sipdispatch.sets;

/**
 * What a set is asked when somebody wants to know whom it would choose.
 *
 * @param hash the key's hash, unsigned; 0 for algorithms without a key
 */
public record Question(Algorithm algorithm, int hash, SelectFlags flags) {}
