package org.sipdispatch.transport;

import java.util.List;

/** What six user agents do with a call that all of them get, and what the caller sees of it. */
enum ForkStory {
    /** Two ring, one is busy, one answers; a fifth one rings only then. */
    ONE_ANSWERS(List.of("180 of 1", "180 of 2", "200 of 4"), List.of(1, 2, 5)) {
        @Override
        void happens(ForkScene scene) {
            scene.respond("INVITE", 180, 1).callerHas(1, 180).respond("INVITE", 180, 2);
            scene.callerHas(2, 180).respond("INVITE", 486, 3).respond("INVITE", 200, 4);
            scene.areCancelled(1, 2).respond("INVITE", 180, 5).areCancelled(5).isAcknowledgedAndEnded(4);
        }
    },
    TWO_ANSWER_AT_THE_SAME_TIME(List.of("200 of 2", "200 of 5"), List.of()) {
        @Override
        void happens(ForkScene scene) {
            scene.respond("INVITE", 200, 2, 5).callerHas(2, 200);
            scene.isAcknowledgedAndEnded(2).isAcknowledgedAndEnded(5);
        }
    },
    /** The lowest class counts, and no 503. */
    ALL_FAIL(List.of("404 of 3"), List.of()) {
        @Override
        void happens(ForkScene scene) {
            scene.respond("INVITE", 503, 1).respond("INVITE", 500, 2).respond("INVITE", 404, 3);
            scene.respond("INVITE", 486, 4, 5).respond("INVITE", 501, 6).fails(404);
        }
    },
    ONE_DECLINES_FOR_ALL(List.of("180 of 1", "603 of 3"), List.of(1, 2, 4, 5, 6)) {
        @Override
        void happens(ForkScene scene) {
            scene.respond("INVITE", 180, 1).callerHas(1, 180).respond("INVITE", 100, 2, 4, 5, 6);
            scene.respond("INVITE", 603, 3).areCancelled(1, 2, 4, 5, 6).fails(603);
        }
    },
    THREE_CHALLENGE(List.of("401 of 2"), List.of()) {
        @Override
        void happens(ForkScene scene) {
            scene.respond("INVITE", 404, 1).respond("INVITE", 401, 2).respond("INVITE", 407, 3);
            scene.respond("INVITE", 486, 4)
                    .respond("INVITE", 401, 5)
                    .respond("INVITE", 500, 6)
                    .fails(401);
        }
    },
    THE_CALLER_CANCELS(List.of("180 of 1", "180 of 6", "487 of 0"), List.of(1, 2, 3, 4, 5, 6)) {
        @Override
        void happens(ForkScene scene) {
            scene.respond("INVITE", 100, 2, 3, 4, 5).respond("INVITE", 180, 1).callerHas(1, 180);
            scene.respond("INVITE", 180, 6).callerHas(2, 180).callerCancels();
            scene.areCancelled(1, 2, 3, 4, 5, 6).fails(487);
        }
    };

    private final List<String> responses;
    private final List<Integer> cancelled;

    ForkStory(List<String> responses, List<Integer> cancelled) {
        this.responses = responses;
        this.cancelled = cancelled;
    }

    abstract void happens(ForkScene scene);

    /** The responses that the caller gets, in their order. */
    List<String> responses() {
        return responses;
    }

    /** The user agents that are cancelled. */
    List<Integer> cancelled() {
        return cancelled;
    }
}
