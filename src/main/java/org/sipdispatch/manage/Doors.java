package org.sipdispatch.manage;

import akka.actor.setup.Setup;
import org.sipdispatch.desk.Desk;

/** What the routes need, given to them by way of the actor system that makes them. */
public final class Doors extends Setup {
    private final Desk desk;

    public Doors(Desk desk) {
        this.desk = desk;
    }

    Desk desk() {
        return desk;
    }
}
