package org.sipdispatch.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.cluster.ddata.GSet;
import akka.cluster.ddata.GSetKey;
import akka.cluster.ddata.Key;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import akka.cluster.ddata.typed.javadsl.Replicator.Subscribe;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows what the cluster knows and keeps this node's traffic true to it. */
final class ViewActor extends AbstractBehavior<ViewActor.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(ViewActor.class);

    /** Names the definitions. */
    static final class DefinitionsKey extends Key<Definitions> {
        private static final long serialVersionUID = 1;

        DefinitionsKey() {
            super("definitions");
        }
    }

    static final DefinitionsKey DEFINITIONS = new DefinitionsKey();
    static final Key<GSet<String>> SOCKETS = GSetKey.create("sockets");

    /** What it can be told. */
    sealed interface Command {}

    /** Asks for all that this node knows. */
    record GetKnown(ActorRef<Known> replyTo) implements Command {}

    private record Heard(Replicator.SubscribeResponse<?> change) implements Command {}

    /**
     * What it needs.
     *
     * @param known what this node knew in its former life; no one else's from now on
     * @param complete to be completed when something is known of every destination
     */
    record Setup(
            KnownSets known, Views views, ActorRef<KeeperActor.Command> keeper, CompletableFuture<Void> complete) {}

    static Behavior<Command> create(Setup setup) {
        return Behaviors.setup(context -> new ViewActor(context, setup));
    }

    private final Setup setup;
    private final KnownSets known;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private ViewActor(ActorContext<Command> context, Setup setup) {
        super(context);
        this.setup = setup;
        known = setup.known();
        known.listenAnew();
        ActorRef<Replicator.Command> replicator =
                DistributedData.get(context.getSystem()).replicator();
        ActorRef<Replicator.SubscribeResponse> self =
                context.messageAdapter(Replicator.SubscribeResponse.class, Heard::new);
        replicator.tell(new Subscribe(DEFINITIONS, self));
        replicator.tell(new Subscribe(SOCKETS, self));
        ReplicatedBoard.parts().forEach(part -> replicator.tell(new Subscribe(part, self)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Heard.class, this::onHeard)
                .onMessage(GetKnown.class, this::onGetKnown)
                .build();
    }

    private Behavior<Command> onHeard(Heard heard) {
        if (heard.change() instanceof Replicator.Changed<?> changed) {
            if (changed.dataValue() instanceof Statuses statuses) {
                known.learn(statuses.byId()).forEach(set -> setup.views().update(known.view(set)));
            } else if (changed.dataValue() instanceof Definitions definitions) {
                define(definitions);
            } else if (changed.dataValue() instanceof GSet<?> sockets) {
                setup.views().learnSockets(sockets(sockets));
            }
            if (known.isComplete()) {
                setup.complete().complete(null);
            }
        }
        return this;
    }

    private void define(Definitions definitions) {
        known.define(definitions.revision(), definitions.all());
        setup.views().replace(known.views());
        setup.keeper().tell(new KeeperActor.Defined(definitions.revision(), known.all()));
        LOG.info(
                "definitions {}: {} destinations",
                definitions.revision(),
                definitions.all().size());
    }

    /** {@code name=literal}; where two nodes call one literal differently the same name counts on all nodes. */
    private static Map<String, String> sockets(GSet<?> sockets) {
        Map<String, String> names = new HashMap<>();
        for (Object text : new TreeSet<>(sockets.getElements())) {
            String[] parts = ((String) text).split("=", 2);
            names.putIfAbsent(parts[1], parts[0]);
        }
        return names;
    }

    private Behavior<Command> onGetKnown(GetKnown get) {
        get.replyTo()
                .tell(new Known(
                        known.revision(),
                        known.all().stream()
                                .map(definition -> new Known.OfDestination(definition, known.status(definition.id())))
                                .toList()));
        return this;
    }
}
