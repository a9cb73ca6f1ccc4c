package org.sipdispatch.manage;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.Browser.Look;

/** The page in a browser, with a scripted node. */
class PageTest extends BrowsedPage {
    private static final String FIRST = "default:1:sip:10.1.0.1:5060";

    @BeforeEach
    void someDestinations() {
        for (int i = 1; i <= 12; i++) {
            node.add(FakeNodeData.row("default", 1, "sip:10.1.0." + i + ":5060", "Active"));
        }
        node.add(FakeNodeData.row("trunks", 7, "sip:10.7.0.1:5060", "Inactive"));
    }

    private Locator row(String id) {
        return page.locator("tr[data-id='" + id + "']");
    }

    private void awaitLive() {
        assertThat(page.locator("#live")).hasText("● live");
        Awaitility.await().until(() -> node.lookers() == 1);
    }

    @Test
    void aStateThatChangesIsOnScreenWithoutALoad() {
        open(Look.DESKTOP);
        awaitLive();
        assertThat(row(FIRST).locator(".badge")).hasText("●Active");

        node.turn(FIRST, "Probing", false, "probe", "no reply");

        assertThat(row(FIRST).locator(".badge")).hasText("▲Probing");
        assertThat(row(FIRST)).containsText("no reply");
        assertThat(page.locator("#announce")).hasText("sip:10.1.0.1:5060 is Probing");
    }

    @Test
    void theQualityOfCallsAndARestAreOnScreen() {
        open(Look.DESKTOP);
        awaitLive();
        String last = "default:1:sip:10.1.0.12:5060";

        node.carried(FakeNodeData.traffic(System.currentTimeMillis(), 60, List.of(FIRST, last)));

        assertThat(row(FIRST).locator(".c-asr")).hasText("41 / 92");
        assertThat(row(FIRST).locator(".c-acd")).hasText("1.2 / 93");
        assertThat(row(last).locator(".marks")).hasText("backoff 12 s");
        assertThat(row(FIRST).locator(".marks")).isEmpty();
        assertThat(row("trunks:7:sip:10.7.0.1:5060").locator(".c-asr")).hasText("–");
    }

    @Test
    void anOlderStatusChangesNothing() {
        open(Look.DESKTOP);
        awaitLive();
        node.turn(FIRST, "Probing", false, "probe", "no reply");
        assertThat(row(FIRST).locator(".badge")).hasText("▲Probing");

        node.add(FakeNodeData.row("default", 1, "sip:10.1.0.1:5060", "Active"));
        node.sendDefinitions(13);

        assertThat(page.locator("#revision")).hasText("revision 13");
        assertThat(row(FIRST).locator(".badge")).hasText("▲Probing");
    }

    @Test
    void beforeTheFirstListTheNumbersAreNotThereYet() {
        List<Route> held = new ArrayList<>();
        open(Look.DESKTOP);
        awaitLive();
        page.route("**/destinations?*", held::add);
        page.reload();

        assertThat(page.locator("#live")).hasText("● live");
        assertThat(page.locator("#states b").first()).hasText("…");
        assertThat(page.locator("#page-text")).hasText("Loading…");
        Awaitility.await().until(() -> {
            page.title();
            return !held.isEmpty();
        });
        page.unroute("**/destinations?*");
        held.forEach(Route::resume);

        assertThat(page.locator("#states b").first()).hasText("13");
        assertThat(page.locator("#page-text")).hasText("1–13 of 13");
    }

    @Test
    void aNodeWithOtherDefinitionsIsMarked() {
        open(Look.DESKTOP);
        awaitLive();

        page.locator("nav a[href='#/cluster']").click();

        Locator nodes = page.locator("#members tr");
        assertThat(nodes).containsText(new String[] {"12, 5eed1234", "12, 5eed1234", "12, 0badc0de"});
        assertThat(page.locator("#members .tag", new Page.LocatorOptions().setHasText("differs")))
                .hasCount(1);
    }

    @Test
    void maintenanceBeginsAfterAQuestionAndItsCallsAreOnScreen() {
        node.openCalls(3);
        open(Look.DESKTOP);
        awaitLive();
        page.locator("nav a[href='#/cluster']").click();
        assertThat(page.locator("#maintenance")).isHidden();

        page.locator("#maintain").click();
        page.locator("dialog input[name='why']").fill("kernel");
        page.locator("dialog button[type='submit']").click();

        assertThat(page.locator("#maintenance")).containsText("by ops (kernel): 3 open calls, 0 ringing");
        assertThat(node.orders()).singleElement().satisfies(order -> {
            assertThat(order.path()).isEqualTo("maintenance/on");
            assertThat(order.body()).contains("\"why\":\"kernel\"", "\"keep\":false");
        });

        page.locator("#maintain").click();
        page.locator("dialog button[type='submit']").click();

        assertThat(page.locator("#maintenance")).isHidden();
    }

    @Test
    void theDetailsShowWhereAWeightComesFrom() {
        ObjectNode weighed = FakeNodeData.row("default", 1, "sip:10.1.0.99:5060", "Active");
        weighed.putObject("freeswitch").put("source", "fs://10.1.0.99:8021").put("state", "away");
        node.add(weighed);
        open(Look.DESKTOP);
        awaitLive();

        row(weighed.get("id").asText()).click();

        assertThat(page.locator("#panel")).containsText("fs://10.1.0.99:8021, away");
    }

    @Test
    void theCallsInFlightAreBesideTheirLimit() {
        open(Look.DESKTOP);
        awaitLive();
        Locator cell = row(FIRST).locator(".c-limit");
        assertThat(cell).isHidden();

        node.limits(
                FakeNodeData.limit(FIRST, 1500, 120, 30),
                FakeNodeData.limit(FIRST + " / pstn", 30, 10, 2),
                FakeNodeData.limit("source:acme", 9, 1, 0));
        node.carried(FakeNodeData.traffic(System.currentTimeMillis(), 2, List.of(FIRST)));

        assertThat(cell).hasText("150 / 1,500pstn 12 / 30");
        assertThat(cell)
                .hasAttribute("title", Pattern.compile("120 calls through this node, 30 answered through other.*"));
        assertThat(cell).not().hasClass(Pattern.compile(".*full.*"));
        assertThat(row("trunks:7:sip:10.7.0.1:5060").locator(".c-limit")).hasText("");

        String other = "default:1:sip:10.1.0.2:5060";
        node.limits(FakeNodeData.limit(FIRST, 1500, 1470, 30), FakeNodeData.limit(other, 10, 20, 0));
        node.carried(FakeNodeData.traffic(System.currentTimeMillis() + 2000, 4, List.of(FIRST)));

        assertThat(cell).hasText("1,500 / 1,500");
        assertThat(cell).hasClass(Pattern.compile(".*full.*"));
        page.locator("th.c-limit button").click();
        assertThat(page.locator("#rows tr").first()).hasAttribute("data-id", other);
    }

    @Test
    void theDefaultPartitionIsNamedOnlyBesideOthers() {
        open(Look.DESKTOP);
        Locator names = page.locator("#sets .label");
        assertThat(names).hasText(new String[] {"default:1", "trunks:7"});

        node.remove("trunks:7:sip:10.7.0.1:5060");
        node.sendDefinitions(13);

        assertThat(names).hasText(new String[] {"1"});
        assertThat(row(FIRST).locator(".c-set")).hasText("1");
        assertThat(page.locator("#set option")).hasText(new String[] {"All sets", "1"});
    }

    @Test
    void aLongNameOfASetStaysOnOneLine() {
        node.add(FakeNodeData.row("a-carrier-with-a-long-name", 1001, "sip:10.8.0.1:5060", "Active"));
        open(Look.DESKTOP);
        Locator label = page.locator("#sets .label[title='a-carrier-with-a-long-name:1001']");
        assertThat(label).isVisible();

        Object lines = label.evaluate("one => { const range = document.createRange(); range.selectNodeContents(one);"
                + " return new Set([...range.getClientRects()].map((part) => part.top)).size; }");
        assertThat(lines).isEqualTo(1);
    }

    @Test
    void textStateAndSetChooseWhatIsShown() {
        open(Look.DESKTOP);
        Locator rows = page.locator("#rows tr");
        assertThat(rows).hasCount(13);

        page.locator("#filter").fill("10.1.0.1 PSTN");
        assertThat(rows).hasCount(4);
        page.locator("#filter").fill("");
        page.getByRole(AriaRole.BUTTON, named("Inactive")).click();
        assertThat(rows).hasCount(1);
        assertThat(rows).containsText("trunks:7");
        page.getByRole(AriaRole.BUTTON, named("All")).click();
        page.locator("#sets button").last().click();
        assertThat(rows).hasCount(1);
        assertThat(page.locator("#page-text")).hasText("1–1 of 1");
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(Pattern.compile("^\\W*" + name + "\\b.*"));
    }

    @Test
    void theKeyboardLeadsFromTheFilterToAHoldWithItsReason() {
        open(Look.DESKTOP);
        awaitLive();
        assertThat(page.locator("#rows tr")).hasCount(13);
        page.keyboard().press("/");
        assertThat(page.locator("#filter")).isFocused();
        page.keyboard().type("10.1.0.12");
        assertThat(page.locator("#rows tr")).hasCount(1);
        page.keyboard().press("ArrowDown");
        page.keyboard().press("Enter");
        assertThat(page.locator("#panel-title")).isFocused();
        page.keyboard().press("Tab");
        page.keyboard().press("Tab");
        assertThat(page.getByRole(AriaRole.BUTTON, named("Hold"))).isFocused();
        page.keyboard().press("Enter");
        page.keyboard().type("new firmware");
        page.keyboard().press("Enter");

        assertThat(page.locator("dialog[open]")).hasCount(0);
        assertThat(row("default:1:sip:10.1.0.12:5060")).containsText("hold: new firmware");
        assertThat(node.orders().get(0).path()).isEqualTo("destinations/default%3A1%3Asip%3A10.1.0.12%3A5060/hold");
        assertThat(node.orders().get(0).body()).contains("\"why\":\"new firmware\"");
        page.keyboard().press("Escape");
        assertThat(page.locator("#panel")).isHidden();
        assertThat(row("default:1:sip:10.1.0.12:5060")).isFocused();
    }

    @Test
    void eachTargetOfANameHasItsStateAndItsOwnOrders() {
        ObjectNode name = FakeNodeData.row("default", 2, "sip:gw.example.com", "Active");
        name.putArray("targets")
                .add(FakeNodeData.target("192.0.2.1:5060", 60, "Active"))
                .add(FakeNodeData.target("192.0.2.2:5060", 30, "Probing"));
        node.add(name.put("dnsFailure", "SERVFAIL"));
        open(Look.DESKTOP);
        awaitLive();
        assertThat(row("default:2:sip:gw.example.com")).containsText("1 of 2 targets");
        assertThat(row("default:2:sip:gw.example.com").locator(".marks")).hasText("dns");

        row("default:2:sip:gw.example.com").click();
        Locator targets = page.locator("#panel table.targets tbody tr");
        assertThat(targets).containsText(new String[] {"192.0.2.1:5060●Active0 / 60", "192.0.2.2:5060▲Probing0 / 30"});
        assertThat(page.locator("#panel")).containsText("DNS: SERVFAIL");
        page.getByLabel("Hold 192.0.2.2:5060").click();
        page.locator("dialog input[name='why']").fill("broken");
        page.locator("dialog button[type='submit']").click();

        assertThat(page.locator("dialog[open]")).hasCount(0);
        assertThat(node.orders()).singleElement().satisfies(order -> {
            assertThat(order.path()).isEqualTo("destinations/default%3A2%3Asip%3Agw.example.com/hold");
            assertThat(order.body()).contains("\"target\":\"192.0.2.2:5060\"", "\"why\":\"broken\"");
        });
    }

    @Test
    void aHoldWithoutAReasonIsNotSent() {
        open(Look.DESKTOP);
        row(FIRST).click();
        page.getByRole(AriaRole.BUTTON, named("Hold")).click();
        page.keyboard().press("Enter");

        assertThat(page.locator("dialog[open]")).isVisible();
        page.keyboard().press("Escape");
        assertThat(page.locator("dialog[open]")).hasCount(0);
        assertThat(page.locator("#panel")).isVisible();
        assertThat(node.orders()).isEmpty();
    }

    @Test
    void theDetailsWarnWhereThisNodeGoesBySomethingElse() {
        node.differs(true);
        open(Look.DESKTOP);
        row(FIRST).click();

        assertThat(page.locator(".warning")).containsText("The actor reports Active (version 4.17)");
        assertThat(page.locator(".warning")).containsText("uses Probing (version 4.16)");
        assertThat(page.locator("#panel")).containsText("replied 200 in 1.8 ms");
        node.differs(false);
        assertThat(page.locator(".warning")).hasCount(0);
    }

    @Test
    void aDrainShowsTheCallsThatAreLeft() {
        node.openCalls(9);
        open(Look.DESKTOP);
        row(FIRST).click();
        page.getByRole(AriaRole.BUTTON, named("Drain")).click();
        page.locator("dialog button[type=submit]").click();

        assertThat(page.locator(".drain")).containsText("Draining: 9 open");
        node.openCalls(0);
        node.silent("10.0.0.3:25520");
        assertThat(page.locator(".drain")).containsText("Not known: no answer from 10.0.0.3:25520");
        node.silent();
        assertThat(page.locator(".drain")).containsText("Drained");
    }

    @Test
    void aCutStreamIsSeenAndGoesOnBehindTheLastEvent() {
        open(Look.DESKTOP);
        awaitLive();
        node.happened(FakeNodeData.entry(41, FIRST, "Active", "probe", "reply 200"));
        node.turn(FIRST, "Probing", false, "probe", "no reply");
        assertThat(row(FIRST).locator(".badge")).hasText("▲Probing");
        node.away(true);
        assertThat(page.locator("#live")).hasText("■ stale");
        assertThat(page.locator("#stale")).containsText("the page shows the last known data");

        node.away(false);
        // The page may retry automatically at this moment; there is nothing to click on then.
        page.locator("#stale-now").dispatchEvent("click");

        awaitLive();
        assertThat(page.locator("#stale")).isHidden();
        assertThat(node.resumed()).last().isEqualTo("41");
    }

    @Test
    void whatStrangersWroteIsTextAndRunsNowhere() {
        String hostile = "<img src=x onerror=alert(1)><script>document.title='x'</script>\"'>";
        node.add(FakeNodeData.row("default", 1, "sip:evil", "Active")
                .put("attrs", hostile)
                .put("description", hostile)
                .put("why", hostile)
                .put("who", hostile)
                .put("owner", hostile));
        node.remember(FakeNodeData.entry(7, "default:1:sip:evil", "Active", hostile, hostile));
        List<String> dialogs = new ArrayList<>();
        open(Look.DESKTOP);
        page.onDialog(dialog -> {
            dialogs.add(dialog.message());
            dialog.dismiss();
        });
        page.locator("#filter").fill("onerror");
        row("default:1:sip:evil").click();
        assertThat(page.locator("#panel")).containsText(hostile);
        page.locator("nav a[href='#/history']").click();
        assertThat(page.locator("#history-list")).containsText(hostile);

        assertThat(page.locator("main img, main script, #panel img, #panel script"))
                .hasCount(0);
        assertThat(page).hasTitle("sip-dispatcher");
        assertThat(dialogs).isEmpty();
    }

    @Test
    void fiveThousandDestinationsArePagedAndAChangeTouchesOneRow() {
        for (int i = 0; i < 5000; i++) {
            node.add(FakeNodeData.row("many", i % 40, "sip:10.20." + i / 200 + "." + i % 200 + ":5060", "Active"));
        }
        open(Look.DESKTOP);
        awaitLive();
        assertThat(page.locator("#page-text")).hasText("1–100 of 5,013");
        assertThat(page.locator("#rows tr")).hasCount(100);
        page.evaluate(
                "() => { window.touched = new Set(); new MutationObserver(all => all.forEach(one => {"
                        + " const row = (one.target.closest ?? one.target.parentElement.closest).call("
                        + " one.target.closest ? one.target : one.target.parentElement, 'tr');"
                        + " if (row && one.type === 'childList') window.touched.add(row.dataset.id); }))"
                        + ".observe(document.getElementById('rows'), {subtree: true, childList: true, characterData: true}); }");
        String shown = page.locator("#rows tr").nth(50).getAttribute("data-id");
        node.turn(shown, "Active", false, "traffic", "reply 200 again");

        assertThat(row(shown)).containsText("reply 200 again");
        assertThat(page.evaluate("() => [...window.touched].join()")).isEqualTo(shown);
        page.locator("#filter").fill("10.20.24.199");
        assertThat(page.locator("#rows tr")).hasCount(1);
    }

    @Test
    void whoMayOnlyLookCannotOrder() {
        node.asksFor("secret", "read");
        open(Look.DESKTOP);
        page.locator("dialog input[name=token]").fill("wrong");
        page.keyboard().press("Enter");
        assertThat(page.locator("dialog[open]")).containsText("refused that token");
        page.locator("dialog input[name=token]").fill("secret");
        page.keyboard().press("Enter");

        assertThat(page.locator("#role")).hasText("ops · read");
        assertThat(page.locator("#add")).isDisabled();
        row(FIRST).click();
        assertThat(page.getByRole(AriaRole.BUTTON, named("Hold"))).isDisabled();
        assertThat(page.getByRole(AriaRole.BUTTON, named("Probe now"))).isDisabled();
        page.reload();
        assertThat(page.locator("#role")).hasText("ops · read");
    }

    @Test
    void aReloadIsAppliedOnlyAfterItsDryRun() {
        open(Look.DESKTOP);
        awaitLive();
        page.locator("#reload").click();
        Locator button = page.locator("dialog button[type=submit]");
        assertThat(button).hasText("Dry run");
        button.click();
        assertThat(page.locator(".diff .plus")).hasText("added default:1:sip:10.1.0.9:5060");
        assertThat(button).hasText("Apply");
        button.click();

        assertThat(page.locator(".outcome")).containsText("applied");
        assertThat(node.orders())
                .extracting(FakeNode.Ordered::body)
                .satisfiesExactly(
                        first -> assertThat(first).contains("\"dryRun\":true"),
                        second -> assertThat(second).contains("\"dryRun\":false"));
    }

    @Test
    void aPickTellsWhoIsInAndWhoIsOutAndWhy() {
        open(Look.DESKTOP);
        page.locator("nav a[href='#/pick']").click();
        page.locator("#pick-form button").click();

        Locator result = page.locator("#pick-result");
        assertThat(result).containsText("The request is dispatched");
        assertThat(result).containsText("2857740885");
        assertThat(result.locator("tr.out")).containsText("sip:10.1.0.1:5060");
        assertThat(result.locator(".candidates li").first()).hasText("sip:10.1.0.2:5060");
    }
}
