package org.sipdispatch.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.settings.SettingException;

class TemplateTest {
    private final RequestFacts facts = Facts.of(
            "INVITE",
            "User-Agent: phone/1.0",
            "X-Set: 7",
            "Proxy-Authorization: Digest username=\"dave@example.com\", realm=\"r\"");

    @ParameterizedTest
    @CsvSource({
        "$ci, c1@192.0.2.1",
        "$fu, sip:alice@atlanta.example.com",
        "$fU, alice",
        "$fd, atlanta.example.com",
        "$tu, sip:carol@biloxi.example.com:5080",
        "$tU, carol",
        "$td, biloxi.example.com",
        "$ru, sip:bob:pw@example.com:5070;user=phone",
        "$rU, bob",
        "$rd, example.com",
        "$rp, 5070",
        "$rm, INVITE",
        "$si, 192.0.2.1",
        "$sp, 5062",
        "$au, dave",
        "$ua, phone/1.0",
        "$hdr(X-Set), 7",
        "$hdr(x-set), 7",
        "$hdr(Call-ID), c1@192.0.2.1",
        "$(ci), c1@192.0.2.1",
        "$(hdr(X-Set)), 7",
        "$fU@$ci, alice@c1@192.0.2.1",
        "$(fU)x, alicex",
        "$fUx, alicex",
        "a$fU$tUb, aalicecarolb",
        "$$, $",
        "$$fU, $fU",
        "$$$fU, $alice",
        "plain, plain",
        "'', ''"
    })
    void aTemplateIsExpanded(String template, String text) {
        assertThat(Template.parse("key", template).expand(facts)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$au", "$ua", "$hdr(X-Set)"})
    void whatARequestDoesNotHaveIsNull(String template) {
        assertThat(Template.parse("key", template).expand(Facts.of("OPTIONS"))).isEqualTo("<null>");
    }

    @Test
    void aUriWithoutUserGivesNull() {
        RequestFacts plain = Facts.written(
                "192.0.2.1",
                "OPTIONS sip:example.com SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKa\r\n"
                        + "From: <sip:a.example.com>;tag=1\r\nTo: <tel:+491>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n\r\n");

        assertThat(Template.parse("key", "$fU $rU $tU $td $rp").expand(plain))
                .isEqualTo("<null> <null> +491 <null> 5060");
    }

    @ParameterizedTest
    @CsvSource({"$ci, false", "a$$b, true", "plain, true", "a$(ru), false"})
    void aTemplateWithoutVariablesIsConstant(String template, boolean constant) {
        assertThat(Template.parse("key", template).isConstant()).isEqualTo(constant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$", "$x", "a$", "$avp(x)", "$hdr()", "$hdr", "$(nothing)", "$(ci", "$Ci", "$ 1"})
    void anUnknownVariableIsRefused(String template) {
        assertThatThrownBy(() -> Template.parse("hash_pvar", template))
                .isInstanceOf(SettingException.class)
                .hasMessage("hash_pvar: " + template + " (expected: pseudo-variables among $ci $fu $fU $fd $tu $tU $td"
                        + " $ru $rU $rd $rp $rm $si $sp $au $ua $hdr(name) $ds(in-set))");
    }
}
