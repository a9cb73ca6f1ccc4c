package org.sipdispatch.e2e;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** All scenarios of calls that go through the node of the stage. One node is started for them all. */
class CallsOnStageTest implements CancelScenarios, DialogScenarios, FailoverScenarios {
    private static Stage stage;

    @BeforeAll
    static void open() {
        stage = Stage.open();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @Override
    public Stage stage() {
        return stage;
    }
}
