package org.sipdispatch.replication;

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
