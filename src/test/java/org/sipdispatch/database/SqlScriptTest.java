package org.sipdispatch.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SqlScriptTest {
    @Test
    void semicolonsInTextsAndCommentsEndNothing() {
        String script = """
                -- first; of all
                INSERT INTO a VALUES ('x;--y', 'it''s'); /* a; b */
                UPDATE "b;c" SET d = 1 ;;
                SELECT 1""";

        assertThat(SqlScript.statements(script))
                .containsExactly("INSERT INTO a VALUES ('x;--y', 'it''s')", "UPDATE \"b;c\" SET d = 1", "SELECT 1");
    }
}
