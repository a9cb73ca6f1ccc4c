package org.sipdispatch.destination;

import org.sipdispatch.sets.Destination;

/**
 * A destination as its actor is told of it.
 *
 * @param initial the state column, which counts where nothing newer is known
 * @param permanentProbing the {@code probe_mode} column of OpenSIPS 3.4: pinged as in probing mode 1 whatever the mode
 * @param place its place among all that are defined, from 0; pings are spread over the interval by it
 * @param places how many are defined
 * @param revision the number of the definitions, which only grows
 * @param scriptAttrs what {@code ds_push_script_attrs} gave it; empty for nothing
 * @param temporary whether it is written down nowhere, but kept in the cluster alone
 */
public record Definition(
        Destination destination,
        DestinationState initial,
        boolean permanentProbing,
        int place,
        int places,
        long revision,
        String scriptAttrs,
        boolean temporary)
        implements WireMessage {
    /** One that is written down. */
    public Definition(
            Destination destination,
            DestinationState initial,
            boolean permanentProbing,
            int place,
            int places,
            long revision) {
        this(destination, initial, permanentProbing, place, places, revision, "", false);
    }

    public String id() {
        return destination.id();
    }

    /** The same with other pushed attributes. */
    public Definition withScriptAttrs(String attrs) {
        return new Definition(destination, initial, permanentProbing, place, places, revision, attrs, temporary);
    }

    /** Whether its actor and the views go on with that one as with this: in all but who wrote what beside it. */
    public boolean worksAs(Definition other) {
        return other != null
                && destination.equals(other.destination)
                && initial == other.initial
                && permanentProbing == other.permanentProbing
                && place == other.place
                && places == other.places;
    }
}
