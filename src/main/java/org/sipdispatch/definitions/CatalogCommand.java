package org.sipdispatch.definitions;

import akka.actor.typed.ActorRef;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.WireMessage;
import org.sipdispatch.replication.Definitions;

/** What operators order of the definitions; carried out one after the other by the one that makes them known. */
public sealed interface CatalogCommand extends CatalogActor.Command {
    /** Who ordered it. */
    String who();

    /** Who hears what became of it. */
    ActorRef<ReloadOutcome> replyTo();

    /** What it is, in a few words for the history of destinations that go by it. */
    String what();

    /** That change, by this order. */
    default Function<Definitions, DefinitionsUpdate> signed(Function<Definitions, DefinitionsUpdate> edit) {
        return known -> edit.apply(known).by(who(), what(), known);
    }

    /**
     * An order that is carried out only with permission of the node that gave it: one that was delayed on its way until its
     * operator heard that it was not carried out changes nothing.
     */
    record Ticketed(DestinationActor.Ticket ticket, CatalogCommand order)
            implements CatalogActor.Command, WireMessage {}

    /**
     * Reads again, as {@code ds_reload}.
     *
     * @param partition the one to read; empty for all
     * @param dryRun only tells what would change
     * @param dropTemporary also lets go of the temporary ones
     * @param skipBadRows goes on without rows that cannot be used
     */
    record Reload(
            String partition,
            boolean dryRun,
            boolean dropTemporary,
            boolean skipBadRows,
            String who,
            ActorRef<ReloadOutcome> replyTo)
            implements CatalogCommand, WireMessage {
        @Override
        public String what() {
            return "reload" + (partition.isEmpty() ? "" : " of partition " + partition);
        }
    }

    /** A change that needs nothing to be read. */
    sealed interface Change extends CatalogCommand {
        /** What speaks against it, one line each. */
        default List<String> complaints(Definitions known, Source source) {
            return List.of();
        }

        /** What it makes of what is known; a BadSetting if it does not fit that. */
        DefinitionsUpdate on(Definitions known);
    }

    /** Defines a temporary destination, or such a one anew. */
    record Add(Definition definition, String who, ActorRef<ReloadOutcome> replyTo) implements Change, WireMessage {
        @Override
        public String what() {
            return "add " + definition.destination().uri();
        }

        @Override
        public List<String> complaints(Definitions known, Source source) {
            Set<String> partitions = new LinkedHashSet<>(source.partitions());
            known.all().forEach(one -> partitions.add(one.destination().partition()));
            String partition = definition.destination().partition();
            return partitions.contains(partition)
                    ? source.check(definition.destination())
                    : List.of("partition: " + partition + " (expected: one of " + String.join(", ", partitions) + ")");
        }

        @Override
        public DefinitionsUpdate on(Definitions known) {
            return DefinitionsUpdate.with(known, definition);
        }
    }

    /** Takes a temporary destination back. */
    record Remove(String id, String who, ActorRef<ReloadOutcome> replyTo) implements Change, WireMessage {
        @Override
        public String what() {
            return "removed";
        }

        @Override
        public DefinitionsUpdate on(Definitions known) {
            return DefinitionsUpdate.without(known, id);
        }
    }

    /** Gives destinations attributes beside those of their rows; empty takes them away. */
    record PushAttrs(List<String> ids, String attrs, String who, ActorRef<ReloadOutcome> replyTo)
            implements Change, WireMessage {
        @Override
        public String what() {
            return "attributes";
        }

        @Override
        public DefinitionsUpdate on(Definitions known) {
            return DefinitionsUpdate.withAttrs(known, ids, attrs);
        }
    }
}
