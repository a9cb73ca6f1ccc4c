package org.sipdispatch.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserInfoTest {
    @ParameterizedTest
    @CsvSource({
        "mysql://opensips:hidden@h/db,mysql://opensips:***@h/db",
        "jdbc:mysql://opensips:hid@d:en@h/db,jdbc:mysql://opensips:***@h/db",
        "jdbc:postgresql:trk:hidden@h/db,jdbc:postgresql:trk:***@h/db",
        "mysql//opensips:hidden@h/db,mysql//opensips:***@h/db",
        "file://bob:hidden@h/x.list,file://bob:***@h/x.list",
        "http:/bob:hidden@h/,http:/bob:***@h/",
        "oracle://bob:hidden@h,oracle://bob:***@h",
        "bob:hidden@h,bob:***@h",
        "sip:bob:hidden@h;x=y,sip:bob:***@h;x=y",
        "sip:bob@h:5060,sip:bob@h:5060",
        "sip:10.0.0.1:5060,sip:10.0.0.1:5060",
        "jdbc:mariadb://h:3306/db,jdbc:mariadb://h:3306/db",
        "5x,5x"
    })
    void thePasswordBeforeTheHostIsHidden(String url, String shown) {
        assertThat(UserInfo.withoutPassword(url)).isEqualTo(shown);
    }

    @Test
    void thePasswordIsTheTextUpToTheLastAtSign() {
        assertThat(UserInfo.password("jdbc:mysql://opensips:hid@d:en@h/db")).isEqualTo("hid@d:en");
        assertThat(UserInfo.password("jdbc:mysql://h:3306/db")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "unknown host: trk:hidden@127.0.0.1,unknown host: trk:***@127.0.0.1",
        "Incorrect port value : :hidden@127.0.0.1,Incorrect port value : :***@127.0.0.1",
        "mysql://trk:hidden@h refuses,mysql://trk:***@h refuses",
        "no connection to host:3306,no connection to host:3306",
        "Access denied for user 'x'@'h',Access denied for user 'x'@'h'"
    })
    void aMessageShowsNoPassword(String message, String shown) {
        assertThat(UserInfo.hideAll(message)).isEqualTo(shown);
    }
}
