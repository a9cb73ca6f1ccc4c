package org.sipdispatch.destination;

import org.sipdispatch.freeswitch.EventSocketUrl;
import org.sipdispatch.sets.Destination;

/**
 * The definition of a destination, as its actor receives it.
 *
 * @param initial the state column, which applies only if nothing newer is known
 * @param permanentProbing the {@code probe_mode} column of OpenSIPS 3.4: pinged as in probing mode 1 in any mode
 * @param place the index among all definitions, from 0; it spreads the pings over the interval
 * @param places the number of definitions
 * @param revision the revision of the definitions, which only grows
 * @param scriptAttrs the attributes set with {@code ds_push_script_attrs}; empty for none
 * @param temporary whether the destination exists only in the cluster, not in the table or list file
 * @param eventSocket where the weight comes from; null if the row has a number. Not sent to the actor, which does not
 *     need it
 */
public record Definition(
        Destination destination,
        DestinationState initial,
        boolean permanentProbing,
        int place,
        int places,
        long revision,
        String scriptAttrs,
        boolean temporary,
        EventSocketUrl eventSocket)
        implements WireMessage {
    /** A definition as read from its source, without place and revision. */
    public Definition(Destination destination, DestinationState initial, boolean permanentProbing) {
        this(destination, initial, permanentProbing, 0, 0, 0, "", false);
    }

    /** A definition with a fixed weight. */
    public Definition(
            Destination destination,
            DestinationState initial,
            boolean permanentProbing,
            int place,
            int places,
            long revision,
            String scriptAttrs,
            boolean temporary) {
        this(destination, initial, permanentProbing, place, places, revision, scriptAttrs, temporary, null);
    }

    public String id() {
        return destination.id();
    }

    public Definition withScriptAttrs(String attrs) {
        return new Definition(
                destination, initial, permanentProbing, place, places, revision, attrs, temporary, eventSocket);
    }

    /** The same with another object for the destination. */
    public Definition withDestination(Destination other) {
        return new Definition(
                other, initial, permanentProbing, place, places, revision, scriptAttrs, temporary, eventSocket);
    }

    /** The same with a weight from FreeSWITCH, at first that of the destination. */
    public Definition withEventSocket(EventSocketUrl url) {
        return new Definition(
                destination, initial, permanentProbing, place, places, revision, scriptAttrs, temporary, url);
    }

    /**
     * Whether the actor and the views work the same with both: only revision, pushed attributes and origin may differ.
     */
    public boolean isEquivalentTo(Definition other) {
        return hasRowOf(other) && place == other.place && places == other.places;
    }

    /** Whether the row is the same, perhaps at another place; false for null. */
    public boolean hasRowOf(Definition other) {
        return other != null
                && destination.equals(other.destination)
                && initial == other.initial
                && permanentProbing == other.permanentProbing;
    }
}
