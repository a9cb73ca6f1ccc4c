package org.sipdispatch.routing;

import org.sipdispatch.sets.Algorithm;
import org.sipdispatch.sets.SelectFlags;
import org.sipdispatch.sets.SetId;

/** One set to choose from, with algorithm and flags. */
public record SetChoice(SetId set, Algorithm algorithm, SelectFlags flags) {}
