package org.sipdispatch.transport;

import akka.actor.ActorInitializationException;
import akka.actor.OneForOneStrategy;
import akka.actor.SupervisorStrategy;
import akka.actor.SupervisorStrategyConfigurator;
import akka.japi.pf.DeciderBuilder;

/** Resumes a lane's actors after an exception: a restart would lose their sockets, sets and transactions. */
final class ResumingSupervisor implements SupervisorStrategyConfigurator {
    @Override
    public SupervisorStrategy create() {
        return new OneForOneStrategy(
                DeciderBuilder.match(ActorInitializationException.class, never -> SupervisorStrategy.stop())
                        .match(Exception.class, failure -> SupervisorStrategy.resume())
                        .matchAny(fatal -> SupervisorStrategy.escalate())
                        .build());
    }
}
