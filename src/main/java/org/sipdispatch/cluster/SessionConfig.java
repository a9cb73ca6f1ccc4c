package org.sipdispatch.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.HashMap;
import java.util.Map;
import org.sipdispatch.membership.ClusterSettings;

/** The configuration of the actor system of a session. */
final class SessionConfig {
    private SessionConfig() {}

    /** The configuration of all sessions, with these settings in Akka's keys. */
    static Config of(ClusterSettings settings, Config system) {
        Map<String, Object> own = new HashMap<>();
        own.put("akka.remote.artery.transport", settings.tls().isOn() ? "tls-tcp" : "tcp");
        own.put("akka.remote.artery.canonical.hostname", settings.host());
        own.put("akka.remote.artery.canonical.port", settings.port());
        if (!settings.bindHost().isEmpty()) {
            own.put("akka.remote.artery.bind.hostname", settings.bindHost());
        }
        own.put("akka.cluster.failure-detector.heartbeat-interval", settings.heartbeat());
        own.put("akka.cluster.failure-detector.acceptable-heartbeat-pause", settings.pause());
        own.put("akka.cluster.split-brain-resolver.stable-after", settings.stableAfter());
        return ConfigFactory.parseMap(own).withFallback(system);
    }
}
