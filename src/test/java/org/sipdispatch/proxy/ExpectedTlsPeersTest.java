package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.Target;
import org.sipdispatch.sets.TargetAddresses;
import org.sipdispatch.transaction.TlsPeer;
import org.sipdispatch.transaction.TlsPeer.Scope;

/** Whom a lane expects at the other end of TLS connections that it has not opened before. */
class ExpectedTlsPeersTest {
    private static final String AT = "10.0.0.1:5061";
    private static final String URI = "sip:" + AT + ";transport=tls";

    private final LaneFixture lane = LaneFixture.overTls();

    /** Set 1 with the same destination once for each of the attributes. */
    private static void destinations(LaneFixture of, String... attrs) {
        of.set(1, Collections.nCopies(attrs.length, URI).toArray(String[]::new)).attrs(1, attrs);
    }

    private TlsPeer inTheDialog(String target) {
        lane.callerSends(inDialog("BYE").replaceFirst("sip:bob@example.com SIP", target + ";transport=tls SIP"));
        assertThat(lane.last().socket()).isEqualTo(LaneFixture.TLS);
        return lane.last().connections().peer();
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({
        "'', 10.0.0.1, , NEW, false",
        "tls_name=a.test, a.test, , NEW, true",
        "tls_domain=fs;tls_name=A.test, a.test, fs, NEW, true",
        "tls_domain=lab, 10.0.0.1, lab, NEW, false",
    })
    void aRequestInTheDialogExpectsTheDestinationThatHasTheAddress(
            String attrs, String name, String domain, Scope scope, boolean explicit) {
        destinations(lane, attrs, attrs);

        assertThat(inTheDialog("sip:" + AT)).isEqualTo(new TlsPeer(name, domain, scope, explicit));
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({
        "tls_name=a.test, tls_name=b.test, 10.0.0.1, , UNVERIFIED",
        "tls_name=a.test, tls_domain=fs;tls_name=a.test, 10.0.0.1, , UNVERIFIED",
        "tls_domain=lab;tls_name=a.test, tls_domain=fs;tls_name=b.test, b.test, fs, ALL",
        "tls_domain=fs;tls_name=b.test, tls_domain=lab, b.test, fs, ALL",
    })
    void ofSeveralThatDifferNoneIsTakenForAnotherAndAnUncheckedOneForNone(
            String one, String other, String name, String domain, Scope scope) {
        destinations(lane, one, other);

        assertThat(inTheDialog("sip:" + AT)).isEqualTo(new TlsPeer(name, domain, scope, !name.equals("10.0.0.1")));
    }

    @Test
    void besideAnUncheckedOneNoneOfTwoOthersIsTakenForTheOther() {
        destinations(lane, "tls_domain=lab", "tls_name=a.test", "tls_name=b.test");

        assertThat(inTheDialog("sip:" + AT)).isEqualTo(new TlsPeer("10.0.0.1", null, Scope.ALL, false));
    }

    @Test
    void theHostOfTheTargetSelectsAmongThem() {
        String sender = "sip:" + LaneFixture.CALLER;
        lane.host("B.test", AT)
                .set(1, URI, URI, sender)
                .attrs(1, "tls_name=a.test", "tls_name=b.test;tls_domain=fs", "");

        assertThat(inTheDialog("sip:B.test")).isEqualTo(new TlsPeer("b.test", "fs", Scope.NEW, true));
    }

    @Test
    void theAddressMayBeThatOfADestinationWithAName() {
        lane.host("sbc.test", AT).set(1, "sip:sbc.test;transport=tls").attrs(1, "tls_domain=fs");
        lane.passes(100);

        assertThat(inTheDialog("sip:" + AT)).isEqualTo(new TlsPeer("sbc.test", "fs", Scope.NEW, false));
    }

    @Test
    void aNaptrRecordMayHaveChosenTheTransport() {
        Destination named =
                new Destination("default", 1, "sip:sbc.test", null, 1, 0, "tls_domain=fs", "to tls_domain=fs");
        lane.set(1, named.uri()).attrs(1, named.attrs());
        Target target = new Target(Target.address(AT), "a.sbc.test", 0, 0, "tls");
        lane.targets.put(named, TargetAddresses.of(List.of(target)));
        lane.passes(100);

        assertThat(inTheDialog("sip:" + AT)).isEqualTo(new TlsPeer("sbc.test", "fs", Scope.NEW, false));
    }

    @ParameterizedTest
    @CsvSource({
        "sip:10.0.0.1:5071;transport=tls",
        "sip:10.0.0.2:5061;transport=tls",
        "sip:10.0.0.1:5061",
        "sip:10.0.0.1:5061;transport=tcp"
    })
    void otherPortsAddressesAndProtocolsAreOfNoDestination(String destination) {
        lane.set(1, destination, "sip:10.0.0.1").attrs(1, "tls_name=a.test", "");

        assertThat(inTheDialog("sip:" + AT)).isEqualTo(new TlsPeer("10.0.0.1", null, Scope.UNVERIFIED, false));
    }

    @ParameterizedTest
    @CsvSource({"CANCEL", "INVITE"})
    void aCallOfAnotherNodeGoesToItsDestinationOnly(String method) {
        LaneFixture first = LaneFixture.overTls().hasPeers();
        destinations(first, "tls_domain=fs;tls_name=a.test");
        first.callerSends(invite());
        TlsPeer expected = first.last().connections().peer();
        first.passes(20);
        destinations(lane, "tls_domain=fs;tls_name=a.test");

        lane.carries(first.carried).callerSends(request(method));

        assertThat(lane.sent()).containsExactly(method + " to " + AT);
        assertThat(lane.last().socket()).isEqualTo(LaneFixture.TLS);
        assertThat(lane.last().connections().peer()).isEqualTo(expected);
    }
}
