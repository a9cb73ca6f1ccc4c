package org.sipdispatch.manage;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.Browser;
import org.sipdispatch.agents.Browser.Look;

/** The page with a node that refuses requests or lacks something. */
class PageErrorsTest extends BrowsedPage {
    private static final String FIRST = "default:1:sip:10.1.0.1:5060";

    @BeforeEach
    void someDestinations() {
        node.add(FakeNodeData.row("default", 1, "sip:10.1.0.1:5060", "Active"));
        node.add(FakeNodeData.row("default", 1, "sip:10.1.0.2:5060", "Active").put("temporary", true));
    }

    private void open() {
        open(Look.DESKTOP);
    }

    private void openLive() {
        open();
        assertThat(page.locator("#live")).hasText("● live");
    }

    private Locator submit() {
        return page.locator("dialog button[type=submit]");
    }

    private void give(String token) {
        page.locator("dialog input[name=token]").fill(token);
        page.keyboard().press("Enter");
    }

    @Test
    void detailsAreThereWithoutTheDatabaseOfTheHistory() {
        node.remember(FakeNodeData.entry(7, FIRST, "Active", "probe", "reply 200"));
        node.historyAway(true);
        openLive();
        page.locator("tr[data-id='" + FIRST + "']").click();

        assertThat(page.locator("#panel")).containsText("replied 200 in 1.8 ms");
        assertThat(page.locator("#panel .warning"))
                .hasText("The history is not available: history: the database is away");
        assertThat(page.locator("#panel > .trouble")).isHidden();
        Browser.screenshot(page, "trouble-history");
        node.historyAway(false);
        assertThat(page.locator("#panel .entries")).containsText("reply 200");
        assertThat(page.locator("#panel .warning")).hasCount(0);
    }

    @Test
    void badRowsAreShownAndAppliedAroundOnlyByOrder() {
        node.hasBadRows(true);
        openLive();
        page.locator("#reload").click();
        Locator skip = page.locator("dialog input[name=skip]");
        assertThat(skip).isHidden();
        submit().click();
        assertThat(page.locator(".outcome")).containsText("dispatcher id 17: weight: x");
        assertThat(submit()).hasText("Dry run");
        Browser.screenshot(page, "trouble-reload");

        skip.check();
        submit().click();
        assertThat(submit()).hasText("Apply");
        assertThat(page.locator(".outcome .trouble")).hasCount(0);
        submit().click();

        assertThat(page.locator(".outcome")).containsText("applied");
        assertThat(node.orders())
                .last()
                .extracting(FakeNode.Ordered::body)
                .asString()
                .contains("\"skipBadRows\":true", "\"dryRun\":false");
    }

    @Test
    void whoMayOnlyLookGetsADryRun() {
        node.asksFor("secret", "read");
        open();
        give("secret");
        assertThat(page.locator("#role")).hasText("ops · read");
        page.locator("#reload").click();
        submit().click();

        assertThat(page.locator(".diff .plus")).hasText("added default:1:sip:10.1.0.9:5060");
        assertThat(submit()).hasText("Dry run");
        assertThat(page.locator("dialog[open]")).containsText("cannot be applied");
    }

    @Test
    void anOrderOfWhichNothingIsKnownIsNotShownAsDone() {
        node.answersLate();
        openLive();
        page.locator("tr[data-id='" + FIRST + "']").click();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Hold…"))
                .click();
        page.locator("dialog input[name=why]").fill("repair");
        submit().click();

        assertThat(page.locator("dialog .trouble"))
                .hasText("order: unknown outcome (expected: an answer within 15s)."
                        + " Check the destination before you repeat the order; order 3f0c-7.");
        assertThat(page.locator("dialog[open]")).hasCount(1);
    }

    @Test
    void aRemovalAndAnAdditionTellWhoOrdersThem() {
        openLive();
        page.locator("tr[data-id='default:1:sip:10.1.0.2:5060']").click();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Remove…"))
                .click();
        page.locator("dialog input[autocomplete=username]").fill("ann");
        submit().click();
        assertThat(page.locator("dialog")).hasCount(1);
        page.keyboard().press("Escape");
        page.locator("#add").click();
        page.locator("dialog input[name=set]").fill("1");
        page.locator("dialog input[name=uri]").fill("sip:10.1.0.3");
        submit().click();
        assertThat(page.locator("dialog[open]")).hasCount(0);

        assertThat(node.orders())
                .extracting(FakeNode.Ordered::method, FakeNode.Ordered::body)
                .satisfiesExactly(
                        removal -> assertThat(removal.toList()).containsExactly("DELETE", "{\"who\":\"ann\"}"),
                        addition ->
                                assertThat(addition.toList().get(1).toString()).contains("\"who\":\"ann\""));
    }

    @Test
    void aRequestThatWasPastedGoesWithTheTab() {
        openLive();
        page.locator("nav a[href='#/pick']").click();
        page.locator("#pick-form textarea").fill("INVITE sip:secret@example.org SIP/2.0");
        page.locator("#pick-form button").click();
        assertThat(page.locator("#pick-result")).containsText("The request is dispatched");

        assertThat(page.evaluate("() => JSON.stringify(localStorage)").toString())
                .doesNotContain("secret@");
        page.reload();
        assertThat(page.locator("#pick-form textarea")).hasValue("INVITE sip:secret@example.org SIP/2.0");
    }

    @Test
    void aTokenThatIsRefusedIsForgottenAndWhoGivesNoneIsNotAskedAgain() {
        node.asksFor("secret", "write");
        open(Look.PHONE);
        give("with blanks");
        assertThat(page.locator("dialog .trouble")).containsText("without blanks");
        give("wrong");
        assertThat(page.locator("dialog[open]")).containsText("refused that token");
        Browser.screenshot(page, "trouble-dialog");
        assertThat(page.evaluate("() => sessionStorage.length + localStorage.length - 1"))
                .isEqualTo(0);
        page.keyboard().press("Escape");

        assertThat(page.locator("#trouble")).hasText("This node requires a token, and none was given.");
        assertThat(page.locator("dialog[open]")).hasCount(0);
        Browser.screenshot(page, "trouble-token");
        page.locator("#sign-in").click();
        give("secret");
        assertThat(page.locator("#live")).hasText("● live");
        assertThat(page.locator("#sign-in")).isHidden();
        assertThat(page.locator("#trouble")).isHidden();
    }

    @Test
    void aTokenThatIsTakenBackIsAskedForOnce() {
        node.asksFor("secret", "write");
        open();
        give("secret");
        assertThat(page.locator("#live")).hasText("● live");
        node.asksFor("another", "write");
        node.away(true);
        node.away(false);

        assertThat(page.locator("dialog[open]")).containsText("refused that token");
        page.keyboard().press("Escape");
        assertThat(page.locator("#sign-in")).isVisible();
        page.locator("#stale-now").click();
        assertThat(page.locator("#stale")).containsText("token: wrong");
        assertThat(page.locator("dialog[open]")).hasCount(0);
        page.locator("#sign-in").click();
        give("another");
        assertThat(page.locator("#live")).hasText("● live");
    }
}
