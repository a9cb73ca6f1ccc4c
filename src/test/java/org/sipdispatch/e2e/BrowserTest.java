package org.sipdispatch.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.AnsweringAgent;
import org.sipdispatch.agents.Browser;
import org.sipdispatch.agents.Browser.Look;
import org.sipdispatch.agents.CallingAgent;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.database.EmbeddedPostgres;

/** The page as an operator uses it, with two real nodes and user agents behind them. */
class BrowserTest {
    /** One ping per second; three must fail. */
    private static final String MORE = """
            probing { ds_ping_interval = 1s, ds_probing_mode = 1, ping-timeout = 500ms }
            rules = [ { select { set = "1", alg = "4" } } ]
            cluster.acceptable-heartbeat-pause = 5s
            """;
    /** The probes that detect the failure, on a busy host. */
    private static final double ROUND_MS = 15_000;

    private static final LocatorAssertions.HasTextOptions TEXT =
            new LocatorAssertions.HasTextOptions().setTimeout(ROUND_MS);
    private static final LocatorAssertions.ContainsTextOptions CONTAINED =
            new LocatorAssertions.ContainsTextOptions().setTimeout(ROUND_MS);
    private static final int GATEWAYS = 4;

    private static final List<AnsweringAgent> AGENTS = new ArrayList<>();
    private static ClusterNodes cluster;

    private Browser browser;

    @BeforeAll
    static void startCluster() {
        Browser.assumePresent();
        for (int i = 0; i < GATEWAYS; i++) {
            AGENTS.add(AnsweringAgent.start("127.0.0.1", "gateway" + i));
        }
        String url = EmbeddedPostgres.jdbcUrl("browser");
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < GATEWAYS; i++) {
            rows.add("1, '" + uri(i) + "', 'gateway " + i + "'");
        }
        ClusterNodes.table(url, "setid, destination, description", rows);
        cluster = ClusterNodes.start(new ClusterNodes.Plan(2, url, MORE));
    }

    @AfterAll
    static void stopCluster() {
        if (cluster != null) {
            cluster.stop();
        }
        AGENTS.forEach(AnsweringAgent::close);
    }

    @BeforeEach
    void start() {
        browser = Browser.start();
    }

    @AfterEach
    void end() {
        browser.close();
    }

    @Test
    void anOperatorSeesWhatDiesAndTakesOutWhatIsToRest() throws Exception {
        try (CallingAgent caller = CallingAgent.start("127.0.0.1", cluster.sip(0), 20)) {
            Page page = open(cluster.url(0, "/"), Look.DESKTOP);
            assertThat(page.locator("#live")).hasText("● live");
            assertThat(page.locator("#nodes")).hasText("● 2 nodes up");
            assertThat(page.locator("#rows tr .badge.active")).hasCount(GATEWAYS);
            page.evaluate("() => { window.sameLoad = true; }");
            Awaitility.await().until(() -> caller.completed() > 40);

            AGENTS.get(0).silent(true);
            awaitBadge(page, 0, "▲Probing");
            holdAndRelease(page);
            reloadAddAndRemove(page);
            pictures(page);
            AGENTS.get(0).silent(false);
            awaitBadge(page, 0, "●Active");

            assertThat(page.evaluate("() => window.sameLoad")).isEqualTo(true);
            assertThat(browser.complaints()).isEmpty();
            caller.finish();
        }
    }

    private static void holdAndRelease(Page page) {
        page.keyboard().press("/");
        page.keyboard().type(uri(1));
        page.keyboard().press("ArrowDown");
        page.keyboard().press("Enter");
        order(page, "Hold", "new firmware");
        awaitBadge(page, 1, "■Inactive");
        assertThat(row(page, 1)).containsText("new firmware");
        cluster.awaitOnAll(id(1), known -> known.path("hold").asBoolean());
        assertThat(page.locator("#panel")).containsText("new firmware", CONTAINED);
        Browser.screenshot(page, "node-details");
        order(page, "Release", "done");
        awaitBadge(page, 1, "●Active");
        cluster.awaitOnAll(id(1), known -> !known.path("hold").asBoolean());
        page.keyboard().press("Escape");
        assertThat(page.locator("#panel")).isHidden();
        page.locator("#filter").fill("");
    }

    /** In a set without calls. */
    private static void reloadAddAndRemove(Page page) {
        Locator submit = page.locator("dialog[open] button[type=submit]");
        page.locator("#reload").click();
        submit.click();
        assertThat(page.locator(".outcome")).containsText("no changes");
        assertThat(submit).hasText("Apply");
        page.keyboard().press("Escape");

        page.locator("#add").click();
        page.locator("dialog[open] input[name=set]").fill("2");
        page.locator("dialog[open] input[name=uri]").fill("sip:127.0.0.1:9");
        submit.click();
        Locator added = page.locator("tr[data-id='default:2:sip:127.0.0.1:9']");
        added.click();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Remove…"))
                .click();
        submit.click();
        assertThat(added).hasCount(0);
        page.locator("#panel .close").click();
    }

    private static void order(Page page, String verb, String reason) {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^" + verb + "…$")))
                .click();
        page.locator("dialog[open] input[name=why]").fill(reason);
        page.keyboard().press("Enter");
        assertThat(page.locator("dialog[open]")).hasCount(0);
    }

    private void pictures(Page page) {
        Browser.screenshot(page, "node-light");
        for (Look look : List.of(Look.DARK, Look.PHONE)) {
            Page other = open(cluster.url(1, "/dispatcher/ui/"), look);
            assertThat(row(other, 0).locator(".badge")).hasText("▲Probing");
            assertThat(other.evaluate("() => document.documentElement.scrollWidth"))
                    .isEqualTo(look.width());
            Browser.screenshot(other, look == Look.DARK ? "node-dark" : "node-phone");
            other.context().close();
        }
        page.locator("nav a[href='#/traffic']").click();
        assertThat(page.locator(".legend").first()).containsText(Pattern.compile("received [1-9]"), CONTAINED);
        Browser.screenshot(page, "node-traffic");
        page.locator("nav a[href='#/history']").click();
        assertThat(page.locator("#history-list")).containsText("new firmware", CONTAINED);
        page.locator("nav a[href='#/destinations']").click();
    }

    @Test
    void aNodeThatDiesIsSeenAndItsPageSaysThatItIsStale() {
        Page first = open(cluster.url(0, "/"), Look.DESKTOP);
        Page second = open(cluster.url(1, "/"), Look.DESKTOP);
        assertThat(first.locator("#nodes")).hasText("● 2 nodes up");
        assertThat(second.locator("#live")).hasText("● live");
        assertThat(second.locator("#rows tr")).hasCount(GATEWAYS);

        cluster.kill(1);

        assertThat(second.locator("#live")).hasText("■ stale", TEXT);
        assertThat(second.locator("#rows tr")).hasCount(GATEWAYS);
        assertThat(first.locator("#nodes")).not().hasText("● 2 nodes up", TEXT);
        cluster.restart(1);
        assertThat(second.locator("#live"))
                .hasText("● live", new LocatorAssertions.HasTextOptions().setTimeout(4 * ROUND_MS));
    }

    /** Opens the page and enters the user's name. */
    private Page open(String url, Look look) {
        Page page = browser.open(url, look);
        page.locator("dialog[open] input[name=token]").fill("token-of-the-tests");
        page.keyboard().press("Enter");
        return page;
    }

    private static String uri(int agent) {
        return "sip:" + SipText.hostPort(AGENTS.get(agent).address());
    }

    private static String id(int agent) {
        return "default:1:" + uri(agent);
    }

    private static Locator row(Page page, int agent) {
        return page.locator("tr[data-id='" + id(agent) + "']");
    }

    private static void awaitBadge(Page page, int agent, String text) {
        assertThat(row(page, agent).locator(".badge")).hasText(text, TEXT);
    }
}
