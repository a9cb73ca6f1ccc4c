package org.sipdispatch.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SqlNamesTest {
    @Test
    void namesAreQuotedOnlyWhereTheyMust() {
        assertThat(SqlNames.table("opensips.Dispatcher", "`")).isEqualTo("opensips.Dispatcher");
        assertThat(SqlNames.table("x.group", "`")).isEqualTo("x.`group`");
        assertThat(SqlNames.table("2nd", "\"")).isEqualTo("\"2nd\"");
    }
}
