package org.sipdispatch.membership;

import akka.actor.ActorSystem;
import akka.actor.Props;
import akka.cluster.Cluster;
import akka.cluster.DowningProvider;
import akka.cluster.sbr.SplitBrainResolver;
import akka.cluster.sbr.SplitBrainResolverSettings;
import java.util.Optional;
import scala.Option;
import scala.concurrent.duration.FiniteDuration;

/**
 * Akka's split brain resolver with {@link MajorityDowningStrategy}. Akka creates it from the class name in the
 * configuration. An actor system without an {@link ArbiterSetup} downs no nodes.
 */
final class MajorityDowningProvider extends DowningProvider {
    /** The strategy may block on the database. */
    private static final String BLOCKING = "akka.actor.default-blocking-io-dispatcher";

    private final ActorSystem system;
    private final FiniteDuration stableAfter;

    /** Called by Akka. */
    public MajorityDowningProvider(ActorSystem system) {
        this.system = system;
        stableAfter = new SplitBrainResolverSettings(system.settings().config()).DowningStableAfter();
    }

    @Override
    public FiniteDuration downRemovalMargin() {
        FiniteDuration configured = Cluster.get(system).settings().DownRemovalMargin();
        return configured.length() == 0 ? stableAfter : configured;
    }

    @Override
    public Option<Props> downingActorProps() {
        Optional<ArbiterSetup> setup = system.settings().setup().get(ArbiterSetup.class);
        return setup.isEmpty() ? Option.empty() : Option.apply(resolver(setup.get()));
    }

    private Props resolver(ArbiterSetup setup) {
        Cluster cluster = Cluster.get(system);
        MajorityDowningStrategy strategy = new MajorityDowningStrategy(
                cluster.selfDataCenter(), cluster.selfUniqueAddress(), setup, System::nanoTime);
        return SplitBrainResolver.props(stableAfter, strategy).withDispatcher(BLOCKING);
    }
}
