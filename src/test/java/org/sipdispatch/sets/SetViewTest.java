package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SetViewTest {
    private final SetView view = Views.without("b", 1, 1, 1);

    private static Destination defined(int set, String uri, String socket) {
        return new Destination("default", set, uri, socket, 7, 3, "as defined anew", "");
    }

    @Test
    void whoIsOutIsFoundByWhatNamesADestination() {
        assertThat(view.isUnusable(view.member(0))).isFalse();
        assertThat(view.isUnusable(view.member(1))).isTrue();
        assertThat(view.isUnusable(defined(1, "sip:C.Example.Net", null))).isFalse();
        assertThat(view.isUnusable(defined(1, "sip:b.example.net", null))).isTrue();
    }

    @Test
    void whoIsNoMemberIsOut() {
        assertThat(view.isUnusable(defined(1, "sip:d.example.net", null))).isTrue();
        assertThat(view.isUnusable(defined(2, "sip:a.example.net", null))).isTrue();
        assertThat(view.isUnusable(defined(1, "sip:a.example.net", "main"))).isTrue();
        assertThat(view.isUnusable(new Destination("other", 1, "sip:a.example.net", null, 1, 0, "", "")))
                .isTrue();
    }
}
