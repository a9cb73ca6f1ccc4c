package org.sipdispatch.replication;

import akka.cluster.ddata.AbstractReplicatedData;
import java.util.Arrays;
import java.util.List;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.Removal;

/**
 * All definitions at one moment, including temporary ones, as a CRDT. The larger revision wins; of equal revisions,
 * made on two sides of a network partition, that of the larger node number. Immutable.
 */
public final class Definitions extends AbstractReplicatedData<Definitions> {
    public static final Definitions NONE = new Definitions(0, 0, DefinitionsCodec.pack(List.of(), false));

    private final long revision;
    private final long node;
    private final byte[] packed;
    private List<Definition> all;
    private List<Removal> removals;

    public Definitions(long revision, long node, byte[] packed) {
        this.revision = revision;
        this.node = node;
        this.packed = packed;
    }

    public long revision() {
        return revision;
    }

    public long node() {
        return node;
    }

    /** Whether the definitions were loaded from their source; before that there may be temporary ones. */
    public boolean isLoaded() {
        return revision > 0 && DefinitionsCodec.isLoaded(packed);
    }

    /** The encoded form, see {@link DefinitionsCodec}; must not be modified. */
    public byte[] packed() {
        return packed;
    }

    /** All definitions in the order of their rows. */
    public List<Definition> all() {
        if (all == null) {
            all = DefinitionsCodec.unpack(packed, revision);
        }
        return all;
    }

    /** Who recently removed destinations and why, newest last. */
    public List<Removal> removals() {
        if (removals == null) {
            removals = DefinitionsCodec.removals(packed);
        }
        return removals;
    }

    @Override
    public Definitions mergeData(Definitions that) {
        boolean newer = that.revision > revision || that.revision == revision && that.node > node;
        return newer ? that : this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Definitions definitions
                && revision == definitions.revision
                && node == definitions.node
                && Arrays.equals(packed, definitions.packed);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(revision * 31 + node);
    }

    @Override
    public String toString() {
        return "Definitions(" + revision + ")";
    }
}
