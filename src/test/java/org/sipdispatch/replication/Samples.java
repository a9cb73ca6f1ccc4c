package org.sipdispatch.replication;

import java.util.List;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;
import org.sipdispatch.sets.Destination;

/** Destinations and statuses for tests. */
public final class Samples {
    private Samples() {}

    public static Destination destination(int set, String uri, int weight) {
        return new Destination("default", set, uri, null, weight, 0, "", "");
    }

    public static Definition definition(int set, String uri) {
        return definition(set, uri, 1);
    }

    public static Definition definition(int set, String uri, int weight) {
        return new Definition(destination(set, uri, weight), DestinationState.ACTIVE, false, 0, 1, 0, "", false);
    }

    /** A status with these targets, each as an address, a blank, and {@code h} (hold), {@code p} (Probing) or nothing. */
    public static Status withTargets(long term, long change, String... targets) {
        StringBuilder text = new StringBuilder("\ntargets\n\t\t\t0");
        for (String target : targets) {
            String[] parts = target.split(" ", 2);
            text.append('\n').append(parts[0]).append("\tgw.test\t1\t10\t-").append(parts[1]);
            text.append("\t0\t0\t1000\tprobe\tno reply");
        }
        return new Status(
                new StatusVersion(term, change, 7),
                false,
                false,
                false,
                0,
                0,
                false,
                1000,
                "probe",
                "408",
                List.of(text.toString()));
    }

    public static Status status(long term, long change, boolean probing) {
        return new Status(
                new StatusVersion(term, change, 7),
                false,
                probing,
                false,
                probing ? 3 : 0,
                0,
                false,
                1000,
                "probe",
                "408");
    }
}
