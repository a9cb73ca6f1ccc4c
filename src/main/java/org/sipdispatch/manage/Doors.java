package org.sipdispatch.manage;

import akka.actor.setup.Setup;
import org.sipdispatch.desk.Desk;

/** What the routes need, given to them by way of the actor system that makes them. */
public final class Doors extends Setup {
    private final Desk desk;
    private final Live live;

    public Doors(Desk desk) {
        this.desk = desk;
        live = new Live(desk);
    }

    Desk desk() {
        return desk;
    }

    /** To be told of what this node learns. */
    public Live live() {
        return live;
    }
}
