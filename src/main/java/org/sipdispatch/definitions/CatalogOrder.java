package org.sipdispatch.definitions;

import akka.actor.typed.ActorRef;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.sipdispatch.catalog.CatalogSnapshot;
import org.sipdispatch.catalog.DefinitionStore;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.WireMessage;
import org.sipdispatch.replication.Definitions;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.SettingException;

/** Operator orders that change the definitions; {@link CatalogActor} executes them one after the other. */
public sealed interface CatalogOrder extends CatalogActor.Command {
    /** The operator, for the history. */
    String who();

    /** Receives the outcome. */
    ActorRef<ReloadOutcome> replyTo();

    /** A short description for the history of the destinations that the order removes. */
    String what();

    /** Whether it only reports what would change. */
    default boolean isDryRun() {
        return false;
    }

    /** The change with this order as the author of its removals. */
    default Function<Definitions, DefinitionsUpdate> withAuthor(Function<Definitions, DefinitionsUpdate> edit) {
        return known -> edit.apply(known).by(who(), what(), known);
    }

    /**
     * An order that is executed only with permission of the node that sent it: an order that was delayed until its
     * operator was told that it was not executed changes nothing.
     */
    record Ticketed(DestinationActor.Ticket ticket, CatalogOrder order) implements CatalogActor.Command, WireMessage {}

    /** Replaces the rows of one partition, or of all. */
    sealed interface ReplaceRows extends CatalogOrder, CatalogReader.ReadOrder {
        /** Whether temporary destinations are removed too. */
        default boolean dropTemporary() {
            return false;
        }

        /** Whether unusable rows are skipped; otherwise one of them refuses the order. */
        default boolean skipBadRows() {
            return true;
        }
    }

    /**
     * Writes a row into the table of its partition, and reads the partition.
     *
     * @param given which of weight, priority, attrs and description change in a row that exists, by these names
     */
    record PutRow(Definition row, List<String> given, String who, ActorRef<ReloadOutcome> replyTo)
            implements ReplaceRows, WireMessage {
        @Override
        public String partition() {
            return row.destination().partition();
        }

        @Override
        public String what() {
            return "put row " + row.destination().uri();
        }

        @Override
        public boolean write(DefinitionStore source) {
            source.putRow(row, given);
            return true;
        }
    }

    /** Deletes a row from the table of its partition, and reads the partition. */
    record RemoveRow(Destination destination, String who, ActorRef<ReloadOutcome> replyTo)
            implements ReplaceRows, WireMessage {
        @Override
        public String partition() {
            return destination.partition();
        }

        @Override
        public String what() {
            return "remove row " + destination.uri();
        }

        @Override
        public boolean write(DefinitionStore source) {
            source.removeRow(destination);
            return true;
        }
    }

    /** Applies rows of a watched source that were checked; sent on the same node only. */
    record ApplyRows(String partition, String place, CatalogSnapshot rows, ActorRef<ReloadOutcome> replyTo)
            implements ReplaceRows {
        /** Sends the order to the catalog actor. */
        static SourceWatchActor.ChangeApplier sentTo(ActorRef<CatalogActor.Command> catalog) {
            return (source, rows, replyTo) ->
                    catalog.tell(new ApplyRows(source.partition(), source.place(), rows, replyTo));
        }

        @Override
        public String who() {
            return "watch";
        }

        @Override
        public String what() {
            return "change of " + place;
        }

        /** The rows, or why they cannot be applied now: the first load needs the rows of all partitions. */
        CatalogReader.CatalogReadResult reading(Definitions known) {
            SettingException obstacle =
                    known.isLoaded() ? null : new SettingException("definitions", "not loaded yet", "loaded ones");
            return new CatalogReader.CatalogReadResult(rows, obstacle, false);
        }
    }

    /**
     * Reloads the definitions, as OpenSIPS' {@code ds_reload} does.
     *
     * @param partition the partition to reload; empty for all
     * @param dryRun only reports what would change
     * @param dropTemporary also removes temporary destinations
     * @param skipBadRows skips unusable rows instead of refusing the reload
     */
    record Reload(
            String partition,
            boolean dryRun,
            boolean dropTemporary,
            boolean skipBadRows,
            String who,
            ActorRef<ReloadOutcome> replyTo)
            implements ReplaceRows, WireMessage {
        @Override
        public boolean isDryRun() {
            return dryRun;
        }

        @Override
        public String what() {
            return "reload" + (partition.isEmpty() ? "" : " of partition " + partition);
        }
    }

    /**
     * Reloads the definitions when the sender will give the destinations the states of their rows. First the states that
     * the table does not have yet are written into it.
     */
    record ReloadWithStates(Reload reload) implements ReplaceRows, WireMessage {
        @Override
        public String partition() {
            return reload.partition();
        }

        @Override
        public boolean dropTemporary() {
            return reload.dropTemporary();
        }

        @Override
        public boolean skipBadRows() {
            return reload.skipBadRows();
        }

        @Override
        public boolean needsWrittenStates() {
            return true;
        }

        @Override
        public String who() {
            return reload.who();
        }

        @Override
        public ActorRef<ReloadOutcome> replyTo() {
            return reload.replyTo();
        }

        @Override
        public String what() {
            return reload.what();
        }
    }

    /** A change that does not read the source. */
    sealed interface ChangeDefinitions extends CatalogOrder {
        /** Reasons against the change, one line each. */
        default List<String> problems(Definitions known, DefinitionStore source) {
            return List.of();
        }

        /** Applies the change; a {@code SettingException} if it does not fit the known definitions. */
        DefinitionsUpdate on(Definitions known);
    }

    /** Defines a temporary destination or replaces its definition. */
    record AddTemporary(Definition definition, String who, ActorRef<ReloadOutcome> replyTo)
            implements ChangeDefinitions, WireMessage {
        @Override
        public String what() {
            return "add " + definition.destination().uri();
        }

        @Override
        public List<String> problems(Definitions known, DefinitionStore source) {
            Set<String> partitions = new LinkedHashSet<>(source.partitions());
            known.all().forEach(one -> partitions.add(one.destination().partition()));
            String partition = definition.destination().partition();
            return partitions.contains(partition)
                    ? source.complaints(definition.destination())
                    : List.of("partition: " + partition + " (expected: one of " + String.join(", ", partitions) + ")");
        }

        @Override
        public DefinitionsUpdate on(Definitions known) {
            return DefinitionsUpdate.with(known, definition);
        }
    }

    /** Removes a temporary destination. */
    record RemoveTemporary(String id, String who, ActorRef<ReloadOutcome> replyTo)
            implements ChangeDefinitions, WireMessage {
        @Override
        public String what() {
            return "removed";
        }

        @Override
        public DefinitionsUpdate on(Definitions known) {
            return DefinitionsUpdate.without(known, id);
        }
    }

    /**
     * Sets script attributes of destinations in addition to the attributes of their rows; an empty text removes them.
     */
    record PushAttrs(List<String> ids, String attrs, String who, ActorRef<ReloadOutcome> replyTo)
            implements ChangeDefinitions, WireMessage {
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
